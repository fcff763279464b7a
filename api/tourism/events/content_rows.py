"""The shape of what is said of an event: in the content file, in the store, and checked when editors say it."""

from datetime import date, time
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from api.kit.geo import Position
from api.tourism.content_rows import Language, Latitude, Longitude, Names, Text, Texts, WebAddress
from api.tourism.events.lunar_calendar import MONTH_DAYS_AT_MOST, EarthlyBranch
from api.tourism.events.records import Event, EventKind
from api.tourism.events.rules import (
    DAYS_AT_MOST,
    DayOfYear,
    Days,
    EveryLunarYear,
    EveryWeek,
    EveryYear,
    OnAnimalDay,
    OnDates,
    Season,
)
from api.tourism.records import Confidence, Weekday

DATES_AT_MOST = 100

_Month = Annotated[int, Field(ge=1, le=12)]
_Count = Annotated[int, Field(ge=1, le=DAYS_AT_MOST)]
_FirstDay, _LastDay = date(2000, 1, 1), date(2099, 12, 31)


def _of_this_century(day: date) -> date:
    if not _FirstDay <= day <= _LastDay:
        raise ValueError("lies outside of this century")
    return day


def _clock_time(value: time) -> time:
    if value.tzinfo is not None or value.second or value.microsecond:
        raise ValueError("is not a time of the clock in hours and minutes")
    return value


_Day = Annotated[date, AfterValidator(_of_this_century)]
_ClockTime = Annotated[time, AfterValidator(_clock_time)]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, str_strip_whitespace=True)


class DaysRow(_Row):
    first: _Day
    last: _Day

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not 0 <= (self.last - self.first).days < DAYS_AT_MOST:
            raise ValueError(f"takes 1 to {DAYS_AT_MOST} days")
        return self

    def record(self) -> Days:
        return Days(self.first, self.last)


class OnDatesRow(_Row):
    kind: Literal["dates"]
    dates: Annotated[list[DaysRow], Field(min_length=1, max_length=DATES_AT_MOST)]

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if len({days.first for days in self.dates}) < len(self.dates):
            raise ValueError("begins twice on one day")
        return self

    def record(self) -> OnDates:
        return OnDates(tuple(sorted(days.record() for days in self.dates)))


class DayOfYearRow(_Row):
    month: _Month
    day: Annotated[int, Field(ge=1, le=31)]

    @model_validator(mode="after")
    def _there_is_one(self) -> Self:
        date(2000, self.month, self.day)
        return self


class EveryYearRow(DayOfYearRow):
    kind: Literal["yearly"]
    days: _Count = 1

    def record(self) -> EveryYear:
        return EveryYear(self.month, self.day, self.days)


class EveryLunarYearRow(_Row):
    kind: Literal["lunar"]
    month: _Month
    day: Annotated[int, Field(ge=1, le=MONTH_DAYS_AT_MOST)]
    days: _Count = 1

    def record(self) -> EveryLunarYear:
        return EveryLunarYear(self.month, self.day, self.days)


class OnAnimalDayRow(_Row):
    kind: Literal["lunar_animal"]
    month: _Month
    animal: EarthlyBranch
    days: _Count = 1

    def record(self) -> OnAnimalDay:
        return OnAnimalDay(self.month, self.animal, self.days)


class SeasonRow(_Row):
    first: DayOfYearRow
    last: DayOfYearRow

    def record(self) -> Season:
        return Season(
            DayOfYear(self.first.month, self.first.day), DayOfYear(self.last.month, self.last.day)
        )


class EveryWeekRow(_Row):
    kind: Literal["weekly"]
    weekdays: Annotated[list[Weekday], Field(min_length=1, max_length=7)]
    season: SeasonRow | None = None

    def record(self) -> EveryWeek:
        days = tuple(day for day in Weekday if day in self.weekdays)
        return EveryWeek(days, self.season.record() if self.season else None)


RuleRow = Annotated[
    OnDatesRow | EveryYearRow | EveryLunarYearRow | OnAnimalDayRow | EveryWeekRow,
    Field(discriminator="kind"),
]


class EventRow(_Row):
    """An event is held at a place of ours, which gives it its position, or at a position."""

    id: Text
    names: Names
    names_unchecked: list[Language] = []
    descriptions: Texts = {}
    kind: EventKind
    rule: RuleRow
    starts_at: _ClockTime | None = None
    ends_at: _ClockTime | None = None
    dates_are_announced: bool
    place_id: Annotated[str, Field(pattern=r"^[\w-]{1,64}$")] | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    commune_code: Text | None = None
    organisers: Texts = {}
    price_notes: Texts = {}
    website: WebAddress | None = None
    confidence: Confidence

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if (self.latitude is None) is not (self.longitude is None):
            raise ValueError("position: latitude and longitude go together")
        if (self.place_id is None) is (self.latitude is None):
            raise ValueError("place: an event is at a place or at a position")
        return self

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends_at is not None and self.starts_at is None:
            raise ValueError("ends_at: goes with starts_at")
        return self

    def record(self) -> Event:
        has_position = self.latitude is not None and self.longitude is not None
        return Event(
            id=self.id,
            names=self.names,
            names_unchecked=tuple(self.names_unchecked),
            descriptions=self.descriptions,
            kind=self.kind,
            rule=self.rule.record(),
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            dates_are_announced=self.dates_are_announced,
            place_id=self.place_id,
            position=Position(self.latitude or 0.0, self.longitude or 0.0)
            if has_position
            else None,
            commune_code=self.commune_code,
            organisers=self.organisers,
            price_notes=self.price_notes,
            website=self.website,
            confidence=self.confidence,
        )


class EventsFile(_Row):
    version: Literal[1]
    events: list[EventRow]
