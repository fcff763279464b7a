"""The public map as GeoJSON (RFC 7946): where reports are and what became of them, nothing that anybody said."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from api.feedback.categories.category import CategoryLibrary
from api.feedback.open_data.errors import InvalidFilter
from api.feedback.open_data.open_reports import OpenReport, OpenReports
from api.feedback.reports.map_cells import Box
from api.feedback.reports.public_search import PublicQuery, filters_of, newest_of
from api.feedback.reports.records import SHOWN, ReportState
from api.kit.clock import Clock
from api.kit.pages import Listing, PageProblem

FEATURES_AT_MOST = 1_000
_LISTING = Listing("feedback.map", (datetime, str))
FEATURES_OTHERWISE = 500
_AT_A_TIME = 2
"""So many answers are looked for at once; the others wait, and may find theirs made meanwhile."""
_KEPT_FOR = timedelta(seconds=30)
_ANSWERS_KEPT_AT_MOST = 64
_SOUTH, _WEST, _NORTH, _EAST = -90.0, -180.0, 90.0, 180.0


@dataclass(frozen=True, slots=True)
class MapQuery:
    """What is asked of the map. `states` and `categories` empty: all."""

    bounds: Box | None
    states: tuple[ReportState, ...]
    categories: tuple[str, ...]
    limit: int
    after: str | None


@dataclass(frozen=True, slots=True)
class MapPage:
    """`next_after`: where the next page begins; None when there is none."""

    body: bytes
    next_after: str | None


class MapFeed:
    """Answers what was asked just now again from memory."""

    def __init__(self, reports: OpenReports, categories: CategoryLibrary, clock: Clock) -> None:
        self._reports = reports
        self._categories = categories
        self._looking = asyncio.Semaphore(_AT_A_TIME)
        self._clock = clock
        self._kept: OrderedDict[MapQuery, tuple[datetime, MapPage]] = OrderedDict()

    async def page(self, query: MapQuery) -> MapPage:
        """Return a page, the newest first. Raises InvalidFilter."""
        if not self._categories.categories.keys() >= {*query.categories}:
            raise InvalidFilter("category")
        if (kept := self._remembered(query)) is not None:
            return kept
        async with self._looking:
            if (kept := self._remembered(query)) is not None:
                return kept  # whoever asked the same before has found it
            found = await self._found(query)
            self._keep(query, found)
            return found

    def _remembered(self, query: MapQuery) -> MapPage | None:
        kept = self._kept.get(query)
        return kept[1] if kept is not None and self._clock() - kept[0] < _KEPT_FOR else None

    def _keep(self, query: MapQuery, page: MapPage) -> None:
        self._kept[query] = (self._clock(), page)
        self._kept.move_to_end(query)
        while len(self._kept) > _ANSWERS_KEPT_AT_MOST:
            self._kept.popitem(last=False)

    async def _found(self, query: MapQuery) -> MapPage:
        try:
            after = _LISTING.values(query.after)
        except PageProblem as error:
            raise InvalidFilter("after") from error
        reports = await self._matching(query, after)
        shown = reports[: query.limit]
        has_more = len(reports) > query.limit
        last = (shown[-1].received_at, shown[-1].id) if has_more else None
        return MapPage(_collection(shown), _LISTING.cursor(last) if last else None)

    async def _matching(self, query: MapQuery, after: Sequence[Any] | None) -> list[OpenReport]:
        """Return one more than a page has, or all there are, as the search for the apps finds them."""
        asked = PublicQuery(bounds=query.bounds, states=query.states, categories=query.categories)
        every = sorted(self._categories.categories)
        found: list[OpenReport] = []
        for wanted in filters_of(asked, every, newest_of(after, self._clock())):
            missing = query.limit + 1 - len(found)
            found += await self._reports.on_map(wanted, after, missing)
            if len(found) > query.limit:
                break
        return found


def bounds_of(given: str | None) -> Box | None:
    """Read west,south,east,north in degrees, as RFC 7946 orders them. Raises InvalidFilter."""
    if not given:
        return None
    try:
        west, south, east, north = (float(one) for one in given.split(",", 4))
    except ValueError as error:
        raise InvalidFilter("bbox") from error
    is_sound = _SOUTH <= south < north <= _NORTH and _WEST <= west < east <= _EAST
    if not is_sound or not given.isascii():
        raise InvalidFilter("bbox")
    return Box(south, west, north, east)


def states_of(given: Sequence[str]) -> tuple[ReportState, ...]:
    """Read the names of states that are shown, in any order. Raises InvalidFilter."""
    known = {one.name: one for one in SHOWN}
    if not {*given} <= known.keys():
        raise InvalidFilter("state")
    return tuple(sorted({known[one] for one in given}))


def limit_of(given: str | None) -> int:
    """Read how many features a page has at most. Raises InvalidFilter."""
    if not given:
        return FEATURES_OTHERWISE
    is_number = given.isascii() and given.isdecimal() and len(given) <= 6
    if not is_number or not 1 <= int(given) <= FEATURES_AT_MOST:
        raise InvalidFilter("limit")
    return int(given)


def _collection(reports: Sequence[OpenReport]) -> bytes:
    return orjson.dumps({"type": "FeatureCollection", "features": list(map(_feature, reports))})


def _feature(one: OpenReport) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": one.code,
        "geometry": {"type": "Point", "coordinates": [one.longitude, one.latitude]},
        "properties": {
            "category": one.category,
            "state": one.state.name,
            "agency": one.agency_id,
            "commune": one.commune_code,
            "receivedAt": one.received_at.isoformat(),
            "stateSince": one.state_since.isoformat(),
            "people": one.people,
        },
    }
