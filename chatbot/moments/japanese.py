"""Days and hours in Japanese."""

from __future__ import annotations

from functools import lru_cache

from moments import days
from moments import east_asian as east
from moments.moment import Context, Meaning, Read, Rule
from moments.numerals import HANZI_NUMBER as NUMBER
from moments.patterns import one_of
from moments.reading import (
    ahead,
    coming_tet,
    each_lunar_year,
    each_year,
    easter,
    hour_of,
    months,
    part,
    rules_as_written,
    weekends,
    weeks,
    years,
)

_WEEKDAYS = {sign: place for place, sign in enumerate("月火水木金土日")}
_WEEKS = {"今週": 0, "来週": 1, "再来週": 2, "先週": -1}
_PARTS = {
    "早朝": "early", "明け方": "early", "未明": "early", "朝": "morning", "今朝": "morning", "明朝": "morning",
    "午前": "morning", "午前中": "morning", "お昼": "noon", "昼": "noon", "午後": "afternoon", "昼過ぎ": "afternoon",
    "夕方": "evening", "夕刻": "evening", "夜": "evening", "晩": "evening", "今夜": "evening", "今晩": "evening",
    "深夜": "night", "夜中": "night", "真夜中": "night",
}  # fmt: skip
_BEFORE_HOURS = _PARTS | {"午前": "am", "午後": "pm"}
_UNITS = {
    "日": "day", "週間": "week", "週": "week", "ヶ月": "month", "か月": "month", "カ月": "month", "ケ月": "month",
    "箇月": "month",
}  # fmt: skip
_NEAR_MONTHS = {"今月": 0, "来月": 1, "再来月": 2, "先月": -1}
_UNIT_MINUTES = {"時間": 60, "分": 1}


def _holidays(first: tuple[int, int], last: tuple[int, int]) -> Read:
    """Return the reading of days off, each a month and a day, that are not over yet."""

    def read(_: object, context: Context) -> Meaning | None:
        end = days.written_day(context.today, last[1], last[0])
        return f"{end[:4]}-{first[0]:02}-{first[1]:02}/{end}" if end else None

    return read


_DATES: dict[str, Read] = {
    "今日|(?<![ぁ-んー])きょう(?![うか])|本日": ahead(0),
    "今[夜晩朝]": ahead(0),
    "明日|(?<![ぁ-んー])(?:あした|あす(?![かきくけこ]))": ahead(1),
    "明[朝晩]": ahead(1),
    "明後日|あさって": ahead(2),
    "明々後日|しあさって": ahead(3),
    "昨日|きのう|昨[夜晩]": ahead(-1),
    "一昨日|おととい": ahead(-2),
    "(?:今週|今度|次|この)?の?週末|今週末|(?:今週の?)?土日": weekends(0),
    "来週の?(?:週末|末|土日)": weekends(1),
    "先週の?(?:週末|末|土日)": weekends(-1),
    "今週": weeks(0),
    "(?<!再)来週": weeks(1),
    "再来週": weeks(2),
    "先週": weeks(-1),
    "今月": months(0),
    "(?<!再)来月": months(1),
    "再来月": months(2),
    "先月": months(-1),
    "今年": years(0),
    "来年": years(1),
    "去年|昨年": years(-1),
    "(?:ベトナムの?)?(?:旧正月|テト)|春節": coming_tet,
    "元[日旦]|(?<!旧)お?正月": each_year(1, 1),
    "大[晦]日|大みそか": each_year(12, 31),
    "クリスマス(?!イ[ブヴ])": each_year(12, 25),
    "クリスマスイ[ブヴ]": each_year(12, 24),
    "バレンタイン(?:デー)?": each_year(2, 14),
    "イースター|復活祭": easter,
    "(?:ベトナムの?)?(?:建国|独立)記念日|国慶節": each_year(9, 2),
    "メーデー": each_year(5, 1),
    "ゴールデンウィーク|ゴールデンウイーク": _holidays((4, 29), (5, 5)),
    "お盆": _holidays((8, 13), (8, 16)),
    "中秋(?:の名月|節)?|十五夜": each_lunar_year(8, 15),
}
_TIMES: dict[str, Read] = {
    "今朝|明朝": part("morning"),
    "今[夜晩]|昨[夜晩]|明晩": part("evening"),
    "正午": hour_of(12),
    "午前零時": hour_of(0),
}
_HOUR = f"(?P<hour>{NUMBER})時(?![間期代点差々停的])"
_MINUTE = f"(?:(?P<minute>半|{NUMBER}(?=分))分?)?"
_DATES |= {f"今[夜晩朝]の?{_HOUR}{_MINUTE}": ahead(0), f"明[朝晩]の?{_HOUR}{_MINUTE}": ahead(1)}


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    return (
        *rules_as_written("date", _DATES),
        *rules_as_written("date", _written_days()),
        *rules_as_written("time", _TIMES),
        *rules_as_written("time", _hours()),
    )


