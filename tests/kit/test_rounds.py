"""What one process does every so often is done by one."""

import asyncio
from datetime import timedelta

import pytest

from api.kit.rounds import ROUNDS, Rounds
from api.kit.store import Collection, Store
from tests.conftest import MovableClock

EVERY = timedelta(seconds=20)


async def test_a_round_is_taken_once_in_each_span(store: Store, clock: MovableClock) -> None:
    one, another = Rounds(store, clock), Rounds(store, clock)

    first = [await one.take("look", EVERY), await another.take("look", EVERY)]
    clock.advance(seconds=19)
    early = await another.take("look", EVERY)
    clock.advance(seconds=1)
    then = [await another.take("look", EVERY), await one.take("look", EVERY)]

    assert (first, early, then) == ([True, False], False, [True, False])


async def test_rounds_of_other_names_are_others(store: Store, clock: MovableClock) -> None:
    rounds = Rounds(store, clock)

    assert [await rounds.take("look", EVERY), await rounds.take("sweep", EVERY)] == [True, True]


@pytest.mark.parametrize("has_begun", [False, True])
async def test_of_many_at_once_one_takes_it(
    store: Store, clock: MovableClock, has_begun: bool
) -> None:
    if has_begun:
        await Rounds(store, clock).take("look", EVERY)
        clock.advance(seconds=20)

    taken = await asyncio.gather(*(Rounds(store, clock).take("look", EVERY) for _ in range(8)))

    assert sorted(taken) == [False] * 7 + [True]


async def test_control_without_the_condition_several_take_it(
    store: Store, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await Rounds(store, clock).take("look", EVERY)
    clock.advance(seconds=20)
    collection = store[ROUNDS]
    update_one = type(collection).update_one

    async def unconditional(self: Collection, filter: dict[str, object], update: object) -> object:
        return await update_one(self, {"_id": filter["_id"]}, update)  # type: ignore[arg-type]

    monkeypatch.setattr(type(collection), "update_one", unconditional)

    taken = await asyncio.gather(*(Rounds(store, clock).take("look", EVERY) for _ in range(8)))

    assert taken.count(True) > 1


async def test_a_clock_that_ran_ahead_does_not_hold_it_up(
    store: Store, clock: MovableClock
) -> None:
    ahead = MovableClock(clock() + timedelta(days=1))
    await Rounds(store, ahead).take("look", EVERY)

    assert await Rounds(store, clock).take("look", EVERY) is True
