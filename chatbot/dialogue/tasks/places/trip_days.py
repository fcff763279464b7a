"""When a trip is: its first day, how many days, from which hour and for how many hours."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from typing_extensions import override

from dialogue.form import NotThis, Slot, Slots, Taken, Took
from dialogue.formats import VIETNAM
from dialogue.province import Asked
from dialogue.saying import Say, choice
from dialogue.tasks.places.days import days_of
from dialogue.tasks.telltale_words import holds

DAYS_AT_MOST = 7
_DAYS_AHEAD_AT_MOST = 400
_HOURS_AT_LEAST, _HOURS_AT_MOST = 2, 14
_WHOLE_DAY_HOURS, _HALF_DAY_HOURS = 10, 4
_USUAL_BEGIN = "08:00"
_DAY_COUNT = re.compile(
    r"(?<!\d)(\d{1,2})\s*-?\s*(?:days?\b|ngày(?!\s*\d)|jours?\b|天|日間|일간|박)", re.IGNORECASE
)
_HOUR_COUNT = re.compile(
    r"(?<!\d)(\d{1,2})\s*(?:hours?\b|tiếng|heures?\b|个小时|小时|시간|時間)", re.IGNORECASE
)
"""Without "giờ" and "h", which also end a time of the day."""
_NUMBER = re.compile(r"\d{1,2}")
_HALF_DAY = re.compile(
    r"\bhalf[- ](?:a |of (?:a|the) )?day\b|\bhalf of the day\b|\b(?:nửa|1/2) ngày|\bmột buổi\b|demi[- ]journée|半天|半日"
    r"|반나절|한나절|반일(?!본)"
)
_HALF_DAY_UNMARKED = re.compile(r"\bnua ngay\b|\bmot buoi\b|demi[- ]journee")
_WHOLE_DAY = re.compile(
    r"\b(?:whole|full|entire|all|all the)[- ]day\b|\bday[- ]?trip\b|\b(?:cả|nguyên|trọn|trong) ngày\b(?! (?:mai|kia|hôm|\d|thứ|chủ))"
    r"|toute la journée|journée (?:entière|complète)|à la journée|一整天|整天|全天|一日游"
    r"|하루\s*(?:종일|온종일)|온종일|종일|당일치기|一日中|丸一日|まる一日|終日|日帰り"
)
_WHOLE_DAY_UNMARKED = re.compile(
    r"\b(?:ca|nguyen|tron|trong) ngay\b(?! (?:mai|kia|hom|\d|thu|chu))|toute la journee|journee (?:entiere|complete)"
)


class FirstDay(Slot):
    """Such as "2026-12-01"; a range of days also tells how many there are."""

    name, kinds = "day", ("date",)

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        today = asked.turn.now.date()
        saturday = today + timedelta((5 - today.weekday()) % 7)
        days = f"{saturday}/{saturday + timedelta(1)}"
        return Say(
            "utter_trip_which_day",
            choices=[
                choice(str(today), "choice_today"),
                choice(str(today + timedelta(1)), "choice_tomorrow"),
                choice(days, "choice_weekend"),
            ],
        )

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        if (value := asked.turn.value(*self.kinds)) is None:
            return None
        days, today = days_of(value), asked.turn.now.date()
        coming = [day for day in days if day >= today]
        if not coming:
            return NotThis(Say("utter_trip_day_past"))
        if coming[0] > today + timedelta(_DAYS_AHEAD_AT_MOST):
            return NotThis(Say("utter_trip_day_far"))
        if len(coming) > DAYS_AT_MOST:
            return NotThis(Say("utter_trip_too_long", {"most": str(DAYS_AT_MOST)}))
        return Took(str(coming[0]), {"length": len(coming)} if len(days) > 1 else None)


class Length(Slot):
    """How many days; one unless it is said."""

    name, is_asked = "length", False

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        if (said := _DAY_COUNT.search(asked.turn.text)) is None:
            return None
        count = int(said[1])
        if not 1 <= count <= DAYS_AT_MOST:
            return NotThis(Say("utter_trip_too_long", {"most": str(DAYS_AT_MOST)}))
        return Took(count)


class Begin(Slot):
    """Such as "09:00": when the first day begins; a span of hours, or a later hour, also tells how long it is."""

    name, kinds, is_asked = "begin", ("time",), False

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        if (value := asked.turn.value(*self.kinds)) is None:
            return None
        first, _, last = value.partition("/")
        hours = round(_minutes_between(first, last or _last_hour(asked)) / 60)
        is_length = _HOURS_AT_LEAST <= hours <= _HOURS_AT_MOST
        return Took(first, {"hours": hours} if is_length else None)


class Hours(Slot):
    """How long a trip of one day is; of several days, each is a whole one."""

    name, kinds = "hours", ("time",)

    @override
    def is_needed(self, slots: Slots) -> bool:
        return length_of(slots) == 1

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        return Say(
            "utter_trip_how_long",
            choices=[
                choice(str(_WHOLE_DAY_HOURS), "choice_whole_day"),
                choice(str(_HALF_DAY_HOURS), "choice_half_day"),
            ],
        )

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        if (part := _part_of_day(asked.turn.text)) is not None:
            return Took(part)
        said = _HOUR_COUNT.search(asked.turn.text)
        bare = _NUMBER.fullmatch(asked.turn.text.strip()) if is_awaited else None
        if said is None and bare is None:
            return None
        count = int(said[1] if said else asked.turn.text)
        if _HOURS_AT_LEAST <= count <= _HOURS_AT_MOST:
            return Took(count)
        fields = {"least": str(_HOURS_AT_LEAST), "most": str(_HOURS_AT_MOST)}
        return NotThis(Say("utter_trip_hours_bounds", fields))

    @override
    def is_said_in(self, text: str) -> bool:
        return _part_of_day(text) is not None


def length_of(slots: Slots) -> int:
    """Return how many days; a weekend that was tapped stands in the slot of the day itself."""
    return int(slots.get("length") or len(days_of(slots["day"])))


def span_of(slots: Slots, now: datetime) -> tuple[datetime, datetime]:
    """Return when a trip begins and ends: never before the next quarter of an hour."""
    first = days_of(slots["day"])[0]
    begin = max(_at(first, slots.get("begin") or _USUAL_BEGIN), _next_quarter(now))
    if (days := length_of(slots)) == 1:
        return begin, begin + timedelta(hours=int(slots["hours"]))
    last = first + timedelta(days - 1)
    return begin, _at(last, _USUAL_BEGIN) + timedelta(hours=_WHOLE_DAY_HOURS)


def _next_quarter(now: datetime) -> datetime:
    whole = now.astimezone(VIETNAM).replace(minute=0, second=0, microsecond=0)
    return whole + timedelta(minutes=15 * (now.minute // 15 + 1))


def _at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), VIETNAM)


def _part_of_day(text: str) -> int | None:
    """Return the hours of half a day or a whole one, where that is said in words."""
    if holds(text, _HALF_DAY, _HALF_DAY_UNMARKED):
        return _HALF_DAY_HOURS
    return _WHOLE_DAY_HOURS if holds(text, _WHOLE_DAY, _WHOLE_DAY_UNMARKED) else None


def _last_hour(asked: Asked) -> str:
    """Return the last hour that is said; of "back in the evening" its beginning."""
    return asked.turn.values("time")[-1].partition("/")[0]


def _minutes_between(first: str, last: str) -> int:
    start, end = time.fromisoformat(first), time.fromisoformat(last)
    return (end.hour - start.hour) * 60 + end.minute - start.minute
