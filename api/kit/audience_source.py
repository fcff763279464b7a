"""Whoever knows where people will be: planned trips, booked stays. Warnings ask it beside positions."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import heapify, heappop, heapreplace
from typing import Protocol

from api.kit.area import Area


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` until before `end`, aware UTC."""

    start: datetime
    end: datetime


class AudienceSource(Protocol):
    @property
    def name(self) -> str:
        """Stable: a fan-out that was killed goes on by it."""
        ...

    def persons_in(
        self,
        area: Area,
        communes: frozenset[str],
        period: Period,
        after: str | None,
        said_since: datetime | None,
    ) -> AsyncGenerator[str]:
        """Yield the ids of people who will be in the area, or one of the communes, in the period.

        In ascending order, each once, from behind `after`; those who agreed to it only. Nobody is
        missed: whoever may be there is there. With `said_since`, only by what was said since then.
        """
        ...


@dataclass(frozen=True, slots=True)
class Among:
    """Implements AudienceSource with what another one knows of some people alone."""

    source: AudienceSource
    people: frozenset[str]

    @property
    def name(self) -> str:
        return self.source.name

    async def persons_in(
        self,
        area: Area,
        communes: frozenset[str],
        period: Period,
        after: str | None,
        said_since: datetime | None,
    ) -> AsyncGenerator[str]:
        async for one in self.source.persons_in(area, communes, period, after, said_since):
            if one in self.people:
                yield one


async def in_pages(found: AsyncGenerator[str], size: int) -> AsyncGenerator[list[str]]:
    """Yield what is found in lists of `size`, the last one perhaps shorter, none empty."""
    page: list[str] = []
    async for one in found:
        page.append(one)
        if len(page) == size:
            yield page
            page = []
    if page:
        yield page


async def ascending(streams: Sequence[AsyncGenerator[str]]) -> AsyncGenerator[str]:
    """Yield what any of several ascending streams has, in ascending order, each once."""
    heads = [
        (head, number)
        for number, stream in enumerate(streams)
        if (head := await anext(stream, None)) is not None
    ]
    heapify(heads)
    last: str | None = None
    while heads:
        head, number = heads[0]
        if head != last:
            yield head
            last = head
        following = await anext(streams[number], None)
        if following is None:
            heappop(heads)
        else:
            heapreplace(heads, (following, number))
