"""Writes the holidays of a calendar into an expression of opening hours, in place of its `PH`.

The library that evaluates expressions knows no holidays of Vietnam and would take `PH` for a day that never
comes. So a rule that holds on `PH` is split: what it says of weekdays stays, and the same for the dates
of the holidays follows. (OpenStreetMap's specification of opening_hours, "holiday" and "rule sequence".)
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from api.tourism.errors import SchoolHolidaysUnknown

_WEEKDAY = r"(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_SHIFT = r"(?:\s*[+-]\s*\d+\s*days?)?"
_DAY = rf"(?:PH{_SHIFT}|SH{_SHIFT}|{_WEEKDAY}(?:\s*-\s*{_WEEKDAY})?(?:\s*\[[^\]]*\]{_SHIFT})?)"
_DAYS = re.compile(rf"{_DAY}(?:\s*,\s*{_DAY})*")
_HOLIDAY = re.compile(r"PH(?:\s*([+-])\s*(\d+)\s*days?)?")
_WORD = re.compile(r"[A-Za-z]+")
_ENDS_RULE = re.compile(
    r"(?:\d\d:\d\d|\+|\)|sunrise|sunset|dawn|dusk|open|closed|off|unknown|\"|24/7)\s*$"
)
_STARTS_RULE = re.compile(
    rf"\s*(?:{_WEEKDAY}\b|PH\b|SH\b|week\b|easter\b|24/7|\d{{4}}(?![:\d])"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b)"
)
_COMMENT = re.compile(r'"[^"]*"\s*$')
_MODIFIER = re.compile(r"\b(?:open|closed|off|unknown)\b")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Holds = Callable[[str, date], bool]
"""Tells whether the days that a selector names include a date."""

_JOINS = {";": "; ", ",": ", ", "||": " || "}


@dataclass(frozen=True, slots=True)
class _Rule:
    """`joined`: what parts it from the rule before: `;`, `,`, `||`, or nothing."""

    joined: str
    text: str


def with_holidays(expression: str, holidays: Collection[date], holds: Holds) -> str:
    """Return `expression` with the dates of `holidays` where it says `PH`.

    Raises InvalidOpeningHours for what would need school holidays, which no calendar here has.
    """
    rules = [
        _as_unknown(it) for rule in _rules(expression) for it in _written_out(rule, holidays, holds)
    ]
    if not rules:
        return "off"
    first, *rest = rules
    return first.text + "".join(f"{_JOINS[rule.joined]}{rule.text}" for rule in rest)


def mentions_holidays(expression: str) -> bool:
    return "PH" in _WORD.findall(_unquoted(expression))


def _unquoted(text: str) -> str:
    """Return `text` of the same length, with blanks for quoted comments."""
    return re.sub(r'"[^"]*"', lambda found: " " * len(found[0]), text)


def _rules(expression: str) -> Iterator[_Rule]:
    plain = _unquoted(expression)
    start, joined = 0, ""
    for place, separator in _separators(expression, plain):
        yield _Rule(joined, expression[start:place].strip())
        start, joined = place + len(separator), separator
    yield _Rule(joined, expression[start:].strip())


def _separators(expression: str, plain: str) -> Iterator[tuple[int, str]]:
    depth = 0
    for place, character in enumerate(plain):
        depth += (character in "[(") - (character in "])")
        if depth or character not in ";,|":
            continue
        if character == ";" or (
            character == ","
            and _ENDS_RULE.search(expression[:place])
            and _STARTS_RULE.match(expression, place + 1)
        ):
            yield place, character
        elif plain[place : place + 2] == "||":
            yield place, "||"


def _written_out(rule: _Rule, holidays: Collection[date], holds: Holds) -> Iterator[_Rule]:
    plain = _unquoted(rule.text)
    if "SH" in _WORD.findall(plain):
        raise SchoolHolidaysUnknown
    days = next((it for it in _DAYS.finditer(plain) if "PH" in it[0]), None)
    if days is None:
        yield rule
        return
    around, rest = rule.text[: days.start()].strip(), rule.text[days.end() :].strip()
    further = _DAYS.match(rest)
    selector = f"{around} {further[0] if further else ''}".strip()
    items = re.split(r"\s*,\s*(?![^\[]*\])", days[0])
    weekdays = [item for item in items if not item.startswith("PH")]
    if weekdays:
        yield _Rule(rule.joined, f"{around} {','.join(weekdays)} {rest}".strip())
    dates = [
        day
        for item in items
        if (holiday := _HOLIDAY.fullmatch(item))
        for day in _shifted(holiday, holidays)
        if not selector or holds(selector, day)
    ]
    if dates:
        rest_of_day = rest[further.end() :].strip() if further else rest
        yield _Rule(rule.joined or ";", f"{_named(dates)} {rest_of_day}".strip())


def _as_unknown(rule: _Rule) -> _Rule:
    """Say `unknown` where a rule has a comment and no modifier: the specification means that by it."""
    plain = _unquoted(rule.text)
    comment = _COMMENT.search(rule.text)
    if comment is None or _MODIFIER.search(plain):
        return rule
    return _Rule(
        rule.joined,
        f"{rule.text[: comment.start()].rstrip()} unknown {comment[0]}".strip(),
    )


def _shifted(holiday: "re.Match[str]", holidays: Collection[date]) -> Iterator[date]:
    sign, count = holiday[1], int(holiday[2] or 0)
    for day in holidays:
        yield day + timedelta(days=-count if sign == "-" else count)


def _named(dates: Collection[date]) -> str:
    return ",".join(
        f"{day.year} {_MONTHS[day.month - 1]} {day.day:02}" for day in sorted(set(dates))
    )
