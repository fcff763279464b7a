"""The ledger: what a transfer does, what it refuses, and that a refusal changes nothing."""

from collections.abc import Awaitable

import pytest

from api.kit.job_runner import JobRunner
from api.kit.store import Store
from api.kit.transactions import transact
from api.wallet.errors import (
    AccountClosed,
    AccountNotFound,
    AlreadySettled,
    HoldExpired,
    InvalidAmount,
    InvalidTransferId,
    MoreThanLeft,
    NotEnoughMoney,
    NotReversible,
    SameAccount,
    TransferIdReused,
    TransferNotFound,
    WalletProblem,
)
from api.wallet.ledger.ledger import Balance
from api.wallet.ledger.records import (
    AMOUNT_AT_MOST,
    AccountKind,
    NewTransfer,
    Owner,
    Side,
    Transfer,
    TransferKind,
    TransferState,
)
from api.wallet.ledger.wiring import Books
from tests.conftest import NOW, MovableClock
from tests.wallet.books import (
    WORLD,
    an_account,
    balances,
    differences,
    new,
    new_transfer_id,
)

MAI = Owner("person", "mai")


@pytest.fixture
async def mai(books: Books) -> str:
    """Somebody with 1,000 đồng."""
    return (await an_account(books, "mai", 1_000)).id


@pytest.fixture
async def cafe(books: Books) -> str:
    return (await an_account(books, "cafe", kind=AccountKind.MERCHANT)).id


async def refused(books: Books, refusal: type[WalletProblem], work: Awaitable[object]) -> list[str]:
    """Do what is refused, and return what a recount finds wrong afterwards."""
    with pytest.raises(refusal):
        await work
    return await differences(books)


async def balance(books: Books) -> Balance:
    return await books.ledger.balance(MAI, AccountKind.PERSON)


async def test_an_account_is_opened_once(books: Books) -> None:
    first = await books.ledger.open_account(MAI, AccountKind.PERSON)

    second = await books.ledger.open_account(MAI, AccountKind.PERSON)

    assert first == second
    assert (first.balance, first.available, first.entry_count) == (0, 0, 0)


async def test_a_transfer_moves_money_and_writes_both_entries(
    books: Books, mai: str, cafe: str
) -> None:
    moved = await books.ledger.transfer(new(mai, cafe, 300, by="mai"))

    (entry,) = await books.statements.every_entry(cafe)
    page = await books.statements.page(mai, 10, None)
    assert (moved.state, moved.posted, moved.created_at) == (TransferState.POSTED, 300, NOW)
    assert (entry.side, entry.amount, entry.balance) == (Side.CREDIT, 300, 300)
    assert [(it.number, it.change, it.balance) for it in page.items] == [
        (2, -300, 700),
        (1, 1_000, 1_000),
    ]
    assert await differences(books) == []


async def test_a_statement_goes_on_where_the_page_before_ended(books: Books, mai: str) -> None:
    bank = (await books.ledger.open_account(WORLD, AccountKind.BANK)).id
    for amount in (1, 2, 3):
        await books.ledger.transfer(new(bank, mai, amount, kind=TransferKind.SETTLEMENT))

    first = await books.statements.page(mai, 3, None)
    second = await books.statements.page(mai, 3, first.cursors[-1])

    assert [entry.balance for entry in first.items] == [1_006, 1_003, 1_001]
    assert [entry.balance for entry in second.items] == [1_000]
    assert (first.has_next, second.has_next) == (True, False)


async def test_the_same_again_is_the_same_transfer(books: Books, mai: str, cafe: str) -> None:
    asked = new(mai, cafe, 300)
    first = await books.ledger.transfer(asked)

    second = await books.ledger.transfer(asked)

    assert second == first
    assert (await balance(books)).balance == 700


@pytest.mark.parametrize("change", ["amount", "debit", "kind", "reference"])
async def test_another_transfer_under_its_id_is_refused(
    books: Books, mai: str, cafe: str, change: str
) -> None:
    asked = NewTransfer(new_transfer_id(), TransferKind.PAYMENT, mai, cafe, 300)
    await books.ledger.transfer(asked)
    other = NewTransfer(
        asked.id,
        TransferKind.FEE if change == "kind" else asked.kind,
        cafe if change == "debit" else mai,
        mai if change == "debit" else cafe,
        301 if change == "amount" else 300,
        reference="x" if change == "reference" else "",
    )

    assert await refused(books, TransferIdReused, books.ledger.transfer(other)) == []
    assert (await balance(books)).balance == 700


async def test_a_hold_under_the_id_of_a_transfer_is_refused(
    books: Books, clock: MovableClock, mai: str, cafe: str
) -> None:
    asked = new(mai, cafe, 300)
    await books.ledger.transfer(asked)

    hold = books.ledger.hold(asked, clock.after(60))

    assert await refused(books, TransferIdReused, hold) == []


