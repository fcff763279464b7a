"""Days and hours in Chinese, in simplified and traditional characters."""

from __future__ import annotations

from functools import lru_cache

from moments import east_asian as east
from moments.moment import Read, Rule
from moments.numerals import HANZI_NUMBER as NUMBER
from moments.patterns import one_of
from moments.reading import (
    ahead,
    coming_tet,
    each_lunar_year,
    each_year,
    hour_of,
    months,
    part,
    rules_as_written,
    weekends,
    weeks,
    years,
)

_WEEKDAYS = {sign: place for place, sign in enumerate("一二三四五六日")} | {"天": 6}
_WEEKS = {
    "这": 0, "這": 0, "本": 0, "这个": 0, "這個": 0, "下": 1, "下个": 1, "下個": 1, "下下": 2, "下下个": 2, "上": -1,
    "上个": -1, "上個": -1, "上上": -2,
}  # fmt: skip
_PARTS = {
    "凌晨": "early", "清晨": "early", "清早": "early", "早上": "morning", "早晨": "morning", "上午": "morning",
    "今早": "morning", "明早": "morning", "早": "morning", "中午": "noon", "下午": "afternoon", "午后": "afternoon",
    "午後": "afternoon", "傍晚": "evening", "晚上": "evening", "晚间": "evening", "晚間": "evening", "夜晚": "evening",
    "今晚": "evening", "明晚": "evening", "晚": "evening", "深夜": "night", "半夜": "night", "夜里": "night",
    "夜裡": "night", "夜间": "night", "夜間": "night",
}  # fmt: skip
_FUSED = {"今早", "明早", "早", "今晚", "明晚", "晚"}
"""Signs that are a part of the day by themselves only before an hour."""
_UNITS = {
    "天": "day", "日": "day", "周": "week", "週": "week", "个星期": "week", "個星期": "week", "星期": "week",
    "个礼拜": "week", "个月": "month", "個月": "month",
}  # fmt: skip
_UNIT_MINUTES = {
    "小时": 60, "个小时": 60, "小時": 60, "個小時": 60, "个钟": 60, "個鐘": 60, "分钟": 1, "分鐘": 1,
}  # fmt: skip
_NEAR_MONTHS = {
    "下个月": 1,
    "下個月": 1,
    "下月": 1,
    "这个月": 0,
    "這個月": 0,
    "本月": 0,
    "上个月": -1,
    "上個月": -1,
}
_WEEK = "(?:周|週|星期|礼拜|禮拜)"

_DATES: dict[str, Read] = {
    "今[天日儿兒](?!气)": ahead(0),
    "今[晚早夜]|今晨": ahead(0),
    "明[天日儿兒]": ahead(1),
    "明[晚早晨]": ahead(1),
    "(?<!大)[后後]天": ahead(2),
    "大[后後]天": ahead(3),
    "昨[天日晚]": ahead(-1),
    "前天": ahead(-2),
    f"(?:这个?|這個?|本)?{_WEEK}末": weekends(0),
    f"下[个個]?{_WEEK}末": weekends(1),
    f"上[个個]?{_WEEK}末": weekends(-1),
    f"(?:这个?|這個?|本){_WEEK}": weeks(0),
    f"(?<!下)下[个個]?{_WEEK}": weeks(1),
    f"下下[个個]?{_WEEK}": weeks(2),
    f"上[个個]?{_WEEK}": weeks(-1),
    "(?:这个?|這個?|本)月": months(0),
    "下[个個]?月": months(1),
    "上[个個]?月": months(-1),
    "今年": years(0),
    "明年": years(1),
    "去年": years(-1),
    "春[节節]|[农農][历曆]新年|[过過]年(?!龄)|大年(?!初|三)|越南新年": coming_tet,
    "除夕|大年三十|年三十": east.eve_of_new_year,
    "元旦": each_year(1, 1),
    "[国國][庆慶](?:[节節])?": each_year(10, 1),
    "越南[国國][庆慶](?:[节節]|日)?": each_year(9, 2),
    "五一(?:[劳勞][动動][节節])?|[劳勞][动動][节節]": each_year(5, 1),
    "[圣聖][诞誕](?:[节節])?": each_year(12, 25),
    "平安夜": each_year(12, 24),
    "情人[节節]": each_year(2, 14),
    "[妇婦]女[节節]": each_year(3, 8),
    "清明(?:[节節])?": each_year(4, 5),
    "元宵(?:[节節])?": each_lunar_year(1, 15),
    "端午(?:[节節])?": each_lunar_year(5, 5),
    "七夕": each_lunar_year(7, 7),
    "中元(?:[节節])?": each_lunar_year(7, 15),
    "中秋(?:[节節])?": each_lunar_year(8, 15),
    "重[阳陽](?:[节節])?": each_lunar_year(9, 9),
}
_TIMES: dict[str, Read] = {
    "今[早晨]|明[早晨]": part("morning"),
    "[今明昨]晚": part("evening"),
    "今夜": part("evening"),
    "午夜": hour_of(0),
    "正午": hour_of(12),
}
_HOUR = f"(?P<hour>{NUMBER})[点點时時](?![候间間代常期尚停])"
_MINUTE = f"(?P<minute>半|一刻|三刻|{NUMBER}(?!分?之)(?=分|[^个個人位张張天]|$))?分?(?:[钟鐘整])?"
_DATES |= {f"今[晚早]的?{_HOUR}{_MINUTE}": ahead(0), f"明[晚早]的?{_HOUR}{_MINUTE}": ahead(1)}


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    return (
        *rules_as_written("date", _DATES),
        *rules_as_written("date", _written_days()),
        *rules_as_written("time", _TIMES),
        *rules_as_written("time", _hours()),
    )


