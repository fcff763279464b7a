"""Random tampering with the audit log: found whenever it changed something, and only then."""

import asyncio
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.kit.audit_chain import AuditChain
from api.kit.audit_log import AUDIT_HEAD, AUDIT_ROWS, AuditLog
from api.kit.store import Document, Store
from api.kit.store.sqlite import SqliteStore
from tests.conftest import MovableClock
from tests.kit.audit_writer import KEY
from tests.kit.tampering import (
    ROWS,
    Kept,
    append_row,
    append_row_and_head,
    change,
    change_head,
    cut_tail,
    cut_tail_and_seal,
    faults,
    fill,
    remove,
    remove_all_but_head,
    remove_head,
    swap,
    swap_whole,
)


@dataclass(frozen=True, slots=True)
class Bench:
    """A log on a runner of its own, and what its store held at first."""

    runner: asyncio.Runner
    store: Store
    log: AuditLog
    original: Kept


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    store = SqliteStore(tmp_path_factory.mktemp("bench") / "audit.db")
    log = AuditLog(store, KEY, MovableClock())
    with asyncio.Runner() as runner:
        runner.run(store.open([AUDIT_ROWS, AUDIT_HEAD]))
        runner.run(fill(log, ROWS))
        yield Bench(runner, store, log, runner.run(Kept.of(store)))
        runner.run(store.close())


NUMBERS = st.integers(1, ROWS)
VALUES = st.one_of(st.none(), st.booleans(), st.integers(-3, 9), st.text("ab", max_size=2))
FIELDS = st.sampled_from(["number", "at", "actor", "action", "subject", "details", "previous", "x"])


def lenient(tamper: Callable[[Kept], None]) -> Callable[[Kept], None]:
    """Do nothing where an earlier step has taken away what this one is about."""

    def step(kept: Kept) -> None:
        try:
            tamper(kept)
        except (StopIteration, AssertionError, IndexError):
            return

    return step


def edited(number: int, name: str, value: Any) -> Callable[[Kept], None]:  # noqa: ANN401
    return lenient(change(number, **{name: value}))


def removed(number: int) -> Callable[[Kept], None]:
    return lenient(remove(number))


def swapped(one: int, other: int) -> Callable[[Kept], None]:
    return lenient(swap(one, other))


def swapped_whole(one: int, other: int) -> Callable[[Kept], None]:
    return lenient(swap_whole(one, other))


def recounted(count: int) -> Callable[[Kept], None]:
    return lenient(change_head(count=count))


STEPS = st.one_of(
    st.builds(edited, NUMBERS, FIELDS, VALUES),
    st.builds(removed, NUMBERS),
    st.builds(swapped, NUMBERS, NUMBERS),
    st.builds(swapped_whole, NUMBERS, NUMBERS),
    st.builds(recounted, st.integers(0, ROWS + 2)),
    st.sampled_from(
        [
            lenient(tamper)
            for tamper in (
                append_row,
                append_row_and_head,
                remove_head,
                cut_tail,
                cut_tail_and_seal,
                remove_all_but_head,
            )
        ]
    ),
)


def in_order(rows: list[Document]) -> list[Document]:
    """Return the rows that a store keeps: one for each id, in its order."""
    return [row for _, row in sorted({row["_id"]: row for row in rows}.items())]


@given(st.lists(STEPS, min_size=1, max_size=4))
def test_whatever_was_done_is_found_and_nothing_else(
    bench: Bench, steps: list[Callable[[Kept], None]]
) -> None:
    kept = deepcopy(bench.original)
    for step in steps:
        step(kept)
    kept.rows = in_order(kept.rows)
    bench.runner.run(kept.put_into(bench.store))

    found = bench.runner.run(bench.log.verify(expected=bench.original.end()))

    assert bool(found.faults) == (repr(kept) != repr(bench.original))


def test_control_without_digests_changes_pass(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def anything(_: AuditChain, __: Document) -> bool:
        return True

    monkeypatch.setattr(AuditChain, "is_ours", anything)
    kept = deepcopy(bench.original)
    change(3, actor="staff-9")(kept)
    bench.runner.run(kept.put_into(bench.store))

    assert faults(bench.runner.run(bench.log.verify())) == []
