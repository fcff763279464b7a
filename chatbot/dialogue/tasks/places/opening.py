"""Whether a place is open now, or at the time that somebody names; "not known" is said, never guessed."""

from __future__ import annotations

import re
from datetime import datetime, time

from dialogue import formats
from dialogue.province import Answer, Asked, ProvinceUnreachable
from dialogue.saying import Line, line
from dialogue.tasks.places.days import all_days
from dialogue.tasks.telltale_words import holds

_NOON = time(12)
"""Of a day without an hour, in words: at night most is closed."""
_OPEN = re.compile(
    r"\b(?:open(?:s|ed|ing)?|closed?|closes|closing)\b|(?:mở|đóng) cửa|(?:đang|còn|có|giờ) mở\b|\bmở (?:không|chưa|lúc|mấy)"
    r"|\bouvert|\bouvr|\bferm(?:é|e\b|er|eture)|\bhoraires"
    r"|开门|开着|开放|营业|关门|还开|开不开|열려|열었|열린|열어|여나요|영업|문\s*(?:을\s*)?(?:열|여|닫)|닫았|닫혔"
    r"|開いて|開く|営業|閉ま|閉館|開館|あいて|やってい|やってる"
)
_OPEN_UNMARKED = re.compile(
    r"\b(?:mo|dong) cua\b|\b(?:dang|con|co|gio) mo\b|\bmo (?:khong|chua|luc|may)\b|\bouvert|\bferme\b"
)


def asks_open(text: str) -> bool:
    """Tell whether a message asks for what is open, or when."""
    return holds(text, _OPEN, _OPEN_UNMARKED)


def is_asked(asked: Asked) -> bool:
    """Tell whether opening matters: it is asked for, or a day or an hour is named."""
    return asks_open(asked.turn.text) or asked.turn.first("date", "time") is not None


def moment_named(asked: Asked) -> datetime | None:
    """Return the moment that a message names; None for now."""
    now = asked.turn.now.astimezone(formats.VIETNAM)
    coming = [day for day in all_days(asked.turn.values("date")) if day >= now.date()]
    hour = asked.turn.value("time")
    if hour is None and (not coming or coming[0] == now.date()):
        return None
    clock = time.fromisoformat(hour.partition("/")[0]) if hour else _NOON
    return datetime.combine(coming[0] if coming else now.date(), clock, formats.VIETNAM)


async def opening_of(asked: Asked, place_id: str, at: datetime | None) -> Answer | None:
    """Return whether a place is open at a time, None for now; None when nothing is known of its hours."""
    moment = at.isoformat() if at else None
    try:
        place = (await asked.ask("tourism/PlaceOpening", id=place_id, at=moment))["place"]
    except ProvinceUnreachable:
        return None
    opening: Answer | None = place and place["opening"]
    return opening


def opening_line(opening: Answer | None, at: datetime | None, language: str) -> Line:
    """Return what is known of the opening, in the words of the province."""
    words = {"content": opening["text"]} if opening else line("part_opening_unknown")
    if at is None:
        return line("line_open_now", opening=words)
    return line("line_open_at", time=formats.moment(at, language), opening=words)
