"""What an editor says of an event, checked: texts as those of places, everything else by the rules of the file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError

from api.kit.geo import Position
from api.tourism.editing.errors import UnknownTextLanguage
from api.tourism.events.content_rows import EventRow
from api.tourism.events.documents import Row, row_of
from api.tourism.events.errors import (
    EventDatesOutOfReach,
    EventNameMissing,
    EventNowhere,
    EventTextNotPlain,
    InvalidEvent,
    NewDaysMissing,
    ReasonMissing,
)
from api.tourism.events.event_query import last_day_ahead
from api.tourism.events.records import EventStatus, Occurrence, OccurrenceChange
from api.tourism.events.rules import DAYS_AT_MOST, Days
from api.tourism.plain_text import NotPlain, plain
from api.tourism.records import Texts
from locales import AVAILABLE

NAME_CHARACTERS_AT_MOST = 200
TEXT_CHARACTERS_AT_MOST = 4_000
REASON_CHARACTERS_AT_MOST = 500

_PUBLIC = {
    "names": "names",
    "descriptions": "descriptions",
    "organisers": "organisers",
    "price_notes": "priceNotes",
    "rule": "schedule",
    "starts_at": "startsAt",
    "ends_at": "endsAt",
    "place_id": "placeId",
    "website": "website",
}
_LINES = frozenset({"descriptions", "price_notes"})
_VIETNAMESE = "vi"


@dataclass(frozen=True, slots=True)
class EventChange:
    """What is to change. `texts`: by field of the row and language; None takes one away.

    `values`: further fields of the row; None takes away what may be absent. `position`: a new one,
    of the commune `commune_code`; it takes the place away, as a place does the position.
    """

    texts: Mapping[tuple[str, str], str | None]
    values: Mapping[str, Any]
    position: Position | None = None

    def asked(self) -> dict[str, Any]:
        """Return it as JSON, to tell whether two requests ask the same."""
        texts = {f"{name}.{language}": text for (name, language), text in self.texts.items()}
        at = self.position
        return {
            "texts": texts,
            "values": dict(self.values),
            "position": None if at is None else [at.latitude, at.longitude],
        }


@dataclass(frozen=True, slots=True)
class Said:
    """What an editor says of one occurrence. `status` None takes back whatever was said."""

    planned_on: date
    status: EventStatus | None
    days: Days | None = None
    place_id: str | None = None
    reasons: Mapping[str, str | None] = field(default_factory=dict[str, str | None])

    def asked(self) -> dict[str, Any]:
        return {
            "planned": self.planned_on.isoformat(),
            "status": self.status.value if self.status else None,
            "days": [self.days.first.isoformat(), self.days.last.isoformat()]
            if self.days
            else None,
            "place": self.place_id,
            "reasons": dict(self.reasons),
        }


def new_row(event_id: str, change: EventChange, commune_code: str | None) -> Row:
    """Return the row of a new event. Raises InvalidEvent, UnknownTextLanguage."""
    fresh: Row = {"id": event_id, "dates_are_announced": True, "confidence": "medium"}
    return changed_row(fresh, change, commune_code)


def changed_row(was: Row, change: EventChange, commune_code: str | None) -> Row:
    """Return a row with the change made. Raises InvalidEvent, UnknownTextLanguage."""
    row = {**was, **change.values}
    for (name, language), text in change.texts.items():
        row[name] = _with_text(row.get(name) or {}, name, language, text)
    row["names_unchecked"] = _unchecked(was, row)
    if change.position is not None:
        row |= {"latitude": change.position.latitude, "longitude": change.position.longitude}
        row |= {"commune_code": commune_code, "place_id": None}
    elif change.values.get("place_id") is not None:
        row |= {"latitude": None, "longitude": None, "commune_code": None}
    if _VIETNAMESE not in row.get("names", {}):
        raise EventNameMissing("names.vi")
    try:
        return row_of(EventRow.model_validate(row))
    except ValidationError as error:
        raise _refusal(error) from error


def change_said(said: Said, occurrence: Occurrence, today: date) -> OccurrenceChange | None:
    """Return what is kept of what is said of an occurrence. Raises InvalidEvent, UnknownTextLanguage."""
    reasons = _reasons(said.reasons)
    if said.status is None:
        return None
    if said.status is not EventStatus.SCHEDULED and _VIETNAMESE not in reasons:
        raise ReasonMissing("reasons.vi")
    if said.status is EventStatus.MOVED and said.days is None and said.place_id is None:
        raise NewDaysMissing("firstDay")
    if said.status in (EventStatus.CANCELLED, EventStatus.POSTPONED) and (
        said.days or said.place_id
    ):
        raise InvalidEvent("firstDay" if said.days else "placeId")
    if said.status is EventStatus.SCHEDULED and said.place_id:
        raise InvalidEvent("placeId")
    _check_days(said.days, occurrence, today)
    return OccurrenceChange(said.status, said.days, said.place_id, reasons)


def _check_days(days: Days | None, occurrence: Occurrence, today: date) -> None:
    if days is None:
        return
    is_in_order = 0 <= (days.last - days.first).days < DAYS_AT_MOST
    latest = min(last_day_ahead(today), occurrence.planned.first + timedelta(days=366))
    if not is_in_order or days.last < today or days.last > latest:
        raise EventDatesOutOfReach("firstDay")


def _reasons(given: Mapping[str, str | None]) -> Texts:
    reasons: dict[str, str] = {}
    for language, text in given.items():
        reasons = _with_text(reasons, "reasons", language, text)
    return reasons


def _with_text(texts: Texts, name: str, language: str, text: str | None) -> dict[str, str]:
    if language not in AVAILABLE:
        raise UnknownTextLanguage(languages=", ".join(AVAILABLE))
    others = {tag: known for tag, known in texts.items() if tag != language}
    if text is None or not text.strip():
        return others
    written = others | {language: _written(name, language, text)}
    return {tag: written[tag] for tag in AVAILABLE if tag in written}


def _written(name: str, language: str, text: str) -> str:
    most = {
        "names": NAME_CHARACTERS_AT_MOST,
        "organisers": NAME_CHARACTERS_AT_MOST,
        "reasons": REASON_CHARACTERS_AT_MOST,
    }.get(name, TEXT_CHARACTERS_AT_MOST)
    field_name = f"{_PUBLIC.get(name, name)}.{language}"
    if len(text) > most:
        raise EventTextNotPlain(field_name, most=most)
    try:
        return plain(text, with_lines=name in _LINES)
    except NotPlain as error:
        raise EventTextNotPlain(field_name, most=most) from error


def _unchecked(was: Row, row: Row) -> list[str]:
    """Return the languages whose name nobody has checked; an editor answers for a name that they write."""
    names, known = row.get("names", {}), was.get("names", {})
    return [
        language
        for language in was.get("names_unchecked", [])
        if language in names and names[language] == known.get(language)
    ]


def _refusal(error: ValidationError) -> InvalidEvent:
    """Return the refusal that names the first field in which a row is wrong."""
    first = error.errors(include_url=False, include_context=False)[0]
    where = [str(step) for step in first["loc"]]
    if not where:
        reason = first["msg"]
        if "place:" in reason or "position:" in reason:
            return EventNowhere("placeId")
        return InvalidEvent("endsAt")
    return InvalidEvent(_PUBLIC.get(where[0], where[0]))
