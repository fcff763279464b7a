"""A weekday that was said alone: it is one of the week that is talked of, not always the next from today."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

_ALONE = re.compile(
    r"(thứ ?|thu ?)(hai|ba|tư|tu|năm|nam|sáu|sau|bảy|bẩy|bay|[2-7])|t[2-7]|chủ ?nhật|chu ?nhat|chủ nhựt|chúa nhật|cn"
    r"|(mon|tues|tuse|wednes|wedns|thurs|fri|satur|sun)days?|mon|tues?|weds?|thu(rs?)?|fri|sat|sun"
    r"|(lun|mar|mercre|jeu|vendre|same)dis?|dimanches?"
    r"|(周|週|星期|礼拜|禮拜)[一二三四五六日天]"
    r"|[월화수목금토일](요일|욜)|[月火水木金土日]曜日?"
)


def is_alone(words: str) -> bool:
    """Tell whether words name a weekday and no week: "Friday", but not "this Friday"."""
    return _ALONE.fullmatch(unicodedata.normalize("NFC", words).casefold().strip()) is not None


def in_week_of(weekday: date, first: date, last: date) -> date:
    """Return the day of that name in the week of `first`, or the first of it in the days `first` to `last`."""
    if first == last:
        return first + timedelta(weekday.weekday() - first.weekday())
    meant = first + timedelta((weekday.weekday() - first.weekday()) % 7)
    return meant if meant <= last else weekday
