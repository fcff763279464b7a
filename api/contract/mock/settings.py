"""How the mock answers: for a run, and as one request asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from locales import negotiate

MOST_ITEMS = 100


@dataclass(frozen=True, slots=True)
class MockSettings:
    """The same `seed` and `now` (aware) make the same answers in every run."""

    seed: str
    now: datetime
    tick_seconds: float = 5.0


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the headers of one request ask for.

    `mock-problem: CODE` refuses (a mutation by the Problem of its union, else in `errors`), `mock-items: 0`
    says how many there are in each list.
    """

    language: str
    problem: str | None
    items: int | None

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> "Wishes":
        items = headers.get("mock-items", "")
        return cls(
            negotiate(headers.get("accept-language") or headers.get("language")),
            headers.get("mock-problem"),
            min(int(items), MOST_ITEMS) if items.isdecimal() and len(items) < 4 else None,
        )
