"""Dates, distances and money as the reader's language writes them (CLDR, through Babel, cached)."""

import re
from datetime import date, datetime, timedelta, timezone
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date as babel_date
from babel.dates import format_skeleton as babel_skeleton
from babel.dates import format_time as babel_time
from babel.dates import get_day_names
from babel.numbers import format_currency, format_decimal
from babel.units import format_unit

VIETNAM_TIME = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Without daylight saving since 1975, so it needs no time zone database."""

_REMEMBERED = 4_096
_FIRST = re.compile(r"\b1(?=\s)")
_WRITTEN_OTHERWISE = "hnj"  # CLDR has it in Nyiakeng Puachue letters, which nobody here reads


def day_in_vietnam(moment: datetime) -> date:
    """Return the day on the calendar in Vietnam on which an aware moment lies."""
    return moment.astimezone(VIETNAM_TIME).date()


@cache
def locale_of(language: str) -> Locale:
    """Return the formats of a BCP 47 `language`; Vietnamese ones where CLDR has none (H'Mông, Tày, Dao…)."""
    if language.startswith(_WRITTEN_OTHERWISE):
        return Locale("vi")
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("vi")


# CLDR's short form says AM and PM in Korean; its readers write 오전 and 오후.
_TIME_PATTERNS = {"ko": "aaaa h:mm"}


@lru_cache(maxsize=_REMEMBERED)
def date_text(day: date, language: str) -> str:
    """Return the day with its weekday: "Sunday, May 3, 2026", "Chủ Nhật, 3 tháng 5, 2026"."""
    locale = locale_of(language)
    return _with_first(babel_date(day, "full", locale=locale), locale)


@lru_cache(maxsize=_REMEMBERED)
def day_of_year_text(month: int, day: int, language: str) -> str:
    """Return a day of every year: "June 1", "1 tháng 6"."""
    in_a_leap_year, locale = date(2000, month, day), locale_of(language)
    return _with_first(babel_skeleton("MMMMd", in_a_leap_year, locale=locale), locale)


@lru_cache(maxsize=_REMEMBERED)
def moment_text(moment: datetime, language: str) -> str:
    """Return an aware moment as the clocks in the province show it, to the minute."""
    locale = locale_of(language)
    local = moment.astimezone(VIETNAM_TIME).replace(tzinfo=None)
    time = babel_time(local, _TIME_PATTERNS.get(locale.language, "short"), locale=locale)
    day = _with_first(babel_date(local, locale=locale), locale)
    return str(locale.datetime_formats["medium"]).format(time, day)


def _with_first(day: str, locale: Locale) -> str:
    """Return a date in French with "1er" for the first of a month, for which CLDR has no pattern."""
    return _FIRST.sub("1er", day) if locale.language == "fr" else day


def distance_text(metres: float, language: str) -> str:
    """Return a distance no finer than its use: "850 m", "3.4 km", "27 km"."""
    if metres < 995:
        return _unit_text(round(metres, -1), "meter", language)
    return _unit_text(round(metres / 1000, 1 if metres < 9_950 else None), "kilometer", language)


@lru_cache(maxsize=_REMEMBERED)
def _unit_text(number: float, unit: str, language: str) -> str:
    return format_unit(number, f"length-{unit}", length="short", locale=locale_of(language))


@lru_cache(maxsize=_REMEMBERED)
def money_text(dong: int, language: str) -> str:
    """Return whole Vietnamese đồng: "₫150,000", "150.000 ₫"."""
    return format_currency(dong, "VND", locale=locale_of(language))


@lru_cache(maxsize=_REMEMBERED)
def number_text(number: int, language: str) -> str:
    """Return a number with its digits grouped: "100,000,000", "100.000.000"."""
    return format_decimal(number, locale=locale_of(language))


@lru_cache(maxsize=_REMEMBERED)
def weekday_text(weekday: int, language: str) -> str:
    """Return the name of a day of the week, Monday being 0."""
    return str(get_day_names("wide", locale=locale_of(language))[weekday])


@lru_cache(maxsize=_REMEMBERED)
def clock_text(moment: datetime, language: str) -> str:
    """Return the time of day of an aware moment as the clocks in the province show it: "9:30 AM", "09:30"."""
    locale = locale_of(language)
    local = moment.astimezone(VIETNAM_TIME).replace(tzinfo=None)
    return babel_time(local, _TIME_PATTERNS.get(locale.language, "short"), locale=locale)
