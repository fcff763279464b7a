"""What everybody may see, the newest first: by place, state and category, never by reading everything."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from api.feedback.categories.category import CategoryLibrary
from api.feedback.reports.errors import InvalidBounds
from api.feedback.reports.map_cells import Box, lying_in, of_categories
from api.feedback.reports.records import SHOWN, Report, ReportState
from api.feedback.reports.repository import ReportRepository, newest_first
from api.kit.clock import Clock
from api.kit.geo import Position, distance_metres
from api.kit.pages import Listing, Page, checked_first
from api.kit.store import Filter

NEAR_METRES_AT_MOST = 50_000
PUBLIC_PAGES = Listing("feedback.public", (datetime, str))
_BATCH = 200
_SHOWN_STATES = sorted(one.value for one in SHOWN)
_DAYS_BACK = (1, 8, 64, 512)
_NOTHING_BEFORE = datetime(2020, 1, 1, tzinfo=UTC)
"""A cursor may name any moment, also one from which there is no way back."""


@dataclass(frozen=True, slots=True)
class PublicQuery:
    """`near` and `within_metres` go together; `states` and `categories` empty: all."""

    near: Position | None = None
    within_metres: int | None = None
    bounds: Box | None = None
    states: tuple[ReportState, ...] = ()
    categories: tuple[str, ...] = ()


class PublicSearch:
    def __init__(
        self, reports: ReportRepository, categories: CategoryLibrary, clock: Clock
    ) -> None:
        self._reports = reports
        self._categories = sorted(categories.categories)
        self._clock = clock

    async def page(self, query: PublicQuery, first: int, after: str | None) -> Page[Report]:
        """Return a page, the newest first. Raises InvalidBounds, InvalidPageSize and InvalidCursor."""
        start, limit = PUBLIC_PAGES.values(after), checked_first(first) + 1
        newest = newest_of(start, self._clock())
        found: list[Report] = []
        for wanted in filters_of(query, self._categories, newest):
            found += await self._matching(wanted, query, start, limit - len(found))
            if len(found) >= limit:
                break
        return PUBLIC_PAGES.page(found, first=first, after=after, values=newest_first)

    async def _matching(
        self, wanted: Filter, query: PublicQuery, start: Sequence[Any] | None, limit: int
    ) -> list[Report]:
        """Return what matches, the newest first: `limit` or a few more, or all there are."""
        found: list[Report] = []
        at_once = _BATCH if query.near else limit
        while len(found) < limit:
            some = await self._reports.page(wanted, start, at_once)
            found += [one for one in some if _is_within(one, query.near, query.within_metres)]
            if len(some) < at_once:
                break
            start = newest_first(some[-1])
        return found


def newest_of(start: Sequence[Any] | None, now: datetime) -> datetime:
    """Return when the newest that can follow was received; `start`: of the cursor."""
    return max(start[0], _NOTHING_BEFORE) if start else now


def filters_of(query: PublicQuery, categories: Sequence[str], newest: datetime) -> Iterator[Filter]:
    """Yield what is asked of a report, for one stretch of time after the other, the newest first.

    Each stretch is eight times as long as the one before: most pages are full after the first ones, so that
    only those are sorted. Nothing for a place where no report can be. Raises InvalidBounds.
    """
    wanted = _filter(query, categories)
    if wanted is None:
        return
    until: Filter = {}
    for days in _DAYS_BACK:
        since = newest - timedelta(days=days)
        yield {**wanted, "received_at": {"$gte": since, **until}}
        until = {"$lt": since}
    yield {**wanted, "received_at": until}


def _filter(query: PublicQuery, categories: Sequence[str]) -> dict[str, Any] | None:
    states = [one.value for one in query.states] if query.states else _SHOWN_STATES
    wanted: dict[str, Any] = {"state": {"$in": [one for one in states if one in _SHOWN_STATES]}}
    boxes = list(_boxes(query))
    if not boxes:
        # Said so, and of all categories, so that the index by category and time serves.
        of_these = list(query.categories or categories)
        return {"category": {"$in": of_these}, **wanted, "is_shown": {"$ne": False}}
    if query.categories:
        wanted |= of_categories(query.categories, categories)
    places = [place for box in boxes if (place := lying_in(box))]
    # What lies in a cell is shown: a private report has none.
    return {**wanted, "$and": places} if len(places) == len(boxes) else None


def _boxes(query: PublicQuery) -> Iterator[Box]:
    near, metres, bounds = query.near, query.within_metres, query.bounds
    if (near is None) != (metres is None):
        raise InvalidBounds
    if near is not None and metres is not None:
        if not 1 <= metres <= NEAR_METRES_AT_MOST:
            raise InvalidBounds
        yield Box.around(near, float(metres))
    if bounds is not None:
        if not (bounds.south < bounds.north and bounds.west < bounds.east):
            raise InvalidBounds
        yield bounds


def _is_within(report: Report, near: Position | None, metres: int | None) -> bool:
    if near is None or metres is None or report.spot is None:
        return True
    return distance_metres(near, report.spot) <= metres
