"""Accounts with money in them, as tests of the wallet need them."""

import uuid
from itertools import count

from api.kit.clock import Clock
from api.kit.jobs import JOBS, Jobs
from api.kit.store import Store
from api.wallet.ledger.limits import WalletLimits
from api.wallet.ledger.records import Account, AccountKind, NewTransfer, Owner, TransferKind
from api.wallet.ledger.wiring import LEDGER_COLLECTIONS, Books, books_on

COLLECTIONS = (JOBS, *LEDGER_COLLECTIONS)
WORLD = Owner("bank", "the-bank")
UNLIMITED = WalletLimits(by_kind={})
_NUMBERS = count(1)


def new_transfer_id() -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"transfer-{next(_NUMBERS)}"))


def books_of(store: Store, clock: Clock, limits: WalletLimits = UNLIMITED) -> Books:
    return books_on(store, Jobs(store, clock), limits, clock)


async def an_account(
    books: Books, name: str, dong: int = 0, kind: AccountKind = AccountKind.PERSON
) -> Account:
    """Open an account with so much money, which came from the bank."""
    account = await books.ledger.open_account(Owner("person", name), kind)
    if dong:
        bank = await books.ledger.open_account(WORLD, AccountKind.BANK)
        await books.ledger.transfer(new(bank.id, account.id, dong, kind=TransferKind.SETTLEMENT))
    return account


def new(
    debit: str,
    credit: str,
    amount: int,
    *,
    id: str | None = None,
    kind: TransferKind = TransferKind.PAYMENT,
    by: str | None = None,
) -> NewTransfer:
    """Return a payment of an id of its own."""
    return NewTransfer(id or new_transfer_id(), kind, debit, credit, amount, by)


async def balances(books: Books, *accounts: Account) -> list[int]:
    found = [await books.ledger.account_by_id(account.id) for account in accounts]
    return [account.balance for account in found if account is not None]


async def differences(books: Books) -> list[str]:
    """Return what a recount finds wrong; debits must equal credits besides."""
    recount = await books.recounting.run()
    assert recount.debits == recount.credits
    return [f"{it.kind} {it.where}: {it.expected} {it.found}" for it in recount.differences]
