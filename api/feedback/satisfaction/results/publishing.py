"""What everybody may read of satisfaction: for each office and month, once, when nothing changes any more.

What keeps a single rating from being told:
- fewer than five ratings, or five who named a reason, are not told at all;
- a month is published when its last rating is final, and never again otherwise: no two editions differ,
  and what an account leaves behind when it goes is counted on;
- nothing is added up over offices, desks or both sources: there is no total from which to take the rest.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from api.accounts.caller import Scope
from api.feedback.satisfaction.errors import InvalidMonth, NotPublishedYet
from api.feedback.satisfaction.records import (
    CHANGEABLE_FOR,
    SATISFIED,
    Grade,
    Reason,
    Source,
    start_of,
)
from api.feedback.satisfaction.results.wilson import Share, share_of
from api.feedback.satisfaction.tallies import Tally, TallyRepository
from api.kit.clock import Clock
from api.kit.formats import day_in_vietnam
from api.kit.pages import Listing, Page, checked_first

PUBLISHED_FROM = 5
"""Ratings; fewer are not told."""
_RESULTS = Listing("feedback.satisfaction", (str, str, str))
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Result:
    """`satisfied`: the share of the two best grades. Reasons that fewer than five named are left out."""

    office: Scope
    month: str
    source: Source
    total: int
    grades: Mapping[Grade, int]
    satisfied: Share
    praised: Mapping[Reason, int]
    criticised: Mapping[Reason, int]


class Publishing:
    def __init__(self, tallies: TallyRepository, clock: Clock) -> None:
        self._tallies = tallies
        self._clock = clock

    async def page(self, month: str, first: int, after: str | None) -> Page[Result]:
        """Return a page of a month's results, by office.

        Raises InvalidMonth, NotPublishedYet, InvalidPageSize and InvalidCursor.
        """
        self._check(month)
        found = await self._tallies.page(
            month, PUBLISHED_FROM, _RESULTS.values(after), checked_first(first) + 1
        )
        page = _RESULTS.page(found, first=first, after=after, values=_by_office)
        results = tuple(map(_result, page.items))
        return Page(results, page.cursors, page.has_next, page.has_previous)

    async def whole(self, month: str) -> list[Result]:
        """Return all of a month's results, by office. Raises InvalidMonth, NotPublishedYet."""
        self._check(month)
        return list(map(_result, await self._tallies.page(month, PUBLISHED_FROM, None, None)))

    def _check(self, month: str) -> None:
        published_at = published_from(month)
        if self._clock() < published_at:
            raise NotPublishedYet(day=day_in_vietnam(published_at).isoformat())


def published_from(month: str) -> datetime:
    """Return when the last rating of a month is final. Raises InvalidMonth."""
    found = _MONTH.fullmatch(month)
    if found is None:
        raise InvalidMonth
    year, number = int(found[1]), int(found[2])
    following = date(year + number // _MONTHS, number % _MONTHS + 1, 1)
    return start_of(following) + CHANGEABLE_FOR


def _result(tally: Tally) -> Result:
    satisfied = sum(tally.grades[grade] for grade in SATISFIED)
    return Result(
        office=tally.office,
        month=tally.month,
        source=tally.source,
        total=tally.total,
        grades=tally.grades,
        satisfied=share_of(satisfied, tally.total),
        praised=_told(tally.praised),
        criticised=_told(tally.criticised),
    )


def _told(counts: Mapping[Reason, int]) -> dict[Reason, int]:
    return {reason: count for reason, count in counts.items() if count >= PUBLISHED_FROM}


def _by_office(tally: Tally) -> tuple[str, str, str]:
    return str(tally.office), tally.source.value, tally.id
