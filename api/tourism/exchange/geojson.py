"""Places as GeoJSON (RFC 7946): points, longitude first, WGS 84; the height stands in the properties."""

from typing import Any

from api.kit.json_values import is_list, is_number, is_object, is_texts
from api.tourism.editing.place_fields import DESCRIPTIONS, OPENING_NOTE, public_name
from api.tourism.exchange.errors import InvalidExchange, UnreadableDocument
from api.tourism.exchange.place_document import (
    ENUMERATED,
    LICENSE,
    ROW_NAMES,
    Incoming,
    PlaceDocument,
    attribution,
    row_value,
    title,
)
from api.tourism.flat_rows import NAMES

MEDIA_TYPE = "application/geo+json"
_UNCHECKED, _ACCURACY, _COMMUNE = "namesUnchecked", "positionAccuracy", "communeCode"
_TEXTS = {"names": NAMES, "descriptions": DESCRIPTIONS, "openingNotes": OPENING_NOTE}
_FOR_MAPS = "name"
"""The best name once more, because map programs show a property of this name."""
_ROWS_AT_MOST = 50_000

Object = dict[str, Any]


def heading() -> Object:
    """Return the members of a collection besides its features."""
    return {
        "type": "FeatureCollection",
        "title": title(),
        "license": LICENSE,
        "attribution": attribution(),
    }


def feature(document: PlaceDocument, language: str | None) -> Object:
    """Return a place as a feature."""
    names = document.texts[NAMES]
    position = document.position
    properties: Object = {
        _FOR_MAPS: names.get(language or "vi") or next(iter(names.values())),
        **{public: dict(document.texts[name]) for public, name in _TEXTS.items()},
        _UNCHECKED: list(document.unchecked),
        _ACCURACY: position["position_accuracy_metres"],
        _COMMUNE: position["commune_code"],
        **{public_name(name): value for name, value in document.rest.items()},
    }
    point = {"type": "Point", "coordinates": [position["longitude"], position["latitude"]]}
    return {"type": "Feature", "id": document.id, "geometry": point, "properties": properties}


def read(value: Any) -> list[Incoming]:  # noqa: ANN401 - any JSON value
    """Return the places in a feature or a collection. Raises UnreadableDocument, InvalidExchange."""
    document = _object(value)
    if document is None:
        raise UnreadableDocument("no GeoJSON object")
    if "crs" in document:
        raise UnreadableDocument("crs: RFC 7946 knows WGS 84 only")
    if document.get("type") == "Feature":
        return [_incoming(document, 1)]
    features = document.get("features")
    if document.get("type") != "FeatureCollection" or not is_list(features):
        raise UnreadableDocument("neither a Feature nor a FeatureCollection")
    rows = features
    if len(rows) > _ROWS_AT_MOST:
        raise UnreadableDocument(f"more than {_ROWS_AT_MOST} features")
    return [_incoming(feature, row) for row, feature in enumerate(rows, 1)]


def _incoming(value: Any, row: int) -> Incoming:  # noqa: ANN401 - any JSON value
    found = _object(value) or {}
    place_id = found.get("id")
    if found.get("type") != "Feature" or not isinstance(place_id, str):
        raise InvalidExchange(row, "", "id", "a Feature with a text as its id is needed")
    reader = _Reader(row, place_id, _object(found.get("properties")) or {})
    longitude, latitude = reader.point(found.get("geometry"))
    return Incoming(
        row=row,
        id=place_id,
        texts=reader.texts(),
        unchecked=reader.unchecked(),
        values=reader.values(),
        latitude=latitude,
        longitude=longitude,
        accuracy_metres=reader.accuracy(),
        communes=reader.communes(),
    )


class _Reader:
    """Reads one feature; every refusal names it."""

    def __init__(self, row: int, place_id: str, properties: Object) -> None:
        self._row = row
        self._id = place_id
        self._said = properties

    def point(self, geometry: Any) -> tuple[float, float]:  # noqa: ANN401
        found = _object(geometry) or {}
        coordinates = found.get("coordinates")
        if found.get("type") != "Point" or not is_list(coordinates):
            raise self._refusal("geometry", "a Point is needed")
        degrees = [_number(it) for it in coordinates]
        longitude, latitude, *height = degrees if len(degrees) > 1 else (None, None)
        if longitude is None or latitude is None or len(height) > 1:
            raise self._refusal("geometry", "coordinates are longitude, latitude")
        return longitude, latitude

    def texts(self) -> dict[tuple[str, str], str]:
        found: dict[tuple[str, str], str] = {}
        for public, name in _TEXTS.items():
            by_language = _object(self._said.get(public, {}))
            if by_language is None:
                raise self._refusal(public, "an object of texts by language is needed")
            for language, text in by_language.items():
                if not isinstance(text, str):
                    raise self._refusal(f"{public}.{language}", "a text is needed")
                found[name, language] = text
        return found

    def unchecked(self) -> frozenset[str] | None:
        if _UNCHECKED not in self._said:
            return None
        languages = self._said[_UNCHECKED]
        if not is_texts(languages):
            raise self._refusal(_UNCHECKED, "a list of languages is needed")
        return frozenset(languages)

    def accuracy(self) -> float | None:
        if _ACCURACY not in self._said:
            return None
        metres = _number(self._said[_ACCURACY])
        if metres is None:
            raise self._refusal(_ACCURACY, "a number of metres is needed")
        return metres

    def communes(self) -> tuple[str | None, ...]:
        if _COMMUNE not in self._said:
            return ()
        code = self._said[_COMMUNE]
        if code is not None and not isinstance(code, str):
            raise self._refusal(_COMMUNE, "a code or null is needed")
        return (code,)

    def values(self) -> Object:
        known = {*_TEXTS, _UNCHECKED, _ACCURACY, _COMMUNE, _FOR_MAPS}
        found: Object = {}
        for public, value in self._said.items():
            if public in known or value is None:
                continue
            name = ROW_NAMES.get(public)
            if name is None:
                raise self._refusal(public[:60], "is not a property of ours")
            if name in ENUMERATED and not isinstance(value, str):
                raise self._refusal(public, "a text is needed")
            found[name] = row_value(name, value)
        return found

    def _refusal(self, field: str, reason: str) -> InvalidExchange:
        return InvalidExchange(self._row, self._id, field, reason)


def _object(value: Any) -> Object | None:  # noqa: ANN401 - any JSON value
    return value if is_object(value) else None


def _number(value: Any) -> float | None:  # noqa: ANN401 - any JSON value
    return float(value) if is_number(value) else None
