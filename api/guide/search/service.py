"""Finds places, hospitals, communes, events, trails and tours by one text, best first."""

from dataclasses import dataclass
from enum import StrEnum, auto

from api.kit.geo import Position, distance_metres
from api.kit.localized import best_language
from api.kit.pages import Listing, Page, checked_first
from api.kit.search.catalog import SearchCatalog, SearchCatalogs
from api.kit.search.documents import SearchDocument
from api.kit.search.highlights import Segment, highlighted, length_matched, most_like
from api.tourism.place_query import checked_search

_BY_RANK = Listing("search", (int, float, str))
_BY_RANK_AND_DISTANCE = Listing("search.near", (int, float, str))
_RANKS_ALIKE = 100
"""Near a position, hits whose ranks are about this close are ordered by distance."""
_NOWHERE_METRES = 1e9
"""What has no position comes after what has one, among hits alike."""

_BETTER_BY = 1.5
"""So many times as much of another name must answer for it to be shown."""


class SearchKind(StrEnum):
    """What can be found. The values are the kinds of the sources' documents."""

    PLACE = auto()
    HOSPITAL = auto()
    COMMUNE = auto()
    EVENT = auto()
    TRAIL = auto()
    TOUR = auto()


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is looked for. No kinds means all. Raises SearchTooLong."""

    text: str
    near: Position | None = None
    kinds: frozenset[SearchKind] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", checked_search(self.text) or "")


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A document, and why it was found.

    `found_as`: another of its names, when that answers to the text better than `name` does.
    """

    document: SearchDocument
    language: str
    name: tuple[Segment, ...]
    found_as: tuple[Segment, ...] | None
    distance_metres: float | None


class SearchService:
    def __init__(self, catalogs: SearchCatalogs) -> None:
        self._catalogs = catalogs

    async def search(
        self, query: SearchQuery, language: str, *, first: int, after: str | None
    ) -> Page[SearchResult]:
        """Return a page of what was found, best first; near a position, of hits alike the nearest first.

        Nothing is found by a text without letters or digits. Raises InvalidPageSize, InvalidCursor.
        """
        checked_first(first)
        listing = _BY_RANK if query.near is None else _BY_RANK_AND_DISTANCE
        start = listing.values(after)
        catalog = await self._catalogs.current()
        order = _order_of_hits(catalog, query)
        rest = sorted(it for it in order.values() if start is None or it > start)[: first + 1]
        found = [_result(catalog.documents[key], query, language) for _, _, key in rest]
        return listing.page(
            found, first=first, after=after, values=lambda it: order[it.document.key]
        )


def _order_of_hits(catalog: SearchCatalog, query: SearchQuery) -> dict[str, tuple[int, float, str]]:
    among = catalog.of_kinds(frozenset(query.kinds)) if query.kinds else None
    order: dict[str, tuple[int, float, str]] = {}
    for hit in catalog.index.find(query.text, among):
        if query.near is None:
            order[hit.id] = (hit.rank, 0.0, hit.id)
        else:
            metres = _metres(query.near, catalog.documents[hit.id].position)
            far = _NOWHERE_METRES if metres is None else metres
            order[hit.id] = (hit.rank // _RANKS_ALIKE, far, hit.id)
    return order


def _result(document: SearchDocument, query: SearchQuery, language: str) -> SearchResult:
    shown = best_language(document.names, language)
    assert shown is not None, "what can be found has a name"  # noqa: S101
    name = highlighted(document.names[shown], query.text)
    return SearchResult(
        document,
        shown,
        name,
        _found_as(document, query.text, name),
        None if query.near is None else _metres(query.near, document.position),
    )


def _found_as(
    document: SearchDocument, text: str, name: tuple[Segment, ...]
) -> tuple[Segment, ...] | None:
    """Return the other name that answers best, None where the name shown answers about as well."""
    if length_matched(name) >= len(text.replace(" ", "")):
        return None
    likest = most_like(document.entry.names, text)
    best = highlighted(likest, text) if likest else ()
    return best if length_matched(best) > _BETTER_BY * length_matched(name) else None


def _metres(near: Position, position: Position | None) -> float | None:
    return None if position is None else distance_metres(near, position)
