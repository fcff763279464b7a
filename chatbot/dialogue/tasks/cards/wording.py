"""Money, people and validity of cards in the reader's words."""

from __future__ import annotations

from babel import Locale
from babel.numbers import format_currency

from dialogue import formats
from dialogue.province import Answer
from dialogue.saying import Line, line
from dialogue.titles import worded

Party = tuple[int, int]
"""Adults and children."""


def dong(amount: int, language: str) -> str:
    return format_currency(amount, "VND", locale=Locale.parse(language, sep="-"))


def party_of(people: list[str]) -> Party:
    return people.count("ADULT"), people.count("CHILD")


def party(people: Party, language: str) -> str:
    """Return "2 adults, 1 child" in the reader's words."""
    adults, children = people
    parts = []
    if adults:
        parts.append(line("part_adults" if adults > 1 else "part_adult", count=str(adults)))
    if children:
        parts.append(line("part_children" if children > 1 else "part_child", count=str(children)))
    return formats.listed((worded(part, language) for part in parts), language)


def validity(card: Answer) -> Line:
    """Return how long a card holds from its first use."""
    hours, days = card["validity"]["rollingHours"], card["validity"]["calendarDays"]
    if hours is not None:
        return line("part_valid_hours", hours=str(hours))
    return line("part_valid_days", days=str(days)) if days > 1 else line("part_valid_day")
