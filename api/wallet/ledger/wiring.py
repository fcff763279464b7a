"""Builds the ledger over a store."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.kit.clock import Clock
from api.kit.jobs import Handler, Jobs
from api.kit.store import Store
from api.wallet.ledger.account_repository import WALLET_ACCOUNTS, AccountRepository
from api.wallet.ledger.book_days import WALLET_DAYS, BookDays
from api.wallet.ledger.closings import WALLET_CLOSINGS, Closings
from api.wallet.ledger.entry_repository import WALLET_ENTRIES, EntryRepository
from api.wallet.ledger.ledger import EXPIRE_HOLD, Ledger
from api.wallet.ledger.limits import WalletLimits
from api.wallet.ledger.recount import Recounting
from api.wallet.ledger.statement import Statements
from api.wallet.ledger.transfer_repository import WALLET_TRANSFERS, TransferRepository

LEDGER_COLLECTIONS = (
    WALLET_ACCOUNTS,
    WALLET_TRANSFERS,
    WALLET_ENTRIES,
    WALLET_DAYS,
    WALLET_CLOSINGS,
)


@dataclass(frozen=True, slots=True)
class Books:
    """The ledger and what reads it. The repositories are for the rest of the wallet only."""

    accounts: AccountRepository
    transfers: TransferRepository
    ledger: Ledger
    statements: Statements
    closings: Closings
    recounting: Recounting

    def handlers(self) -> dict[str, Handler]:
        return {EXPIRE_HOLD: self._expire, **self.closings.handlers()}

    async def _expire(self, payload: Mapping[str, Any]) -> None:
        await self.ledger.expire(payload["transfer"])


def books_on(store: Store, jobs: Jobs, limits: WalletLimits, clock: Clock) -> Books:
    accounts, transfers = AccountRepository(store), TransferRepository(store)
    entries, days = EntryRepository(store), BookDays(store, jobs)
    closings = Closings(store, days, entries, clock)
    return Books(
        accounts=accounts,
        transfers=transfers,
        ledger=Ledger(store, accounts, transfers, entries, days, limits, jobs, clock),
        statements=Statements(entries),
        closings=closings,
        recounting=Recounting(store, accounts, transfers, entries, closings),
    )
