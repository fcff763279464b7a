"""Attendance for those who may see it, and what people say of it themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from api.accounts.caller import Caller
from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.formats import day_in_vietnam
from api.kit.idempotency import Idempotency
from api.students.attendance.attendance_day import (
    NOTE_CHARACTERS_AT_MOST,
    AttendanceDay,
    AttendanceState,
)
from api.students.attendance.book import AttendanceBook
from api.students.attendance.errors import (
    ArrivalNotUnderstood,
    NoSchoolDays,
    NoteNotUnderstood,
    PeriodNotUnderstood,
)
from api.students.attendance.repository import AttendanceRepository
from api.students.calendar.school_calendar import SchoolCalendar, school_year_of
from api.students.calendar.service import SchoolCalendars
from api.students.errors import PupilHasLeft
from api.students.guardians.access import PupilAccess, SeenPupil
from api.students.pupils.pupil import Pupil
from api.students.pupils.repository import PupilRepository
from api.students.staff import SchoolStaff, office_entry

DAYS_AT_MOST = 62
EXPLAINED_DAYS_AT_MOST = 31
_EXPLAINED_FROM, _EXPLAINED_UNTIL = timedelta(days=30), timedelta(days=90)
NOTED_WITHIN = timedelta(days=7)
_PUPILS_OF_A_CLASS = 200


@dataclass(frozen=True, slots=True, repr=False)
class SeenDay:
    """A day as it is told. `pupil_id`: also where nothing is known of it yet."""

    pupil_id: str
    day: date
    state: AttendanceState
    is_late: bool
    arrived_at: datetime | None
    left_at: datetime | None
    note: str | None


class Attendance:
    def __init__(
        self,
        days: AttendanceRepository,
        pupils: PupilRepository,
        calendars: SchoolCalendars,
        book: AttendanceBook,
        access: PupilAccess,
        staff: SchoolStaff,
        audit: AuditLog,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._days = days
        self._pupils = pupils
        self._calendars = calendars
        self._book = book
        self._access = access
        self._staff = staff
        self._audit = audit
        self._idempotency = idempotency
        self._clock = clock

    async def of_pupil(
        self, caller: Caller, pupil_id: str, starts: date, ends: date
    ) -> list[SeenDay]:
        """Return what is known of a pupil's days, both ends included; it is noted that the office read it.

        Raises NotSignedIn, PupilNotFound, PeriodNotUnderstood.
        """
        seen = await self._access.seen(caller, pupil_id)
        _check_period(starts, ends, DAYS_AT_MOST)
        found = await self._days.of_pupil(pupil_id, starts, ends)
        if seen.guardianship is None:
            await self._note_read(caller.person(), pupil_id, seen.pupil.school_id, len(found))
        return await self._seen_all(found)

    async def of_class(
        self, caller: Caller, school_id: str, class_id: str, day: date
    ) -> list[SeenDay]:
        """Return a day of everybody in a class, for the office, and note that it was read.

        Raises NotSignedIn, NotAllowed, SchoolNotFound.
        """
        person_id = self._staff.clerk(caller, school_id)
        pupils = await self._pupils.in_class(class_id, day, limit=_PUPILS_OF_A_CLASS)
        own = [pupil for pupil in pupils if pupil.school_id == school_id]
        days = await self._days.of_pupils([pupil.id for pupil in own], day)
        await self._note_read(person_id, class_id, school_id, len(own))
        seen = {one.pupil_id: one for one in await self._seen_all(list(days.values()))}
        return [seen.get(pupil.id) or _unseen(pupil.id, day) for pupil in own]

    async def explain(
        self,
        caller: Caller,
        pupil_id: str,
        starts: date,
        ends: date,
        note: str,
        idempotency_key: str,
    ) -> list[SeenDay]:
        """Say why a pupil is not there on the school days of a time, before it or afterwards.

        Raises NotSignedIn, PupilNotFound, PupilHasLeft, PeriodNotUnderstood, NoSchoolDays,
        NoteNotUnderstood and IdempotencyProblem.
        """
        seen = await self._access.seen(caller, pupil_id)
        _check_period(starts, ends, EXPLAINED_DAYS_AT_MOST)
        said, person_id = _checked_note(note), caller.person()
        days = await self._school_days(seen.pupil, starts, ends)

        async def work() -> dict[str, Any]:
            await self._hold_right(caller, seen)
            for day in days:
                await self._book.explain(seen.pupil, day, said, person_id, self._clock())
            return {"days": len(days)}

        asked = {
            "pupil": pupil_id,
            "starts": starts.isoformat(),
            "ends": ends.isoformat(),
            "note": said,
        }
        await self._idempotency.once(person_id, "explainAbsence", idempotency_key, asked, work)
        return await self._seen_all(await self._days.of_pupil(pupil_id, starts, ends))

    async def note_arrival(
        self, caller: Caller, pupil_id: str, at: datetime, idempotency_key: str
    ) -> SeenDay:
        """Note that a pupil came whose card no gate has read, as the office saw it.

        Raises NotSignedIn, PupilNotFound, PupilHasLeft, ArrivalNotUnderstood, IdempotencyProblem.
        """
        pupil = await self._access.of_school(caller, pupil_id)
        now, person_id = self._clock(), caller.person()
        if at.tzinfo is None or not now - NOTED_WITHIN <= at <= now:
            raise ArrivalNotUnderstood(days=NOTED_WITHIN.days)
        day = day_in_vietnam(at)
        if not pupil.is_here(day):
            raise PupilHasLeft

        async def work() -> dict[str, Any]:
            await self._staff.hold_clerk(person_id, pupil.school_id)
            await self._book.came(pupil, at)
            await self._audit.append(
                office_entry(
                    person_id, "attendance.arrival", pupil_id, pupil.school_id, {"found": 1}
                )
            )
            return {"day": day.isoformat()}

        asked = {"pupil": pupil_id, "at": at.isoformat()}
        await self._idempotency.once(person_id, "noteArrival", idempotency_key, asked, work)
        one = await self._days.get(pupil_id, day)
        return (await self._seen_all([one]))[0] if one else _unseen(pupil_id, day)

    async def held_of(self, pupil_id: str) -> Sequence[AttendanceDay]:
        """Return everything that is kept of a pupil's days, for her guardian's copy."""
        return await self._days.of_pupil(pupil_id, date.min, date.max)

    async def _school_days(self, pupil: Pupil, starts: date, ends: date) -> list[date]:
        """Return on which of these days the school teaches. Raises NoSchoolDays, PupilHasLeft."""
        today = day_in_vietnam(self._clock())
        if not pupil.is_here(starts):
            raise PupilHasLeft
        found = await self._calendars.teaching_days(
            pupil.school_id,
            max(starts, today - _EXPLAINED_FROM),
            min(ends, today + _EXPLAINED_UNTIL),
        )
        if not found:
            raise NoSchoolDays
        return found

    async def _note_read(self, person_id: str, subject: str, school_id: str, found: int) -> None:
        await self._audit.append(
            office_entry(person_id, "attendance.read", subject, school_id, {"found": found})
        )

    async def _hold_right(self, caller: Caller, seen: SeenPupil) -> None:
        if seen.guardianship is None:
            await self._staff.hold_clerk(caller.person(), seen.pupil.school_id)
        else:
            await self._access.hold_guardian(caller.person(), seen.pupil.id)

    async def _seen_all(self, days: Sequence[AttendanceDay]) -> list[SeenDay]:
        """Return days as their calendars have them, in their order; each calendar is asked for once."""
        wanted = {_calendar_key(one): one for one in days}
        calendars = {
            key: await self._calendars.on(one.school_id, one.day) for key, one in wanted.items()
        }
        return [_seen(one, calendars[_calendar_key(one)]) for one in days]


def _calendar_key(one: AttendanceDay) -> tuple[str, int]:
    return one.school_id, school_year_of(one.day)


def _seen(one: AttendanceDay, calendar: SchoolCalendar | None) -> SeenDay:
    return SeenDay(
        pupil_id=one.pupil_id,
        day=one.day,
        state=one.state(calendar),
        is_late=one.is_late(calendar),
        arrived_at=one.arrived_at,
        left_at=one.last_exit if one.has_left else None,
        note=one.note,
    )


def _unseen(pupil_id: str, day: date) -> SeenDay:
    return SeenDay(
        pupil_id,
        day,
        AttendanceState.EXPECTED,
        is_late=False,
        arrived_at=None,
        left_at=None,
        note=None,
    )


def _check_period(starts: date, ends: date, most: int) -> None:
    if not 0 <= (ends - starts).days < most:
        raise PeriodNotUnderstood(most=most)


def _checked_note(note: str) -> str:
    said = " ".join(note.split())
    if not 0 < len(said) <= NOTE_CHARACTERS_AT_MOST or not said.isprintable():
        raise NoteNotUnderstood(most=NOTE_CHARACTERS_AT_MOST)
    return said
