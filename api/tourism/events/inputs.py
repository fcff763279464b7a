"""What editors send of events, as the contract has it."""

from datetime import date, time
from typing import Any

import strawberry
from pydantic import TypeAdapter
from strawberry import UNSET

import api.tourism.events.schema  # noqa: F401 # pyright: ignore[reportUnusedImport] - it names the enumerations
from api.kit.schema_types import PositionInput
from api.tourism.editing.inputs import TextInput
from api.tourism.events.content_rows import DATES_AT_MOST
from api.tourism.events.errors import InvalidEvent
from api.tourism.events.lunar_calendar import EarthlyBranch
from api.tourism.events.records import EventKind, EventStatus
from api.tourism.events.rules import DAYS_AT_MOST, Days
from api.tourism.events.writing import (
    NAME_CHARACTERS_AT_MOST,
    REASON_CHARACTERS_AT_MOST,
    TEXT_CHARACTERS_AT_MOST,
    EventChange,
    Said,
)
from api.tourism.plain_text import NotPlain, plain
from api.tourism.records import Confidence, Weekday

_TEXTS_AT_MOST = 20
_ANY = TypeAdapter[Any](Any)
_MOST_DAYS = f"How many days it lasts, 1 to {DAYS_AT_MOST}."
_MONTH = "1 to 12."

strawberry.enum(
    EarthlyBranch,
    name="LunarAnimal",
    description="The twelve animals by which days are counted; in Vietnam the fourth is the Cat.",
)


@strawberry.input(description="A run of days, as the calendar in Vietnam has it.")
class DaysInput:
    first: date
    last: date = strawberry.field(description=f"Included; at most {DAYS_AT_MOST} days in all.")


@strawberry.input(description="Every year, from a day of the Gregorian calendar on.")
class YearlyInput:
    month: int = strawberry.field(description=_MONTH)
    day: int = strawberry.field(description="1 to 31.")
    days: int = strawberry.field(default=1, description=_MOST_DAYS)


@strawberry.input(description="Every year, from a day of the lunar calendar of Vietnam on.")
class LunarInput:
    month: int = strawberry.field(description=_MONTH)
    day: int = strawberry.field(description="1 to 30; the 30th is the last day of a short month.")
    days: int = strawberry.field(default=1, description=_MOST_DAYS)


@strawberry.input(description="Every year, from the first day of an animal in a lunar month on.")
class LunarAnimalInput:
    month: int = strawberry.field(description=_MONTH)
    animal: EarthlyBranch
    days: int = strawberry.field(default=1, description=_MOST_DAYS)


@strawberry.input(description="A day of every year.")
class DayOfYearInput:
    month: int = strawberry.field(description=_MONTH)
    day: int = strawberry.field(description="1 to 31.")


@strawberry.input(
    description="A part of every year, both days included; it may reach over New Year."
)
class SeasonInput:
    first: DayOfYearInput
    last: DayOfYearInput


@strawberry.input(description="On days of the week.")
class WeeklyInput:
    weekdays: list[Weekday]
    season: SeasonInput | None = strawberry.field(default=None, description="Null: all the year.")


@strawberry.input(one_of=True, description="How an event comes round: exactly one of these.")
class EventScheduleInput:
    dates: list[DaysInput] | None = strawberry.field(
        default=UNSET, description=f"At most {DATES_AT_MOST}."
    )
    yearly: YearlyInput | None = UNSET
    lunar: LunarInput | None = UNSET
    lunar_animal: LunarAnimalInput | None = UNSET
    weekly: WeeklyInput | None = UNSET

    def row(self) -> dict[str, Any]:
        """Return it as a row of content has it. Raises InvalidEvent unless there is exactly one."""
        given = {
            "dates": {"dates": _json(self.dates)} if self.dates else None,
            "yearly": _json(self.yearly),
            "lunar": _json(self.lunar),
            "lunar_animal": _json(self.lunar_animal),
            "weekly": _json(self.weekly),
        }
        rules = [{"kind": kind, **rule} for kind, rule in given.items() if rule]
        if len(rules) != 1:
            raise InvalidEvent("schedule")
        return rules[0]


