"""Two days on which doctors work, and how people say them: whenever a test runs, their places are ahead.

"Tuesday" said on a Tuesday means today, whose places pass one after the other; on a holiday there are none.
"""

from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from api.tourism.opening.holidays import shipped_holidays

VIETNAM = timezone(timedelta(hours=7))
SATURDAY = 5
SAID_AHEAD = range(1, 7)
"""So many days ahead the name of a weekday leads: a week ahead it means today."""


class Words(NamedTuple):
    """A weekday in each language; `vi` with its marks, as it is heard, `typed` without."""

    en: str
    vi: str
    typed: str
    zh: str
    fr: str
    ko: str
    ja: str


WORKDAYS = (
    Words("Monday", "Thứ Hai", "thu hai", "星期一", "lundi", "월요일", "月曜日"),
    Words("Tuesday", "Thứ Ba", "thu ba", "星期二", "mardi", "화요일", "火曜日"),
    Words("Wednesday", "Thứ Tư", "thu tu", "星期三", "mercredi", "수요일", "水曜日"),
    Words("Thursday", "Thứ Năm", "thu nam", "星期四", "jeudi", "목요일", "木曜日"),
    Words("Friday", "Thứ Sáu", "thu sau", "星期五", "vendredi", "금요일", "金曜日"),
)


class Days(NamedTuple):
    """Two that are not the same, for those who change their minds."""

    first: Words
    second: Words


def two_working_days(now: datetime) -> Days | None:
    """Return two days of the coming week; None when holidays leave fewer.

    Tomorrow only if there is no other: it may be today before a talk is over, and late in the evening is not taken.
    """
    local = now.astimezone(VIETNAM)
    coming = [local.date() + timedelta(days=ahead) for ahead in SAID_AHEAD]
    is_late = (local.hour, local.minute) >= (23, 30)
    tomorrow, later = [] if is_late else coming[:1], coming[1:]
    holidays = shipped_holidays()
    working = [
        WORKDAYS[day.weekday()]
        for day in later + tomorrow
        if day.weekday() < SATURDAY and holidays.name_of(day) is None
    ]
    return Days(*working[:2]) if len(working) > 1 else None
