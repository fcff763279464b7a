"""The ledger keeps its rules on every engine: money moves whole, and nothing is overdrawn."""

import asyncio
from collections import Counter

import pytest

from api.kit.store import Store
from api.wallet.errors import WalletProblem
from api.wallet.ledger.records import AccountKind
from api.wallet.ledger.wiring import Books
from tests.conftest import MovableClock
from tests.store.conftest import ENGINES, MONGO_ENGINES, Opener
from tests.wallet.books import (
    COLLECTIONS,
    an_account,
    balances,
    books_of,
    differences,
    new,
    new_transfer_id,
)

SPENDERS = 6
NOT_THE_MODEL = [engine for engine in ENGINES if engine != "model"]
# The peer has one transaction at a time, and tells of a conflict too late and without its label.
WITH_RACES = [engine for engine in NOT_THE_MODEL if engine not in MONGO_ENGINES]


@pytest.fixture
async def books(open_store: Opener, clock: MovableClock) -> Books:
    store: Store = await open_store(*COLLECTIONS)
    return books_of(store, clock)


@pytest.mark.parametrize("engine", NOT_THE_MODEL)
async def test_money_moves_whole(books: Books, clock: MovableClock) -> None:
    mai = await an_account(books, "mai", 1_000)
    cafe = await an_account(books, "cafe", kind=AccountKind.MERCHANT)
    payment = await books.ledger.transfer(new(mai.id, cafe.id, 300))
    held = await books.ledger.hold(new(mai.id, cafe.id, 400), clock.after(60))
    await books.ledger.post(held.id, 100)
    await books.ledger.refund(payment.id, new_transfer_id(), 50)
    await books.ledger.reverse(payment.id, new_transfer_id())
    clock.advance(days=1)

    closing = await books.closings.close("2026-05-01")

    assert await balances(books, mai, cafe) == [900, 100]
    assert (closing.entry_count, closing.agrees, closing.debits) == (10, True, 1_700)
    assert await differences(books) == []


@pytest.mark.parametrize("engine", WITH_RACES)
async def test_spends_at_once_are_paid_for_one(books: Books) -> None:
    mai = await an_account(books, "mai", 100)
    cafe = await an_account(books, "cafe", kind=AccountKind.MERCHANT)

    async def spend() -> str:
        try:
            await books.ledger.transfer(new(mai.id, cafe.id, 60))
        except WalletProblem as problem:
            return problem.code.name
        return "PAID"

    answers = Counter(await asyncio.gather(*(spend() for _ in range(SPENDERS))))

    assert answers == {"PAID": 1, "NOT_ENOUGH_MONEY": SPENDERS - 1}
    assert await balances(books, mai, cafe) == [40, 60]
    assert await differences(books) == []
