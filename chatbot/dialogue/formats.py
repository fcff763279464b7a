"""Numbers, distances and days as the reader writes them (CLDR, through Babel)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit

VIETNAM = timezone(timedelta(hours=7))
"""Indochina Time; it has known no daylight saving since 1979."""

_BETWEEN = {"zh-Hans": "、", "ja": "、"}
"""What stands between the parts of a list."""
WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_A_WEEK = 7


def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


def distance(metres: float, language: str) -> str:
    """Return kilometres from 1,000 m on, else metres in tens."""
    if metres < 1_000:
        tens = max(10, round(metres, -1))
        return format_unit(int(tens), "length-meter", "short", locale=_locale(language))
    kilometres = round(metres / 1_000, 1 if metres < 10_000 else None)
    return format_unit(kilometres, "length-kilometer", "short", locale=_locale(language))


def number(value: float, language: str) -> str:
    return format_decimal(round(value), locale=_locale(language))


def day(value: date, language: str) -> str:
    if language == "fr" and value.day == 1:  # CLDR has the ordinal in no form of a date
        return format_date(value, "EEEE d'er' MMMM y", locale=_locale(language))
    return format_date(value, "full", locale=_locale(language))


def moment(value: datetime, language: str) -> str:
    """Return date and time in Vietnam."""
    local, locale = value.astimezone(VIETNAM), _locale(language)
    day_text = format_date(local, "short", locale=locale)
    return str(locale.datetime_formats["short"]).format(clock(local, language), day_text)


def clock(local: datetime, language: str) -> str:
    """Return the time of a moment on Vietnam's clocks."""
    # CLDR's short form says AM and PM in Korean; its readers write 오전 and 오후.
    form = "aaaa h:mm" if language == "ko" else "short"
    return format_time(local.time(), form, locale=_locale(language))


def listed(words: Iterable[str], language: str) -> str:
    """Return words one after the other, as behind a colon: without an "and".

    CLDR's own list of this kind leaves the comma out in Chinese, and is not whole in Vietnamese.
    """
    return _BETWEEN.get(language, ", ").join(words)


def weekdays(names: Iterable[str], language: str) -> str:
    """Return GraphQL's Weekday values as a list in words."""
    words = _locale(language).days["stand-alone"]["wide"]
    return format_list([words[WEEKDAYS.index(name)] for name in names], locale=_locale(language))


def is_daily(names: list[str]) -> bool:
    return len(names) == _A_WEEK
