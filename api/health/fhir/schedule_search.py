"""Reading and searching schedules and places."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from api.health.directory.repository import DirectoryRepository
from api.health.fhir.directory_search import page_of, specialties_of
from api.health.fhir.errors import InvalidParameter, ResourceNotFound, SearchTooCostly
from api.health.fhir.exchange import Resource
from api.health.fhir.schedule_resources import planned_period, schedule_of, slot_of, slot_status
from api.health.fhir.search_parameters import Period, SearchQuery
from api.health.fhir.searching import Found, PublicResource
from api.health.fhir.terms import Terms
from api.health.schedules.records import Schedule
from api.health.schedules.repository import ScheduleRepository
from api.health.slots.records import Slot
from api.health.slots.repository import SlotRepository
from api.kit.pages import Listing
from api.kit.store import Document, Filter

SCHEDULES_AT_MOST = 20
_STATUSES = frozenset({"free", "busy", "busy-unavailable", "busy-tentative", "entered-in-error"})
_BY_START = Listing("fhir.Slot", (datetime, str))
_ACTORS = ("Location", "HealthcareService", "Practitioner")
Place = tuple[datetime, str]


class ScheduleSearch:
    def __init__(
        self,
        terms: Terms,
        directory: DirectoryRepository,
        schedules: ScheduleRepository,
        slots: SlotRepository,
    ) -> None:
        self._terms = terms
        self._directory = directory
        self._schedules = schedules
        self._slots = slots

    def resources(self) -> tuple[PublicResource, ...]:
        return (
            PublicResource(
                "Schedule",
                {
                    "_id": "token",
                    "active": "token",
                    "actor": "reference",
                    "date": "date",
                    "service-type": "token",
                    "specialty": "token",
                },
                self._read_schedule,
                self._search_schedules,
            ),
            PublicResource(
                "Slot",
                {
                    "_id": "token",
                    "schedule": "reference",
                    "service-type": "token",
                    "specialty": "token",
                    "start": "date",
                    "status": "token",
                },
                self._read_slot,
                self._search_slots,
            ),
        )

    async def _read_schedule(self, schedule_id: str) -> Resource:
        schedule = await self._schedules.get(schedule_id)
        if schedule is None:
            raise ResourceNotFound
        service = await self._directory.service(schedule.service_id)
        return schedule_of(self._terms, schedule, service.specialty if service else None)

    async def _search_schedules(self, query: SearchQuery) -> Found:
        asked = await self._schedules_asked(query)
        is_none_wanted = query.flag("active") is False
        period = query.period("date")
        specialties: dict[str, str] = {}

        async def read(after: str, limit: int) -> list[Schedule]:
            if is_none_wanted:
                return []
            wanted: Filter = {"$and": asked} if asked else {}
            found = await self._schedules.matching(wanted, after=after, limit=limit)
            services = await self._directory.services([it.service_id for it in found])
            specialties.update({key: one.specialty for key, one in services.items()})
            return found

        return await page_of(
            query,
            read,
            partial(_overlaps, period),
            lambda it: schedule_of(self._terms, it, specialties.get(it.service_id)),
        )

    async def _schedules_asked(self, query: SearchQuery) -> list[Document]:
        asked: list[Document] = []
        if (ids := query.ids()) is not None:
            asked.append({"_id": {"$in": sorted(ids)}})
        asked += [
            {"$or": [self._actor(one) for one in some]} for some in query.alternatives("actor")
        ]
        if (codes := specialties_of(self._terms, query)) is not None:
            services = [
                one.id for code in sorted(codes) for one in await self._directory.services_for(code)
            ]
            asked.append({"service_id": {"$in": services}})
        return asked

    def _actor(self, value: str) -> Document:
        kind, slash, actor_id = value.removeprefix(f"{self._terms.base}/").partition("/")
        fields = dict(zip(_ACTORS, ("facility_id", "service_id", "practitioner_id"), strict=True))
        if slash and kind in fields:
            return {fields[kind]: actor_id}
        if slash or not kind:
            raise InvalidParameter(name="actor")
        return {"$or": [{field: kind} for field in fields.values()]}

    async def _read_slot(self, slot_id: str) -> Resource:
        slot = await self._slots.get(slot_id)
        if slot is None:
            raise ResourceNotFound
        return slot_of(self._terms, slot)

    async def _search_slots(self, query: SearchQuery) -> Found:
        start: tuple[datetime, str] | None = _BY_START.values(query.cursor)
        statuses = _statuses(query)
        schedules = query.references("schedule", "Schedule", base=self._terms.base)
        codes = specialties_of(self._terms, query)
        limit = query.count + 1
        if (ids := query.ids()) is not None:
            found = list((await self._slots.get_many(sorted(ids))).values())
            found = [it for it in found if schedules is None or it.schedule_id in schedules]
            found = _behind(_in_period(found, query.period("start")), start)
        elif schedules is not None:
            found = await self._of_schedules(schedules, codes, query, start, limit)
        elif codes is not None and statuses == frozenset({"free"}):
            found = await self._free(codes, query, start, limit)
        else:
            raise SearchTooCostly
        kept = [it for it in found if codes is None or it.specialty in codes]
        return self._page([it for it in kept if slot_status(it) in statuses], query.count)

    async def _of_schedules(
        self,
        schedules: frozenset[str],
        codes: frozenset[str] | None,
        query: SearchQuery,
        after: Place | None,
        limit: int,
    ) -> list[Slot]:
        if len(schedules) > SCHEDULES_AT_MOST:
            raise SearchTooCostly
        period, statuses = query.period("start"), _statuses(query)
        found: list[Slot] = []
        for schedule_id in sorted(schedules):
            asked = {
                "schedule_id": schedule_id,
                "start": {"$gte": period.since, "$lt": period.until},
                "$or": [_status_filter(status) for status in sorted(statuses)],
                **({} if codes is None else {"specialty": {"$in": sorted(codes)}}),
            }
            if statuses:
                found += await self._slots.matching(asked, limit=limit, after=after)
        return _by_time(found)[:limit]

    async def _free(
        self, codes: frozenset[str], query: SearchQuery, after: Place | None, limit: int
    ) -> list[Slot]:
        period = query.period("start")
        found: list[Slot] = []
        for code in sorted(codes):
            for is_remote in (False, True):
                found += await self._slots.free(
                    {"specialty": code, "is_remote": is_remote},
                    period.since,
                    period.until,
                    limit=limit,
                    after=after,
                )
        return _by_time(found)[:limit]

    def _page(self, found: Sequence[Slot], count: int) -> Found:
        shown = found[:count]
        has_more = len(found) > count
        cursor = _BY_START.cursor([shown[-1].start, shown[-1].id]) if has_more else None
        return Found([slot_of(self._terms, it) for it in shown], cursor)


def _statuses(query: SearchQuery) -> frozenset[str]:
    left = frozenset({"free", "busy", "busy-unavailable"})
    for some in query.tokens("status"):
        codes = {one.code for one in some}
        if not codes <= _STATUSES:
            raise InvalidParameter(name="status")
        left &= codes
    return left


def _status_filter(status: str) -> Document:
    if status == "busy-unavailable":
        return {"is_open": False}
    return {"is_open": True, "room": {"$gt": 0} if status == "free" else {"$lte": 0}}


def _overlaps(period: Period, schedule: Schedule) -> bool:
    since, until = planned_period(schedule)
    return since < period.until and (until is None or until > period.since)


def _in_period(slots: list[Slot], period: Period) -> list[Slot]:
    return [it for it in slots if period.since <= it.start < period.until]


def _behind(slots: list[Slot], after: Place | None) -> list[Slot]:
    ordered = _by_time(slots)
    return [it for it in ordered if after is None or (it.start, it.id) > after]


def _by_time(slots: list[Slot]) -> list[Slot]:
    return sorted(slots, key=lambda it: (it.start, it.id))
