"""Who comes on a day, for the desk: by time, and in the order of calls. Every reading is in the audit log."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from api.accounts.caller import Caller
from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.appointments.repository import AppointmentRepository, Place
from api.health.desk.access import DeskAccess
from api.health.desk.sessions import day_bounds
from api.health.desk.walk_in_repository import WalkInRepository
from api.health.directory.staff import desk_entry
from api.health.queue.line import Lines
from api.kit.audit_log import AuditLog, Details
from api.kit.clock import Clock
from api.kit.pages import Listing, Page, checked_first

SHOWN = frozenset(
    {
        AppointmentStatus.BOOKED,
        AppointmentStatus.CHECKED_IN,
        AppointmentStatus.ARRIVED,
        AppointmentStatus.FULFILLED,
        AppointmentStatus.NOSHOW,
    }
)
"""Unless others are asked for: who had a place and gave it back is no visit of the day."""
MAY_BE_ASKED_FOR = SHOWN | {AppointmentStatus.CANCELLED}
_BY_TIME = Listing("health.day_list", (datetime, str))


@dataclass(frozen=True, slots=True, repr=False)
class DeskPatient:
    """`birth_year`: of walk-ins, whom the desk asked."""

    appointment: Appointment
    birth_year: int | None

    @property
    def is_walk_in(self) -> bool:
        return self.appointment.slot_id is None


@dataclass(frozen=True, slots=True, repr=False)
class DeskQueue:
    """`called`: who is with the practitioner, the last first. `waiting`: the next first."""

    called: Sequence[DeskPatient]
    waiting: Sequence[DeskPatient]


@dataclass(frozen=True, slots=True)
class DayFilter:
    """None and empty: whatever it is. PENDING and WAITLIST are nobody's visit, and never shown."""

    service_id: str | None = None
    session_id: str | None = None
    statuses: Collection[AppointmentStatus] = ()

    @property
    def shown(self) -> frozenset[AppointmentStatus]:
        return frozenset(self.statuses) & MAY_BE_ASKED_FOR if self.statuses else SHOWN

    @property
    def within(self) -> Mapping[str, str]:
        asked = {"service_id": self.service_id, "session_id": self.session_id}
        return {name: value for name, value in asked.items() if value is not None}


class DayLists:
    def __init__(
        self,
        appointments: AppointmentRepository,
        walk_ins: WalkInRepository,
        lines: Lines,
        access: DeskAccess,
        audit: AuditLog,
        clock: Clock,
    ) -> None:
        self._appointments = appointments
        self._walk_ins = walk_ins
        self._lines = lines
        self._access = access
        self._audit = audit
        self._clock = clock

    async def page(
        self,
        caller: Caller,
        facility_id: str,
        day: date,
        wanted: DayFilter,
        first: int,
        after: str | None,
    ) -> Page[DeskPatient]:
        """Return the patients of a day by time, and note once that they were read.

        Raises NotSignedIn, NotAllowed, FacilityNotFound, InvalidPageSize, InvalidCursor.
        """
        person_id = self._access.clerk(caller, facility_id)
        limit = checked_first(first) + 1
        start = _BY_TIME.values(after)
        found = await self.found(
            facility_id, day, wanted, limit, None if start is None else (start[0], start[1])
        )
        details: Details = {"day": day.isoformat(), "found": min(len(found), first)}
        await self._note(person_id, "health.day_list.read", facility_id, facility_id, details)
        return _BY_TIME.page(found, first=first, after=after, values=_place)

    async def in_order(self, caller: Caller, session_id: str) -> DeskQueue:
        """Return who is in the queue of a session in the order of calls, and note that it was read.

        Raises NotSignedIn, SessionNotFound.
        """
        session = await self._access.session(caller, session_id)
        line = await self._lines.of(session)
        arrived = [it for it in line.appointments if it.status is AppointmentStatus.ARRIVED]
        arrived.sort(key=lambda it: (it.called_at or it.start, it.id), reverse=True)
        queue = DeskQueue(
            called=await self._told(arrived),
            waiting=await self._told(line.waiting(self._clock())),
        )
        details: Details = {"found": len(queue.called) + len(queue.waiting)}
        await self._note(
            caller.person(), "health.queue.read", session_id, session.facility_id, details
        )
        return queue

    async def one(self, appointment: Appointment) -> DeskPatient:
        """Return a patient whom the desk has just done something with."""
        return (await self._told([appointment]))[0]

    async def found(
        self,
        facility_id: str,
        day: date,
        wanted: DayFilter,
        limit: int,
        after: Place | None = None,
    ) -> list[DeskPatient]:
        """Return the patients of a day by time. Whoever calls it has the right, and notes it."""
        if not wanted.shown:
            return []
        begins, ends = day_bounds(day)
        appointments = await self._appointments.of_facility(
            facility_id,
            begins,
            ends,
            statuses=wanted.shown,
            within=wanted.within,
            after=after,
            limit=limit,
        )
        return await self._told(appointments)

    async def _told(self, appointments: Sequence[Appointment]) -> list[DeskPatient]:
        walk_ins = [one.id for one in appointments if one.slot_id is None]
        birth_years = await self._walk_ins.birth_years(walk_ins)
        return [DeskPatient(one, birth_years.get(one.id)) for one in appointments]

    async def _note(
        self, person_id: str, action: str, subject: str, facility_id: str, details: Details
    ) -> None:
        await self._audit.append(desk_entry(person_id, action, subject, facility_id, details))


def _place(one: DeskPatient) -> tuple[datetime, str]:
    return one.appointment.start, one.appointment.id
