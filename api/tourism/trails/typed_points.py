"""Points as a file has them, and the one line that is made of them."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import isfinite
from typing import NamedTuple

import h3

from api.kit.geo import Position, cell_of
from api.tourism.commune_index import CommuneIndex
from api.tourism.trails.errors import (
    GapInLine,
    InvalidElevation,
    InvalidTrailPoint,
    LineTooLong,
    NoLine,
    OutsideProvince,
    PointsTooFarApart,
    TooManyPoints,
)
from api.tourism.trails.line import SPACING_METRES, Line, LinePoint, metres_between

POINTS_IN_FILE_AT_MOST = 100_000
POINTS_AT_MOST = 10_000
KILOMETRES_AT_MOST = 200
ELEVATION_AT_LEAST, ELEVATION_AT_MOST = -100.0, 4_000.0
GAP_METRES_AT_MOST = 500
STEP_METRES_AT_MOST = 2_000
"""Between two points of a part. Whoever recorded less saw nothing of the way between them."""
_BORDER_RESOLUTION, _BORDER_RINGS = 9, 3
"""Paths on a ridge that is the border may swerve about a kilometre: three cells of 350 m."""
_SHOWN_CHARACTERS_AT_MOST = 24


class TypedPoint(NamedTuple):
    """What stands for a point: text, or the numbers of JSON."""

    latitude: str | float
    longitude: str | float
    elevation: str | float | None = None


def check_points(count: int) -> None:
    """Raise TooManyPoints for more than a file may hold."""
    if count > POINTS_IN_FILE_AT_MOST:
        raise TooManyPoints(most=POINTS_IN_FILE_AT_MOST)


def line_of(parts: Sequence[Sequence[TypedPoint]], communes: CommuneIndex) -> Line:
    """Return the parts, joined in their order, as a line that lies in the province.

    Raises InvalidTrailPoint, InvalidElevation, GapInLine, PointsTooFarApart, OutsideProvince, NoLine, TooManyPoints or
    LineTooLong. Points are counted from 1, over all parts.
    """
    points = list(_points(parts))
    if len(points) < 2:
        raise NoLine(least=int(SPACING_METRES))
    _Province(communes).check(points)
    line = Line.of(points)
    if len(line.points) > POINTS_AT_MOST:
        raise TooManyPoints(most=POINTS_AT_MOST)
    if line.length_metres > 1000 * KILOMETRES_AT_MOST:
        raise LineTooLong(most=KILOMETRES_AT_MOST)
    _check_steps(points)
    return line


def _points(parts: Sequence[Sequence[TypedPoint]]) -> Iterator[LinePoint]:
    before: LinePoint | None = None
    number = 0
    for part in parts:
        for place, typed in enumerate(part):
            number += 1
            point = _point(number, typed)
            if before is not None and place == 0:
                _check_gap(number - 1, before, point)
            before = point
            yield point


def _point(number: int, typed: TypedPoint) -> LinePoint:
    latitude, longitude = _number(typed.latitude), _number(typed.longitude)
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        raise InvalidTrailPoint(
            number=number, latitude=_shown(typed.latitude), longitude=_shown(typed.longitude)
        )
    return LinePoint(latitude, longitude, _elevation(number, typed.elevation))


def _elevation(number: int, typed: str | float | None) -> float | None:
    if typed is None or (isinstance(typed, str) and not typed.strip()):
        return None
    metres = _number(typed)
    if metres is None or not ELEVATION_AT_LEAST <= metres <= ELEVATION_AT_MOST:
        raise InvalidElevation(
            number=number,
            elevation=_shown(typed),
            least=int(ELEVATION_AT_LEAST),
            most=int(ELEVATION_AT_MOST),
        )
    return metres


def _number(typed: str | float) -> float | None:
    # Python also reads digits of other scripts, and underscores between them; XML does not.
    if isinstance(typed, str) and not (typed.isascii() and "_" not in typed):
        return None
    try:
        number = float(typed)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def _shown(typed: str | float) -> str:
    text = "".join(sign for sign in str(typed) if sign.isprintable())
    return text[:_SHOWN_CHARACTERS_AT_MOST] or "–"


def _check_gap(number: int, before: LinePoint, point: LinePoint) -> None:
    metres = metres_between(before, point)
    if metres > GAP_METRES_AT_MOST:
        raise GapInLine(number=number, metres=round(metres), most=GAP_METRES_AT_MOST)


def _check_steps(points: Sequence[LinePoint]) -> None:
    for number, (before, point) in enumerate(pairwise(points), 1):
        metres = metres_between(before, point)
        if metres > STEP_METRES_AT_MOST:
            raise PointsTooFarApart(number=number, metres=round(metres), most=STEP_METRES_AT_MOST)


class _Province:
    """Knows what lies in the province, or so near that nobody notices the border."""

    def __init__(self, communes: CommuneIndex) -> None:
        self._communes = communes
        self._near_border: dict[str, bool] = {}

    def check(self, points: Sequence[LinePoint]) -> None:
        for number, point in enumerate(points, 1):
            position = Position(*point[:2])
            if self._communes.at(position) is None and not self._is_near(position):
                raise OutsideProvince(
                    number=number, latitude=point.latitude, longitude=point.longitude
                )

    def _is_near(self, position: Position) -> bool:
        cell = cell_of(position, _BORDER_RESOLUTION)
        if cell not in self._near_border:
            around = (Position(*h3.cell_to_latlng(it)) for it in h3.grid_disk(cell, _BORDER_RINGS))
            self._near_border[cell] = any(map(self._communes.at, around))
        return self._near_border[cell]
