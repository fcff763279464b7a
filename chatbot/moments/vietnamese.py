"""Days and hours in Vietnamese, marked, bare, and as the young write."""

from __future__ import annotations

import re
from functools import lru_cache

from moments import clock, days
from moments.moment import Clock, Context, Meaning, Read, Rule
from moments.numerals import VIETNAMESE_NUMBER, vietnamese
from moments.patterns import is_behind, key_of, keyed, latin, one_of
from moments.reading import (
    ahead,
    coming_tet,
    date_words,
    each_lunar_year,
    each_year,
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

_WEEKDAYS = keyed(
    {
        "hai": 0,
        "2": 0,
        "ba": 1,
        "3": 1,
        "tư": 2,
        "4": 2,
        "năm": 3,
        "5": 3,
        "sáu": 4,
        "6": 4,
        "bảy": 5,
        "bẩy": 5,
        "7": 5,
    }
)
_WEEKS = keyed(
    {
        "tuần này": 0,
        "tuần sau": 1,
        "tuần tới": 1,
        "tuần sau nữa": 2,
        "tuần trước": -1,
        "tuần rồi": -1,
        "tuần qua": -1,
    }
)
_UNITS = {"ngay": "day", "hom": "day", "bua": "day", "tuan": "week", "thang": "month"}
_HOUR_WORD = r"(?:mười một|mười hai|mười|một|hai|ba|bốn|năm|sáu|bảy|tám|chín)"
_DAY = r"(?:\d{1,2}|(?:hai|ba) mươi(?: \w+)?|mười \w+|mười|một|hai|ba|bốn|năm|sáu|bảy|tám|chín)"
_MONTH = rf"(?:\d{{1,2}}|giêng|chạp|tư|mười một|mười hai|mười|{_DAY})"
_DAY_WORD = (
    r"(?= ?(?:$|[,.;?!]|nay|mai|qua|mot|thu|t[2-7]|cn|chu nhat|ngay|hom|tuan|\d{1,2}(?:[/.-]|$)))"
)
_PARTS = {
    "sáng sớm": "early", "rạng sáng": "early", "sáng": "morning", "trưa": "noon", "chiều tối": "evening",
    "chiều": "afternoon", "tối": "evening", "đêm": "night", "khuya": "night", "am": "am", "pm": "pm",
}  # fmt: skip
_BARE_PARTS = {key_of(word): name for word, name in _PARTS.items()}
_PART = rf"(?:sáng sớm|rạng sáng|=sáng|sang{_DAY_WORD}|trưa|chiều tối|chiều|=tối|toi{_DAY_WORD}|đêm|khuya|[ap]m)"
# Bare "sang 8h" is "to 8", "toi 8h" is "I at 8".
_PART_BEFORE = "(?:sáng sớm|rạng sáng|=sáng|trưa|chiều tối|chiều|=tối|đêm|khuya)"

_LASTS = latin(
    "mất|trong|vòng|cách|suốt|hết|kéo dài|tận|gần|hơn|cứ|mỗi|thẻ|vé|gói|sa pa|sapa|combo"
)
"""Words before an hour that make it a duration or the name of a card."""
_MEALS = "ăn|bữa|cơm"
_NO_PART = {
    "sang": latin("đèn|chiếu|không|chưa|chẳng|tỏa|ánh|sao|bóng|trời|thắp|chói|mờ|đã|chào|buổi"),
    "trua": latin(_MEALS),
    "chieu": latin(rf"một|1|hai|2|ngược|nhiều|{_MEALS}|xe"),
    "toi": latin(
        rf"trời|đường|bóng|tăm|quá|bị|hơi|rất|phòng|{_MEALS}|đèn|của|cho|chúng|với|bố|mẹ|con|vẫn|còn|hay"
    ),
    "dem": latin(rf"qua|tiểu|ngủ|\d+|{VIETNAMESE_NUMBER}|mỗi|mấy|chợ|phố|nhiều|vài|bao nhiêu|ngày"),
}
_GREETINGS = latin("chào|chúc")
_COUNTED = latin(rf"{VIETNAMESE_NUMBER}|mấy|vài|cả|nhiều|suốt")


def _weekday(found: re.Match[str], context: Context) -> Meaning:
    name, when = found["day"], key_of(found["when"] or "")
    weekday = _WEEKDAYS[key_of(name)] if name else 6
    if found["short"]:
        weekday = int(found["short"]) - 2
    if when in _WEEKS:
        return days.weekday_of_week(context.today, weekday, _WEEKS[when])
    if when in {"truoc", "vua roi", "vua qua"}:
        return days.last_weekday(context.today, weekday)
    return days.coming_weekday(context.today, weekday, also_today=when != "toi")


def _counted(found: re.Match[str], context: Context) -> Meaning | None:
    count, unit = vietnamese(found["count"]) or 0, _UNITS[key_of(found["unit"])]
    where = key_of(found.groupdict().get("where") or "")
    if where in {"toi", "sap toi"}:
        return next_units(context, count, unit)
    return in_units(context, -count if where == "truoc" else count, unit)


def _day_and_month(found: re.Match[str], context: Context) -> Meaning | None:
    day, name = vietnamese(found["number"]), key_of(found["month"])
    year = int(found["year"]) if found["year"] else None
    if name in {"gieng", "chap"} or found.groupdict().get("moon"):
        number = {"gieng": 1, "chap": 12}.get(name) or vietnamese(name)
        return days.lunar_day(context.today, day or 0, number or 0)
    return days.written_day(context.today, day or 0, vietnamese(name) or 0, year)


def _day_of_near_month(found: re.Match[str], context: Context) -> Meaning | None:
    months_ahead = {"nay": 0, "truoc": -1}.get(key_of(found["which"]), 1)
    return days.day_of_other_month(context.today, vietnamese(found["number"]) or 0, months_ahead)


def _full_moon(found: re.Match[str], context: Context) -> Meaning | None:
    name = key_of(found["month"] or "")
    if not name:
        return days.lunar_day_of_month(context.today, 15)
    return days.lunar_day(
        context.today, 15, {"gieng": 1, "chap": 12}.get(name) or vietnamese(name) or 0
    )


def _full_moon_of_near_month(found: re.Match[str], context: Context) -> Meaning | None:
    months_ahead = 0 if key_of(found["which"]) == "nay" else 1
    return days.lunar_day_of_near_month(context.today, 15, months_ahead)


def _day(found: re.Match[str], context: Context) -> Meaning | None:
    return days.day_of_month(context.today, vietnamese(found["number"]) or 0)


def _lunar_day(found: re.Match[str], context: Context) -> Meaning | None:
    return days.lunar_day_of_month(context.today, vietnamese(found["number"]) or 0)


def _day_of_tet(found: re.Match[str], context: Context) -> Meaning | None:
    return days.lunar_day(context.today, vietnamese(found["number"]) or 0, 1)


def _before_tet(found: re.Match[str], context: Context) -> Meaning | None:
    return days.before_tet(context.today, int(found["number"] or 30))


def _range(found: re.Match[str], context: Context) -> Meaning | None:
    first, last = int(found["first"]), int(found["number"])
    return days.days_of_month(context.today, first, last, vietnamese(found["month"]) or 0)


def _month(found: re.Match[str], context: Context) -> Meaning | None:
    year = int(found["year"]) if found["year"] else None
    return days.coming_month(context.today, vietnamese(found["month"]) or 0, year)


def _hour(found: re.Match[str], _: Context) -> Clock | None:
    """Read an hour, unless it is how long something takes: "mất 3 giờ"."""
    said = found["after"] or found["before"] or ""
    if not said and is_behind(found, _LASTS):
        return None
    name, hour = _BARE_PARTS.get(key_of(said)), vietnamese(found["hour"] or found["words"])
    if found["less"]:
        return clock.before(hour or 0, vietnamese(found["less"]) or 0, name)
    minute = 30 if found["half"] else vietnamese(found["minute"] or "0")
    is_written_full = (found["hour"] or "").startswith("0")
    return clock.clock(hour or 0, minute or 0, name, is_certain=is_written_full and not name)


def _hours_ahead(found: re.Match[str], context: Context) -> Clock | None:
    per_unit = 1 if key_of(found["unit"]) in {"phut", "p"} else 60
    minutes = (vietnamese(found["count"]) or 0) * per_unit
    return in_minutes(context, minutes + (30 if found["half"] else 0))


def _part(found: re.Match[str], _: Context) -> Clock | None:
    name = key_of(found["part"])
    if is_behind(found, _GREETINGS):
        return None
    excluded = _NO_PART.get(name)
    if excluded and not found["whole"] and is_behind(found, excluded):
        return None
    return Clock(_BARE_PARTS[name])


def _unless_counted(read: Read) -> Read:
    """Leave out "mấy tháng rồi": for some months now."""
    return lambda found, context: None if is_behind(found, _COUNTED) else read(found, context)


_WORDS: dict[str, Read] = {
    r"(?:ngày )?hôm nay|hnay|hum nay|hn nay|bữa nay|h\.nay|^nay": ahead(0),
    rf"(?:{_PART}|sang|toi) (?P<span>nay)": ahead(0),
    r"(?:ngày )?hôm qua|hqua|hum qua|bữa qua": ahead(-1),
    rf"(?:{_PART}|sang|toi) (?P<span>qua)(?! (?:đêm|đường|đèo|cầu|sông|suối|bên|chỗ|nhà|bến))": ahead(
        -1
    ),
    r"hôm kia": ahead(-2),
    r"(?:ngày |bữa )mai|mai(?! (?:mối|táng|mốt|kia|vàng|một|này|sau|danh|đào|phục))": ahead(1),
    r"ngày (?:kia|mốt)|bữa mốt": ahead(2),
    rf"(?:{_PART}|sang|toi) (?P<span>mốt|kia)": ahead(2),
    r"ngày kìa": ahead(3),
    r"cuối tuần(?: (?:này|tới))?": weekends(0),
    r"cuối tuần sau": weekends(1),
    r"cuối tuần (?:trước|rồi|qua|vừa rồi)": weekends(-1),
    r"tuần này": _unless_counted(weeks(0)),
    r"tuần (?:sau|tới)": weeks(1),
    r"tuần sau nữa": weeks(2),
    r"tuần (?:trước|rồi)": _unless_counted(weeks(-1)),
    r"=tháng =này|thang nay": _unless_counted(months(0)),
    r"tháng (?:sau|tới)": months(1),
    r"tháng (?:trước|rồi)": _unless_counted(months(-1)),
    r"năm nay": years(0),
    r"năm (?:sau|tới)|sang năm": years(1),
    r"năm ngoái": years(-1),
    r"tết(?: (?:nguyên đán|âm lịch|âm|ta|cổ truyền|năm nay|này))*|dịp tết": coming_tet,
    r"tết (?:dương lịch|dương|tây)|năm mới dương lịch": each_year(1, 1),
    r"(?:tết |rằm )?trung thu": each_lunar_year(8, 15),
    r"tết đoan ngọ|đoan ngọ": each_lunar_year(5, 5),
    r"tết nguyên tiêu": each_lunar_year(1, 15),
    r"giỗ tổ(?: hùng vương)?": each_lunar_year(3, 10),
    r"(?:lễ )?vu lan": each_lunar_year(7, 15),
    r"(?:lễ )?quốc khánh": each_year(9, 2),
    r"(?:ngày )?giải phóng miền nam|thống nhất đất nước": each_year(4, 30),
    r"quốc tế lao động": each_year(5, 1),
    r"tết thiếu nhi|quốc tế thiếu nhi": each_year(6, 1),
    r"quốc tế phụ nữ": each_year(3, 8),
    r"phụ nữ việt nam": each_year(10, 20),
    r"(?:ngày )?nhà giáo(?: việt nam)?": each_year(11, 20),
    r"(?:lễ )?(?:giáng sinh|nô en|noel)": each_year(12, 25),
}
_TIMES: dict[str, Read] = {
    r"chiều tối": part("evening"),
    r"nửa đêm": part("night"),
    r"(?:buổi )?(?:sáng sớm|sớm tinh mơ)|tờ mờ sáng|=rạng sáng|sớm(?= mai)": part("early"),
    r"giữa trưa": part("noon"),
}
_MOON = r"(?:âm lịch|=âm|âl)"
_MARKED_PART = (
    r"(?P<whole>buổi |ban )?(?P<part>=sáng(?! (?:tạo|lập|kiến|suốt|sủa|chế|tác|bóng))|=tối(?! (?:đa|thiểu|ưu|quá|om"
    r"|thui|mịt|tăm|lắm|hù|đen|nghĩa|tân))|trưa|chiều(?! (?:cao|dài|rộng|hướng|sâu|tối|chuộng|lòng))|=đêm|khuya)(?! (?:vui|tốt lành|an lành))"
)
_BARE_PARTS_ALONE = (
    r"(?P<whole>buoi |ban )(?P<part>sang|toi|dem)",
    r"(?P<whole>)(?P<part>sang|toi|dem)(?= (?:nay|mai|qua|mot|kia|thu|t[2-7]|cn|chu nhat|ngay|hom))",
)
_WEEKS_WRITTEN = (
    "tuần này",
    "tuần sau",
    "tuần tới",
    "tuần sau nữa",
    "tuần trước",
    "tuần rồi",
    "tuần qua",
)


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    return (*date_words(_WORDS), *time_words(_TIMES), *_date_rules(), *_time_rules())


def _date_rules() -> tuple[Rule, ...]:
    when = rf"(?: (?P<when>{one_of(_WEEKS_WRITTEN)}|này|tới|trước(?! \d)|vừa rồi|vừa qua))?"
    weekday = rf"(?:thứ ?(?P<day>hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|t(?P<short>[2-7])|chủ ?nhật|chủ nhựt|chúa nhật|cn){when}"
    unit = "(?P<unit>ngày|hôm|bữa|tuần|tháng)"
    counted = rf"(?P<count>{VIETNAMESE_NUMBER}) {unit} (?P<where>nữa|sau|tới|sắp tới|trước)"
    mung = "(?:mùng|mồng)"
    month = rf"tháng ?(?P<month>{_MONTH})(?:(?: năm |/)(?P<year>\d{{4}}))?"
    table: dict[str, Read] = {
        weekday: _weekday,
        counted: _counted,
        rf"sau (?P<count>{VIETNAMESE_NUMBER}) {unit}(?: nữa)?": _counted,
        # Before those of months by name: bare, "sau" is both "next" and six.
        rf"ngày (?:{mung} )?(?P<number>{_DAY}) tháng (?P<which>này|sau|tới|trước)": _day_of_near_month,
        rf"(?:ngày )?(?:{mung} )?(?P<number>{_DAY}) {month}(?P<moon> {_MOON})?": _day_and_month,
        rf"(?:ngày |hôm |{mung} )+(?P<number>\d{{1,2}})[-/.](?P<month>\d{{1,2}})(?:[-/.](?P<year>\d{{4}}))?": _day_and_month,
        rf"(?:ngày |{mung} )*(?P<number>\d{{1,2}})[-/.](?P<month>\d{{1,2}})(?P<year>)(?P<moon> {_MOON})": _day_and_month,
        rf"(?P<moon>{_MOON}) (?:ngày |{mung} )*(?P<number>\d{{1,2}})(?:[-/.]| tháng )(?P<month>\d{{1,2}})(?P<year>)": _day_and_month,
        r"(?:ngày )?(?P<first>\d{1,2}) ?(?:-|đến|tới) ?(?:ngày )?(?P<number>\d{1,2})(?:/| tháng )(?P<month>\d{1,2})": _range,
        month: _month,
        r"(?:ngày )?rằm tháng (?P<which>này|sau|tới)": _full_moon_of_near_month,
        rf"(?:ngày )?rằm(?: tháng ?(?P<month>{_MONTH}))?": _full_moon,
        rf"(?<!\d\s)(?:ngày |hôm )(?:{mung} )?(?P<number>\d{{1,2}})(?! ?(?:[-/.:]\d|h|đêm|giờ|lần|bữa|người|viên|tháng|k))": _day,
        rf"(?:ngày )?{mung} (?P<number>(?!(?:1|một|mot)\b){_DAY})(?: (?:này|tới))?": _day,
        rf"(?:ngày )?{mung} (?P<number>1|một)(?: đầu tháng)?": _lunar_day,
        rf"(?:ngày )?(?:{mung} )?(?P<number>{_DAY}) {_MOON}": _lunar_day,
        rf"(?:ngày )?{mung} (?P<number>{_DAY}) tết": _day_of_tet,
        r"(?P<number>2\d|30) tết|(?:đêm )?giao thừa": _before_tet,
    }
    return date_words(table)


def _time_rules() -> tuple[Rule, ...]:
    minutes = r"(?: ?(?P<half>rưỡi|rưởi)| kém (?P<less>\d{1,2}|năm|mười lăm|mười|hai mươi|hai lăm)"
    minutes += r"| ?(?P<minute>\d\d?|mười lăm|ba mươi|mười|hai mươi)(?! ?(?:/|tháng|người|k|đồng|nghìn|ngày))(?: ?(?:phút|ph|p))?)?"
    hour = rf"(?:(?P<before>{_PART_BEFORE}) )?(?:(?P<hour>\d{{1,2}}) ?(?:h|giờ|g(?=\d\d| ?rưỡi| kém| ?{_PART}))|(?P<words>{_HOUR_WORD}) (?:h|giờ))(?![a-z])"
    hour += rf"{minutes}(?:(?: phút)?)(?: ?đúng)?(?: ?(?P<after>{_PART}))?(?! (?:nữa|đồng hồ|liền|liên tục|đi bộ|đi xe|lái xe))"
    hours_ahead = (
        rf"(?P<count>{VIETNAMESE_NUMBER}) ?(?P<unit>h|giờ|tiếng|phút|p)(?P<half> rưỡi)? nữa"
    )
    return (
        Rule("time", latin(hour), _hour),
        Rule("time", latin(hours_ahead), _hours_ahead),
        Rule("time", latin(_MARKED_PART), _part),
        *(Rule("time", latin(bare), _part) for bare in _BARE_PARTS_ALONE),
    )
