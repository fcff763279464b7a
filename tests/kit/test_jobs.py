import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from api.kit.job_runner import JobRunner
from api.kit.jobs import JOBS, Jobs
from api.kit.store import Store
from tests.conftest import MovableClock


class Diary:
    """A handler that notes what it was given, and fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.entries: list[Mapping[str, Any]] = []
        self._failures = failures

    async def __call__(self, payload: Mapping[str, Any]) -> None:
        if self._failures:
            self._failures -= 1
            raise RuntimeError("not yet")
        self.entries.append(payload)


async def test_a_job_runs_once(store: Store, clock: MovableClock) -> None:
    diary = Diary()
    await Jobs(store, clock).enqueue("write", {"line": 1})

    ran = await JobRunner(store, clock, {"write": diary}).run_due()

    assert ran == 1
    assert diary.entries == [{"line": 1}]
    assert await JobRunner(store, clock, {"write": diary}).run_due() == 0


async def test_the_same_id_is_one_job_even_after_it_is_done(
    store: Store, clock: MovableClock
) -> None:
    diary = Diary()
    jobs = Jobs(store, clock)
    runner = JobRunner(store, clock, {"write": diary})
    await jobs.enqueue("write", {"line": 1}, id="only")
    await jobs.enqueue("write", {"line": 2}, id="only")
    await runner.run_due()

    await jobs.enqueue("write", {"line": 3}, id="only")
    await runner.run_due()

    assert diary.entries == [{"line": 1}]


async def test_a_job_of_a_rolled_back_transaction_was_never_asked_for(
    store: Store, clock: MovableClock
) -> None:
    async def enqueue_and_fail() -> None:
        async with store.transaction():
            await Jobs(store, clock).enqueue("write", {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await enqueue_and_fail()

    assert await store[JOBS].count({}) == 0


async def test_a_job_is_not_run_before_its_time(store: Store, clock: MovableClock) -> None:
    diary = Diary()
    jobs = Jobs(store, clock)
    await jobs.enqueue("write", {}, run_at=clock.after(seconds=60))
    runner = JobRunner(store, clock, {"write": diary})

    early = await runner.run_due()
    clock.advance(seconds=60)
    late = await runner.run_due()

    assert (early, late) == (0, 1)


async def test_a_failed_job_is_run_again(store: Store, clock: MovableClock) -> None:
    diary = Diary(failures=1)
    runner = JobRunner(store, clock, {"write": diary})
    await Jobs(store, clock).enqueue("write", {"line": 1})

    await runner.run_due()
    clock.advance(seconds=1)
    await runner.run_due()

    assert diary.entries == [{"line": 1}]


async def test_a_dead_workers_job_is_taken_over_when_its_lease_ends(
    store: Store, clock: MovableClock
) -> None:
    jobs = Jobs(store, clock)
    await jobs.enqueue("write", {})
    dead = await jobs.lease(["write"], lease_seconds=15)
    assert dead is not None

    before = await jobs.lease(["write"], lease_seconds=15)
    clock.advance(seconds=15)
    after = await jobs.lease(["write"], lease_seconds=15)

    assert before is None
    assert after is not None
    assert after.attempt == 2
    assert not await jobs.complete(dead)
    assert await jobs.complete(after)


async def test_an_extended_lease_is_not_taken_over(store: Store, clock: MovableClock) -> None:
    jobs = Jobs(store, clock)
    await jobs.enqueue("write", {})
    held = await jobs.lease(["write"], lease_seconds=15)
    assert held is not None
    clock.advance(seconds=10)

    extended = await jobs.extend(held, lease_seconds=15)

    clock.advance(seconds=10)
    assert extended
    assert await jobs.lease(["write"], lease_seconds=15) is None


async def test_a_job_that_never_succeeds_is_parked(store: Store, clock: MovableClock) -> None:
    runner = JobRunner(store, clock, {"write": Diary(failures=1_000)})
    jobs = Jobs(store, clock)
    await jobs.enqueue("write", {})

    for _ in range(60):
        await runner.run_due()
        clock.advance(seconds=61)

    assert await jobs.count_by_state() == {"parked": 1}


async def test_two_workers_never_hold_one_job(store: Store, clock: MovableClock) -> None:
    jobs = Jobs(store, clock)
    for number in range(20):
        await jobs.enqueue("write", {"line": number})

    leases = await asyncio.gather(*(jobs.lease(["write"], 15) for _ in range(40)))

    held = [job.id for job in leases if job is not None]
    assert len(held) == len(set(held)) == 20


async def test_the_loop_finishes_what_is_asked_while_it_runs(
    store: Store, clock: MovableClock
) -> None:
    stop = asyncio.Event()

    async def end(_: Mapping[str, Any]) -> None:
        stop.set()

    loop = asyncio.create_task(JobRunner(store, clock, {"end": end}).run(stop))
    await Jobs(store, clock).enqueue("end", {})

    await asyncio.wait_for(loop, 60)

    assert await Jobs(store, clock).count_by_state() == {"done": 1}
