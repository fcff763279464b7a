"""Loads data/events.json into the store, beside what editors added and changed."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from api.kit.clock import Clock, system_clock
from api.kit.store import Store
from api.kit.transactions import transact
from api.tourism.content_files import SHIPPED_CONTENT, Content, read_content, rows_in
from api.tourism.errors import InvalidContent
from api.tourism.events.content_rows import EventRow, EventsFile
from api.tourism.events.documents import EventState, Origin, Row, row_of
from api.tourism.events.repository import EventRepository
from api.tourism.events.shipped_merge import following

EVENTS_FILE = "events.json"
_DOCUMENTS_SHAPE = "1"
"""Raise it when other documents are written of the same content."""
_FIRST = 1


async def seed_events(
    store: Store, folder: Path = SHIPPED_CONTENT, clock: Clock = system_clock
) -> int | None:
    """Make the store hold the events in `folder`; return how many it took, None when it had them.

    Of an event that an editor changed, the edited fields stay and the others follow the file; one that
    was removed stays away. What nobody edited leaves the store when it leaves the file. What was said of occurrences stays in any case.
    Raises InvalidContent, and then the store stays as it was.
    """
    content = (folder / EVENTS_FILE).read_bytes()
    version = f"{_DOCUMENTS_SHAPE}-{hashlib.sha256(content).hexdigest()}"
    events = EventRepository(store)
    if await events.shipped_version() == version:
        return None
    rows = _read(content)
    _check_references(rows, read_content(folder))

    async def work() -> int:
        held = {state.id: state for state in await events.all()}
        taken = [await _take(events, held.get(row.id), row_of(row), clock) for row in rows]
        await events.remove_shipped_but({row.id for row in rows})
        await events.note_shipped(version)
        return sum(taken)

    return await transact(store, work)


async def _take(events: EventRepository, was: EventState | None, row: Row, clock: Clock) -> bool:
    if was is None:
        await events.add(
            EventState(row["id"], _FIRST, row, {}, Origin.SHIPPED, False, None, clock(), base=row)
        )
        return True
    if was.is_removed or was.base == row:
        return False
    now_is = following(was, row)
    if now_is.row == was.row:
        await events.note_base(now_is)
        return False
    await events.replace(replace(now_is, changed_by=None, changed_at=clock()))
    return True


def _read(content: bytes) -> list[EventRow]:
    rows = rows_in(content, EVENTS_FILE, EventsFile).events
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        if row.id in seen:
            raise _unknown(number, "id", f"{row.id} is there twice")
        seen.add(row.id)
    return rows


def _check_references(rows: Sequence[EventRow], shipped: Content) -> None:
    """Raise InvalidContent for a place or commune that the files do not have. Editors may have retired it."""
    communes = {commune.code for commune in shipped.communes}
    places = {place.id for place in shipped.places}
    for number, row in enumerate(rows, 1):
        if row.commune_code is not None and row.commune_code not in communes:
            raise _unknown(number, "commune_code", f"{row.commune_code} is not known")
        if row.place_id is not None and row.place_id not in places:
            raise _unknown(number, "place_id", f"{row.place_id} is not known")


def _unknown(row: int, field: str, reason: str) -> InvalidContent:
    return InvalidContent(file=EVENTS_FILE, row=row, field=field, reason=reason)