@pytest.mark.parametrize("amount", [0, -1, AMOUNT_AT_MOST + 1])
async def test_amounts_have_bounds(books: Books, mai: str, cafe: str, amount: int) -> None:
    work = books.ledger.transfer(new(mai, cafe, amount))

    assert await refused(books, InvalidAmount, work) == []
    assert (await balance(books)).balance == 1_000


@pytest.mark.parametrize("transfer_id", ["", "1", "A" * 26, "5A8FB000-DEC7-547B-8071-FDDD0D3A7FF9"])
async def test_an_id_is_a_uuid(books: Books, mai: str, cafe: str, transfer_id: str) -> None:
    asked = NewTransfer(transfer_id, TransferKind.PAYMENT, mai, cafe, 1)

    assert await refused(books, InvalidTransferId, books.ledger.transfer(asked)) == []


async def test_nobody_pays_themselves(books: Books, mai: str) -> None:
    assert await refused(books, SameAccount, books.ledger.transfer(new(mai, mai, 1))) == []


async def test_an_account_must_be_there(books: Books, mai: str) -> None:
    nowhere = "a" * 26

    work = books.ledger.transfer(new(mai, nowhere, 1))

    assert await refused(books, AccountNotFound, work) == []
    assert (await balance(books)).balance == 1_000


async def test_no_more_than_is_there_is_paid(books: Books, mai: str, cafe: str) -> None:
    work = books.ledger.transfer(new(mai, cafe, 1_001))

    assert await refused(books, NotEnoughMoney, work) == []
    assert (await balance(books)).balance == 1_000
    assert await books.statements.every_entry(cafe) == []


async def test_a_merchant_s_balance_may_exceed_32_bits(books: Books, cafe: str) -> None:
    bank = (await books.ledger.open_account(WORLD, AccountKind.BANK)).id
    for _ in range(22):
        await books.ledger.transfer(new(bank, cafe, AMOUNT_AT_MOST, kind=TransferKind.SETTLEMENT))

    account = await books.ledger.account_by_id(cafe)

    assert account is not None
    assert account.balance == 2_200_000_000 > 2**31
    assert await differences(books) == []


async def test_what_is_held_cannot_be_paid(
    books: Books, clock: MovableClock, mai: str, cafe: str
) -> None:
    await books.ledger.hold(new(mai, cafe, 600), clock.after(60))

    work = books.ledger.transfer(new(mai, cafe, 401))

    assert await refused(books, NotEnoughMoney, work) == []
    assert await balance(books) == Balance(1_000, 400, None, 600)
    assert (await balance(books)).held == 600


async def test_a_part_of_a_hold_is_posted_and_the_rest_let_go(
    books: Books, clock: MovableClock, mai: str, cafe: str
) -> None:
    held = await books.ledger.hold(new(mai, cafe, 600), clock.after(60))

    posted = await books.ledger.post(held.id, 250)

    assert (posted.state, posted.posted) == (TransferState.POSTED, 250)
    assert await balance(books) == Balance(750, 750, None, 250)
    assert await differences(books) == []


async def test_posting_again_answers_the_same_and_another_amount_is_refused(
    books: Books, clock: MovableClock, mai: str, cafe: str
) -> None:
    held = await books.ledger.hold(new(mai, cafe, 600), clock.after(60))
    first = await books.ledger.post(held.id, 250)

    second = await books.ledger.post(held.id, 250)

    assert second == first
    assert await refused(books, AlreadySettled, books.ledger.post(held.id, 600)) == []
    assert await refused(books, AlreadySettled, books.ledger.void(held.id)) == []
    assert (await balance(books)).balance == 750


async def test_no_more_than_was_held_is_posted(
    books: Books, clock: MovableClock, mai: str, cafe: str
) -> None:
    held = await books.ledger.hold(new(mai, cafe, 600), clock.after(60))

    assert await refused(books, InvalidAmount, books.ledger.post(held.id, 601)) == []
    assert (await balance(books)).available == 400


async def test_a_voided_hold_moves_nothing(
    books: Books, clock: MovableClock, mai: str, cafe: str
) -> None:
    held = await books.ledger.hold(new(mai, cafe, 600), clock.after(60))

    voided = await books.ledger.void(held.id)

    assert voided.state is TransferState.VOIDED
    assert await books.ledger.void(held.id) == voided
    assert await balance(books) == Balance(1_000, 1_000, None, 0)
    assert await books.statements.every_entry(cafe) == []


async def test_a_hold_expires_by_itself(
    books: Books, store: Store, clock: MovableClock, mai: str, cafe: str
) -> None:
    held = await books.ledger.hold(new(mai, cafe, 600), clock.after(60))
    clock.advance(seconds=60)

    await JobRunner(store, clock, books.handlers()).run_due()

    expired = await books.ledger.find(held.id)
    assert expired is not None
    assert expired.state is TransferState.EXPIRED
    assert await balance(books) == Balance(1_000, 1_000, None, 0)
    assert await differences(books) == []


