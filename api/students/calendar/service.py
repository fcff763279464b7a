from datetime import date, timedelta
from typing import Any, Protocol

from api.accounts.caller import Caller
from api.kit.audit_log import AuditLog, Details
from api.kit.idempotency import Idempotency
from api.kit.store import Store
from api.students.calendar.errors import CalendarChanged
from api.students.calendar.repository import CalendarRepository
from api.students.calendar.school_calendar import (
    DayKind,
    SchoolCalendar,
    SchoolDay,
    checked,
    school_year_of,
)
from api.students.schools.school import SchoolLibrary
from api.students.staff import SchoolStaff, office_entry
from api.tourism.opening.holidays import HolidayCalendar


class CalendarWritten(Protocol):
    """Has something to do when a calendar was written; joins the open transaction."""

    async def written(self, calendar: SchoolCalendar) -> None: ...


class SchoolCalendars:
    """When schools teach. Anybody may read it; the school's office writes it."""

    def __init__(
        self,
        store: Store,
        library: SchoolLibrary,
        holidays: HolidayCalendar,
        staff: SchoolStaff,
        audit: AuditLog,
        idempotency: Idempotency,
    ) -> None:
        self._calendars = CalendarRepository(store)
        self._library = library
        self._holidays = holidays
        self._staff = staff
        self._audit = audit
        self._idempotency = idempotency
        self._hearers: list[CalendarWritten] = []

    def tell(self, hearer: CalendarWritten) -> None:
        """Let somebody hear of every calendar that is written."""
        self._hearers.append(hearer)

    async def of(self, school_id: str, year: int) -> SchoolCalendar | None:
        """Return the calendar of the school year that begins in `year`. Raises SchoolNotFound."""
        self._library.school(school_id)
        return await self._calendars.get(school_id, year)

    async def on(self, school_id: str, day: date) -> SchoolCalendar | None:
        """Return the calendar that a day lies in, None when the school wrote none."""
        return await self._calendars.get(school_id, school_year_of(day))

    async def day(self, school_id: str, day: date) -> SchoolDay:
        """Return what a day is at the school."""
        calendar = await self.on(school_id, day)
        return self.kind_of(calendar, day)

    async def teaching_days(self, school_id: str, starts: date, ends: date) -> list[date]:
        """Return the days from `starts` to `ends`, that one too, on which the school teaches."""
        days = [starts + timedelta(days=number) for number in range((ends - starts).days + 1)]
        calendars = {
            year: await self._calendars.get(school_id, year)
            for year in dict.fromkeys(map(school_year_of, days))
        }
        return [day for day in days if self.kind_of(calendars[school_year_of(day)], day).teaches]

    def kind_of(self, calendar: SchoolCalendar | None, day: date) -> SchoolDay:
        """Return what a day is by the calendar that it lies in."""
        if calendar is None:
            return SchoolDay(DayKind.NO_CALENDAR)
        return calendar.day(day, self._holidays)

    async def put(
        self, caller: Caller, calendar: SchoolCalendar, version: int | None, idempotency_key: str
    ) -> SchoolCalendar:
        """Write a calendar, in place of the one of `version` (None: there is none yet).

        Raises NotSignedIn, NotAllowed, SchoolNotFound, InvalidCalendar, CalendarChanged and
        IdempotencyProblem.
        """
        person_id = self._staff.clerk(caller, calendar.school_id)
        checked(calendar)

        async def work() -> dict[str, Any]:
            await self._staff.hold_clerk(person_id, calendar.school_id)
            stored = await self._calendars.put(calendar, version)
            if stored is None:
                raise CalendarChanged
            await self._note(person_id, stored)
            for hearer in self._hearers:
                await hearer.written(stored)
            return {"version": stored.version}

        asked = {"calendar": repr(_sorted(calendar)), "version": version}
        await self._idempotency.once(person_id, "setSchoolCalendar", idempotency_key, asked, work)
        kept = await self._calendars.get(calendar.school_id, calendar.year)
        return kept or calendar

    async def _note(self, person_id: str, calendar: SchoolCalendar) -> None:
        school_id = calendar.school_id
        details: Details = {"year": calendar.year, "version": calendar.version}
        await self._audit.append(
            office_entry(person_id, "school.calendar", school_id, school_id, details)
        )


def _sorted(calendar: SchoolCalendar) -> tuple[object, ...]:
    """Return what tells two calendars apart, in one order."""
    return (
        calendar.school_id,
        calendar.year,
        calendar.terms,
        sorted(calendar.weekdays),
        calendar.days_off,
        sorted(calendar.extra_days),
        sorted((shift.value, bells.starts, bells.ends) for shift, bells in calendar.bells.items()),
        calendar.late_after,
    )
