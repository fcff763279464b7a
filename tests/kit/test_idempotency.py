import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from api.kit.idempotency import (
    IDEMPOTENCY_KEYS,
    Idempotency,
    IdempotencyKeyReused,
    InvalidIdempotencyKey,
)
from api.kit.store import CollectionSpec, Store
from api.kit.store.sqlite import SqliteStore
from tests.conftest import MovableClock

KEY = "0123456789abcdef"
TICKETS = CollectionSpec("tickets")


class Till:
    """Sells tickets into the store, one document a sale."""

    def __init__(self, store: Store) -> None:
        self.tickets = store[TICKETS]
        self.sold = 0

    async def sell(self) -> dict[str, Any]:
        self.sold += 1
        number = f"ticket-{self.sold}"
        await self.tickets.insert({"_id": number})
        return {"ticket": number}


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = SqliteStore(tmp_path / "till.db")
    await opened.open([IDEMPOTENCY_KEYS, TICKETS])
    yield opened
    await opened.close()


@pytest.fixture
def till(store: Store) -> Till:
    return Till(store)


async def test_the_same_key_and_request_answer_the_same_result(
    store: Store, clock: MovableClock, till: Till
) -> None:
    idempotency = Idempotency(store, clock)
    first = await idempotency.once("lan", "buy", KEY, {"day": 1}, till.sell)

    second = await idempotency.once("lan", "buy", KEY, {"day": 1}, till.sell)

    assert first == second == {"ticket": "ticket-1"}
    assert await till.tickets.count({}) == 1


async def test_another_request_under_the_key_is_refused(
    store: Store, clock: MovableClock, till: Till
) -> None:
    idempotency = Idempotency(store, clock)
    await idempotency.once("lan", "buy", KEY, {"day": 1}, till.sell)

    with pytest.raises(IdempotencyKeyReused):
        await idempotency.once("lan", "buy", KEY, {"day": 2}, till.sell)

    assert await till.tickets.count({}) == 1


@pytest.mark.parametrize(("scope", "operation"), [("mai", "buy"), ("lan", "sell")])
async def test_a_key_belongs_to_one_caller_and_one_operation(
    store: Store, clock: MovableClock, till: Till, scope: str, operation: str
) -> None:
    idempotency = Idempotency(store, clock)
    await idempotency.once("lan", "buy", KEY, {}, till.sell)

    other = await idempotency.once(scope, operation, KEY, {}, till.sell)

    assert other == {"ticket": "ticket-2"}


async def test_work_that_fails_leaves_nothing_and_frees_the_key(
    store: Store, clock: MovableClock, till: Till
) -> None:
    idempotency = Idempotency(store, clock)

    async def fail_late() -> dict[str, Any]:
        await till.sell()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await idempotency.once("lan", "buy", KEY, {}, fail_late)

    assert await till.tickets.count({}) == 0
    assert await store[IDEMPOTENCY_KEYS].count({}) == 0
    assert await idempotency.once("lan", "buy", KEY, {}, till.sell) == {"ticket": "ticket-2"}


async def test_fifty_at_once_do_the_work_once(
    store: Store, clock: MovableClock, till: Till
) -> None:
    idempotency = Idempotency(store, clock)

    results = await asyncio.gather(
        *(idempotency.once("lan", "buy", KEY, {}, till.sell) for _ in range(50))
    )

    assert results == [{"ticket": "ticket-1"}] * 50
    assert await till.tickets.count({}) == 1


@pytest.mark.parametrize("key", ["", "short", "x" * 129, "with a space in it", "chìa khoá dài đủ"])
async def test_a_malformed_key_is_refused(
    store: Store, clock: MovableClock, till: Till, key: str
) -> None:
    with pytest.raises(InvalidIdempotencyKey):
        await Idempotency(store, clock).once("lan", "buy", key, {}, till.sell)

    assert till.sold == 0


async def test_what_was_asked_cannot_be_guessed_from_what_is_kept(
    store: Store, clock: MovableClock, till: Till
) -> None:
    idempotency = Idempotency(store, clock)
    await idempotency.once("lan", "buy", KEY, {"number": "012345678901"}, till.sell)
    await idempotency.once("lan", "buy", KEY[::-1], {"number": "012345678901"}, till.sell)

    kept = await store[IDEMPOTENCY_KEYS].find({})

    assert len({record["fingerprint"] for record in kept}) == 2


async def test_a_caller_is_forgotten_and_nobody_else(
    store: Store, clock: MovableClock, till: Till
) -> None:
    idempotency = Idempotency(store, clock)
    await idempotency.once("lan", "buy", KEY, {}, till.sell)
    await idempotency.once("mai", "buy", KEY, {}, till.sell)

    await idempotency.forget("lan")

    assert await idempotency.once("mai", "buy", KEY, {}, till.sell) == {"ticket": "ticket-2"}
    assert await idempotency.once("lan", "buy", KEY, {}, till.sell) == {"ticket": "ticket-3"}
