"""Twenty spend at once what is enough for one; without the condition, all of them do."""

import asyncio
from collections import Counter

import pytest

from api.wallet.errors import WalletProblem
from api.wallet.ledger import postings as postings_module
from api.wallet.ledger.records import Account, AccountKind
from api.wallet.ledger.wiring import Books
from tests.conftest import MovableClock
from tests.wallet.books import an_account, balances, differences, new

SPENDERS = 20


async def spent_at_once(books: Books, person: Account, cafe: Account, amount: int) -> Counter[str]:
    """Return how 20 payments of one amount were answered."""

    async def spend() -> str:
        try:
            await books.ledger.transfer(new(person.id, cafe.id, amount))
        except WalletProblem as problem:
            return problem.code.name
        return "PAID"

    return Counter(await asyncio.gather(*(spend() for _ in range(SPENDERS))))


async def test_of_twenty_spends_at_once_one_is_paid(books: Books) -> None:
    person = await an_account(books, "mai", 100)
    cafe = await an_account(books, "cafe", kind=AccountKind.MERCHANT)

    answers = await spent_at_once(books, person, cafe, 60)

    assert answers == {"PAID": 1, "NOT_ENOUGH_MONEY": SPENDERS - 1}
    assert await balances(books, person, cafe) == [40, 60]
    assert await differences(books) == []


async def test_without_the_condition_all_are_paid(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await an_account(books, "mai", 100)
    cafe = await an_account(books, "cafe", kind=AccountKind.MERCHANT)

    def nothing_asked(*_: object) -> None:
        return None

    monkeypatch.setattr(postings_module, "_least", nothing_asked)

    answers = await spent_at_once(books, person, cafe, 60)

    assert answers == {"PAID": SPENDERS}
    assert await balances(books, person, cafe) == [100 - 60 * SPENDERS, 60 * SPENDERS]
    assert await differences(books) == [f"overdrawn {person.id}: 0 {100 - 60 * SPENDERS}"]


async def test_one_id_sent_by_twenty_is_one_transfer(books: Books) -> None:
    person = await an_account(books, "mai", 100)
    cafe = await an_account(books, "cafe", kind=AccountKind.MERCHANT)
    asked = new(person.id, cafe.id, 5)

    sent = [books.ledger.transfer(asked) for _ in range(SPENDERS)]
    answers = await asyncio.gather(*sent)

    assert len(set(answers)) == 1
    assert await balances(books, person, cafe) == [95, 5]


async def test_of_twenty_refunds_at_once_no_more_than_was_paid_goes_back(books: Books) -> None:
    person = await an_account(books, "mai", 100)
    cafe = await an_account(books, "cafe", 1_000, AccountKind.MERCHANT)
    payment = await books.ledger.transfer(new(person.id, cafe.id, 100))

    async def refund() -> str:
        try:
            await books.ledger.refund(payment.id, new("", "", 1).id, 30)
        except WalletProblem as problem:
            return problem.code.name
        return "REFUNDED"

    answers = Counter(await asyncio.gather(*(refund() for _ in range(SPENDERS))))

    assert answers == {"REFUNDED": 3, "MORE_THAN_LEFT": SPENDERS - 3}
    assert await balances(books, person, cafe) == [90, 1_010]


async def test_a_hold_is_posted_or_voided_never_both(books: Books, clock: MovableClock) -> None:
    person = await an_account(books, "mai", 100)
    cafe = await an_account(books, "cafe", kind=AccountKind.MERCHANT)
    held = await books.ledger.hold(new(person.id, cafe.id, 100), clock.after(60))

    async def settle(post: bool) -> str:
        try:
            ledger = books.ledger
            settled = await (ledger.post(held.id) if post else ledger.void(held.id))
        except WalletProblem as problem:
            return problem.code.name
        return settled.state.name

    answers = Counter(await asyncio.gather(*(settle(n % 2 == 0) for n in range(SPENDERS))))

    winner = "POSTED" if answers["POSTED"] else "VOIDED"
    assert answers == {winner: SPENDERS // 2, "ALREADY_SETTLED": SPENDERS // 2}
    assert await balances(books, person, cafe) == ([0, 100] if winner == "POSTED" else [100, 0])
    assert await differences(books) == []
