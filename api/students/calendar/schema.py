import re
from collections.abc import Mapping
from datetime import date, time
from typing import Annotated

import strawberry

from api.context import Info
from api.kit.schema_types import LocalizedText
from api.students.calendar.errors import InvalidCalendar
from api.students.calendar.school_calendar import (
    Bells,
    DayKind,
    DayOff,
    Shift,
    Span,
)
from api.students.calendar.school_calendar import SchoolCalendar as CalendarRecord
from api.students.calendar.school_calendar import SchoolDay as DayRecord
from api.students.student_error import StudentError
from api.tourism.records import Weekday

_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_WEEKDAYS: Mapping[Weekday, int] = {weekday: number for number, weekday in enumerate(Weekday)}

strawberry.enum(Shift, description="When a class is at school.")
strawberry.enum(DayKind, name="SchoolDayKind", description="What a day is at a school.")


@strawberry.type(description="What a day is at a school.")
class SchoolDay:
    kind: DayKind
    holiday: LocalizedText | None = strawberry.field(description="Of a HOLIDAY.")
    reason: str | None = strawberry.field(description="Of a DAY_OFF, as the school wrote it.")

    @classmethod
    def of(cls, record: DayRecord, language: str) -> "SchoolDay":
        holiday = LocalizedText.of(record.names, language) if record.names else None
        return cls(kind=record.kind, holiday=holiday, reason=record.reason)


@strawberry.type(description="Some days, the first and the last included.")
class SchoolTerm:
    starts: date
    ends: date

    @classmethod
    def of(cls, span: Span) -> "SchoolTerm":
        return cls(starts=span.starts, ends=span.ends)


@strawberry.type(description="Days on which the school does not teach, besides public holidays.")
class SchoolDayOff:
    starts: date
    ends: date
    reason: str


@strawberry.type(description="When a shift begins and ends, such as 07:00, on Vietnam's clocks.")
class SchoolBells:
    shift: Shift
    starts: str
    ends: str


@strawberry.type(description="When a school teaches in a school year. Public holidays are free.")
class SchoolCalendar:
    year: int = strawberry.field(description="In which it begins, in August.")
    terms: list[SchoolTerm]
    weekdays: list[Weekday]
    days_off: list[SchoolDayOff]
    extra_days: list[date] = strawberry.field(description="Taught whatever the rest says.")
    bells: list[SchoolBells]
    late_after: int = strawberry.field(description="Minutes after the bell.")
    version: int

    @classmethod
    def of(cls, record: CalendarRecord) -> "SchoolCalendar":
        numbers = {number: weekday for weekday, number in _WEEKDAYS.items()}
        return cls(
            year=record.year,
            terms=list(map(SchoolTerm.of, record.terms)),
            weekdays=[numbers[number] for number in sorted(record.weekdays)],
            days_off=[
                SchoolDayOff(starts=it.span.starts, ends=it.span.ends, reason=it.reason)
                for it in record.days_off
            ],
            extra_days=sorted(record.extra_days),
            bells=[
                SchoolBells(shift=shift, starts=f"{it.starts:%H:%M}", ends=f"{it.ends:%H:%M}")
                for shift, it in record.bells.items()
            ],
            late_after=record.late_after,
            version=record.version,
        )


@strawberry.input
class SchoolTermInput:
    starts: date
    ends: date


@strawberry.input
class SchoolDayOffInput:
    starts: date
    ends: date
    reason: str = strawberry.field(description="At most 120 characters.")


@strawberry.input
class SchoolBellsInput:
    shift: Shift
    starts: str = strawberry.field(description="Such as 07:00.")
    ends: str = strawberry.field(description="Such as 11:30.")


@strawberry.input(description="A whole calendar, in place of what was there.")
class SetSchoolCalendarInput:
    school_id: strawberry.ID
    year: int = strawberry.field(description="In which the school year begins, in August.")
    terms: list[SchoolTermInput] = strawberry.field(description="1 to 4.")
    weekdays: list[Weekday]
    days_off: list[SchoolDayOffInput] = strawberry.field(
        default_factory=list, description="At most 60, besides public holidays."
    )
    extra_days: list[date] = strawberry.field(default_factory=list, description="At most 60.")
    bells: list[SchoolBellsInput] = strawberry.field(description="One for each shift.")
    late_after: int = strawberry.field(default=5, description="Minutes after the bell, 0 to 60.")
    version: int | None = strawberry.field(
        default=None, description="Of the calendar that was changed; null: there is none yet."
    )
    idempotency_key: str = strawberry.field(
        description="16 to 128 visible ASCII characters, made anew for each change."
    )

    def record(self) -> CalendarRecord:
        """Return the calendar, not checked yet. Raises InvalidCalendar."""
        if not _is_year(self.year):
            raise InvalidCalendar("year")
        if len({it.shift for it in self.bells}) < len(self.bells):
            raise InvalidCalendar("bells")
        return CalendarRecord(
            school_id=self.school_id,
            year=self.year,
            terms=tuple(Span(it.starts, it.ends) for it in self.terms),
            weekdays=frozenset(_WEEKDAYS[it] for it in self.weekdays),
            days_off=tuple(
                DayOff(Span(it.starts, it.ends), it.reason.strip()) for it in self.days_off
            ),
            extra_days=frozenset(self.extra_days),
            bells={it.shift: Bells(_clock(it.starts), _clock(it.ends)) for it in self.bells},
            late_after=self.late_after,
            version=self.version or 1,
        )


@strawberry.type
class SetSchoolCalendarSuccess:
    calendar: SchoolCalendar


SetSchoolCalendarResult = Annotated[
    SetSchoolCalendarSuccess | StudentError, strawberry.union("SetSchoolCalendarResult")
]


@strawberry.type
class CalendarMutation:
    @strawberry.mutation(description="Write when a school teaches. For clerks of the school.")
    async def set_school_calendar(
        self, info: Info, input: SetSchoolCalendarInput
    ) -> SetSchoolCalendarResult:
        stored = await info.context.services.students.calendars.put(
            info.context.caller, input.record(), input.version, input.idempotency_key
        )
        return SetSchoolCalendarSuccess(calendar=SchoolCalendar.of(stored))


def _is_year(year: int) -> bool:
    return date.min.year < year < date.max.year


def _clock(text: str) -> time:
    if not _CLOCK.fullmatch(text):
        raise InvalidCalendar("bells")
    return time.fromisoformat(text)
