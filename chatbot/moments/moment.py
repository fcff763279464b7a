"""What the tables speak of: a moment that was found, a rule that finds one, and what an hour was said with."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Kind = Literal["date", "time"]


@dataclass(frozen=True)
class Moment:
    """A day or an hour at `start` to `end` of the text.

    Values of a date are "2026-11-30" or "2026-11-30/2026-12-01", those of a time "14:30" or
    "13:00/17:59". A word that says both ("tonight") is two moments at one place.
    """

    kind: Kind
    start: int
    end: int
    value: str


@dataclass(frozen=True)
class Context:
    """`is_month_first` tells whether 5/12 is the 12th of May; `cased` is the text with its capitals."""

    now: datetime
    is_month_first: bool = False
    cased: str = ""

    @property
    def today(self) -> date:
        return self.now.date()


@dataclass(frozen=True)
class Clock:
    """An hour as it was said, before a part of the day elsewhere in the message may tell which half it is in.

    `part` is a key of clock.PARTS, "am" or "pm". Without an hour it is the part itself.
    `is_certain` where the writing excludes the other half of the day: "08:00".
    """

    part: str | None = None
    hour: int | None = None
    minute: int = 0
    is_certain: bool = False


Meaning = str | Clock
Read = Callable[["re.Match[str]", Context], Meaning | None]


@dataclass(frozen=True)
class Rule:
    """`pattern` runs over lower-case text. Its group `span`, if there is one, is what is marked.

    `read` returns the value of a date or the clock of a time; None where it is none after all.
    """

    kind: Kind
    pattern: re.Pattern[str]
    read: Read


@dataclass(frozen=True)
class Candidate:
    """A match of one rule. `extent` is the length with the words around that the rule asked for."""

    kind: Kind
    start: int
    end: int
    meaning: Meaning
    extent: int

    def overlaps(self, other: Candidate) -> bool:
        return self.start < other.end and other.start < self.end

    def stands_with(self, other: Candidate) -> bool:
        """Tell whether both can be kept: apart, or one word that says a day and an hour."""
        is_same_place = (self.start, self.end) == (other.start, other.end)
        return not self.overlaps(other) or (is_same_place and self.kind != other.kind)
