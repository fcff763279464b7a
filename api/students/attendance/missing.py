"""After each bell, who has not come is missed: a chain of jobs, a day after the other, for each school.

Writing a calendar begins the chain anew; the jobs of an older version of it find that, and end.
Only pupils with a card that works are missed: of the others no gate can tell whether they came.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import structlog

from api.kit.clock import Clock
from api.kit.formats import VIETNAM_TIME, day_in_vietnam
from api.kit.ids import derived_id
from api.kit.jobs import Handler, Jobs
from api.kit.store import Store
from api.kit.transactions import transact
from api.students.attendance.book import AttendanceBook
from api.students.calendar.school_calendar import SchoolCalendar, Shift
from api.students.calendar.service import SchoolCalendars
from api.students.cards.student_cards import StudentCards
from api.students.pupils.pupil import SchoolClass
from api.students.pupils.repository import PupilRepository

SCHOOL_DAY = "students.school_day"
MISS = "students.miss"
MISSED_AFTER = timedelta(minutes=30)
"""The bell; never before whoever comes late is late."""
_BEGINS = time(0, 5, tzinfo=VIETNAM_TIME)
_PUPILS_AT_ONCE = 50

log = structlog.get_logger()


class Missing:
    def __init__(
        self,
        store: Store,
        pupils: PupilRepository,
        calendars: SchoolCalendars,
        book: AttendanceBook,
        cards: StudentCards,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._store = store
        self._pupils = pupils
        self._calendars = calendars
        self._book = book
        self._cards = cards
        self._jobs = jobs
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {SCHOOL_DAY: self._school_day, MISS: self._miss}

    async def written(self, calendar: SchoolCalendar) -> None:
        """Begin the chain of a calendar; joins the open transaction (CalendarWritten)."""
        today = day_in_vietnam(self._clock())
        await self._ask_for_day(calendar, today, self._clock())

    async def _school_day(self, payload: Mapping[str, Any]) -> None:
        day = date.fromisoformat(payload["day"])

        async def work() -> None:
            calendar = await self._calendars.on(payload["school"], day)
            if calendar is None or calendar.version != payload["version"]:
                return
            if self._calendars.kind_of(calendar, day).teaches:
                await self._ask_for_bells(calendar, day)
            tomorrow = day + timedelta(days=1)
            following = await self._calendars.on(calendar.school_id, tomorrow)
            if following is not None:
                await self._ask_for_day(following, tomorrow, datetime.combine(tomorrow, _BEGINS))

        await transact(self._store, work)

    async def _ask_for_day(self, calendar: SchoolCalendar, day: date, run_at: datetime) -> None:
        key = (calendar.school_id, day.isoformat(), str(calendar.version))
        payload = {
            "school": calendar.school_id,
            "day": day.isoformat(),
            "version": calendar.version,
        }
        await self._jobs.enqueue(
            SCHOOL_DAY, payload, id=derived_id(SCHOOL_DAY, *key), run_at=run_at
        )

    async def _ask_for_bells(self, calendar: SchoolCalendar, day: date) -> None:
        for shift in calendar.bells:
            missed_at = missed_from(calendar, shift, day)
            if missed_at <= self._clock():
                continue  # whoever writes a calendar at noon has missed nobody in the morning
            key = (calendar.school_id, shift.value, missed_at.isoformat())
            payload = {
                "school": calendar.school_id,
                "day": day.isoformat(),
                "shift": shift.value,
                "missed_at": missed_at,
            }
            await self._jobs.enqueue(MISS, payload, id=derived_id(MISS, *key), run_at=missed_at)

    async def _miss(self, payload: Mapping[str, Any]) -> None:
        day, shift = date.fromisoformat(payload["day"]), Shift(payload["shift"])
        calendar = await self._calendars.on(payload["school"], day)
        if calendar is None or not self._calendars.kind_of(calendar, day).teaches:
            return
        if shift not in calendar.bells or missed_from(calendar, shift, day) != payload["missed_at"]:
            return  # the bell was moved meanwhile, and has a job of its own
        missed = 0
        for its_class in await self._pupils.classes(calendar.school_id, calendar.year):
            if its_class.shift is shift:
                missed += await self._miss_in(its_class, day)
        log.info("absence noted", school=calendar.school_id, day=str(day), pupils=missed)

    async def _miss_in(self, its_class: SchoolClass, day: date) -> int:
        after, missed = "", 0
        while found := await self._pupils.in_class(
            its_class.id, day, after=after, limit=_PUPILS_AT_ONCE
        ):
            after = found[-1].id
            missed += await self._miss_some(its_class, [pupil.id for pupil in found], day)
        return missed

    async def _miss_some(self, its_class: SchoolClass, ids: list[str], day: date) -> int:
        """Miss whoever of some pupils is missing, in one step."""
        return await transact(self._store, lambda: self._missed(its_class, ids, day))

    async def _missed(self, its_class: SchoolClass, ids: list[str], day: date) -> int:
        pupils = await self._pupils.get_many(ids)
        with_card = await self._cards.living(ids)
        missed = 0
        for pupil in pupils.values():
            is_awaited = pupil.id in with_card and pupil.is_here(day)
            if is_awaited and await self._book.miss(pupil, its_class, day, self._clock()):
                missed += 1
        return missed


def missed_from(calendar: SchoolCalendar, shift: Shift, day: date) -> datetime:
    """Return when whoever has not come to a shift is missed."""
    late = timedelta(minutes=calendar.late_after)
    return calendar.bells[shift].begin(day) + max(MISSED_AFTER, late)
