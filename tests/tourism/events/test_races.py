"""Two editors change an event at the same moment, in a store of snapshots; the guard has a control without it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import pytest

from api.accounts.caller import PROVINCE, Caller, Grant, Role
from api.accounts.people.repository import AccountRepository
from api.collections import COLLECTIONS
from api.context import Services
from api.kit.audit_log import AUDIT_ROWS, AuditLog
from api.kit.geo import Position
from api.kit.store import Document, Store
from api.tourism.editing.editors import Editors
from api.tourism.events.documents import EventState, document_of
from api.tourism.events.editing import EventEditing
from api.tourism.events.errors import EventChanged
from api.tourism.events.repository import PROVINCE_EVENTS, EventRepository
from api.tourism.events.writing import EventChange
from tests.accounts.snapshot_store import SnapshotStore
from tests.conftest import MovableClock

Result = TypeVar("Result")
EDITOR = frozenset({Grant(Role.CONTENT_EDITOR, PROVINCE)})
MAI, SUNG = Caller("mai", grants=EDITOR), Caller("sung", grants=EDITOR)
A_FAIR = EventChange(
    {("names", "vi"): "Hội chợ"},
    {"kind": "fair", "rule": {"kind": "yearly", "month": 6, "day": 6, "days": 2}},
    Position(22.3364, 103.8438),
)


@dataclass(slots=True)
class Meeting:
    """`store` lets the first two transactions begin together, once the event is there."""

    store: SnapshotStore
    editing: EventEditing
    event_id: str

    async def write(self, caller: Caller, language: str) -> str:
        change = EventChange({("names", language): f"By {caller.person()}"}, {})
        try:
            await self.editing.change(
                caller, self.event_id, 1, change, f"key-of-the-race-{language}"
            )
        except EventChanged as refusal:
            return f"after {refusal.changed_by}"
        return f"{caller.person()} changed it"

    async def both_write(self) -> list[str]:
        return sorted(await asyncio.gather(self.write(MAI, "en"), self.write(SUNG, "fr")))

    async def document(self) -> Document:
        return await self.store[PROVINCE_EVENTS].get(self.event_id) or {}


@pytest.fixture
async def meeting(services: Services, clock: MovableClock) -> AsyncIterator[Meeting]:
    store = SnapshotStore(meeting=0)
    await store.open(COLLECTIONS)
    audit = AuditLog(store, b"k" * 32, clock)
    editors = Editors(AccountRepository(services.store, services.sealer))
    editing = EventEditing(store, editors, services.communes, audit, clock)
    event = await editing.add(MAI, A_FAIR, "key-of-the-race-add")
    yield Meeting(store, editing, event.id)
    await store.close()


async def test_of_two_changes_of_one_version_one_is_refused_and_told_who_was_faster(
    meeting: Meeting,
) -> None:
    meeting.store.meet(2)

    outcome = await meeting.both_write()

    assert outcome in (["after mai", "mai changed it"], ["after sung", "sung changed it"])
    assert meeting.store.conflicts >= 1
    document = await meeting.document()
    assert document["version"] == 2
    assert len(document["row"]["names"]) == 2
    assert await meeting.store[AUDIT_ROWS].count({}) == 2


async def test_control_without_versions_and_transactions_a_change_is_lost(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_have_read = asyncio.Barrier(2)

    async def no_transaction(_: Store, work: Callable[[], Awaitable[Result]]) -> Result:
        return await work()

    async def put_whatever_is_there(self: EventRepository, state: EventState) -> EventState:
        await both_have_read.wait()
        await meeting.store[PROVINCE_EVENTS].upsert(document_of(state))
        return state

    monkeypatch.setattr("api.kit.idempotency.transact", no_transaction)
    monkeypatch.setattr(EventRepository, "replace", put_whatever_is_there)

    outcome = await meeting.both_write()

    assert outcome == ["mai changed it", "sung changed it"]
    assert len((await meeting.document())["row"]["names"]) == 2


async def test_one_of_many_sendings_of_one_change_happens(meeting: Meeting) -> None:
    done = await asyncio.gather(*(meeting.write(MAI, "en") for _ in range(5)))

    assert set(done) == {"mai changed it"}
    assert (await meeting.document())["version"] == 2
