"""Schedules as documents: one for each service and practitioner."""

from collections.abc import Sequence
from datetime import date, time

from api.health.schedules.records import Absence, Schedule, WeeklySession
from api.kit.store import CollectionSpec, Document, Filter, Index, Store

HEALTH_SCHEDULES = CollectionSpec(
    "health_schedules", (Index(("facility_id",)), Index(("service_id",)))
)


class ScheduleRepository:
    """All queries on schedules. Every call joins the open transaction, if there is one."""

    def __init__(self, store: Store) -> None:
        self._schedules = store[HEALTH_SCHEDULES]

    async def get(self, schedule_id: str) -> Schedule | None:
        document = await self._schedules.get(schedule_id)
        return _schedule(document) if document else None

    async def get_many(self, schedule_ids: Sequence[str]) -> dict[str, Schedule]:
        found = await self._schedules.get_many(sorted(set(schedule_ids)))
        return {schedule_id: _schedule(document) for schedule_id, document in found.items()}

    async def of_facility(
        self, facility_id: str, *, after: str = "", limit: int | None = None
    ) -> list[Schedule]:
        """Return the schedules of a facility in the order of their ids, ended ones too."""
        found = await self._schedules.find(
            {"facility_id": facility_id, "_id": {"$gt": after}}, sort=[("_id", 1)], limit=limit
        )
        return list(map(_schedule, found))

    async def of_service(self, service_id: str) -> list[Schedule]:
        """Return the schedules of a service, ended ones too."""
        found = await self._schedules.find({"service_id": service_id}, sort=[("_id", 1)])
        return list(map(_schedule, found))

    async def matching(self, asked: Filter, *, after: str, limit: int) -> list[Schedule]:
        """Return schedules that a filter matches, in the order of their ids."""
        behind = {"_id": {"$gt": after}}
        wanted = {"$and": [asked, behind]} if asked else behind
        found = await self._schedules.find(wanted, sort=[("_id", 1)], limit=limit)
        return list(map(_schedule, found))

    async def add(self, schedule: Schedule) -> None:
        """Add a schedule. Raises DuplicateKey."""
        await self._schedules.insert(_document(schedule))

    async def replace(self, schedule: Schedule) -> Schedule | None:
        """Put `schedule` in place of its version; None when somebody was faster."""
        stored = await self._schedules.replace_if_version(_document(schedule), schedule.version)
        return _schedule(stored) if stored else None

    async def note_made(self, schedule: Schedule, until: date) -> bool:
        """Note until which day the places of this version are made; False when there is a newer one."""
        same = {"_id": schedule.id, "version": schedule.version}
        noted = await self._schedules.update_one(same, {"$set": {"made_until": until.isoformat()}})
        return noted is not None

    async def hold(self, schedule: Schedule) -> bool:
        """Keep a schedule from being changed until the open transaction ends; False: it was, before."""
        same = {"_id": schedule.id, "version": schedule.version}
        held = await self._schedules.update_one(same, {"$inc": {"held": 1}})
        return held is not None


def _document(schedule: Schedule) -> Document:
    return {
        "_id": schedule.id,
        "facility_id": schedule.facility_id,
        "service_id": schedule.service_id,
        "practitioner_id": schedule.practitioner_id,
        "sessions": list(map(_session_fields, schedule.sessions)),
        "absences": list(map(_absence_fields, schedule.absences)),
        "first_day": schedule.first_day.isoformat(),
        "last_day": _day_text(schedule.last_day),
        "works_on_holidays": schedule.works_on_holidays,
        "made_until": _day_text(schedule.made_until),
        "version": schedule.version,
    }


def _schedule(document: Document) -> Schedule:
    return Schedule(
        id=document["_id"],
        facility_id=document["facility_id"],
        service_id=document["service_id"],
        practitioner_id=document["practitioner_id"],
        sessions=tuple(map(_session, document["sessions"])),
        absences=tuple(map(_absence, document["absences"])),
        first_day=date.fromisoformat(document["first_day"]),
        last_day=_day(document["last_day"]),
        works_on_holidays=document["works_on_holidays"],
        made_until=_day(document["made_until"]),
        version=document["version"],
    )


def _session_fields(session: WeeklySession) -> Document:
    return {
        "weekday": session.weekday,
        "opens": f"{session.opens:%H:%M}",
        "closes": f"{session.closes:%H:%M}",
        "slot_minutes": session.slot_minutes,
        "capacity": session.capacity,
        "overbooking": session.overbooking,
    }


def _session(fields: Document) -> WeeklySession:
    return WeeklySession(
        weekday=fields["weekday"],
        opens=time.fromisoformat(fields["opens"]),
        closes=time.fromisoformat(fields["closes"]),
        slot_minutes=fields["slot_minutes"],
        capacity=fields["capacity"],
        overbooking=fields["overbooking"],
    )


def _absence_fields(absence: Absence) -> Document:
    return {
        "id": absence.id,
        "first": absence.first.isoformat(),
        "last": absence.last.isoformat(),
        "note": absence.note,
    }


def _absence(fields: Document) -> Absence:
    return Absence(
        fields["id"],
        date.fromisoformat(fields["first"]),
        date.fromisoformat(fields["last"]),
        fields["note"],
    )


def _day_text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
