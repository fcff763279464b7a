"""Days and hours in Korean."""

from __future__ import annotations

import re
from functools import lru_cache

from moments import clock, days
from moments import east_asian as east
from moments.moment import Clock, Context, Meaning, Read, Rule
from moments.patterns import one_of
from moments.reading import (
    ahead,
    coming_tet,
    each_lunar_year,
    each_year,
    easter,
    hour_of,
    in_minutes,
    in_units,
    months,
    next_units,
    rules_as_written,
    weekends,
    weeks,
    years,
)

_WEEKDAYS = {sign: place for place, sign in enumerate("월화수목금토일")}
_WEEKS = {
    "이번주": 0,
    "금주": 0,
    "다음주": 1,
    "담주": 1,
    "차주": 1,
    "다다음주": 2,
    "지난주": -1,
    "저번주": -1,
}
_HOURS = {
    "한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10, "열한": 11,
    "열두": 12,
}  # fmt: skip
_COUNTS = _HOURS | {
    "하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "엿새": 6, "이레": 7, "열흘": 10, "보름": 15, "일": 1,
    "이": 2, "삼": 3, "사": 4, "오": 5, "육": 6, "칠": 7, "팔": 8, "구": 9, "십": 10,
}  # fmt: skip
_PARTS = {
    "새벽": "early", "아침": "morning", "오전": "morning", "점심": "noon", "낮": "noon", "한낮": "noon",
    "오후": "afternoon", "저녁": "evening", "밤": "night", "심야": "night", "한밤중": "night", "한밤": "night",
}  # fmt: skip
_BEFORE_HOURS = _PARTS | {"오전": "am", "오후": "pm"}
_UNITS = {"일": "day", "주": "week", "주일": "week", "달": "month", "개월": "month"}
_NEAR_MONTHS = {"이번달": 0, "다음달": 1, "담달": 1, "지난달": -1}
_UNIT_MINUTES = {"시간": 60, "분": 1}
_NO_SYLLABLE = "(?<![가-힣0-9])"
_PARTICLE = r"(?=$|[^가-힣]|에|까지|부터|은|는|이|으로|늦|쯤|때|시간|의|도|만|엔)"
_ROOM = r"\s*"

_DATES: dict[str, Read] = {
    "오늘": ahead(0),
    "내일(?!모레)|(?<![가-힣])낼": ahead(1),
    r"(?:내일\s*)?모레": ahead(2),
    "글피": ahead(3),
    "어제|어젯밤": ahead(-1),
    "그저께|그제|엊그제": ahead(-2),
    r"(?:이번\s*주?\s*)?주말|이번\s*주말": weekends(0),
    r"다음\s*주\s*주말|다음\s*주말": weekends(1),
    r"지난\s*주?\s*주말|지난\s*주말": weekends(-1),
    r"이번\s*주(?!말)|금주": weeks(0),
    r"(?<!다)(?:다음\s*주|담주)(?!말)|차주": weeks(1),
    r"다다음\s*주(?!말)": weeks(2),
    r"(?:지난|저번)\s*주(?!말)": weeks(-1),
    r"이번\s*달|이달": months(0),
    r"(?:다음|담)\s*달": months(1),
    r"지난\s*달|저번\s*달": months(-1),
    "올해|금년": years(0),
    "내년": years(1),
    "작년|지난해": years(-1),
    rf"(?:베트남\s*)?(?:설날|구정|뗏|테트|음력\s*설)|춘절|{_NO_SYLLABLE}설(?=\s*연휴|에|\s|$)": coming_tet,
    "섣달그믐|섣달 그믐": east.eve_of_new_year,
    "추석|중추절|한가위": each_lunar_year(8, 15),
    r"정월\s*대보름": each_lunar_year(1, 15),
    "단오": each_lunar_year(5, 5),
    r"부처님\s*오신\s*날|석가탄신일": each_lunar_year(4, 8),
    r"크리스마스(?!\s*이브)|성탄절": each_year(12, 25),
    r"크리스마스\s*이브": each_year(12, 24),
    r"신정|새해 첫날|새해(?!\s*복)": each_year(1, 1),
    "어린이날": each_year(5, 5),
    "광복절": each_year(8, 15),
    "개천절": each_year(10, 3),
    "한글날": each_year(10, 9),
    "노동절|근로자의 날": each_year(5, 1),
    r"(?:베트남\s*)?(?:국경절|독립기념일|국경일)": each_year(9, 2),
    "부활절": easter,
    "발렌타인데이|밸런타인데이": each_year(2, 14),
}
_TIMES: dict[str, Read] = {"정오": hour_of(12), "자정": hour_of(0)}


def _number(words: str | None) -> int:
    return int(words) if words and words.isdecimal() else _COUNTS.get(words or "", 0)


def _counted(found: re.Match[str], context: Context) -> Meaning | None:
    """Read "3일 후", "사흘 뒤", "일주일 전"."""
    count, unit = _number(found["count"]), _UNITS[found["unit"] or "일"]
    return in_units(context, -count if found["where"] == "전" else count, unit)


