"""What staff did is there with what they did, in one chain; and how it is shown to auditors."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.kit import audit_log
from api.kit.audit_chain import START, Head
from api.kit.audit_log import AUDIT_HEAD, AUDIT_ROWS, AuditEntry, AuditLog, AuditRow
from api.kit.audit_verification import FaultKind, Verification
from api.kit.clock import system_clock
from api.kit.pages import InvalidCursor, InvalidPageSize
from api.kit.store import Store
from api.kit.store.sqlite import SqliteStore
from tests.conftest import NOW, ROOT, MovableClock
from tests.kit.audit_writer import CHANGES, KEY


def entry(subject: str = "person-1", actor: str = "staff-1", **details: Any) -> AuditEntry:  # noqa: ANN401
    return AuditEntry(actor, "person.read", subject, "agency:lao-cai", details)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = SqliteStore(tmp_path / "audit.db")
    await opened.open([AUDIT_ROWS, AUDIT_HEAD, CHANGES])
    yield opened
    await opened.close()


@pytest.fixture
def log(store: Store, clock: MovableClock) -> AuditLog:
    return AuditLog(store, KEY, clock)


def sound(head: Head) -> Verification:
    return Verification(head, (), has_more_faults=False)


async def stored_head(store: Store) -> Head:
    document = await store[AUDIT_HEAD].get("head")
    assert document is not None
    return Head(document["count"], document["digest"])


async def test_rows_are_numbered_and_chained(log: AuditLog, store: Store) -> None:
    numbers = [await log.append(entry(f"person-{n}", reason="a call", n=n)) for n in (1, 2)]

    first, second = await store[AUDIT_ROWS].find({})
    assert numbers == [1, 2]
    assert first == {
        "_id": "0000000000000000001",
        "number": 1,
        "at": NOW,
        "actor": "staff-1",
        "action": "person.read",
        "subject": "person-1",
        "scope": "agency:lao-cai",
        "details": {"reason": "a call", "n": 1},
        "previous": START.digest,
        "digest": first["digest"],
    }
    assert second["previous"] == first["digest"]
    assert await stored_head(store) == Head(2, second["digest"])
    assert await log.verify() == sound(Head(2, second["digest"]))


async def test_an_empty_log_is_sound(log: AuditLog) -> None:
    assert await log.verify() == sound(START)


def test_a_short_key_is_refused(store: Store, clock: MovableClock) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        AuditLog(store, b"short", clock)


async def test_a_time_finer_than_the_store_keeps_it_is_still_as_it_was_written(
    store: Store,
) -> None:
    log = AuditLog(store, KEY, lambda: NOW + timedelta(microseconds=123_999))

    await log.append(entry())

    assert (await log.verify()).faults == ()
    assert (await log.entries(1, None)).items[0].at == NOW + timedelta(milliseconds=123)


async def test_a_write_that_is_rolled_back_leaves_no_row(log: AuditLog, store: Store) -> None:
    await log.append(entry())
    before = await stored_head(store)

    with pytest.raises(ZeroDivisionError):  # noqa: PT012
        async with store.transaction():
            await store[CHANGES].insert({"_id": "change"})
            await log.append(entry())
            raise ZeroDivisionError

    assert await store[CHANGES].count({}) == 0
    assert await store[AUDIT_ROWS].count({}) == 1
    assert await log.verify() == sound(before)


async def test_a_write_and_its_row_commit_together(log: AuditLog, store: Store) -> None:
    async with store.transaction():
        await store[CHANGES].insert({"_id": "change"})
        await log.append(entry())

    assert await store[CHANGES].count({}) == 1
    assert (await log.verify()).head.count == 1


async def append_at_once(log: AuditLog) -> tuple[list[int], Verification]:
    numbers = await asyncio.gather(*(log.append(entry(f"person-{n}")) for n in range(50)))
    return sorted(numbers), await log.verify()


async def test_fifty_at_once_make_an_unbroken_chain(log: AuditLog) -> None:
    numbers, found = await append_at_once(log)

    assert numbers == list(range(1, 51))
    assert (found.head.count, found.faults) == (50, ())


async def test_control_without_a_transaction_the_chain_breaks(
    log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def alone(_: Store, work: Callable[[], Awaitable[int]]) -> int:
        return await work()

    monkeypatch.setattr(audit_log, "transact", alone)

    _, found = await append_at_once(log)

    assert FaultKind.UNLINKED in {fault.kind for fault in found.faults}


async def test_a_log_that_grows_meanwhile_is_sound(
    log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_log, "ROWS_AT_ONCE", 2)
    growing = asyncio.create_task(append_at_once(log))
    seen: list[tuple[int, int]] = []
    found: list[Verification] = []

    while not growing.done():
        found.append(await log.verify(lambda done, total: seen.append((done, total))))

    await growing
    assert {each.faults for each in found} == {()}
    assert all(done <= total for done, total in seen)


async def test_progress_tells_how_far_it_is(log: AuditLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_log, "ROWS_AT_ONCE", 2)
    for _ in range(5):
        await log.append(entry())
    seen: list[tuple[int, int]] = []

    await log.verify(lambda done, total: seen.append((done, total)))

    assert seen == [(2, 5), (4, 5), (5, 5)]


@pytest.mark.parametrize("lines", [1, 60])
async def test_killed_amid_appends_the_chain_is_unbroken(tmp_path: Path, lines: int) -> None:
    path = tmp_path / "killed.db"
    command = [sys.executable, "-m", "tests.kit.audit_writer", str(path)]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=PIPE)
    assert process.stdout is not None
    printed = [await process.stdout.readline() for _ in range(lines)]
    process.kill()
    printed += (await process.stdout.read()).splitlines(keepends=True)
    await process.wait()

    store = SqliteStore(path)
    await store.open([AUDIT_ROWS, AUDIT_HEAD, CHANGES])
    log = AuditLog(store, KEY, system_clock)
    found = await log.verify()
    changes = {document["_id"] for document in await store[CHANGES].find({})}
    subjects = [row["subject"] for row in await store[AUDIT_ROWS].find({})]
    after = await log.append(entry())
    await store.close()

    acknowledged = {int(line) for line in printed if line.endswith(b"\n")}
    assert len(acknowledged) >= lines
    assert found.faults == ()
    assert acknowledged <= set(range(1, found.head.count + 1))
    assert sorted(subjects) == sorted(changes)
    assert after == found.head.count + 1


async def test_auditors_read_the_newest_first_in_pages(log: AuditLog, clock: MovableClock) -> None:
    for number in range(3):
        clock.advance(seconds=1)
        await log.append(entry(f"person-{number}", n=number))

    first = await log.entries(2, None)
    second = await log.entries(2, first.cursors[-1])

    assert first.items == (
        AuditRow("0000000000000000003", NOW + timedelta(seconds=3), entry("person-2", n=2)),
        AuditRow("0000000000000000002", NOW + timedelta(seconds=2), entry("person-1", n=1)),
    )
    assert [row.id for row in second.items] == ["0000000000000000001"]
    assert (first.has_next, second.has_next, second.has_previous) == (True, False, True)


async def test_auditors_read_of_one_subject_or_one_actor(log: AuditLog) -> None:
    for actor in ("staff-1", "staff-2"):
        for subject in ("person-1", "person-2"):
            await log.append(entry(subject, actor))

    of_subject = await log.entries(1, None, subject="person-1")
    more = await log.entries(5, of_subject.cursors[-1], subject="person-1")
    of_both = await log.entries(5, None, subject="person-2", actor="staff-2")

    assert [row.id[-1] for row in (*of_subject.items, *more.items)] == ["3", "1"]
    assert [row.id[-1] for row in of_both.items] == ["4"]


async def test_a_row_that_was_changed_is_shown_as_such(log: AuditLog, store: Store) -> None:
    await log.append(entry())
    await store[AUDIT_ROWS].update_many({}, {"$set": {"actor": "staff-9"}})
    await store[AUDIT_ROWS].insert({"_id": "zzz"})

    page = await log.entries(5, None)

    assert page.items == (
        AuditRow("zzz", None, None),
        AuditRow("0000000000000000001", None, None),
    )


async def test_pages_out_of_bounds_are_refused(log: AuditLog) -> None:
    with pytest.raises(InvalidPageSize):
        await log.entries(0, None)
    with pytest.raises(InvalidCursor):
        await log.entries(1, "elsewhere")