def _written_days() -> dict[str, Read]:
    start, sign = east.NO_DIGIT_BEFORE, "[日号號]"
    month, day = f"(?P<month>{NUMBER})月", f"(?P<day>{NUMBER})"
    year = f"(?:(?P<year>{NUMBER})年)?"
    unit, count = f"(?P<unit>{one_of(_UNITS)})", f"(?P<count>{NUMBER})"
    lunar_day = "(?P<day>初?[一二三四五六七八九十]+|廿[一二三四五六七八九]?|[0-9]+)"
    return {
        f"(?P<week>{one_of(_WEEKS)})?{_WEEK}(?P<weekday>[一二三四五六日天])(?![次回个個])": east.weekday(
            _WEEKDAYS, _WEEKS
        ),
        f"{start}{year}{month}{day}{sign}": east.day_and_month,
        f"{start}{month}{day}{sign}?(?:到|至|-|~){{1}}(?P<last>{NUMBER}){sign}": east.days_of_month,
        f"{start}(?<![第月泊天晚夜])(?:(?P<day>[0-9]{{1,2}}|二?十[一二三四五六七八九]?|[二三]十)日(?![游遊内內元])|(?P<number>{NUMBER})[号號](?![线線楼门門馆館房码碼窗桌口车車店院厅廳公诊診路]))": east.day,
        f"(?P<which>{one_of(_NEAR_MONTHS)}){day}{sign}": east.day_of_other_month(_NEAR_MONTHS),
        f"{start}{year}{month}": east.month,
        f"{start}{count}{unit}(?:之|以)?[后後]": east.counted(_UNITS),
        f"[过過再]{count}{unit}": east.counted(_UNITS),
        f"{start}{count}{unit}(?:之|以)?前": east.counted(_UNITS, -1),
        f"(?:未来|未來|接下[来來]|今后|今後){count}{unit}": east.next_ones(_UNITS),
        f"(?:[农農夏][历曆]|[阴陰][历曆]|[旧舊][历曆])(?:的)?(?P<month>正|腊|臘|冬|{NUMBER})月{lunar_day}日?": east.lunar_day,
        f"(?P<month>正|腊|臘)月{lunar_day}": east.lunar_day,
        f"{start}(?P<month>{NUMBER})月(?P<day>初[一二三四五六七八九十]|廿[一二三四五六七八九])": east.lunar_day,
        "(?:大年|正月|年)初(?P<day>[一二三四五六七八九十])": east.day_of_new_year,
    }


def _hours() -> dict[str, Read]:
    part_before = f"(?:(?P<part>{one_of(_PARTS)})的?)?"
    short = "[早晚](?!一[点點])"
    alone = one_of(word for word in _PARTS if word not in _FUSED)
    # "一点" mostly is "a little": an hour only with what makes it one.
    no_little = "(?!一[点點](?![半钟鐘整0-9一二三四五十]))"
    unit = f"(?P<unit>{one_of(_UNIT_MINUTES)})"
    return {
        f"{east.NO_DIGIT_BEFORE}{no_little}(?P<part>(?!))?{_HOUR}{_MINUTE}": east.hour(_PARTS),
        f"(?P<part>{one_of(word for word in _PARTS if len(word) > 1)}|{short})的?{_HOUR}{_MINUTE}": east.hour(
            _PARTS
        ),
        f"{part_before}差(?P<less>一刻|{NUMBER}(?=分))分?(?:到)?(?P<hour>{NUMBER})[点點]": east.before(
            _PARTS
        ),
        f"{part_before}(?P<hour>{NUMBER})[点點]差(?P<less>一刻|{NUMBER}(?=分))分?": east.before(
            _PARTS
        ),
        f"{east.NO_DIGIT_BEFORE}(?P<count>{NUMBER}){unit}(?:之|以)?[后後]": east.hours_ahead(
            _UNIT_MINUTES
        ),
        f"(?P<part>{alone})(?!好|市)": east.part_of(_PARTS),
    }
