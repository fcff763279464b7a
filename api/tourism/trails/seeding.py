"""Loads data/trails.json into the store, beside what editors imported and changed."""

import hashlib
from pathlib import Path

from api.kit.clock import Clock, system_clock
from api.kit.store import Store
from api.kit.transactions import transact
from api.tourism.content_files import SHIPPED_CONTENT, rows_in
from api.tourism.errors import InvalidContent
from api.tourism.trails.content_rows import TrailRow, TrailsFile
from api.tourism.trails.errors import NoLine
from api.tourism.trails.line import Line
from api.tourism.trails.repository import TrailRepository
from api.tourism.trails.trail import Trail

TRAILS_FILE = "trails.json"
_DOCUMENTS_SHAPE = "1"
"""Raise it when other documents are written of the same content."""


async def seed_trails(
    store: Store, folder: Path = SHIPPED_CONTENT, clock: Clock = system_clock
) -> int | None:
    """Make the store hold the trails in `folder`; return how many it took, None when it had them.

    A trail that an editor has changed or withdrawn stays as it is; another one that left the file
    leaves the store. Raises InvalidContent, and then the store stays as it was.
    """
    content = (folder / TRAILS_FILE).read_bytes()
    version = f"{_DOCUMENTS_SHAPE}-{hashlib.sha256(content).hexdigest()}"
    trails = TrailRepository(store)
    if await trails.shipped_version() == version:
        return None
    shipped = _read(content, clock)

    async def work() -> int:
        taken = [await trails.put_shipped(trail, line) for trail, line in shipped]
        await trails.remove_shipped_but({trail.id for trail, _ in shipped})
        await trails.note_shipped(version)
        return sum(taken)

    return await transact(store, work)


def _read(content: bytes, clock: Clock) -> list[tuple[Trail, Line]]:
    rows = rows_in(content, TRAILS_FILE, TrailsFile).trails
    _check_ids(rows)
    return [_trail(number, row, clock) for number, row in enumerate(rows, 1)]


def _check_ids(rows: list[TrailRow]) -> None:
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        if row.id in seen:
            reason = f"{row.id} is there twice"
            raise InvalidContent(file=TRAILS_FILE, row=number, field="id", reason=reason)
        seen.add(row.id)


def _trail(number: int, row: TrailRow, clock: Clock) -> tuple[Trail, Line]:
    try:
        line = row.drawn()
    except NoLine as error:
        raise InvalidContent(
            file=TRAILS_FILE, row=number, field="line", reason=str(error)
        ) from error
    return row.record(line, clock()), line
