"""Finds places that can be had: soonest first, or nearest first.

A search reads streams, each of which an index has in order of time: a specialty in person, a specialty
from afar, one facility, one doctor. What comes of them is merged, so that a page costs the same however
many places there are.
"""

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Any, Final

from api.health.directory.facility import FacilityLibrary
from api.health.directory.records import Facility, HealthcareService, Payment, ServiceMode
from api.health.directory.repository import DirectoryRepository
from api.health.slots.errors import InvalidSearch
from api.health.slots.records import Slot
from api.health.slots.repository import SlotRepository
from api.health.specialties import SPECIALTIES
from api.kit.clock import Clock
from api.kit.geo import Position, distance_metres
from api.kit.pages import Listing, Page, checked_first
from api.tourism.moments import checked_moment

SPAN_AT_MOST = timedelta(days=90)
SPEAKERS_AT_MOST: Final = 16
"""Of so many who speak a language each is a stream; of more, the places of all are looked through."""
_SPOKEN_BY_ALL = "vi"
"""Of nearly all, so that looking through the places finds enough at once."""
_FACILITIES_AT_ONCE = 4
_BY_START = Listing("health.slots", (datetime, str))
_BY_DISTANCE = Listing("health.slots.near", (float, str, datetime, str))

Stream = Mapping[str, Any]
After = tuple[datetime, str]


class SlotOrder(StrEnum):
    SOONEST = auto()
    NEAREST = auto()


@dataclass(frozen=True, slots=True)
class SlotQuery:
    """What is looked for; None: anything. Times are aware; None: from now on, and as far as allowed."""

    specialty: str | None = None
    facility_id: str | None = None
    practitioner_id: str | None = None
    language: str | None = None
    mode: ServiceMode | None = None
    payment: Payment | None = None
    near: Position | None = None
    since: datetime | None = None
    until: datetime | None = None
    order: SlotOrder = SlotOrder.SOONEST


