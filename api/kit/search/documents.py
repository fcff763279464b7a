"""What a slice gives to be found by the one search, and how it is asked for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from api.kit.geo import Position
from api.kit.search.index import Entry


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """Something to be found, and what a list of results shows of it.

    `kind` and `id` together are unique; with them an app asks for the thing itself. `entry`: the texts
    it is found by. `names`, `summary` and `around` (where it lies) are texts by BCP 47 language.
    `label`: what sort of thing it is, a msgid.
    """

    kind: str
    id: str
    entry: Entry
    names: Mapping[str, str]
    label: str
    position: Position | None = None
    summary: Mapping[str, str] | None = None
    around: Mapping[str, str] | None = None

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}"


class SearchSource(Protocol):
    """A slice that has something to be found; gathered in wiring.py."""

    async def search_version(self) -> str | None:
        """Return what changes whenever `search_documents` would answer otherwise; asked every few seconds."""
        ...

    async def search_documents(self) -> Sequence[SearchDocument]: ...