@strawberry.input(
    description="What is left out stays as it is; null takes away what may be absent. Texts are plain text."
)
class EventChangesInput:
    names: list[TextInput] | None = strawberry.field(
        default=UNSET, description=f"At most {NAME_CHARACTERS_AT_MOST} characters each."
    )
    descriptions: list[TextInput] | None = strawberry.field(
        default=UNSET, description=f"At most {TEXT_CHARACTERS_AT_MOST} characters each."
    )
    organisers: list[TextInput] | None = strawberry.field(
        default=UNSET, description=f"At most {NAME_CHARACTERS_AT_MOST} characters each."
    )
    price_notes: list[TextInput] | None = strawberry.field(
        default=UNSET, description=f"At most {TEXT_CHARACTERS_AT_MOST} characters each."
    )
    kind: EventKind | None = UNSET
    schedule: EventScheduleInput | None = UNSET
    starts_at: time | None = strawberry.field(
        default=UNSET, description="Of the clocks in Vietnam, to the minute, on the first day."
    )
    ends_at: time | None = strawberry.field(
        default=UNSET,
        description="On the last day; not after `startsAt`: on the day after it. Goes with `startsAt`.",
    )
    dates_are_announced: bool | None = strawberry.field(
        default=UNSET, description="Of a new event true if left out."
    )
    place_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="Where it is held; takes `position` away."
    )
    position: PositionInput | None = strawberry.field(
        default=UNSET,
        description="Where it is held, if at no place of ours; takes `placeId` away. In the province, or at"
        " most 3 km beyond its border.",
    )
    website: str | None = strawberry.field(
        default=UNSET, description="An http: or https: address of at most 500 characters."
    )
    confidence: Confidence | None = strawberry.field(
        default=UNSET, description="Of a new event MEDIUM if left out."
    )

    def change(self) -> EventChange:
        """Return it as the services take it. Raises InvalidEvent, InvalidPosition."""
        if self.position and self.place_id:
            raise InvalidEvent("position")
        values: dict[str, Any] = {
            "kind": self.kind,
            "rule": self.schedule.row() if self.schedule else self.schedule,
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "dates_are_announced": self.dates_are_announced,
            "place_id": self.place_id,
            "website": _line("website", self.website) if self.website else self.website,
            "confidence": self.confidence,
        }
        texts = {
            "names": self.names,
            "descriptions": self.descriptions,
            "organisers": self.organisers,
            "price_notes": self.price_notes,
        }
        return EventChange(
            texts={
                (name, language): text
                for name, given in texts.items()
                for language, text in texts_by_language(name, given).items()
            },
            values={name: _json(value) for name, value in values.items() if value is not UNSET},
            position=self.position.position() if self.position else None,
        )


@strawberry.input(description="What is said of one occurrence.")
class OccurrenceChangeInput:
    planned_on: date = strawberry.field(description="`plannedOn` of the occurrence.")
    status: EventStatus | None = strawberry.field(
        description="SCHEDULED confirms the days; null takes back what was said."
    )
    first_day: date | None = strawberry.field(
        default=None, description="On which it is held; null: as planned."
    )
    last_day: date | None = strawberry.field(default=None, description="Null: the first day.")
    place_id: strawberry.ID | None = strawberry.field(
        default=None, description="Where it is held instead, if it is MOVED."
    )
    reasons: list[TextInput] | None = strawberry.field(
        default=None,
        description="Why it is not as planned, in Vietnamese at least; at most"
        f" {REASON_CHARACTERS_AT_MOST} characters each.",
    )

    def said(self) -> Said:
        """Return it as the services take it. Raises InvalidEvent."""
        if self.last_day and not self.first_day:
            raise InvalidEvent("lastDay")
        days = Days(self.first_day, self.last_day or self.first_day) if self.first_day else None
        return Said(
            planned_on=self.planned_on,
            status=self.status,
            days=days,
            place_id=self.place_id,
            reasons=texts_by_language("reasons", self.reasons),
        )


def texts_by_language(field: str, texts: list[TextInput] | None) -> dict[str, str | None]:
    given = texts or []
    by_language = {text.language: text.text for text in given}
    if len(given) > _TEXTS_AT_MOST or len(by_language) < len(given):
        raise InvalidEvent(field)
    return by_language


def _line(field: str, text: str) -> str:
    try:
        return plain(text, with_lines=False)
    except NotPlain as error:
        raise InvalidEvent(field) from error


def _json(value: Any) -> Any:  # noqa: ANN401 - any field of the input
    """Return a value of an input as a row of content has it."""
    return None if value is UNSET else _ANY.dump_python(value, mode="json")
