"""One message as it was understood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any

from dialogue.emergency_kinds import is_in_doubt

_REMEMBERED_AT_MOST = 10

Position = dict[str, float]
"""{"latitude", "longitude"} in degrees, WGS 84."""


@dataclass(frozen=True)
class Found:
    """Something named in a message: its kind, its key in that kind, and where it stands in the text.

    `name` is the spelling of our data, not the one that was typed. Values of a `date` are
    "2026-11-30" or "2026-11-30/2026-12-01", those of a `time` "14:30" or "13:00/17:59", of an
    `amount` whole dong, of a `report_code` the code as we write it.
    """

    kind: str
    value: str
    start: int = 0
    end: int = 0
    name: str = ""


def remembered(found: Iterable[Found]) -> tuple[dict[str, Any], ...]:
    """Return findings as the state keeps them: not where they stood, and no cry for help."""
    kept = (asdict(replace(one, start=0, end=0)) for one in found if one.kind != "emergency")
    return tuple(islice(kept, _REMEMBERED_AT_MOST))


@dataclass(frozen=True)
class Turn:
    """`intents`: with confidence (0 to 1), the likeliest first. `now` is the moment in Vietnam.

    `position` is that of the phone, for this message only; None when it shared none.
    """

    text: str
    language: str
    intents: tuple[tuple[str, float], ...]
    now: datetime
    found: tuple[Found, ...] = ()
    position: Position | None = field(default=None, repr=False)
    is_signed_in: bool = False

    def recalling(self, *before: dict[str, Any]) -> Turn:
        """Return the message with what was remembered of others; of a kind that is found in both, the later counts."""
        kinds = {one.kind for one in self.found}
        kept = (Found(**one) for one in before if one["kind"] not in kinds)
        return replace(self, found=(*self.found, *kept))

    @property
    def intent(self) -> str:
        return self.intents[0][0] if self.intents else "nlu_fallback"

    @property
    def confidence(self) -> float:
        return self.intents[0][1] if self.intents else 0.0

    @property
    def is_cry_in_doubt(self) -> bool:
        """Whether a message may be a cry for help, and is likelier something else."""
        return is_in_doubt(self.intent, self.confidence)

    def all_of(self, *kinds: str) -> Iterator[Found]:
        return (found for found in self.found if found.kind in kinds)

    def first(self, *kinds: str) -> Found | None:
        return next(self.all_of(*kinds), None)

    def value(self, *kinds: str) -> str | None:
        found = self.first(*kinds)
        return found.value if found else None

    def values(self, *kinds: str) -> list[str]:
        return [found.value for found in self.all_of(*kinds)]

    def name(self, *kinds: str) -> str | None:
        found = self.first(*kinds)
        return found.name if found else None
