"""What the desk of a facility writes about when its services are given."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from api.accounts.caller import Caller
from api.health.directory.errors import PractitionerNotFound, ServiceNotFound
from api.health.directory.facility import clerk_scope
from api.health.directory.records import HealthcareService, Practitioner
from api.health.directory.repository import DirectoryRepository
from api.health.directory.staff import FacilityStaff, desk_entry
from api.health.errors import ChangedMeanwhile, TooMany
from api.health.schedules.checking import check_schedule
from api.health.schedules.errors import AbsenceNotFound, InvalidSchedule, ScheduleNotFound
from api.health.schedules.making import SlotMaking
from api.health.schedules.records import Absence, Schedule
from api.health.schedules.repository import ScheduleRepository
from api.health.slots.records import Slot
from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.formats import day_in_vietnam
from api.kit.idempotency import Idempotency
from api.kit.ids import derived_id, is_id, new_id
from api.kit.pages import Listing, Page, checked_first

SCHEDULES_AT_MOST = 500
_BY_ID = Listing("health.schedules", (str,))
Change = Callable[[Schedule], Schedule]


@dataclass(frozen=True, slots=True)
class Replanned:
    """A schedule as it is now, and how many patients have a place that is not in it any more."""

    schedule: Schedule
    affected: int


class ScheduleEditing:
    def __init__(
        self,
        schedules: ScheduleRepository,
        directory: DirectoryRepository,
        making: SlotMaking,
        staff: FacilityStaff,
        audit: AuditLog,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._schedules = schedules
        self._directory = directory
        self._making = making
        self._staff = staff
        self._audit = audit
        self._idempotency = idempotency
        self._clock = clock

    async def create(self, caller: Caller, schedule: Schedule, key: str) -> Replanned:
        """Add a schedule; its `id` is given anew. For clerks of the facility.

        Raises NotSignedIn, NotAllowed, FacilityNotFound, InvalidSchedule, ServiceNotFound,
        PractitionerNotFound, TooMany and IdempotencyProblem.
        """
        person_id = self._staff.clerk(caller, schedule.facility_id)
        check_schedule(schedule)

        async def add() -> Replanned:
            await self._check_fits(schedule)
            there = await self._schedules.of_facility(schedule.facility_id)
            if len(there) >= SCHEDULES_AT_MOST:
                raise TooMany(most=SCHEDULES_AT_MOST)
            added = replace(schedule, id=new_id(), made_until=None, version=1)
            await self._schedules.add(added)
            return Replanned(added, await self._making.replan(added))

        asked = {"schedule": repr(replace(schedule, id=""))}
        return await self._write(
            person_id, "schedule.create", schedule.facility_id, key, asked, add
        )

    async def change(
        self, caller: Caller, schedule_id: str, version: int, change: Change, asked: str, key: str
    ) -> Replanned:
        """Change a schedule of this version; `asked` tells what `change` does from anything else.

        Raises NotSignedIn, ScheduleNotFound, InvalidSchedule, AbsenceNotFound, ChangedMeanwhile and
        IdempotencyProblem.
        """
        person_id = caller.person()
        seen = await self.own(caller, schedule_id)

        async def replan() -> Replanned:
            current = await self._schedules.get(schedule_id)
            if current is None or current.version != version:
                raise ChangedMeanwhile
            wanted = change(current)
            check_schedule(wanted)
            stored = await self._schedules.replace(wanted)
            if stored is None:
                raise ChangedMeanwhile
            return Replanned(stored, await self._making.replan(stored))

        request = {"schedule": schedule_id, "version": version, "asked": asked}
        return await self._write(
            person_id, "schedule.update", seen.facility_id, key, request, replan
        )

    async def end(
        self, caller: Caller, schedule_id: str, version: int, last_day: date | None, key: str
    ) -> Replanned:
        """Let a schedule have no sessions after `last_day` (None: after today). Raises as `change`."""
        last = last_day or day_in_vietnam(self._clock())

        def ended(schedule: Schedule) -> Schedule:
            # Before it began there was nothing: its first day is moved, so that no day is left.
            return replace(schedule, first_day=min(schedule.first_day, last), last_day=last)

        return await self.change(caller, schedule_id, version, ended, f"end {last_day}", key)

    async def add_absence(
        self, caller: Caller, schedule_id: str, version: int, absence: Absence, key: str
    ) -> Replanned:
        """Take days out of a schedule; the absence's `id` is given anew. Raises as `change`."""
        named = replace(absence, id=derived_id("health absence", schedule_id, key))

        def added(schedule: Schedule) -> Schedule:
            return replace(schedule, absences=(*schedule.absences, named))

        return await self.change(caller, schedule_id, version, added, f"add {absence}", key)

    async def remove_absence(
        self, caller: Caller, schedule_id: str, version: int, absence_id: str, key: str
    ) -> Replanned:
        """Put days back into a schedule. Raises as `change`, and AbsenceNotFound."""

        def without(schedule: Schedule) -> Schedule:
            kept = tuple(it for it in schedule.absences if it.id != absence_id)
            if len(kept) == len(schedule.absences):
                raise AbsenceNotFound
            return replace(schedule, absences=kept)

        return await self.change(caller, schedule_id, version, without, f"drop {absence_id}", key)

    async def own(self, caller: Caller, schedule_id: str) -> Schedule:
        """Return a schedule of a facility whose clerk this is. Raises NotSignedIn, ScheduleNotFound."""
        caller.person()
        found = await self._schedules.get(schedule_id) if is_id(schedule_id) else None
        if found is None or not caller.holds(*clerk_scope(found.facility_id)):
            raise ScheduleNotFound
        return found

    async def page(
        self, caller: Caller, facility_id: str, first: int, after: str | None
    ) -> Page[Schedule]:
        """Return schedules of a facility, ended ones too. For its clerks.

        Raises NotSignedIn, NotAllowed, FacilityNotFound, InvalidPageSize, InvalidCursor.
        """
        self._staff.clerk(caller, facility_id)
        start = _BY_ID.values(after)
        limit = checked_first(first) + 1
        found = await self._schedules.of_facility(
            facility_id, after=start[0] if start else "", limit=limit
        )
        return _BY_ID.page(found, first=first, after=after, values=lambda it: (it.id,))

    async def affected(self, caller: Caller, schedule: Schedule) -> list[Slot]:
        """Return the places that patients have and the schedule has no more. For its clerks."""
        self._staff.clerk(caller, schedule.facility_id)
        return await self._making.affected(schedule)

    async def of_service(self, service: HealthcareService) -> int:
        """Fit the places to what became of a service (Replanning)."""
        found = await self._schedules.of_service(service.id)
        return sum([await self._making.replan(schedule) for schedule in found])

    async def of_practitioner(self, practitioner: Practitioner) -> int:
        """Fit the places to what became of a practitioner (Replanning)."""
        found = await self._schedules.of_facility(practitioner.facility_id)
        theirs = [it for it in found if it.practitioner_id == practitioner.id]
        return sum([await self._making.replan(schedule) for schedule in theirs])

    async def _check_fits(self, schedule: Schedule) -> None:
        """Raise unless service and practitioner are of the facility and work."""
        service = await self._directory.service(schedule.service_id)
        if service is None or service.facility_id != schedule.facility_id or not service.is_active:
            raise ServiceNotFound
        if schedule.practitioner_id is None:
            return
        person = await self._directory.practitioner(schedule.practitioner_id)
        if person is None or person.facility_id != schedule.facility_id or not person.is_active:
            raise PractitionerNotFound
        if service.specialty not in person.specialties:
            raise InvalidSchedule("practitionerId")

    async def _write(
        self,
        person_id: str,
        action: str,
        facility_id: str,
        key: str,
        asked: Mapping[str, Any],
        work: Callable[[], Awaitable[Replanned]],
    ) -> Replanned:
        async def whole() -> dict[str, Any]:
            await self._staff.hold_clerk(person_id, facility_id)
            done = await work()
            details = {"version": done.schedule.version, "affected": done.affected}
            await self._audit.append(
                desk_entry(person_id, f"health.{action}", done.schedule.id, facility_id, details)
            )
            return {"id": done.schedule.id, "affected": done.affected}

        result = await self._idempotency.once(person_id, f"health.{action}", key, asked, whole)
        stored = await self._schedules.get(result["id"])
        if stored is None:
            raise ScheduleNotFound
        return Replanned(stored, result["affected"])
