"""Reads the lines of a GeoJSON document (RFC 7946), and nothing else of it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import orjson

from api.kit.json_values import is_number
from api.tourism.trails.errors import FileNotReadable, FileTooComplex
from api.tourism.trails.gpx_reader import Lines
from api.tourism.trails.typed_points import TypedPoint, check_points

_NESTING_AT_MOST = 8
_POINT_TYPES = frozenset({"Point", "MultiPoint"})


def read_geojson(document: bytes) -> Lines:
    """Return the points of each line, in order. Points beside them are passed over.

    Raises FileNotReadable (also for polygons), FileTooComplex or TooManyPoints.
    """
    try:
        lines = list(_lines(orjson.loads(document), _NESTING_AT_MOST))
    except orjson.JSONDecodeError as error:  # also for NaN, and for what is nested too deeply
        raise _unreadable() from error
    check_points(sum(map(len, lines)))
    return [[_point(it) for it in line] for line in lines]


def _lines(value: object, nesting: int) -> Iterator[Sequence[Any]]:
    if nesting == 0:
        raise FileTooComplex
    members = _members(value)
    kind = members.get("type")
    if kind == "FeatureCollection":
        for feature in _sequence(members.get("features")):
            yield from _lines(feature, nesting - 1)
    elif kind == "GeometryCollection":
        for geometry in _sequence(members.get("geometries")):
            yield from _lines(geometry, nesting - 1)
    elif kind == "Feature":
        if (geometry := members.get("geometry")) is not None:
            yield from _lines(geometry, nesting - 1)
    elif kind == "LineString":
        yield _sequence(members.get("coordinates"))
    elif kind == "MultiLineString":
        yield from map(_sequence, _sequence(members.get("coordinates")))
    elif not isinstance(kind, str) or kind not in _POINT_TYPES:
        raise _unreadable()


def _point(value: object) -> TypedPoint:
    numbers = _sequence(value)[:3]
    if len(numbers) < 2 or not all(map(is_number, numbers)):
        raise _unreadable()
    longitude, latitude = numbers[:2]
    return TypedPoint(latitude, longitude, *numbers[2:])


def _members(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _unreadable()
    return cast("dict[str, Any]", value)


def _sequence(value: object) -> Sequence[Any]:
    if not isinstance(value, list):
        raise _unreadable()
    return cast("Sequence[Any]", value)


def _unreadable() -> FileNotReadable:
    return FileNotReadable(format="GeoJSON")
