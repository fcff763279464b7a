"""Writes what gates and people say into the attendance, and asks for guardians to be told, in one step."""

from datetime import date, datetime, timedelta

from api.kit.formats import day_in_vietnam
from api.students.attendance.attendance_day import AttendanceDay, Told
from api.students.attendance.repository import AttendanceRepository
from api.students.calendar.school_calendar import SchoolCalendar, Shift
from api.students.calendar.service import SchoolCalendars
from api.students.notices import texts
from api.students.notices.preferences import News
from api.students.notices.telling import Telling
from api.students.notices.texts import Sentence
from api.students.pupils.pupil import Pupil, SchoolClass
from api.students.pupils.repository import PupilRepository

_SAME_LEAVING = timedelta(minutes=15)
"""Two taps at one gate are one leaving."""


class AttendanceBook:
    """All of it joins the open transaction."""

    def __init__(
        self,
        days: AttendanceRepository,
        pupils: PupilRepository,
        calendars: SchoolCalendars,
        telling: Telling,
    ) -> None:
        self._days = days
        self._pupils = pupils
        self._calendars = calendars
        self._telling = telling
        telling.ask(self)

    async def came(self, pupil: Pupil, at: datetime) -> AttendanceDay:
        """Note that a pupil came in at a moment, told whenever; guardians are told what is new in it."""
        day = day_in_vietnam(at)
        its_class = await self._class(pupil)
        one = await self._days.entered(pupil, its_class.shift, day, at)
        await self._tell_arrival(one, its_class, await self._calendars.on(pupil.school_id, day))
        return one

    async def went(self, pupil: Pupil, at: datetime) -> AttendanceDay:
        """Note that a pupil went out at a moment, told whenever."""
        day = day_in_vietnam(at)
        its_class = await self._class(pupil)
        one = await self._days.left(pupil, its_class.shift, day, at)
        is_last = one.has_left and one.last_exit == at
        if is_last and await self._days.tell_leaving(pupil.id, day, at, at - _SAME_LEAVING):
            sentence = Sentence(texts.LEFT, its_class.name, at)
            key = f"left {day} {at.isoformat()}"
            await self._telling.news(pupil.id, News.LEAVING, sentence, at, key)
        return one

    async def miss(self, pupil: Pupil, its_class: SchoolClass, day: date, now: datetime) -> bool:
        """Note that a pupil is missing without a word; False when she is not."""
        missed = await self._days.missed(pupil, its_class.shift, day, now)
        if missed is None:
            return False
        sentence = Sentence(texts.ABSENT, its_class.name)
        await self._telling.news(pupil.id, News.ABSENCE, sentence, now, f"absent {day}")
        return True

    async def explain(
        self, pupil: Pupil, day: date, note: str, person_id: str, now: datetime
    ) -> AttendanceDay:
        its_class = await self._class(pupil)
        return await self._days.explained(pupil, its_class.shift, day, note, person_id, now)

    async def is_still_so(self, pupil_id: str, day: date, message: str) -> bool:
        """Tell whether news is still so, and note that an absence is told now (StillSo)."""
        one = await self._days.get(pupil_id, day)
        if one is None:
            return True
        if message == texts.ABSENT:
            is_so = one.arrived_at is None and one.last_exit is None and one.note is None
            if is_so:
                await self._days.tell(pupil_id, day, Told.ABSENT)
            return is_so
        if message == texts.ARRIVED_LATE:
            return one.is_late(await self._calendars.on(one.school_id, day))
        return True

    async def _tell_arrival(
        self, one: AttendanceDay, its_class: SchoolClass, calendar: SchoolCalendar | None
    ) -> None:
        told, message, news = _new_in(one, calendar)
        if told is None or one.arrived_at is None:
            return
        if await self._days.tell(one.pupil_id, one.day, told):
            sentence = Sentence(message, its_class.name, one.arrived_at)
            key = f"{told} {one.day}"
            await self._telling.news(one.pupil_id, news, sentence, one.arrived_at, key)

    async def _class(self, pupil: Pupil) -> SchoolClass:
        found = await self._pupils.get_class(pupil.class_id)
        # Classes are never removed; a pupil of none would be a roster written by hand.
        return found or SchoolClass(pupil.class_id, pupil.school_id, 0, "?", Shift.MORNING)


def _new_in(one: AttendanceDay, calendar: SchoolCalendar | None) -> tuple[Told | None, str, News]:
    """Return what guardians do not know yet of an arrival; None when they know it all."""
    is_late = one.is_late(calendar)
    if Told.ABSENT in one.told:
        is_corrected = Told.ABSENCE_CORRECTED in one.told
        told = None if is_corrected else Told.ABSENCE_CORRECTED
        return told, texts.ABSENCE_CORRECTED, News.ABSENCE
    if not one.told & {Told.ARRIVED, Told.ARRIVED_LATE}:
        if is_late:
            return Told.ARRIVED_LATE, texts.ARRIVED_LATE, News.ARRIVAL
        return Told.ARRIVED, texts.ARRIVED, News.ARRIVAL
    if Told.ARRIVED_LATE in one.told and not is_late:
        return Told.ARRIVAL_CORRECTED, texts.ARRIVAL_CORRECTED, News.ARRIVAL
    return None, "", News.ARRIVAL
