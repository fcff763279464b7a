"""Calendars as documents: one for each school and year."""

from datetime import date, time

from api.kit.store import CollectionSpec, Document, DuplicateKey, Store
from api.students.calendar.school_calendar import Bells, DayOff, SchoolCalendar, Shift, Span

SCHOOL_CALENDARS = CollectionSpec("school_calendars")


class CalendarRepository:
    """All queries on calendars."""

    def __init__(self, store: Store) -> None:
        self._calendars = store[SCHOOL_CALENDARS]

    async def get(self, school_id: str, year: int) -> SchoolCalendar | None:
        document = await self._calendars.get(_id(school_id, year))
        return _calendar(document) if document else None

    async def put(self, calendar: SchoolCalendar, version: int | None) -> SchoolCalendar | None:
        """Keep it in place of that `version`, None: of nothing. None when it is another one by now."""
        if version is not None:
            stored = await self._calendars.replace_if_version(_document(calendar), version)
            return _calendar(stored) if stored else None
        try:
            await self._calendars.insert(_document(calendar))
        except DuplicateKey:
            return None
        return calendar


def _id(school_id: str, year: int) -> str:
    return f"{school_id}/{year}"


def _document(calendar: SchoolCalendar) -> Document:
    return {
        "_id": _id(calendar.school_id, calendar.year),
        "school_id": calendar.school_id,
        "year": calendar.year,
        "terms": [_span_fields(term) for term in calendar.terms],
        "weekdays": sorted(calendar.weekdays),
        "days_off": [{**_span_fields(it.span), "reason": it.reason} for it in calendar.days_off],
        "extra_days": [day.isoformat() for day in sorted(calendar.extra_days)],
        "bells": [
            {"shift": shift.value, "starts": f"{it.starts:%H:%M}", "ends": f"{it.ends:%H:%M}"}
            for shift, it in calendar.bells.items()
        ],
        "late_after": calendar.late_after,
        "version": calendar.version,
    }


def _span_fields(span: Span) -> Document:
    return {"starts": span.starts.isoformat(), "ends": span.ends.isoformat()}


def _span(fields: Document) -> Span:
    return Span(date.fromisoformat(fields["starts"]), date.fromisoformat(fields["ends"]))


def _calendar(document: Document) -> SchoolCalendar:
    return SchoolCalendar(
        school_id=document["school_id"],
        year=document["year"],
        terms=tuple(map(_span, document["terms"])),
        weekdays=frozenset(document["weekdays"]),
        days_off=tuple(DayOff(_span(it), it["reason"]) for it in document["days_off"]),
        extra_days=frozenset(map(date.fromisoformat, document["extra_days"])),
        bells={
            Shift(it["shift"]): Bells(
                time.fromisoformat(it["starts"]), time.fromisoformat(it["ends"])
            )
            for it in document["bells"]
        },
        late_after=document["late_after"],
        version=document["version"],
    )