async def test_a_hold_whose_time_is_over_is_not_posted_even_before_the_job_ran(
    books: Books, clock: MovableClock, mai: str, cafe: str
) -> None:
    held = await books.ledger.hold(new(mai, cafe, 600), clock.after(60))
    clock.advance(seconds=60)

    assert await refused(books, HoldExpired, books.ledger.post(held.id)) == []
    assert (await balance(books)).balance == 1_000


async def test_a_posted_hold_is_not_expired_by_its_job(
    books: Books, store: Store, clock: MovableClock, mai: str, cafe: str
) -> None:
    held = await books.ledger.hold(new(mai, cafe, 600), clock.after(60))
    await books.ledger.post(held.id)
    clock.advance(seconds=60)

    await JobRunner(store, clock, books.handlers()).run_due()

    assert (await balance(books)).balance == 400
    assert await differences(books) == []


async def test_what_was_never_asked_for_is_not_found(books: Books) -> None:
    work = books.ledger.post(new_transfer_id())

    assert await refused(books, TransferNotFound, work) == []


async def a_payment(books: Books, mai: str, cafe: str) -> Transfer:
    return await books.ledger.transfer(new(mai, cafe, 300))


async def test_refunds_go_back_until_nothing_is_left(books: Books, mai: str, cafe: str) -> None:
    payment = await a_payment(books, mai, cafe)

    for amount in (100, 200):
        await books.ledger.refund(payment.id, new_transfer_id(), amount)

    work = books.ledger.refund(payment.id, new_transfer_id(), 1)
    assert await refused(books, MoreThanLeft, work) == []
    assert (await balance(books)).balance == 1_000


async def test_a_refund_sent_twice_is_one(books: Books, mai: str, cafe: str) -> None:
    payment, refund_id = await a_payment(books, mai, cafe), new_transfer_id()
    first = await books.ledger.refund(payment.id, refund_id, 200)

    second = await books.ledger.refund(payment.id, refund_id, 200)

    assert second == first
    assert (await balance(books)).balance == 900


async def test_a_merchant_without_money_cannot_give_back(books: Books, mai: str, cafe: str) -> None:
    payment = await a_payment(books, mai, cafe)
    bank = (await books.ledger.open_account(WORLD, AccountKind.BANK)).id
    await books.ledger.transfer(new(cafe, bank, 200, kind=TransferKind.SETTLEMENT))

    work = books.ledger.refund(payment.id, new_transfer_id(), 300)

    assert await refused(books, NotEnoughMoney, work) == []
    kept = await books.ledger.find(payment.id)
    assert kept is not None
    assert kept.returned == 0


async def test_a_reversal_takes_what_refunds_left_once(books: Books, mai: str, cafe: str) -> None:
    payment, reversal_id = await a_payment(books, mai, cafe), new_transfer_id()
    await books.ledger.refund(payment.id, new_transfer_id(), 100)

    reversal = await books.ledger.reverse(payment.id, reversal_id)

    assert (reversal.posted, reversal.original) == (200, payment.id)
    assert await books.ledger.reverse(payment.id, reversal_id) == reversal
    again = books.ledger.reverse(payment.id, new_transfer_id())
    assert await refused(books, MoreThanLeft, again) == []
    assert (await balance(books)).balance == 1_000


async def test_what_gives_back_is_not_given_back(books: Books, mai: str, cafe: str) -> None:
    payment = await a_payment(books, mai, cafe)
    refund = await books.ledger.refund(payment.id, new_transfer_id(), 100)

    for work in (
        books.ledger.reverse(refund.id, new_transfer_id()),
        books.ledger.refund(refund.id, new_transfer_id(), 1),
    ):
        assert await refused(books, NotReversible, work) == []


async def test_a_closed_account_takes_nothing(books: Books, mai: str) -> None:
    left = await an_account(books, "left")
    assert await books.accounts.close_empty(left.id)

    work = books.ledger.transfer(new(mai, left.id, 1))

    assert await refused(books, AccountClosed, work) == []
    assert (await balance(books)).balance == 1_000


async def test_only_an_account_that_holds_nothing_is_closed(
    books: Books, clock: MovableClock, mai: str, cafe: str
) -> None:
    await books.ledger.hold(new(mai, cafe, 1_000), clock.after(60))

    assert not await books.accounts.close_empty(mai)
    assert not await books.accounts.close_empty(cafe)


async def test_calls_join_the_transaction_of_the_caller(
    books: Books, store: Store, mai: str, cafe: str
) -> None:
    async def bought() -> None:
        await books.ledger.transfer(new(mai, cafe, 300))
        held = await books.ledger.hold(new(mai, cafe, 100), NOW.replace(year=2027))
        await books.ledger.post(held.id)
        raise NotReversible  # what the caller refuses, after it was paid

    with pytest.raises(NotReversible):
        await transact(store, bought)

    assert await balances(books, await an_account(books, "mai")) == [1_000]
    assert await differences(books) == []
