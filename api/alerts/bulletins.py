"""What a message tells about one event, in every language it tells it in.

A CAP message repeats its info block once a language, and once an event or area; nothing in the
standard says which. Blocks belong together when no language is told twice and they agree on how bad,
when and where it is.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from api.alerts.cap_message import (
    AlertArea,
    CapMessage,
    Certainty,
    Info,
    ResponseType,
    Severity,
    Urgency,
)
from api.alerts.geocodes import NamedPlaces, places_named
from api.kit.area import Area
from api.kit.geo import Position
from api.kit.localized import best_language
from locales import language_of

VALID_WITHOUT_EXPIRES = timedelta(hours=24)
_WORST_FIRST = {severity: rank for rank, severity in enumerate(Severity)}

Value = TypeVar("Value")


class Communes(Protocol):
    """Where the communes of the province are (codes of the General Statistics Office)."""

    @property
    def codes(self) -> frozenset[str]: ...

    def touching(self, area: Area) -> frozenset[str]:
        """Return the codes of all communes that meet `area`; never misses one."""
        ...

    def area_of(self, codes: frozenset[str]) -> Area:
        """Return an area that holds these communes whole."""
        ...


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a bulletin holds: in `area`, which is what was `drawn` and the communes `named`, by code."""

    drawn: Area
    named: frozenset[str]
    area: Area

    @property
    def is_nowhere(self) -> bool:
        return self.area.is_empty

    def homes(self, communes: Communes) -> frozenset[str]:
        """Return the codes of the communes whose people are meant. Takes up to 0.4 s: run it in a thread.

        Not kept, because only a fan-out asks, and most who open a warning read it.
        """
        if self.drawn.is_empty:
            return self.named
        return self.named | communes.touching(self.drawn)


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One event: info blocks of different languages, the sender's first one first. Times are UTC."""

    infos: tuple[Info, ...]
    effective: datetime
    expires: datetime
    reach: Reach

    @property
    def severity(self) -> Severity:
        return self.infos[0].severity

    @property
    def urgency(self) -> Urgency:
        return self.infos[0].urgency

    @property
    def certainty(self) -> Certainty:
        return self.infos[0].certainty

    @property
    def is_all_clear(self) -> bool:
        """Tell whether it says that the danger is over, however bad that danger was."""
        responses = {response for info in self.infos for response in info.response_types}
        return responses == {ResponseType.ALL_CLEAR}

    @property
    def area_hash(self) -> str:
        """Stand for where it holds: an app that has this area need not fetch it. 32 hex digits of SHA-256."""
        areas = [area for info in self.infos for area in info.areas]
        polygons = sorted({repr(polygon) for area in areas for polygon in area.polygons})
        circles = sorted({repr(circle) for area in areas for circle in area.circles})
        told = "\n".join((*polygons, *circles, *sorted(self.reach.named)))
        return hashlib.sha256(told.encode()).hexdigest()[:32]

    def is_in_force(self, now: datetime) -> bool:
        return self.effective <= now < self.expires

    def covers(self, position: Position) -> bool:
        return self.reach.area.covers(position)

    def by_language(self, value: Callable[[Info], Value | None]) -> dict[str, Value]:
        """Return a value of each language that has one, by BCP 47 tag; ours where we have the language."""
        found: dict[str, Value] = {}
        for info in self.infos:
            told = value(info)
            if told:
                found.setdefault(language_of(info.language) or info.language, told)
        return found

    def areas_for(self, asked: str) -> tuple[AlertArea, ...]:
        """Return the areas in the reader's language, else in one that tells where it holds."""
        infos = (self.info_for(asked), *self.infos)
        return next((info.areas for info in infos if info.areas), ())

    def info_for(self, asked: str) -> Info:
        """Return the block for a reader of `asked`: of that language, else en, else vi, else any."""
        infos = self.by_language(lambda info: info)
        language = best_language(dict.fromkeys(infos, ""), asked)
        return self.infos[0] if language is None else infos[language]


