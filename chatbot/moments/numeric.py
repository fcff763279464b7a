"""Days and hours in digits alone, which every language writes."""

from __future__ import annotations

import re
from functools import lru_cache

from moments import clock, days
from moments.moment import Clock, Context, Meaning, Rule
from moments.patterns import is_behind, latin

_MEASURES = (
    r"(?! ?(?:\d|[%$]|bát|cốc|chai|phần|số|người|đường|sao|điểm|kg|km|lít|giá|mét|ngày|suất|thìa|muỗng"
    r"|stars?|étoile|étoiles|points?|of the|cups?|bowls?|litres?|pages?|km|mi|th|rd|cuillères?|part))"
)
_OTHER_FRACTIONS = latin(
    "số|số nhà|ngõ|ngách|hẻm|kiệt|phòng|tỷ lệ|tỉ lệ|đánh giá|chấm|cho|tổ|nhà|rated?|rating|score|room|no|house"
    "|chambre|note|noter|bài|khoảng|about a|roughly"
)


def _year_first(found: re.Match[str], context: Context) -> Meaning | None:
    return days.written_day(context.today, int(found[3]), int(found[2]), int(found[1]))


def _in_order(found: re.Match[str], context: Context) -> Meaning | None:
    """Read 5/12 in the order of the message, 5/25 in the only one there is."""
    first, second = int(found["first"]), int(found["second"])
    year = int(found["year"]) if found.groupdict().get("year") else None
    if not year and is_behind(found, _OTHER_FRACTIONS):
        return None
    if context.is_month_first:
        first, second = second, first
    usual = days.written_day(context.today, first, second, year)
    return usual or days.written_day(context.today, second, first, year)


def _hour(found: re.Match[str], _: Context) -> Clock | None:
    half = (found.groupdict().get("half") or "").replace(".", "") or None
    return clock.clock(
        int(found["hour"]), int(found["minute"]), half, is_certain=found["hour"].startswith("0")
    )


def _start_of_range(found: re.Match[str], _: Context) -> Clock | None:
    return clock.clock(int(found["hour"]))


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    year_first = re.compile(r"(?<![\d./-])(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?![\d/-])")
    with_year = re.compile(
        r"(?<![\d./,-])(?P<first>\d{1,2})(?P<sign>[-/.])(?P<second>\d{1,2})(?P=sign)(?P<year>\d{4}|(?<=/)\d\d)(?![\d/])"
    )
    without_year = latin(
        rf"(?<![\d./,:-])(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})(?![\d/]){_MEASURES}"
    )
    hour = latin(
        r"(?<![\d./,:-])(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::\d\d)?(?![\d:])(?:\s*(?P<half>[ap]\.?m\.?))?"
    )
    with_h = latin(r"(?<![\d./,:])(?P<hour>\d{1,2}) ?h ?(?P<minute>\d\d)")
    start = re.compile(
        r"(?<![\d./,:a-z-])(?P<span>(?P<hour>\d{1,2}))(?=\s*(?:[-~〜～]|to|đến|den|tới|à)\s*\d{1,2}\s*"
        r"(?:h|giờ|gio|[ap]\.?m|点|點|时|時|시|:\d\d)(?![a-gi-z]))"
    )
    return (
        Rule("date", year_first, _year_first),
        Rule("date", with_year, _in_order),
        Rule("date", without_year, _in_order),
        Rule("time", hour, _hour),
        Rule("time", with_h, _hour),
        Rule("time", start, _start_of_range),
    )
