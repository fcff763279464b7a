"""Days counted from today, as the values that moments have."""

from __future__ import annotations

from datetime import date, timedelta

from moments import lunar

_DAYS_IN_LONGEST_MONTHS = 31
_YEARS = range(1990, 2100)
"""Years that a day may be in; what is written as another is no date."""

DAYS_OF_TET = 7
"""Tết as a range: from its eve, when families come together, to the fifth day, when offices open."""


def span(first: date, last: date) -> str:
    return first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"


def in_days(today: date, days: int) -> str | None:
    return (today + timedelta(days)).isoformat() if abs(days) < 3700 else None


def coming_weekday(today: date, weekday: int, *, also_today: bool = True) -> str:
    """Return the first `weekday` (Monday is 0) from today on, or after today."""
    ahead = (weekday - today.weekday()) % 7
    return (today + timedelta(ahead if ahead or also_today else 7)).isoformat()


def last_weekday(today: date, weekday: int) -> str:
    return (today - timedelta((today.weekday() - weekday - 1) % 7 + 1)).isoformat()


def weekday_of_week(today: date, weekday: int, weeks: int) -> str:
    """Return `weekday` of the week that comes in `weeks`; weeks begin on Monday."""
    return (_monday(today, weeks) + timedelta(weekday)).isoformat()


def week(today: date, weeks: int) -> str | None:
    return (
        span(_monday(today, weeks), _monday(today, weeks) + timedelta(6)) if weeks < 500 else None
    )


def weekend(today: date, weeks: int = 0) -> str:
    return span(_monday(today, weeks) + timedelta(5), _monday(today, weeks) + timedelta(6))


def month(today: date, months: int) -> str | None:
    return _whole_month(_in_months(today, months)) if abs(months) < 120 else None


def day_in_months(today: date, months: int) -> str | None:
    """Return the same day of another month, or that month's last."""
    if abs(months) >= 120:
        return None
    first = _in_months(today, months)
    return first.replace(day=min(today.day, _last_of(first).day)).isoformat()


def coming_month(today: date, number: int, year: int | None = None) -> str | None:
    """Return the whole month `number`: the present one, else the next of that name."""
    if not 1 <= number <= 12 or (year and full_year(year) is None):
        return None
    meant = full_year(year) if year else today.year + (number < today.month)
    return _whole_month(date(meant or today.year, number, 1))


def year(today: date, years: int) -> str:
    return span(date(today.year + years, 1, 1), date(today.year + years, 12, 31))


def day_of_month(today: date, day: int) -> str | None:
    """Return the first `day`th from today on."""
    for months in range(_DAYS_IN_LONGEST_MONTHS):
        first = _in_months(today, months)
        if 1 <= day <= _last_of(first).day and first.replace(day=day) >= today:
            return first.replace(day=day).isoformat()
    return None


def day_of_other_month(today: date, day: int, months: int) -> str | None:
    first = _in_months(today, months)
    return _valid(first.year, first.month, day)


def written_day(today: date, day: int, number: int, year: int | None = None) -> str | None:
    """Return that day of month `number`, without a year the first from today on; None for no day."""
    if year:
        meant = full_year(year)
        return _valid(meant, number, day) if meant else None
    ahead = (_valid(today.year + years, number, day) for years in range(9))
    return next((found for found in ahead if found and found >= today.isoformat()), None)


def full_year(year: int) -> int | None:
    """Return the year that two or four digits mean."""
    whole = year + 2000 if year < 100 else year
    return whole if whole in _YEARS else None


def days_of_month(today: date, first: int, last: int, number: int) -> str | None:
    """Return the days `first` to `last` of the coming month `number`."""
    end = written_day(today, last, number)
    start = end and _valid(int(end[:4]), number, first)
    return f"{start}/{end}" if end and start and start < end else None


def lunar_day(today: date, day: int, number: int) -> str | None:
    found = lunar.coming_lunar(today, number, day)
    return found.isoformat() if found else None


def lunar_day_of_month(today: date, day: int) -> str | None:
    return lunar.coming_day_of_moon(today, day).isoformat() if 1 <= day <= 29 else None


def lunar_day_of_near_month(today: date, day: int, months: int) -> str | None:
    """Return that day of the lunar month that `today` is in, also where it is past, or of a next one."""
    return lunar.day_of_moon_in(today, day, months).isoformat() if 1 <= day <= 29 else None


def before_tet(today: date, day: int) -> str | None:
    """Return "30 Tết": that day of the last lunar month; its last one where the month has but 29."""
    eve = next(
        tet - timedelta(1)
        for tet in map(lunar.new_year, (today.year, today.year + 1))
        if tet > today
    )
    behind = lunar.lunar_day_of(eve).day - day
    return (eve - timedelta(max(behind, 0))).isoformat() if 20 <= day <= 30 else None


def tet(today: date, years: int | None = None) -> str:
    """Return Tết that is or comes, or that of the year in `years`."""
    candidates = range(today.year, today.year + 2) if years is None else (today.year + years,)
    for candidate in candidates:
        first = lunar.new_year(candidate) - timedelta(1)
        last = first + timedelta(DAYS_OF_TET - 1)
        if last >= today or years is not None:
            break
    return span(first, last)


def easter(today: date) -> str:
    """Return the coming Easter Sunday."""
    return next(
        day.isoformat() for day in map(_easter, (today.year, today.year + 1)) if day >= today
    )


def _easter(year: int) -> date:
    """Return the Sunday after the paschal full moon, by the tables of the Gregorian reform."""
    golden, century = year % 19 + 1, year // 100 + 1
    left_out, corrected = 3 * century // 4 - 12, (8 * century + 5) // 25 - 5
    epact = (11 * golden + 20 + corrected - left_out) % 30
    epact += epact == 24 or (epact == 25 and golden > 11)
    full_moon = 44 - epact if epact <= 23 else 74 - epact
    march = date(year, 3, 1) + timedelta(full_moon - 1)
    return march + timedelta(6 - march.weekday() or 7)


def _monday(today: date, weeks: int) -> date:
    return today - timedelta(today.weekday()) + timedelta(weeks=weeks)


def _in_months(today: date, months: int) -> date:
    years, before = divmod(today.month - 1 + months, 12)
    return date(today.year + years, before + 1, 1)


def _last_of(first: date) -> date:
    return _in_months(first, 1) - timedelta(1)


def _whole_month(first: date) -> str:
    return span(first, _last_of(first))


def _valid(year: int, number: int, day: int) -> str | None:
    try:
        return date(year, number, day).isoformat()
    except ValueError:
        return None
