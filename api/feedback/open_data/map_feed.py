"""The public map as GeoJSON (RFC 7946): where reports are and what became of them, nothing that anybody said."""

import asyncio
import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from api.feedback.categories.category import CategoryLibrary
from api.feedback.duplicates.similar import cells_within
from api.feedback.open_data.errors import InvalidFilter
from api.feedback.open_data.open_reports import OpenReport, OpenReports
from api.feedback.reports.reading import Bounds
from api.feedback.reports.records import SHOWN, ReportState
from api.kit.clock import Clock
from api.kit.geo import Position, distance_metres
from api.kit.pages import Listing, PageProblem

FEATURES_AT_MOST = 1_000
_LISTING = Listing("feedback.map", (datetime, str))
FEATURES_OTHERWISE = 500
_BY_CELLS_METRES = 60_000
"""Cells find what is in a rectangle, if anything; of one as large as the province the newest are found by time."""
_PROVINCE = Bounds(south=21.1, west=103.3, north=23.1, east=105.4)
"""With some tenths of a degree around: no report lies outside."""
_AT_A_TIME = 2
"""So many answers are looked for at once; the others wait, and may find theirs made meanwhile."""
_KEPT_FOR = timedelta(seconds=30)
_ANSWERS_KEPT_AT_MOST = 64
_SOUTH, _WEST, _NORTH, _EAST = -90.0, -180.0, 90.0, 180.0


@dataclass(frozen=True, slots=True)
class MapQuery:
    """What is asked of the map. `states` and `categories` empty: all."""

    bounds: Bounds | None
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
        if query.bounds is not None and not _touches(query.bounds, _PROVINCE):
            return MapPage(_collection([]), None)
        reports = await self._reports.on_map(_filter(query), after, query.limit + 1)
        shown = reports[: query.limit]
        has_more = len(reports) > query.limit
        last = (shown[-1].received_at, shown[-1].id) if has_more else None
        return MapPage(_collection(shown), _LISTING.cursor(last) if last else None)


def bounds_of(given: str | None) -> Bounds | None:
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
    return Bounds(south, west, north, east)


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


def _filter(query: MapQuery) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    if query.states:
        wanted["state"] = {"$in": [one.value for one in query.states]}
    if query.categories:
        wanted["category"] = {"$in": list(query.categories)}
    bounds = query.bounds
    if bounds is not None:
        wanted["latitude"] = {"$gte": bounds.south, "$lte": bounds.north}
        wanted["longitude"] = {"$gte": bounds.west, "$lte": bounds.east}
        cells = _cells(bounds)
        if cells is not None:
            wanted["cells"] = {"$in": cells}
    return wanted


def _cells(bounds: Bounds) -> list[str] | None:
    centre = Position((bounds.south + bounds.north) / 2, (bounds.west + bounds.east) / 2)
    corners = (Position(at, bounds.west) for at in (bounds.south, bounds.north))
    reach = max(distance_metres(centre, corner) for corner in corners)
    return cells_within(centre, math.ceil(reach)) if reach <= _BY_CELLS_METRES else None


def _touches(one: Bounds, other: Bounds) -> bool:
    return (
        one.south <= other.north
        and other.south <= one.north
        and one.west <= other.east
        and other.west <= one.east
    )


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