def bulletins_of(
    message: CapMessage, received_at: datetime, communes: Communes
) -> tuple[Bulletin, ...]:
    """Return the bulletins of a message, the worst first. Takes up to seconds for hostile polygons."""
    worst_first = sorted(_groups(message), key=lambda group: _WORST_FIRST[group[0].severity])
    reaches = _Reaches(communes)
    return tuple(_bulletin(group, message, received_at, reaches) for group in worst_first)


def times_of(message: CapMessage, info: Info, received_at: datetime) -> tuple[datetime, datetime]:
    """Return when an info block begins to hold, and when it ends.

    Without `effective`, or with one no later than `sent`, it holds as soon as it is here, even when
    the sender's clock is ahead of ours. Without `expires` it holds for 24 hours.
    """
    at_once = info.effective is None or info.effective <= message.sent
    begins = min(message.sent, received_at) if at_once else (info.effective or message.sent)
    ends = info.expires or max(message.sent, begins) + VALID_WITHOUT_EXPIRES
    return begins, ends


def _bulletin(
    group: list[Info], message: CapMessage, received_at: datetime, reaches: "_Reaches"
) -> Bulletin:
    times = [times_of(message, info, received_at) for info in group]
    return Bulletin(
        infos=tuple(group),
        effective=min(begins for begins, _ in times),
        expires=max(ends for _, ends in times),
        reach=reaches.of([area for info in group for area in info.areas]),
    )


class _Reaches:
    """The reaches in one message, each worked out once: several events often share a place."""

    def __init__(self, communes: Communes) -> None:
        self._communes = communes
        self._known: dict[tuple[object, ...], Reach] = {}

    def of(self, areas: list[AlertArea]) -> Reach:
        polygons = tuple(dict.fromkeys(polygon for area in areas for polygon in area.polygons))
        circles = tuple(dict.fromkeys(circle for area in areas for circle in area.circles))
        named = _named_places(areas).communes_among(self._communes.codes)
        place = (polygons, circles, named)
        if place not in self._known:
            self._known[place] = self._worked_out(Area.of(polygons, circles), named)
        return self._known[place]

    def _worked_out(self, drawn: Area, named: frozenset[str]) -> Reach:
        area = drawn | self._communes.area_of(named) if named else drawn
        return Reach(drawn, named, area)


def _named_places(areas: list[AlertArea]) -> NamedPlaces:
    return places_named(geocode for area in areas for geocode in area.geocodes)


@dataclass(frozen=True, slots=True)
class _Signed:
    """An info block and what its translations have in common with it."""

    info: Info
    weight: tuple[object, ...]
    place: tuple[object, ...]

    @classmethod
    def of(cls, info: Info) -> "_Signed":
        return cls(info, _weight(info), _place(info))

    def translates(self, other: "_Signed") -> bool:
        return (
            self.info.language.lower() != other.info.language.lower()
            and self.weight == other.weight
            and _agree(self.info.event_codes, other.info.event_codes)
            and _agree(self.place, other.place)
        )


def _groups(message: CapMessage) -> list[list[Info]]:
    groups: list[list[_Signed]] = []
    for signed in map(_Signed.of, message.infos):
        for group in groups:
            if all(signed.translates(other) for other in group):
                group.append(signed)
                break
        else:
            groups.append([signed])
    return [[signed.info for signed in group] for group in groups]


def _weight(info: Info) -> tuple[object, ...]:
    return (
        frozenset(info.categories),
        info.urgency,
        info.severity,
        info.certainty,
        info.effective,
        info.onset,
        info.expires,
    )


def _place(info: Info) -> tuple[object, ...]:
    """Return where the block holds, comparable; empty when it does not say."""
    polygons = frozenset(polygon for area in info.areas for polygon in area.polygons)
    circles = frozenset(circle for area in info.areas for circle in area.circles)
    named = _named_places(list(info.areas))
    return (polygons, circles, named) if polygons or circles or named else ()


def _agree(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Tell whether two blocks say the same, or one leaves it to the other."""
    return not one or not other or one == other
