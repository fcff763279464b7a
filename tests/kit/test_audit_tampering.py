"""Whoever can write to the store, but has not the key, changes nothing of the audit log unseen."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from api.kit.audit_chain import START, AuditChain, Head, row_id
from api.kit.audit_log import AUDIT_HEAD, AUDIT_ROWS, AuditLog
from api.kit.audit_verification import FAULTS_AT_MOST, Fault, FaultKind, Verification, Walk
from api.kit.store import Document, Store
from api.kit.store.sqlite import SqliteStore
from tests.conftest import NOW, MovableClock
from tests.kit.audit_writer import KEY
from tests.kit.tampering import (
    OTHERS,
    ROWS,
    Kept,
    append_row,
    append_row_and_head,
    change,
    change_head,
    copy,
    cut_tail,
    cut_tail_and_seal,
    faults,
    fill,
    remove,
    remove_all_but_head,
    remove_head,
    rename,
    swap,
    swap_whole,
)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = SqliteStore(tmp_path / "audit.db")
    await opened.open([AUDIT_ROWS, AUDIT_HEAD])
    yield opened
    await opened.close()


@pytest.fixture
async def log(store: Store, clock: MovableClock) -> AuditLog:
    log = AuditLog(store, KEY, clock)
    await fill(log, ROWS)
    return log


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (change(3, actor="staff-9"), [("EDITED", 3)]),
        (change(3, at=NOW + timedelta(milliseconds=1)), [("EDITED", 3)]),
        (change(3, at=NOW.isoformat()), [("EDITED", 3)]),
        (change(3, at={"moment": NOW.isoformat()}), [("EDITED", 3)]),
        (
            change(3, details={"reason": "a call", "n": 2, "urgent": 1, "case": None}),
            [("EDITED", 3)],
        ),
        (change(3, details={"reason": "a call", "n": 2.0, "urgent": True}), [("EDITED", 3)]),
        (change(3, details={}), [("EDITED", 3)]),
        (change(3, note="more"), [("EDITED", 3)]),
        (change(3, digest=None), [("EDITED", 3)]),
        (change(3, digest="đ" * 64), [("EDITED", 3)]),
        (change(3, previous=START.digest), [("EDITED", 3)]),
        (change(6, subject="person-9"), [("EDITED", 6)]),
        (remove(1), [("MISSING", 1)]),
        (remove(2, 3), [("MISSING", 2), ("MISSING", 3)]),
        (remove(6), [("MISSING", 6)]),
        (remove_all_but_head, [("MISSING", number) for number in range(1, 7)]),
        (swap(2, 5), [("REORDERED", 2), ("REORDERED", 5)]),
        (swap_whole(2, 5), [("EDITED", 2), ("EDITED", 5)]),
        (rename(3, "zzz"), [("MISSING", 3), ("FOREIGN", None)]),
        (rename(3, row_id(8)), [("MISSING", 3), ("FOREIGN", 8)]),
        (copy(3, row_id(0)), [("FOREIGN", 0)]),
        (copy(3, row_id(10**18)), [("FOREIGN", 10**18)]),
        (append_row, [("FOREIGN", 7)]),
        (append_row_and_head, [("EDITED", 7), ("HEAD_WRONG", 7)]),
        (remove_head, [("HEAD_WRONG", 6)]),
        (change_head(count=5), [("HEAD_WRONG", 6)]),
        (change_head(count="6"), [("HEAD_WRONG", 6)]),
        (change_head(seal=""), [("HEAD_WRONG", 6)]),
        (change_head(note="more"), [("HEAD_WRONG", 6)]),
        (cut_tail, [("HEAD_WRONG", 4)]),
        (cut_tail_and_seal, [("HEAD_WRONG", 4)]),
    ],
)
async def test_what_was_done_is_named_with_its_row(
    log: AuditLog,
    store: Store,
    tamper: Callable[[Kept], None],
    expected: list[tuple[str, int | None]],
) -> None:
    kept = await Kept.of(store)
    tamper(kept)
    await kept.put_into(store)

    assert faults(await log.verify()) == expected


async def test_a_row_under_an_id_that_is_no_text_is_found(
    log: AuditLog, store: Store, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "audit.db")) as connection, connection:
        connection.execute("INSERT INTO audit_rows (id, document) VALUES (7, '{\"_id\": 7}')")

    assert faults(await log.verify()) == [("FOREIGN", None)]


async def test_faults_are_counted_up_to_a_bound(log: AuditLog, store: Store) -> None:
    await fill(log, 120)
    await store[AUDIT_ROWS].delete_many({"number": {"$gte": 2}})

    found = await log.verify()

    assert found.faults == tuple(
        Fault(FaultKind.MISSING, number) for number in range(2, FAULTS_AT_MOST + 2)
    )
    assert found.has_more_faults


async def with_a_row_of_another_history(log: AuditLog, store: Store) -> Verification:
    """Roll the log back to three rows, let it go on otherwise, then put an old row in again."""
    full = await Kept.of(store)
    await store[AUDIT_ROWS].delete_many({"number": {"$gt": 3}})
    await store[AUDIT_HEAD].delete_many({})
    await store[AUDIT_HEAD].insert(AuditChain(KEY).sealed(Head(3, full.row(3)["digest"])))
    await fill(log, 3, "another")
    await store[AUDIT_ROWS].upsert(full.row(4))
    return await log.verify()


async def test_a_row_of_another_history_is_found(log: AuditLog, store: Store) -> None:
    assert faults(await with_a_row_of_another_history(log, store)) == [("UNLINKED", 5)]


async def test_control_without_links_a_row_of_another_history_passes(
    log: AuditLog, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_away(_: Walk, __: Document, ___: int) -> None:
        pass

    monkeypatch.setattr(Walk, "_check_link", look_away)

    assert faults(await with_a_row_of_another_history(log, store)) == []


async def test_what_was_noted_down_is_met_again(log: AuditLog, store: Store) -> None:
    noted = (await log.verify()).head
    await fill(log, 2)

    for expected in (START, noted, (await log.verify()).head):
        assert faults(await log.verify(expected=expected)) == []


@pytest.mark.parametrize("rows_after", [0, 3, 5])
async def test_a_store_put_back_to_an_earlier_state_is_found(
    log: AuditLog, store: Store, rows_after: int
) -> None:
    backup = await Kept.of(store)
    await fill(log, 4, "lost")
    noted = (await log.verify()).head
    await backup.put_into(store)
    await fill(log, rows_after, "afterwards")

    assert faults(await log.verify()) == []
    assert faults(await log.verify(expected=noted)) == [("NOT_AS_EXPECTED", 10)]


async def test_a_log_that_was_emptied_is_found_by_what_was_noted_down(
    log: AuditLog, store: Store
) -> None:
    noted = (await log.verify()).head

    await Kept().put_into(store)

    assert await log.verify() == Verification(START, (), has_more_faults=False)
    assert faults(await log.verify(expected=noted)) == [("NOT_AS_EXPECTED", 6)]


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (cut_tail, [("UNLINKED", 5)]),
        (cut_tail_and_seal, [("UNLINKED", 5)]),
        (remove_head, [("UNLINKED", 7)]),
        (append_row, [("EDITED", 7)]),
        (append_row_and_head, [("EDITED", 7)]),
        (change_head(count=5), [("UNLINKED", 7)]),
    ],
)
async def test_the_next_append_goes_on_and_makes_nothing_good(
    log: AuditLog,
    store: Store,
    tamper: Callable[[Kept], None],
    expected: list[tuple[str, int | None]],
) -> None:
    kept = await Kept.of(store)
    tamper(kept)
    await kept.put_into(store)

    await fill(log, 3)

    assert faults(await log.verify()) == expected


async def test_rows_behind_an_older_head_stay_and_show_that_it_was_put_back(
    log: AuditLog, store: Store
) -> None:
    older = (await Kept.of(store)).head
    assert older is not None
    await fill(log, 2)
    await store[AUDIT_HEAD].upsert(older)

    assert faults(await log.verify()) == [("HEAD_WRONG", 8)]
    await fill(log, 1)
    assert faults(await log.verify()) == [("UNLINKED", 9)]


async def test_all_rows_gone_and_a_head_that_is_not_ours_is_no_new_log(
    log: AuditLog, store: Store
) -> None:
    kept = await Kept.of(store)
    kept.rows, kept.head = [], OTHERS.sealed(START)
    await kept.put_into(store)

    assert faults(await log.verify()) == [("HEAD_WRONG", 0)]
    await fill(log, 1)
    assert faults(await log.verify()) == [("UNLINKED", 1)]
