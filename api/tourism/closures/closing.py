"""What an editor says of a closure, checked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from api.kit.area import Area, Circle
from api.kit.changes import UNCHANGED, Unchanged
from api.tourism.closures.closure import Closure, Way, WayKind, distance_to_circle
from api.tourism.closures.errors import ClosureElsewhere, InvalidClosedPart, InvalidPeriod
from api.tourism.commune_index import CommuneIndex
from api.tourism.moments import checked_moment
from api.tourism.records import Texts
from api.tourism.written_texts import WrittenText, line_of, texts_of

REASON_CHARACTERS_AT_MOST = 500
SOURCE_CHARACTERS_AT_MOST = 200
RADIUS_AT_LEAST, RADIUS_AT_MOST = 10.0, 100_000.0
YEARS_AT_MOST = 5
_LONGEST = timedelta(days=366 * YEARS_AT_MOST)


@dataclass(frozen=True, slots=True)
class NewClosure:
    """As it was typed. Without `starts` it starts now, without `ends` it stays until it is lifted."""

    way: WayKind
    way_id: str
    reason: tuple[WrittenText, ...]
    source: str
    area: Circle | None = None
    starts: datetime | None = None
    ends: datetime | None = None

    def closure(self, closure_id: str, now: datetime) -> Closure:
        """Return it checked, but for its way. Raises InvalidMoment, InvalidPeriod, InvalidText."""
        starts = now if self.starts is None else checked_moment(self.starts)
        ends = None if self.ends is None else checked_moment(self.ends)
        _check_period(starts, ends, now)
        return Closure(
            id=closure_id,
            way=self.way,
            way_id=self.way_id,
            area=self.area,
            reason=_reason(self.reason),
            starts=starts,
            ends=ends,
            source=line_of("source", self.source, SOURCE_CHARACTERS_AT_MOST),
        )

    def asked(self) -> dict[str, Any]:
        """Return what tells one request from another."""
        return {
            "way": self.way,
            "way_id": self.way_id,
            "reason": _asked_texts(self.reason),
            "source": self.source,
            "area": _asked_area(self.area),
            "starts": _asked_moment(self.starts),
            "ends": _asked_moment(self.ends),
        }


@dataclass(frozen=True, slots=True)
class ClosureChanges:
    """What to change of a closure, as it was typed; its way stays. None: no part, no end."""

    reason: tuple[WrittenText, ...] | Unchanged = UNCHANGED
    source: str | Unchanged = UNCHANGED
    area: Circle | Unchanged | None = UNCHANGED
    starts: datetime | Unchanged = UNCHANGED
    ends: datetime | Unchanged | None = UNCHANGED

    def of(self, closure: Closure, now: datetime) -> Closure:
        """Return it changed. Raises InvalidMoment, InvalidPeriod, InvalidText."""
        changed = closure
        if self.reason is not UNCHANGED:
            changed = replace(changed, reason=_reason(self.reason))
        if self.source is not UNCHANGED:
            changed = replace(
                changed, source=line_of("source", self.source, SOURCE_CHARACTERS_AT_MOST)
            )
        if self.area is not UNCHANGED:
            changed = replace(changed, area=self.area)
        if self.starts is not UNCHANGED:
            changed = replace(changed, starts=checked_moment(self.starts))
        if self.ends is not UNCHANGED:
            ends = None if self.ends is None else checked_moment(self.ends)
            changed = replace(changed, ends=ends)
        if (changed.starts, changed.ends) != (closure.starts, closure.ends):
            _check_period(changed.starts, changed.ends, now)
        return changed

    def asked(self) -> dict[str, Any]:
        """Return what tells one request from another."""
        said: Mapping[str, Any] = {
            "reason": self.reason if self.reason is UNCHANGED else _asked_texts(self.reason),
            "source": self.source,
            "area": self.area if self.area is UNCHANGED else _asked_area(self.area),
            "starts": self.starts if self.starts is UNCHANGED else _asked_moment(self.starts),
            "ends": self.ends if self.ends is UNCHANGED else _asked_moment(self.ends),
        }
        return {name: value for name, value in said.items() if value is not UNCHANGED}


def check_part(way: Way, area: Circle | None, communes: CommuneIndex) -> None:
    """Raise InvalidClosedPart or ClosureElsewhere unless `area` is a part of `way`."""
    if area is None:
        return
    if not RADIUS_AT_LEAST <= area.radius_metres <= RADIUS_AT_MOST:
        raise InvalidClosedPart(least=int(RADIUS_AT_LEAST), most=int(RADIUS_AT_MOST))
    if way.kind is WayKind.ROAD:
        touched = communes.touching(Area.of([], [area]))
        is_on_way = bool(touched & way.communes if way.communes else touched)
    else:
        away = [distance_to_circle(area.centre, part) for part in way.extent]
        is_on_way = min(away, default=0.0) <= area.radius_metres
    if not is_on_way:
        raise ClosureElsewhere


def _check_period(starts: datetime, ends: datetime | None, now: datetime) -> None:
    is_sound = now - _LONGEST <= starts <= now + _LONGEST and (
        ends is None or (starts < ends <= starts + _LONGEST and ends > now)
    )
    if not is_sound:
        raise InvalidPeriod(years=YEARS_AT_MOST)


def _reason(written: tuple[WrittenText, ...]) -> Texts:
    return texts_of("reason", written, REASON_CHARACTERS_AT_MOST)


def _asked_texts(written: tuple[WrittenText, ...]) -> list[list[str]]:
    return [[it.language, it.text] for it in written]


def _asked_area(area: Circle | None) -> list[float] | None:
    if area is None:
        return None
    return [area.centre.latitude, area.centre.longitude, area.radius_metres]


def _asked_moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
