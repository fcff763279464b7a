"""Daily limits and the limit of a balance: kept in the write that moves the money."""

import asyncio
from collections import Counter

import pytest

from api.kit.store import Store
from api.wallet.errors import BalanceLimitReached, DailyLimitReached, InvalidAmount, WalletProblem
from api.wallet.ledger.limits import AccountLimits, WalletLimits
from api.wallet.ledger.records import Account, AccountKind, Owner, TransferKind
from api.wallet.ledger.wiring import Books
from tests.conftest import MovableClock
from tests.wallet.books import WORLD, an_account, balances, books_of, differences, new

LIMITS = WalletLimits(
    by_kind={
        AccountKind.PERSON: AccountLimits(paid_a_day=500, taken_a_day=700, balance_at_most=2_000),
        AccountKind.MERCHANT: AccountLimits(taken_a_day=800),
        AccountKind.COUNTER_CASH: AccountLimits(taken_a_day=900),
    }
)
MAI = Owner("person", "mai")


@pytest.fixture
def books(store: Store, clock: MovableClock) -> Books:
    return books_of(store, clock, LIMITS)


@pytest.fixture
async def mai(books: Books) -> Account:
    return await an_account(books, "mai", 1_900)


@pytest.fixture
async def cafe(books: Books) -> Account:
    return await an_account(books, "cafe", kind=AccountKind.MERCHANT)


async def drawer_of(books: Books) -> Account:
    return await books.ledger.open_account(Owner("facility", "here"), AccountKind.COUNTER_CASH)


async def test_a_day_s_payments_have_a_limit_and_the_next_day_is_new(
    books: Books, clock: MovableClock, mai: Account, cafe: Account
) -> None:
    await books.ledger.transfer(new(mai.id, cafe.id, 500))
    with pytest.raises(DailyLimitReached):
        await books.ledger.transfer(new(mai.id, cafe.id, 1))
    clock.advance(hours=8)  # past midnight in Vietnam

    await books.ledger.transfer(new(mai.id, cafe.id, 400))

    assert await balances(books, mai, cafe) == [1_000, 900]
    assert (await books.ledger.balance(MAI, AccountKind.PERSON)).paid_today == 400


async def test_a_guardian_s_limit_holds_beside_the_general_one(
    books: Books, mai: Account, cafe: Account
) -> None:
    await books.ledger.set_spending_limit(MAI, AccountKind.PERSON, 50)
    await books.ledger.transfer(new(mai.id, cafe.id, 30))

    with pytest.raises(DailyLimitReached):
        await books.ledger.transfer(new(mai.id, cafe.id, 21))

    assert await balances(books, mai, cafe) == [1_870, 30]
    await books.ledger.set_spending_limit(MAI, AccountKind.PERSON, None)
    await books.ledger.transfer(new(mai.id, cafe.id, 470))
    assert await balances(books, mai, cafe) == [1_400, 500]


async def test_a_limit_of_nothing_lets_nothing_be_paid(
    books: Books, mai: Account, cafe: Account
) -> None:
    await books.ledger.set_spending_limit(MAI, AccountKind.PERSON, 0)

    with pytest.raises(DailyLimitReached):
        await books.ledger.transfer(new(mai.id, cafe.id, 1))

    with pytest.raises(InvalidAmount):
        await books.ledger.set_spending_limit(MAI, AccountKind.PERSON, -1)
    assert await balances(books, mai, cafe) == [1_900, 0]


async def test_payments_at_once_stay_within_the_limit(
    books: Books, mai: Account, cafe: Account
) -> None:
    await books.ledger.set_spending_limit(MAI, AccountKind.PERSON, 100)

    async def spend() -> str:
        try:
            await books.ledger.transfer(new(mai.id, cafe.id, 30))
        except WalletProblem as problem:
            return problem.code.name
        return "PAID"

    answers = Counter(await asyncio.gather(*(spend() for _ in range(20))))

    assert answers == {"PAID": 3, "DAILY_LIMIT": 17}
    assert await balances(books, mai, cafe) == [1_810, 90]
    assert await differences(books) == []


async def test_what_a_hold_does_not_use_counts_no_more(
    books: Books, clock: MovableClock, mai: Account, cafe: Account
) -> None:
    held = await books.ledger.hold(new(mai.id, cafe.id, 500), clock.after(60))
    with pytest.raises(DailyLimitReached):
        await books.ledger.transfer(new(mai.id, cafe.id, 1))
    await books.ledger.post(held.id, 100)

    await books.ledger.transfer(new(mai.id, cafe.id, 400))

    assert await balances(books, mai, cafe) == [1_400, 500]


async def test_a_hold_of_yesterday_gives_nothing_back_today(
    books: Books, clock: MovableClock, mai: Account, cafe: Account
) -> None:
    held = await books.ledger.hold(new(mai.id, cafe.id, 500), clock.after(86_400))
    clock.advance(hours=8)
    await books.ledger.transfer(new(mai.id, cafe.id, 200))

    await books.ledger.void(held.id)

    assert (await books.ledger.balance(MAI, AccountKind.PERSON)).paid_today == 200


async def test_a_merchant_takes_no_more_than_a_day_allows(books: Books, cafe: Account) -> None:
    first, second = await an_account(books, "a", 500), await an_account(books, "b", 500)
    await books.ledger.transfer(new(first.id, cafe.id, 500))

    with pytest.raises(DailyLimitReached):
        await books.ledger.transfer(new(second.id, cafe.id, 301))

    assert await balances(books, first, second, cafe) == [0, 500, 500]


async def test_topping_up_has_a_limit_a_day_for_the_wallet_and_for_the_drawer(
    books: Books,
) -> None:
    drawer = await drawer_of(books)
    first, second = await an_account(books, "a"), await an_account(books, "b")
    await books.ledger.transfer(new(drawer.id, first.id, 700, kind=TransferKind.TOP_UP))

    with pytest.raises(DailyLimitReached):
        await books.ledger.transfer(new(drawer.id, first.id, 1, kind=TransferKind.TOP_UP))
    with pytest.raises(DailyLimitReached):
        await books.ledger.transfer(new(drawer.id, second.id, 201, kind=TransferKind.TOP_UP))

    assert await balances(books, first, second, drawer) == [700, 0, 700]


async def test_a_wallet_is_topped_up_to_its_limit_only(books: Books, mai: Account) -> None:
    drawer = await drawer_of(books)

    with pytest.raises(BalanceLimitReached):
        await books.ledger.transfer(new(drawer.id, mai.id, 101, kind=TransferKind.TOP_UP))
    await books.ledger.transfer(new(drawer.id, mai.id, 100, kind=TransferKind.TOP_UP))

    assert await balances(books, mai, drawer) == [2_000, 100]


async def test_money_that_has_arrived_is_booked_beyond_every_limit_and_counted(
    books: Books, mai: Account
) -> None:
    bank = await books.ledger.open_account(WORLD, AccountKind.BANK)

    arrived = new(bank.id, mai.id, 5_000, kind=TransferKind.TOP_UP)
    await books.ledger.transfer(arrived, is_limited=False)

    with pytest.raises(DailyLimitReached):
        await books.ledger.transfer(new(bank.id, mai.id, 1, kind=TransferKind.TOP_UP))
    assert await balances(books, mai) == [6_900]