@dataclass(frozen=True, slots=True)
class SlotFound:
    """A place, its facility, and metres from where was asked."""

    slot: Slot
    facility: Facility
    distance_metres: float | None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A query resolved: streams narrow down by `rest`, what no index has."""

    since: datetime
    until: datetime
    services: Sequence[HealthcareService]
    rest: Stream
    practitioner_ids: Sequence[str] | None

    def streams(self, facility_id: str | None = None) -> list[Stream]:
        """Return the streams of everything, or of one facility."""
        ours = [it for it in self.services if facility_id in {None, it.facility_id}]
        place = {} if facility_id is None else {"facility_id": facility_id}
        if self.practitioner_ids is not None:
            return [{"practitioner_id": one, **place, **self.rest} for one in self.practitioner_ids]
        kinds = sorted({(it.specialty, it.mode is ServiceMode.REMOTE) for it in ours})
        return [
            {"specialty": specialty, "is_remote": is_remote, **place, **self.rest}
            for specialty, is_remote in kinds
        ]


class SlotSearch:
    def __init__(
        self,
        slots: SlotRepository,
        directory: DirectoryRepository,
        library: FacilityLibrary,
        clock: Clock,
    ) -> None:
        self._slots = slots
        self._directory = directory
        self._library = library
        self._clock = clock
        self._before: list[Callable[[], Awaitable[object]]] = []

    def first_do(self, work: Callable[[], Awaitable[object]]) -> None:
        """Let something be done before each search: places may have to be given back."""
        self._before.append(work)

    async def find(self, query: SlotQuery, first: int, after: str | None) -> Page[SlotFound]:
        """Return a page of places that can be had.

        Raises InvalidSearch, InvalidMoment, FacilityNotFound, InvalidPageSize, InvalidCursor.
        """
        checked_first(first)
        for work in self._before:
            await work()
        if query.order is SlotOrder.NEAREST:
            return await self._nearest(query, first, after)
        start = _BY_START.values(after)
        wanted = await self._wanted(query)
        streams = wanted.streams(query.facility_id) if wanted else []
        found = await self._merged(
            wanted, streams, first + 1, (start[0], start[1]) if start else None
        )
        return _BY_START.page(
            [self._found(slot, query.near) for slot in found],
            first=first,
            after=after,
            values=lambda it: (it.slot.start, it.slot.id),
        )

    async def _nearest(self, query: SlotQuery, first: int, after: str | None) -> Page[SlotFound]:
        if query.near is None:
            raise InvalidSearch("near")
        start = _BY_DISTANCE.values(after)
        wanted = await self._wanted(query)
        found = await self._around(wanted, query, start, first + 1) if wanted else []
        return _BY_DISTANCE.page(
            found,
            first=first,
            after=after,
            values=lambda it: (it.distance_metres, it.facility.id, it.slot.start, it.slot.id),
        )

    async def _around(
        self, wanted: _Wanted, query: SlotQuery, start: tuple[Any, ...] | None, limit: int
    ) -> list[SlotFound]:
        """Go from facility to facility, the nearest first, until there is enough."""
        assert query.near is not None, "checked before"  # noqa: S101
        offering = {service.facility_id for service in wanted.services}
        rest = [
            (metres, one.id)
            for metres, one in self._library.by_distance(query.near)
            if one.id in offering and (start is None or (metres, one.id) >= (start[0], start[1]))
        ]
        found: list[SlotFound] = []
        at_once = 1  # most often the first has enough
        while rest and len(found) < limit:
            some, rest, at_once = rest[:at_once], rest[at_once:], _FACILITIES_AT_ONCE
            pages = await asyncio.gather(
                *(self._at(wanted, one, start, limit - len(found)) for one in some)
            )
            found += [self._found(slot, query.near) for page in pages for slot in page]
        return found[:limit]

    async def _at(
        self, wanted: _Wanted, place: tuple[float, str], start: tuple[Any, ...] | None, limit: int
    ) -> list[Slot]:
        is_begun = start is not None and place == (start[0], start[1])
        after = (start[2], start[3]) if start is not None and is_begun else None
        return await self._merged(wanted, wanted.streams(place[1]), limit, after)

    async def _merged(
        self, wanted: _Wanted | None, streams: Iterable[Stream], limit: int, after: After | None
    ) -> list[Slot]:
        if wanted is None:
            return []
        pages = [
            await self._slots.free(stream, wanted.since, wanted.until, limit=limit, after=after)
            for stream in streams
        ]
        return list(heapq.merge(*pages, key=lambda it: (it.start, it.id)))[:limit]

    async def _wanted(self, query: SlotQuery) -> _Wanted | None:
        """Return the query resolved, None when nothing can be found. Raises as `find`."""
        since, until = self._span(query)
        services = await self._services(query)
        fitting = [it for it in services if query.payment in {None, *it.payments}]
        if not fitting:
            return None
        rest = self._rest(query, services, fitting)
        practitioners = await self._speakers(query)
        if practitioners == []:
            return None
        return _Wanted(since, until, fitting, rest, practitioners)

    def _rest(
        self,
        query: SlotQuery,
        services: Sequence[HealthcareService],
        fitting: Sequence[HealthcareService],
    ) -> dict[str, Any]:
        """Return what narrows a stream down that is found by its specialty, or by its doctor."""
        rest: dict[str, Any] = {}
        if len(fitting) < len(services):
            rest["service_id"] = {"$in": [it.id for it in fitting]}
        if query.specialty is not None:
            rest["specialty"] = query.specialty
        if query.mode is not None:
            rest["is_remote"] = query.mode is ServiceMode.REMOTE
        if query.language is not None:
            rest["languages"] = query.language
        return rest

    async def _services(self, query: SlotQuery) -> list[HealthcareService]:
        facility_id = query.facility_id
        if query.practitioner_id is not None:
            person = await self._directory.practitioner(query.practitioner_id)
            if person is None or facility_id not in {None, person.facility_id}:
                return []
            facility_id = person.facility_id
        if facility_id is not None:
            found = await self._directory.services_of(facility_id)
        else:
            found = await self._directory.services_for(query.specialty or "")
        return [
            it
            for it in found
            if it.is_active
            and query.specialty in {None, it.specialty}
            and query.mode in {None, it.mode}
        ]

    async def _speakers(self, query: SlotQuery) -> list[str] | None:
        """Return whose places alone can fit; None: not narrowed down to some few people."""
        if query.practitioner_id is not None:
            return [query.practitioner_id]
        if query.language in {None, _SPOKEN_BY_ALL}:
            return None
        found = await self._directory.practitioners_speaking(
            query.language or "",
            facility_id=query.facility_id,
            specialty=query.specialty,
            limit=SPEAKERS_AT_MOST + 1,
        )
        return None if len(found) > SPEAKERS_AT_MOST else [it.id for it in found]

    def _span(self, query: SlotQuery) -> tuple[datetime, datetime]:
        if query.facility_id is not None:
            self._library.facility(query.facility_id)
        elif query.specialty is None and query.practitioner_id is None:
            raise InvalidSearch("specialty")
        if query.specialty is not None and query.specialty not in SPECIALTIES:
            raise InvalidSearch("specialty")
        now = self._clock()
        since = now if query.since is None else max(checked_moment(query.since), now)
        until = since + SPAN_AT_MOST if query.until is None else checked_moment(query.until)
        if not since < until <= since + SPAN_AT_MOST:
            raise InvalidSearch("to")
        return since, until

    def _found(self, slot: Slot, near: Position | None) -> SlotFound:
        facility = self._library.facility(slot.facility_id)
        metres = None if near is None else distance_metres(near, facility.position)
        return SlotFound(slot, facility, metres)
