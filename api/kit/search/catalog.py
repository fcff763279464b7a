"""All that can be found, in memory: one index over the documents of every source.

Each process builds it at first use, and anew, in a thread, when a source's version has changed;
versions are asked for at most every two seconds, and meanwhile the old one answers.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from api.kit.clock import Clock
from api.kit.fresh_copy import FreshCopy
from api.kit.search.documents import SearchDocument, SearchSource
from api.kit.search.index import SearchIndex

if TYPE_CHECKING:
    from numpy.typing import NDArray

Versions = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class SearchCatalog:
    """One state of all documents, immutable."""

    versions: Versions
    documents: Mapping[str, SearchDocument]
    """By their keys, in the order of the keys, as the index has its rows."""
    index: SearchIndex
    kinds: "NDArray[np.str_]"
    """Of each row of the index."""

    @classmethod
    def of(cls, documents: Sequence[SearchDocument], versions: Versions) -> "SearchCatalog":
        """Index them. Raises ValueError when two have the same key."""
        by_key = {it.key: it for it in sorted(documents, key=lambda it: it.key)}
        if len(by_key) < len(documents):
            raise ValueError("two documents of the same kind and id")
        entries = [replace(it.entry, id=key) for key, it in by_key.items()]
        kinds = np.array([it.kind for it in by_key.values()], np.str_)
        return cls(versions, by_key, SearchIndex(entries), kinds)

    def of_kinds(self, kinds: frozenset[str]) -> "NDArray[np.bool]":
        """Return a flag for each row of the index: whether it is of one of `kinds`."""
        return np.isin(self.kinds, sorted(kinds))


class SearchCatalogs:
    """Gives the catalog of what the sources hold now."""

    def __init__(self, sources: Sequence[SearchSource], clock: Clock) -> None:
        self._sources = tuple(sources)
        self._copy = FreshCopy(self._refreshed, clock)

    async def current(self) -> SearchCatalog:
        return await self._copy.current()

    async def _refreshed(self, latest: SearchCatalog | None) -> SearchCatalog:
        versions = await self._versions()
        while latest is None or latest.versions != versions:
            documents = [it for source in self._sources for it in await source.search_documents()]
            latest = await asyncio.to_thread(SearchCatalog.of, documents, versions)
            versions = await self._versions()
        return latest

    async def _versions(self) -> Versions:
        return tuple([await source.search_version() for source in self._sources])
