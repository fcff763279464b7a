"""Trails for the one search."""

from collections.abc import Sequence

from api.kit.search.documents import SearchDocument
from api.kit.search.index import Entry
from api.kit.store import Store
from api.tourism.trails.labels import TRAIL_LABEL
from api.tourism.trails.repository import TrailRepository
from api.tourism.trails.trail import Trail
from locales import AVAILABLE, translator

_NAME, _KIND = 1.0, 0.5


class TrailSearch:
    """A SearchSource. Its version counts the changes of trails."""

    def __init__(self, store: Store) -> None:
        self._trails = TrailRepository(store)

    async def search_version(self) -> str | None:
        return str(await self._trails.changes())

    async def search_documents(self) -> Sequence[SearchDocument]:
        return list(map(_document, await self._trails.all()))


def trail_entry(trail: Trail) -> Entry:
    kinds = {translator(language)(TRAIL_LABEL): _KIND for language in AVAILABLE}
    return Entry(trail.id, dict.fromkeys(trail.facts.names.values(), _NAME), kinds)


def _document(trail: Trail) -> SearchDocument:
    return SearchDocument(
        kind="trail",
        id=trail.id,
        entry=trail_entry(trail),
        names=trail.facts.names,
        label=TRAIL_LABEL,
        position=trail.start,
        summary=trail.facts.descriptions,
    )
