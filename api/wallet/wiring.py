"""Builds what the slice offers."""

from dataclasses import dataclass

from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.jobs import Handler, Jobs
from api.kit.store import Store
from api.wallet.counter.service import Counter
from api.wallet.holders.service import Holders
from api.wallet.ledger.ledger import Ledger
from api.wallet.ledger.limits import WalletLimits
from api.wallet.ledger.wiring import LEDGER_COLLECTIONS, Books, books_on
from api.wallet.merchants.charge_repository import WALLET_CHARGES, ChargeRepository
from api.wallet.merchants.charges import Charges
from api.wallet.merchants.service import Merchants
from api.wallet.payments.providers import PaymentProvider
from api.wallet.payments.repository import (
    WALLET_ORDERS,
    WALLET_PROVIDER_PAYMENTS,
    PaymentRepository,
)
from api.wallet.payments.suspense import Suspense
from api.wallet.payments.top_ups import TopUps
from api.wallet.personal_data import WalletData

WALLET_COLLECTIONS = (
    *LEDGER_COLLECTIONS,
    WALLET_ORDERS,
    WALLET_PROVIDER_PAYMENTS,
    WALLET_CHARGES,
)


@dataclass(frozen=True, slots=True)
class WalletServices:
    """Everything of the slice. `ledger` is what slices above call; `books` is for checks and tests."""

    ledger: Ledger
    books: Books
    provider: PaymentProvider | None
    top_ups: TopUps
    suspense: Suspense
    counter: Counter
    charges: Charges
    merchants: Merchants
    holders: Holders
    data: WalletData

    def handlers(self) -> dict[str, Handler]:
        return {**self.books.handlers(), **self.top_ups.handlers()}


def wallet_on(
    store: Store,
    jobs: Jobs,
    audit: AuditLog,
    limits: WalletLimits,
    provider: PaymentProvider | None,
    clock: Clock,
) -> WalletServices:
    """Build the services. `provider`: where people pay in online, if anywhere."""
    books = books_on(store, jobs, limits, clock)
    ledger, idempotency = books.ledger, Idempotency(store, clock)
    payments, charges = PaymentRepository(store), ChargeRepository(store)
    return WalletServices(
        ledger=ledger,
        books=books,
        provider=provider,
        top_ups=TopUps(
            store, payments, books.accounts, ledger, limits, provider, idempotency, jobs, clock
        ),
        suspense=Suspense(store, payments, ledger, audit),
        counter=Counter(ledger, limits, idempotency, audit),
        charges=Charges(charges, ledger, limits, idempotency, audit, clock),
        merchants=Merchants(ledger, books.statements, books.closings, idempotency, audit, clock),
        holders=Holders(ledger, books.statements, idempotency),
        data=WalletData(
            books.accounts, books.transfers, books.statements, payments, charges, clock
        ),
    )