def _next_ones(found: re.Match[str], context: Context) -> Meaning | None:
    return next_units(context, _number(found["count"]), _UNITS[found["unit"]])


def _coming(found: re.Match[str], context: Context) -> Meaning:
    return days.coming_weekday(context.today, _WEEKDAYS[found["weekday"]], also_today=False)


def _hour(found: re.Match[str], _: Context) -> Clock | None:
    said = found["minute"] or "0"
    minute = 30 if said == "반" else int(said)
    part = _BEFORE_HOURS.get(found["part"] or "")
    if found["before"]:
        return clock.before(_number(found["hour"]), minute, part)
    return clock.clock(_number(found["hour"]), minute, part)


def _hours_ahead(found: re.Match[str], context: Context) -> Clock | None:
    return in_minutes(context, _number(found["count"]) * _UNIT_MINUTES[found["unit"]])


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    return (
        *rules_as_written("date", _DATES),
        *rules_as_written("date", _written_days()),
        *rules_as_written("time", _TIMES),
        *rules_as_written("time", _hours()),
    )


def _written_days() -> dict[str, Read]:
    year, month = r"(?:(?P<year>\d{2,4})년\s*)?", r"(?<![\d.])(?P<month>\d{1,2})월"
    day = r"(?P<day>\d{1,2})일"
    when = r"(?=$|[,.?!)]|에|은|는|이요|로|부터|까지|날|자|쯤|도|\s*(?:오전|오후|아침|저녁|밤|예약|진료|날씨))"
    week = r"(?:(?P<week>(?:이번|다음|다다음|지난|저번)\s*주|담주|금주|차주)\s*)?"
    count, unit = rf"(?P<count>\d{{1,3}}|{one_of(_COUNTS)})", f"(?P<unit>{one_of(_UNITS)})"
    bare_counts = one_of(("하루", "이틀", "사흘", "나흘", "닷새", "엿새", "이레", "열흘", "보름"))
    return {
        rf"{week}(?P<weekday>[월화수목금토일])(?:요일|욜)": east.weekday(_WEEKDAYS, _WEEKS),
        r"(?:다음|담|돌아오는|오는)\s*(?P<weekday>[월화수목금토일])(?:요일|욜)": _coming,
        rf"(?<!\d){year}{month}\s*{day}(?!간)": east.day_and_month,
        rf"{month}\s*(?P<day>\d{{1,2}})일?\s*(?:부터|에서|-|~|〜)\s*(?P<last>\d{{1,2}})일": east.days_of_month,
        rf"(?<![\d.박월])(?<!박\s)(?<!월\s)(?<!\d){day}{when}": east.day,
        rf"(?P<which>(?:이번|다음|담|지난)\s*달)\s*{day}": east.day_of_other_month(_NEAR_MONTHS),
        rf"(?<!\d){year}{month}(?!\s*\d)": east.month,
        rf"{_NO_SYLLABLE}{count}\s*{unit}\s*(?P<where>후|뒤|전)(?!국|기|화)": _counted,
        rf"{_NO_SYLLABLE}(?P<count>{bare_counts})(?P<unit>)\s*(?P<where>후|뒤|전)(?!국|기|화)": _counted,
        rf"(?:앞으로|향후)\s*{count}\s*{unit}(?:간)?": _next_ones,
        r"(?:음력)\s*(?P<month>\d{1,2}|정)월\s*(?P<day>\d{1,2})일?": _lunar,
    }


def _lunar(found: re.Match[str], context: Context) -> Meaning | None:
    month = 1 if found["month"] == "정" else int(found["month"])
    return days.lunar_day(context.today, int(found["day"]), month)


def _hours() -> dict[str, Read]:
    part = f"(?P<part>{one_of(_BEFORE_HOURS)})"
    hour = rf"(?P<hour>\d{{1,2}}|{one_of(_HOURS)})\s*시(?!간|내|장|작|설|민|청|도|골|즌)"
    minute = r"(?:\s*(?P<minute>반|\d{1,2}(?=\s*분))(?:\s*분)?(?P<before>\s*전)?)?"
    count, unit = rf"(?P<count>\d{{1,3}}|{one_of(_HOURS)})", f"(?P<unit>{one_of(_UNIT_MINUTES)})"
    no_meal = r"(?!\s*(?:식사|밥|메뉴|먹|거리|해|에\s*먹))"
    return {
        rf"{part}{_ROOM}{hour}{minute}": _hour,
        rf"(?<![가-힣\d.:/])(?P<part>(?!))?{hour}{minute}": _hour,
        rf"{_NO_SYLLABLE}{count}\s*{unit}\s*(?:후|뒤)": _hours_ahead,
        rf"(?P<part>새벽|아침|오전|오후|저녁|심야|한밤중|점심|한낮){no_meal}": east.part_of(_PARTS),
        rf"(?:(?<=오늘)|(?<=내일)|(?<=요일)|(?<![가-힣0-9]))(?P<part>밤|낮){_PARTICLE}": east.part_of(
            _PARTS
        ),
    }
