"""What the moments of one message tell about each other: the half of the day, and from when to when."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import zip_longest

from moments import clock
from moments.moment import Candidate, Clock

_TO_TIME = re.compile(
    r"\s*(?:h\s*)?(?:-|~|〜|～|to|until|till|and|đến|den|tới|toi|à|jusqu'à|到|至|から|より|부터|에서)\s*"
)
_TO_DATE = re.compile(
    r"\s*(?:-|~|〜|～|through|until|till|đến hết|den het|au|jusqu'au|到|至|から|부터|에서)\s*"
)
_WEEKDAY = re.compile(
    r"thứ ?\w+|thu (?:\d|hai|ba|tu|nam|sau|bay)|t[2-7]|chủ nhật|chu nhat|cn|\w+day|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche"
    r"|[月火水木金土日]曜日?|(?:周|週|星期|礼拜|禮拜)[一二三四五六日天]|[월화수목금토일]요일"
)
_TO_DAY_OF_WEEKDAY = re.compile(r"[\s,(]*(?:ngày|hôm|the|le)?\s*")
_DASHES = {"-", "~", "〜", "～"}
_FROM = {"から", "より", "부터", "에서"}
_UNTIL = re.compile(r"まで|の間|か|\s*까지|\s*사이")
_MOVED = re.compile(
    r"\b(?:mov|chang|resched|shift|switch|postpon|swap|décal|decal|déplac|deplac|report|avanc|repouss|modif)"
    r"|\b(?:đổi|doi|dời|chuyển|chuyen|hoãn|hoan|lùi|lui)\b|[改换換变變挪推延変移]|ずら|바꾸|바꿔|변경|옮|미루|미뤄|미룰"
)
_TALKS_OF_DAYS_BETWEEN = 40
"""Letters at most between a part of the day and the hour in it: "tối thứ hai tuần sau, lúc 8 giờ"."""


def settle(candidates: list[Candidate], text: str) -> list[tuple[Candidate, str]]:
    """Return `candidates` (in order of place) with their values, those joined by "to" as one."""
    spread = _spread_parts(_with_halves(candidates, text))
    settled: list[tuple[Candidate, str]] = []
    for candidate in spread:
        joined = _joined(settled[-1], candidate, text) if settled else None
        if joined:
            settled[-1] = joined
        else:
            settled.append((candidate, _value(candidate)))
    return settled


def _value(candidate: Candidate) -> str:
    meaning = candidate.meaning
    return clock.value_of(meaning) if isinstance(meaning, Clock) else meaning


def _spread_parts(candidates: list[Candidate]) -> list[Candidate]:
    """Let the only part of the day and the only hour that lacks one speak of the same time."""
    parts = [one for one in candidates if _is_part(one)]
    hours = [one for one in candidates if one.kind == "time" and not _is_part(one)]
    if len(parts) != 1 or len(hours) != 1 or _distance(parts[0], hours[0]) > _TALKS_OF_DAYS_BETWEEN:
        return candidates
    part, hour = parts[0].meaning, hours[0].meaning
    if not isinstance(part, Clock) or not isinstance(hour, Clock) or hour.part:
        return candidates
    same = replace(hour, part=part.part)
    if not clock.is_in_part(same):
        return candidates
    return [
        replace(one, meaning=same) if one in (parts[0], hours[0]) else one for one in candidates
    ]


def _is_part(candidate: Candidate) -> bool:
    return isinstance(candidate.meaning, Clock) and candidate.meaning.hour is None


def _distance(one: Candidate, other: Candidate) -> int:
    return max(one.start, other.start) - min(one.end, other.end)


def _with_halves(candidates: list[Candidate], text: str) -> list[Candidate]:
    pairs = zip_longest(candidates, candidates[1:])
    return [
        _in_half_of(first, last)
        if last and _TO_TIME.fullmatch(text, first.end, max(first.end, last.start))
        else first
        for first, last in pairs
    ]


def _in_half_of(first: Candidate, last: Candidate) -> Candidate:
    """Return "7" of "7 to 9 pm" as seven in the evening, "9" of "9 to 1 pm" as it is."""
    start, end = first.meaning, last.meaning
    if not isinstance(start, Clock) or not isinstance(end, Clock):
        return first
    if start.part or start.hour is None or not end.part:
        return first
    same = replace(start, part=end.part)
    starts, ends = clock.time_of(same), clock.time_of(end)
    return replace(first, meaning=same) if starts and ends and starts < ends else first


def _is_weekday_of(first: Candidate, later: Candidate, text: str) -> bool:
    """Tell whether both are one day: "thứ hai, 30/11", where the date counts."""
    return (
        first.kind == later.kind == "date"
        and bool(_WEEKDAY.fullmatch(text, first.start, first.end))
        and not _WEEKDAY.match(text, later.start)
        and any(letter.isdigit() for letter in text[later.start : later.end])
        and bool(_TO_DAY_OF_WEEKDAY.fullmatch(text, first.end, later.start))
    )


def _are_one_range(first: Candidate, later: Candidate, text: str) -> bool:
    """Tell "from 8 to 10" from "move it from 8 to 10", which is two hours."""
    joiner = text[first.end : later.start].strip()
    if joiner in _DASHES:
        return True
    if _MOVED.search(text):
        return False
    return joiner not in _FROM or bool(_UNTIL.match(text, later.end))


def _joined(
    earlier: tuple[Candidate, str], later: Candidate, text: str
) -> tuple[Candidate, str] | None:
    first, start = earlier
    if _is_weekday_of(first, later, text):
        return replace(first, end=later.end), _value(later)
    joiner = _TO_TIME if later.kind == "time" else _TO_DATE
    if first.kind != later.kind or not joiner.fullmatch(text[first.end : later.start]):
        return None
    end = _value(later)
    if not _are_one_range(first, later, text):
        return None
    if later.kind == "time" and ("/" in start or "/" in end):
        return None
    if later.kind == "date" and start > end:
        return None
    return replace(first, end=later.end), f"{start.partition('/')[0]}/{end.rpartition('/')[2]}"
