"""Days and hours in English."""

from __future__ import annotations

import re
from functools import lru_cache

from moments import clock, days
from moments.moment import Clock, Context, Meaning, Read, Rule
from moments.numerals import in_table
from moments.patterns import is_behind, latin, one_of
from moments.reading import (
    ahead,
    coming_tet,
    date_words,
    each_lunar_year,
    each_year,
    easter,
    hour_of,
    in_minutes,
    in_units,
    months,
    next_units,
    part,
    time_words,
    weekends,
    weeks,
    years,
)

_WEEKDAYS = {
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
    "tues": 1, "thurs": 3, "weds": 2, "wednsday": 2, "tuseday": 1,
}  # fmt: skip
_SHORT_WEEKDAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "thur": 3, "fri": 4, "sat": 5, "sun": 6}
"""Words of other meanings, too: only behind a word that makes them days."""
_MONTHS = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9,
    "october": 10, "november": 11, "december": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7,
    "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_OTHER_WORDS = {"may", "march", "mar", "sep", "dec", "jun", "jan"}
_PREPOSITIONS = latin("on|by|until|till|from|to|before|after|for|since")
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "half": 30, "quarter": 15,
    "a quarter": 15, "a couple of": 2, "couple of": 2, "twenty five": 25, "twenty-five": 25, "forty five": 45,
}  # fmt: skip
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "fifteenth": 15, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
_PARTS = {
    "morning": "morning", "afternoon": "afternoon", "evening": "evening", "night": "night", "am": "am", "pm": "pm",
    "a.m": "am", "p.m": "pm", "a.m.": "am", "p.m.": "pm", "noon": "noon", "tonight": "evening",
}  # fmt: skip
_HOUR = r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_COUNT = rf"(?:\d{{1,3}}|{one_of(_NUMBERS)})"
_COUNT_NAMED = rf"(?P<count>{_COUNT})"
_NTH_DIGITS = r"\d{1,2} ?(?:st|nd|rd|th)"
_NTH = rf"(?:\d{{1,2}} ?(?:st|nd|rd|th)|{one_of(_ORDINALS)})"
_AFTER = (
    r"(?: ?(?P<part>[ap]\.m\.?|[ap]m)| (?:in the |at )(?P<word>morning|afternoon|evening|night|noon)"
    r"|(?= tonight))"
)
_NOTHING_COUNTED = (
    r"(?= ?(?:$|[,.;?!)]|o'?clock|on|in|tomorrow|today|tonight|please|this|next|and|or|for|is|would|works|sharp|instead"
    r"|\w+day)(?![a-z]))(?!\.\d)"
)
_GREETINGS = latin("good|gd")
_NIGHTS = latin(r"\d+|one|two|three|four|per|a|each|every|of")


def _weekday(found: re.Match[str], context: Context) -> Meaning:
    name = (found.groupdict().get("day") or "").removesuffix("s")
    weekday = {**_WEEKDAYS, **_SHORT_WEEKDAYS}.get(found["day"], _WEEKDAYS.get(name, 0))
    when = found["when"] or ""
    later = (found.groupdict().get("later") or "").strip()
    if when == "last":
        return days.last_weekday(context.today, weekday)
    if when == "next" or later:
        return days.weekday_of_week(context.today, weekday, 0 if later == "this week" else 1)
    return days.coming_weekday(context.today, weekday, also_today=when != "coming")


def _counted(found: re.Match[str], context: Context) -> Meaning | None:
    return in_units(context, in_table(_NUMBERS, found["count"]), found["unit"])


def _ago(found: re.Match[str], context: Context) -> Meaning | None:
    return in_units(context, -in_table(_NUMBERS, found["count"]), found["unit"])


def _next_ones(found: re.Match[str], context: Context) -> Meaning | None:
    return next_units(context, in_table(_NUMBERS, found["count"]), found["unit"])


def _day_in(found: re.Match[str]) -> int:
    return _ORDINALS.get(found["number"]) or int(re.sub(r"\D", "", found["number"]))


def _day(found: re.Match[str], context: Context) -> Meaning | None:
    return days.day_of_month(context.today, _day_in(found))


def _day_of_near_month(found: re.Match[str], context: Context) -> Meaning | None:
    months_ahead = {"this": 0, "next": 1, "last": -1}[found["which"]]
    return days.day_of_other_month(context.today, _day_in(found), months_ahead)


def _day_and_month(found: re.Match[str], context: Context) -> Meaning | None:
    year = int(found["year"]) if found["year"] else None
    return days.written_day(context.today, _day_in(found), _MONTHS[found["month"]], year)


