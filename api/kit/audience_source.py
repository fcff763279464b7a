"""Whoever knows where people will be: planned trips, booked stays. Warnings ask it beside positions."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from api.kit.area import Area


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` until before `end`, aware UTC."""

    start: datetime
    end: datetime


class AudienceSource(Protocol):
    name: str
    """Stable: a fan-out that was killed goes on by it."""

    def persons_in(
        self, area: Area, communes: frozenset[str], period: Period, after: str | None
    ) -> AsyncGenerator[str]:
        """Yield the ids of people who will be in the area, or one of the communes, in the period.

        In ascending order, each once, from behind `after`; those who agreed to it only. Nobody is
        missed: whoever may be there is there.
        """
        ...
