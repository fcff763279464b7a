"""Which day a person means."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from dialogue.formats import VIETNAM, WEEKDAYS

_DATE = re.compile(
    r"(?P<month_first>\d{1,2})\s*[月월]\s*(?P<day_last>\d{1,2})\s*[日号일]?"
    r"|(?<!\d)(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})(?:[/.-](?P<year>\d{4}))?(?!\d)"
)
_DAYS_AHEAD = {"today": 0, "tomorrow": 1, "day_after_tomorrow": 2}


def today_in_vietnam() -> date:
    return datetime.now(VIETNAM).date()


def days_meant(
    words: list[str], text: str, today: Callable[[], date] = today_in_vietnam
) -> list[date]:
    """Return the days named by `words` (values of the `day` entity) or by a date in `text`, else none."""
    start = today()
    if written := _date_in(text, start):
        return [written]
    days = {start + timedelta(ahead) for word in words for ahead in _ahead(word, start)}
    return sorted(days)


def next_of(weekdays: list[str], today: Callable[[], date] = today_in_vietnam) -> date:
    """Return the first day from today on that is one of `weekdays` (GraphQL's Weekday values)."""
    start = today()
    return start + timedelta(min(_until(weekday, start) for weekday in weekdays))


def _ahead(word: str, start: date) -> list[int]:
    if word == "weekend":
        return [_until("SATURDAY", start), _until("SUNDAY", start)]
    if word in _DAYS_AHEAD:
        return [_DAYS_AHEAD[word]]
    return [_until(word.upper(), start)]


def _until(weekday: str, start: date) -> int:
    return (WEEKDAYS.index(weekday) - start.weekday()) % 7


def _date_in(text: str, start: date) -> date | None:
    """Return the date written in `text`: day before month, or 月 and 日; the coming one without a year."""
    if not (found := _DATE.search(text)):
        return None
    month = int(found["month_first"] or found["month"])
    day = int(found["day_last"] or found["day"])
    try:
        if found["year"]:
            return date(int(found["year"]), month, day)
        this_year = date(start.year, month, day)
        return this_year if this_year >= start else this_year.replace(year=start.year + 1)
    except ValueError:
        return None