def _month_and_number(found: re.Match[str], context: Context) -> Meaning | None:
    """Read "May 3" and "on may 3": not "xe may 3 ngày"."""
    is_capital = context.cased[found.start("month")].isupper()
    if found["month"] in _OTHER_WORDS and not is_capital and not is_behind(found, _PREPOSITIONS):
        return None
    return _day_and_month(found, context)


def _range(found: re.Match[str], context: Context) -> Meaning | None:
    return days.days_of_month(
        context.today, int(found["first"]), int(found["number"]), _MONTHS[found["month"]]
    )


def _month(found: re.Match[str], context: Context) -> Meaning | None:
    year = int(found["year"]) if found["year"] else None
    return days.coming_month(context.today, _MONTHS[found["month"]], year)


def _lunar(found: re.Match[str], context: Context) -> Meaning | None:
    name = found["lunar"] or found["month"]
    number = _ORDINALS.get(name) or int(re.sub(r"\D", "", name))
    return days.lunar_day(context.today, _day_in(found), number)


def _hour(found: re.Match[str], _: Context) -> Clock | None:
    words = found.groupdict()
    said = _PARTS.get(words.get("part") or words.get("word") or "")
    if said is None and words.get("tonight"):
        said = "evening"
    minute = in_table(_NUMBERS, words.get("minute") or "0")
    return clock.clock(in_table(_NUMBERS, found["hour"]), minute, said)


def _before(found: re.Match[str], _: Context) -> Clock | None:
    said = _PARTS.get(found["part"] or found["word"] or "")
    return clock.before(
        in_table(_NUMBERS, found["hour"]), in_table(_NUMBERS, found["minute"]), said
    )


def _hours_ahead(found: re.Match[str], context: Context) -> Clock | None:
    minutes = in_table(_NUMBERS, found["count"])
    return in_minutes(context, minutes * (1 if found["unit"].startswith("m") else 60))


def _part(found: re.Match[str], _: Context) -> Clock | None:
    name = found["part"]
    if is_behind(found, _GREETINGS) or (name == "night" and is_behind(found, _NIGHTS)):
        return None
    return Clock(_PARTS[name])


_DATES: dict[str, Read] = {
    r"today|2day|todays?|this (?:morning|afternoon|evening)|tonight|tonite|2nite": ahead(0),
    r"tomorrow|tommorow|tomorow|tommorrow|tmrw|tmr|tmw|2moro|2morrow": ahead(1),
    r"(?:day )?after tomorrow|overmorrow": ahead(2),
    r"yesterday|last night": ahead(-1),
    r"(?:day )?before yesterday": ahead(-2),
    r"(?:this |this coming |coming )?week-?ends?": weekends(0),
    r"next week-?end": weekends(1),
    r"last week-?end": weekends(-1),
    r"this week": weeks(0),
    r"next week": weeks(1),
    r"week after next": weeks(2),
    r"last week": weeks(-1),
    r"this month": months(0),
    r"next month": months(1),
    r"last month": months(-1),
    r"this year": years(0),
    r"next year": years(1),
    r"last year": years(-1),
    r"(?:vietnamese |lunar |chinese )(?:new year|tet)|tết(?: holidays?| festival)?|spring festival": coming_tet,
    r"christmas(?: day)?|xmas": each_year(12, 25),
    r"christmas eve": each_year(12, 24),
    r"new year'?s?(?: day)?": each_year(1, 1),
    r"new year'?s eve": each_year(12, 31),
    r"(?:vietnam(?:ese)? )?(?:national|independence) day": each_year(9, 2),
    r"reunification day|liberation day": each_year(4, 30),
    r"(?:international )?labou?r day|may day": each_year(5, 1),
    r"women'?s day": each_year(3, 8),
    r"valentine'?s?(?: day)?": each_year(2, 14),
    r"halloween": each_year(10, 31),
    r"easter(?: sunday)?": easter,
    r"mid-? ?autumn(?: festival)?": each_lunar_year(8, 15),
    r"hung kings?'?s?(?: (?:day|festival|commemoration))*": each_lunar_year(3, 10),
}
_TIMES: dict[str, Read] = {
    r"this morning": part("morning"),
    r"this afternoon": part("afternoon"),
    r"this evening|tonight|tonite|2nite": part("evening"),
    r"last night": part("night"),
    r"early(?: in the)? morning|dawn|sunrise": part("early"),
    r"noon|midday": hour_of(12),
    r"lunch ?time": part("noon"),
    r"midnight": hour_of(0),
}


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    return (*date_words(_DATES), *time_words(_TIMES), *_date_rules(), *_time_rules())


