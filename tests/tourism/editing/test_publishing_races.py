"""Two editors publish at the same moment, in a store of snapshots; each guard has a control without it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest

from api.accounts.caller import PROVINCE, Caller, Grant, Role
from api.accounts.people.repository import AccountRepository
from api.collections import COLLECTIONS
from api.context import Services
from api.kit.audit_log import AuditLog
from api.kit.store import Document, Store
from api.tourism.editing.errors import EditConflict
from api.tourism.editing.records import PlaceChange, PlaceState
from api.tourism.editing.repository import PLACE_EDITS, PLACE_VERSIONS, EditingRepository
from api.tourism.editing.service import EditingService
from api.tourism.repository import PLACES
from api.tourism.seeding import seed
from tests.accounts.snapshot_store import SnapshotStore
from tests.conftest import MovableClock
from tests.tourism.content import a_place, hold

Result = TypeVar("Result")
EDITOR = frozenset({Grant(Role.CONTENT_EDITOR, PROVINCE)})
MAI, SUNG = Caller("mai", grants=EDITOR), Caller("sung", grants=EDITOR)
ALTITUDE = PlaceChange({}, {"altitude_metres": 990})
NAME = PlaceChange({("names", "en"): "Silver falls"}, {})


@dataclass(slots=True)
class Meeting:
    """`store` lets the first two transactions begin together, once both drafts are there."""

    store: SnapshotStore
    editing: EditingService
    drafts: dict[str, str]

    async def propose(self, mai: PlaceChange, sung: PlaceChange) -> None:
        for caller, change in ((MAI, mai), (SUNG, sung)):
            preview = await self.editing.drafts.propose(caller, "P1", change)
            self.drafts[caller.person()] = preview.draft.id

    async def publish(self, caller: Caller) -> str:
        draft_id = self.drafts[caller.person()]
        try:
            await self.editing.publishing.publish(caller, draft_id, f"key-of-{draft_id}")
        except EditConflict as conflict:
            return f"conflict over {conflict.conflicts[0].field}"
        return "published"

    async def both_publish(self) -> list[str]:
        self.store.meet(2)
        return sorted(await asyncio.gather(self.publish(MAI), self.publish(SUNG)))

    async def place(self) -> Document:
        return await self.store[PLACES].get("P1") or {}


@pytest.fixture
async def meeting(services: Services, clock: MovableClock) -> AsyncIterator[Meeting]:
    store = SnapshotStore(meeting=0)
    await store.open(COLLECTIONS)
    await hold(store, [a_place("P1", names={"vi": "Thác Bạc"})])
    audit = AuditLog(store, b"k" * 32, clock)
    accounts = AccountRepository(services.store, services.sealer)
    editing = EditingService.on(
        store, accounts, services.communes, services.media.library, audit, clock
    )
    yield Meeting(store, editing, {})
    await store.close()


async def test_changes_of_different_fields_both_arrive(meeting: Meeting) -> None:
    await meeting.propose(ALTITUDE, NAME)

    outcome = await meeting.both_publish()

    assert outcome == ["published", "published"]
    assert meeting.store.conflicts >= 1
    place = await meeting.place()
    assert (place["altitude_metres"], place["names"]["en"]) == (990, "Silver falls")
    versions = await meeting.store[PLACE_VERSIONS].find({})
    assert [version["number"] for version in versions] == [1, 2, 3]


async def test_of_two_changes_of_one_field_one_is_a_conflict(meeting: Meeting) -> None:
    await meeting.propose(ALTITUDE, PlaceChange({}, {"altitude_metres": 1_010}))

    outcome = await meeting.both_publish()

    assert outcome == ["conflict over altitude", "published"]
    assert await meeting.store[PLACE_VERSIONS].count({}) == 2


async def test_one_of_many_publications_of_one_draft_happens(meeting: Meeting) -> None:
    await meeting.propose(ALTITUDE, NAME)
    draft_id = meeting.drafts["mai"]

    done = await asyncio.gather(
        *(
            meeting.editing.publishing.publish(MAI, draft_id, "one-key-for-all-of-them")
            for _ in range(5)
        )
    )

    assert {published.version for published in done} == {2}
    assert await meeting.store[PLACE_VERSIONS].count({}) == 2


async def test_control_without_versions_and_transactions_a_change_is_lost(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_have_read = asyncio.Barrier(2)

    async def no_transaction(_: Store, work: Callable[[], Awaitable[Result]]) -> Result:
        return await work()

    async def put_whatever_is_there(
        self: EditingRepository, _: PlaceState | None, now_is: PlaceState
    ) -> None:
        await both_have_read.wait()
        await meeting.store[PLACE_EDITS].upsert(
            {
                "_id": now_is.place_id,
                "version": now_is.version,
                "row": now_is.row,
                "base": now_is.base,
                "is_shipped": True,
                "is_retired": False,
            }
        )

    async def keep_no_version(*_: Any) -> None:  # noqa: ANN401 - its arguments do not matter
        return

    await meeting.propose(ALTITUDE, NAME)
    monkeypatch.setattr("api.kit.idempotency.transact", no_transaction)
    monkeypatch.setattr(EditingRepository, "put", put_whatever_is_there)
    monkeypatch.setattr(EditingRepository, "_keep_version", keep_no_version)
    await asyncio.gather(meeting.publish(MAI), meeting.publish(SUNG))

    place = await meeting.place()
    arrived = [place["altitude_metres"] == 990, place["names"].get("en") == "Silver falls"]
    assert sorted(arrived) == [False, True]


async def test_a_publication_during_a_load_survives_it(meeting: Meeting) -> None:
    await seed(meeting.store, _silent)
    preview = await meeting.editing.drafts.propose(MAI, "P055", ALTITUDE)
    meeting.drafts["mai"] = preview.draft.id
    meeting.store.meet(2)

    with pytest.MonkeyPatch.context() as newer:
        newer.setattr("api.tourism.seeding._DOCUMENTS_SHAPE", "next")
        outcome, seeded = await asyncio.gather(meeting.publish(MAI), seed(meeting.store, _silent))

    assert (outcome, seeded is not None) == ("published", True)
    assert meeting.store.conflicts >= 1
    place = await meeting.store[PLACES].get("P055")
    assert place is not None
    assert place["altitude_metres"] == 990


def _silent(_done: int, _total: int) -> None:
    return
