"""Deliveries of events on the road: GeoJSON features, of which `properties` say what happens.

The kinds are ours, or the names that DATEX II has for causes of them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from api.conditions.intake.documents import check_count, json_value
from api.conditions.intake.errors import InvalidTime, NotReadable
from api.conditions.roads.errors import InvalidRoadEvent
from api.conditions.roads.road_event import RoadDirection, RoadEventKind
from api.conditions.roads.service import DAYS_AT_MOST, POINTS_AT_MOST, NewRoadEvent
from api.kit.errors import DomainError
from api.kit.geo import Position
from api.kit.json_values import is_list, is_number, is_object

_ID = re.compile(r"[!-~]{1,100}")
_TIME_CHARACTERS_AT_MOST = 40
_KINDS: Mapping[str, RoadEventKind] = {
    **{kind.value: kind for kind in RoadEventKind},
    "roadclosed": RoadEventKind.CLOSURE,
    "carriagewayclosures": RoadEventKind.CLOSURE,
    "landslips": RoadEventKind.LANDSLIDE,
    "mudslide": RoadEventKind.LANDSLIDE,
    "rockfalls": RoadEventKind.LANDSLIDE,
    "densefog": RoadEventKind.FOG,
    "blackice": RoadEventKind.ICE,
    "icypatches": RoadEventKind.ICE,
}
_DIRECTIONS: Mapping[str, RoadDirection] = {it.value: it for it in RoadDirection}


@dataclass(frozen=True, slots=True)
class SentRoadEvent:
    """A feature as it was sent, not checked at all."""

    feature: Mapping[str, Any]

    @property
    def sent_id(self) -> str:
        """Return the sender's own id. Raises InvalidRoadEvent."""
        given = self.feature.get("id")
        if not isinstance(given, str) or not _ID.fullmatch(given):
            raise _invalid()
        return given

    @property
    def updated(self) -> datetime:
        """Return when the sender last changed it. Raises InvalidTime."""
        moment = _moment(self._properties.get("updated"))
        if moment is None:
            raise InvalidTime
        return moment

    @property
    def is_ended(self) -> bool:
        return self._properties.get("status") == "ended"

    def new(self, agency_id: str, source: str) -> NewRoadEvent:
        """Return what it says, in our terms. Raises InvalidRoadEvent, InvalidTime."""
        said = self._properties
        kind, direction = said.get("kind"), said.get("direction", RoadDirection.BOTH.value)
        if not isinstance(kind, str) or not isinstance(direction, str):
            raise _invalid()
        found, way = _KINDS.get(kind.lower()), _DIRECTIONS.get(direction.lower())
        road = said.get("road")
        if found is None or way is None or not (road is None or isinstance(road, str)):
            raise _invalid()
        return NewRoadEvent(
            agency_id=agency_id,
            kind=found,
            line=_line(self.feature.get("geometry")),
            source=source,
            direction=way,
            road=road,
            notes=_notes(said.get("notes")),
            starts=_moment(said.get("starts")),
            ends=None if self.is_ended else _moment(said.get("ends")),
        )

    @property
    def _properties(self) -> dict[str, Any]:
        properties = self.feature.get("properties")
        return properties if is_object(properties) else {}


def road_features(body: bytes) -> list[SentRoadEvent]:
    """Return the features of a FeatureCollection. Raises NotReadable, TooManyItems."""
    sent = json_value(body)
    if not is_object(sent) or sent.get("type") != "FeatureCollection":
        raise NotReadable
    features = sent.get("features")
    if not is_list(features):
        raise NotReadable
    check_count(len(features))
    return [SentRoadEvent(it if is_object(it) else {}) for it in features]


def _line(geometry: Any) -> tuple[Position, ...]:  # noqa: ANN401 - any JSON value
    if not is_object(geometry):
        raise _invalid()
    match geometry.get("type"), geometry.get("coordinates"):
        case "Point", point:
            return (_position(point),)
        case "LineString", points if is_list(points) and len(points) <= POINTS_AT_MOST:
            return tuple(map(_position, points))
        case _:
            raise _invalid()


def _position(point: Any) -> Position:  # noqa: ANN401 - any JSON value
    """Return a position of GeoJSON, whose longitude is first."""
    if not is_list(point) or not 2 <= len(point) <= 3 or not all(map(is_number, point)):
        raise _invalid()
    try:
        return Position(float(point[1]), float(point[0]))
    except (DomainError, OverflowError) as error:
        raise _invalid() from error


def _notes(sent: Any) -> tuple[tuple[str, str], ...]:  # noqa: ANN401 - any JSON value
    if sent is None:
        return ()
    if not is_object(sent) or not all(isinstance(it, str) for it in sent.values()):
        raise _invalid()
    return tuple(sent.items())


def _moment(sent: Any) -> datetime | None:  # noqa: ANN401 - any JSON value
    """Return it in UTC, to the millisecond, as the store keeps it. Raises InvalidTime."""
    if sent is None:
        return None
    if not isinstance(sent, str) or len(sent) > _TIME_CHARACTERS_AT_MOST:
        raise InvalidTime
    try:
        moment = datetime.fromisoformat(sent)
        if moment.tzinfo is None:
            raise InvalidTime
        in_utc = moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidTime from error
    return in_utc.replace(microsecond=in_utc.microsecond // 1000 * 1000)


def _invalid() -> InvalidRoadEvent:
    return InvalidRoadEvent(points=POINTS_AT_MOST, days=DAYS_AT_MOST)
