"""Loads the province's content files into the store: `laocai seed`."""

from dataclasses import dataclass
from pathlib import Path

from api.kit.clock import Clock, system_clock
from api.kit.store import Store
from api.kit.transactions import transact
from api.tourism.content_files import SHIPPED_CONTENT, content_version, read_content
from api.tourism.editing.shipped_merge import follow_shipped
from api.tourism.repository import Progress, TourismRepository

_DOCUMENTS_SHAPE = "3"
"""Raise it when documents.py writes other documents of the same content."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """What `seed` did."""

    places: int
    markets: int
    communes: int


async def seed(
    store: Store,
    progress: Progress,
    folder: Path = SHIPPED_CONTENT,
    clock: Clock = system_clock,
) -> Seeded | None:
    """Make the store hold what the files in `folder` say; None when it already did.

    What left the files leaves the store, and what editors changed stays as they changed it. Raises
    InvalidContent, and then the store stays as it was.
    """
    repository = TourismRepository(store)
    version = f"{_DOCUMENTS_SHAPE}-{content_version(folder)}"
    if await repository.shipped_version() == version:
        return None
    shipped = read_content(folder)

    async def work() -> Seeded:
        content = await follow_shipped(store, shipped, clock())
        await repository.replace_content(content, version, progress)
        return Seeded(len(content.places), len(content.markets), len(content.communes))

    return await transact(store, work)
