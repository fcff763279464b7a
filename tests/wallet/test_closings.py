"""Closing the books of a day, and the recount that finds what somebody changed."""

import pytest

from api.kit.job_runner import JobRunner
from api.kit.store import Store
from api.wallet.errors import DayClosed
from api.wallet.ledger.account_repository import WALLET_ACCOUNTS
from api.wallet.ledger.book_days import KindTotals
from api.wallet.ledger.entry_repository import WALLET_ENTRIES
from api.wallet.ledger.records import AccountKind
from api.wallet.ledger.recount import DifferenceKind
from api.wallet.ledger.transfer_repository import WALLET_TRANSFERS
from api.wallet.ledger.wiring import Books
from tests.conftest import NOW, MovableClock
from tests.wallet.books import an_account, balances, new

TODAY, TOMORROW = "2026-05-01", "2026-05-02"


async def a_day(books: Books) -> tuple[str, str]:
    """Let 1,000 come in and 300 be paid; return both accounts."""
    mai = await an_account(books, "mai", 1_000)
    cafe = await an_account(books, "cafe", kind=AccountKind.MERCHANT)
    await books.ledger.transfer(new(mai.id, cafe.id, 300))
    return mai.id, cafe.id


async def test_the_job_closes_a_day_after_it_is_over(
    books: Books, store: Store, clock: MovableClock
) -> None:
    await a_day(books)
    runner = JobRunner(store, clock, books.handlers())
    clock.now = NOW.replace(hour=17, minute=9)  # nine minutes after midnight in Vietnam
    assert await runner.run_due() == 0
    clock.advance(minutes=1)

    await runner.run_due()

    closing = await books.closings.get(TODAY)
    assert closing is not None
    assert closing.totals == {
        AccountKind.BANK: KindTotals(debits=1_000),
        AccountKind.MERCHANT: KindTotals(credits=300),
        AccountKind.PERSON: KindTotals(debits=300, credits=1_000),
    }
    assert closing.debits == closing.credits == 1_300
    assert (closing.entry_count, closing.agrees) == (4, True)


async def test_a_day_that_is_not_over_is_not_closed(books: Books) -> None:
    with pytest.raises(ValueError, match=TODAY):
        await books.closings.close(TODAY)


async def test_a_closed_day_takes_no_entry(books: Books, clock: MovableClock) -> None:
    mai, cafe = await a_day(books)
    clock.advance(days=1)
    await books.closings.close(TODAY)
    clock.now = NOW  # a host whose clock is a day behind

    for _ in range(20):  # whichever part of the day an id falls into
        with pytest.raises(DayClosed):
            await books.ledger.transfer(new(mai, cafe, 1))

    accounts = [await an_account(books, name) for name in ("mai",)]
    assert await balances(books, *accounts) == [700]
    assert (await books.recounting.run()).differences == ()


async def test_closing_again_answers_the_same(books: Books, clock: MovableClock) -> None:
    await a_day(books)
    clock.advance(days=1)
    first = await books.closings.close(TODAY)
    clock.advance(days=1)

    assert await books.closings.close(TODAY) == first


async def test_an_earlier_day_is_closed_before_a_later_one(
    books: Books, clock: MovableClock
) -> None:
    mai, cafe = await a_day(books)
    clock.advance(days=1)
    await books.ledger.transfer(new(mai, cafe, 1))
    clock.advance(days=1)

    later = await books.closings.close(TOMORROW)

    earlier = await books.closings.get(TODAY)
    assert earlier is not None
    assert later.previous == earlier.control != ""


async def test_whoever_changes_an_entry_of_a_closed_day_is_found(
    books: Books, store: Store, clock: MovableClock
) -> None:
    mai, cafe = await a_day(books)
    clock.advance(days=1)
    await books.closings.close(TODAY)
    assert (await books.recounting.run()).differences == ()

    await store[WALLET_ENTRIES].update_one({"account_id": cafe}, {"$set": {"amount": 30}})

    found = {(it.kind, it.where) for it in (await books.recounting.run()).differences}
    assert (DifferenceKind.CONTROL, TODAY) in found
    assert (DifferenceKind.BALANCE, cafe) in found
    assert (DifferenceKind.RUNNING_BALANCE, cafe) in found
    assert mai not in {where for _, where in found}


@pytest.mark.parametrize(
    ("collection", "condition", "changes", "kind"),
    [
        (WALLET_ACCOUNTS, {"kind": "person"}, {"debits": 299}, DifferenceKind.BALANCE),
        (WALLET_ACCOUNTS, {"kind": "person"}, {"available": 701}, DifferenceKind.AVAILABLE),
        (WALLET_ACCOUNTS, {"kind": "person"}, {"available": -1}, DifferenceKind.OVERDRAWN),
        (WALLET_ACCOUNTS, {"kind": "person"}, {"debits_pending": 1}, DifferenceKind.HELD),
        (WALLET_ACCOUNTS, {"kind": "merchant"}, {"entry_count": 2}, DifferenceKind.NUMBERS),
        (WALLET_ENTRIES, {"number": 2}, {"balance": 701}, DifferenceKind.RUNNING_BALANCE),
        (WALLET_TRANSFERS, {"kind": "payment"}, {"posted": 299}, DifferenceKind.TRANSFER),
        (WALLET_TRANSFERS, {"kind": "payment"}, {"returned": 1}, DifferenceKind.RETURNED),
    ],
)
async def test_a_recount_names_what_differs(
    books: Books, store: Store, collection: object, condition: object, changes: object, kind: object
) -> None:
    await a_day(books)
    assert (await books.recounting.run()).differences == ()

    await store[collection].update_one(condition, {"$set": changes})  # type: ignore[index, arg-type, dict-item]

    assert kind in {it.kind for it in (await books.recounting.run()).differences}