def _date_rules() -> tuple[Rule, ...]:
    weekday, month = one_of(_WEEKDAYS), rf"(?P<month>{one_of(_MONTHS)})\.?"
    number, year = r"(?P<number>\d{1,2})(?: ?(?:st|nd|rd|th))?", r"(?:,? (?P<year>20\d\d))?"
    unit, short = "(?P<unit>day|week|month)s?(?:' time)?", one_of(_SHORT_WEEKDAYS)
    safe_month = rf"(?P<month>{one_of(name for name in _MONTHS if len(name) > 3 and name not in {'march', 'sept'})})"
    return date_words(
        {
            rf"(?:(?P<when>this|next|last|coming|this coming) )?(?P<day>{weekday}s?)(?P<later> (?:next|this) week)?": _weekday,
            rf"(?P<when>this|next|last|coming) (?P<day>{short})": _weekday,
            rf"(?:on|until|till|by|or|from|to) (?P<span>(?P<day>{short}))(?P<when>)(?! (?:pa|down))": _weekday,
            rf"(?P<span>(?P<day>{short}))(?P<when>)(?=,? (?:\d|morning|afternoon|evening|night))": _weekday,
            rf"in (?!(?:one|a|1) day(?! ?s?')){_COUNT_NAMED} {unit}": _counted,
            rf"{_COUNT_NAMED} {unit} (?:from now|later)": _counted,
            rf"{_COUNT_NAMED} {unit} ago": _ago,
            rf"next {_COUNT_NAMED} {unit}": _next_ones,
            rf"(?:the )(?P<span>(?P<number>{_NTH_DIGITS}))(?! (?:of|time|one|floor|person|place|visit|month|option))": _day,
            rf"on (?P<span>(?P<number>{_NTH_DIGITS}))": _day,
            rf"(?P<number>{_NTH}) of (?P<which>this|next|last) month": _day_of_near_month,
            rf"(?P<number>{_NTH})(?: day)? of (?:the )?(?:lunar (?P<lunar>\d{{1,2}})|(?P<month>{_NTH}) lunar) month": _lunar,
            rf"{number} (?:of )?{month}{year}": _day_and_month,
            rf"(?P<number>{_NTH}) (?:of )?{month}{year}": _day_and_month,
            rf"{month} (?:the )?(?P<number>{_NTH}){year}": _day_and_month,
            rf"{month} (?P<number>\d{{1,2}})(?![:.]\d| ?(?:[ap]m|h|k|people|%)){year}": _month_and_number,
            rf"(?P<first>\d{{1,2}})(?:st|nd|rd|th)? ?(?:-|to|until) ?{number} (?:of )?{month}": _range,
            rf"{month} (?P<first>\d{{1,2}})(?:st|nd|rd|th)? ?(?:-|to|until) ?{number}": _range,
            rf"{safe_month}(?: (?P<year>20\d\d))?": _month,
            r"(?:in|next|this|since|until|of|for|during|early|late|mid) (?P<span>(?P<month>may|march)(?: (?P<year>20\d\d))?)": _month,
        }
    )


def _time_rules() -> tuple[Rule, ...]:
    hour = rf"(?P<hour>{_HOUR})"
    minute = r"(?P<minute>half|a quarter|quarter|five|ten|twenty|twenty-five|\d{1,2}(?= min))(?: min(?:ute)?s?)?"
    return time_words(
        {
            rf"{hour}(?:[:.h ](?P<minute>\d\d))?(?: ?o'?clock)?{_AFTER}": _hour,
            rf"{hour} ?o'?clock": _hour,
            rf"(?:at|around|by|before|after|until|till|@) (?P<span>{hour}(?:[.](?P<minute>\d\d))?){_NOTHING_COUNTED}": _hour,
            rf"{minute} past {hour}(?:{_AFTER})?": _hour,
            r"(?P<minute>half) (?P<hour>one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)": _hour,
            rf"{hour}[ -](?P<minute>thirty|fifteen|forty five)(?:{_AFTER})?": _hour,
            rf"{minute} to {hour}(?:{_AFTER})?": _before,
            rf"in {_COUNT_NAMED} (?P<unit>minute|min|hour)s?": _hours_ahead,
            r"(?P<part>morning|afternoon|evening)s?": _part,
            r"(?:at|(?:tomorrow|\w+day)) (?P<span>(?P<part>night))(?! market)": _part,
        }
    )