def _written_days() -> dict[str, Read]:
    start = east.NO_DIGIT_BEFORE
    month, day = f"(?P<month>{NUMBER})月", f"(?P<day>{NUMBER})日"
    year = f"(?:(?P<year>{NUMBER})年)?"
    unit, count = f"(?P<unit>{one_of(_UNITS)})", f"(?P<count>{NUMBER})"
    week = f"(?:(?P<week>{one_of(_WEEKS)}|次|今度|この次)の?)?"
    return {
        f"{week}(?P<weekday>[月火水木金土日])曜日?": east.weekday(_WEEKDAYS, _WEEKS),
        f"{start}{year}{month}{day}": east.day_and_month,
        f"{start}{month}(?P<day>{NUMBER})日?(?:から|-|~|〜|～)(?P<last>{NUMBER})日": east.days_of_month,
        rf"{start}(?<![泊第毎何半])(?<!月)(?P<day>[0-9]{{1,2}}|二?十[一二三四五六七八九]?|[二三]十)日(?=$|[にのはをがだかで]|から|まで|です|午|朝|夜|昼|以降|頃|ごろ|[\s(（,、。?？!！])(?!でも?[まみ回])(?!の(?:間|うち|予定|コース|プラン|旅|ルート))(?!か?間)": east.day,
        f"(?P<which>{one_of(_NEAR_MONTHS)})の?{day}": east.day_of_other_month(_NEAR_MONTHS),
        f"{start}{year}{month}(?![額間])": east.month,
        f"{start}{count}{unit}後(?!ろ)": east.counted(_UNITS),
        f"{start}{count}{unit}前": east.counted(_UNITS, -1),
        f"(?:今後|これから|向こう){count}{unit}": east.next_ones(_UNITS),
        f"(?:旧暦|陰暦|太陰暦)の?(?P<month>正|{NUMBER})月の?(?P<day>{NUMBER})日?": east.lunar_day,
    }


def _hours() -> dict[str, Read]:
    unit = f"(?P<unit>{one_of(_UNIT_MINUTES)})"
    return {
        f"{east.NO_DIGIT_BEFORE}(?P<part>(?!))?{_HOUR}{_MINUTE}": east.hour(_PARTS),
        f"(?P<part>{one_of(_BEFORE_HOURS)})の?{_HOUR}{_MINUTE}": east.hour(_BEFORE_HOURS),
        f"{east.NO_DIGIT_BEFORE}(?P<part>(?!))?(?P<hour>{NUMBER})時(?P<less>{NUMBER})分前": east.before(
            _PARTS
        ),
        f"{east.NO_DIGIT_BEFORE}(?P<count>{NUMBER}){unit}後": east.hours_ahead(_UNIT_MINUTES),
        "(?<![一二三四五両两兩几毎今明昨早日泊市王翌0-9])(?P<part>朝|昼|お昼|夜|晩)(?![食市ごご御飯寝行景間日顔鮮焼霧])": east.part_of(
            _PARTS
        ),
        "(?P<part>早朝|明け方|未明|午前中|午前|午後|昼過ぎ|夕方|夕刻|深夜|真夜中|夜中)": east.part_of(
            _PARTS
        ),
    }
