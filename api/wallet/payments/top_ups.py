"""Ordering to pay in, and booking what providers report, each payment exactly once.

Money that a provider has for us is always booked: on the wallet it was ordered for, also when it is
late, or else in suspense, where staff see it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import structlog

from api.accounts.caller import Caller
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.ids import derived_id, new_id
from api.kit.jobs import Handler, Jobs
from api.kit.store import Store
from api.kit.transactions import transact
from api.wallet import owners
from api.wallet.errors import (
    AccountClosed,
    BalanceLimitReached,
    DailyLimitReached,
    ProviderNotConfigured,
    ProviderUnknown,
    TooManyOrders,
)
from api.wallet.ledger.account_repository import AccountRepository
from api.wallet.ledger.book_days import day_of
from api.wallet.ledger.ledger import Ledger
from api.wallet.ledger.limits import WalletLimits
from api.wallet.ledger.records import (
    Account,
    AccountKind,
    AccountState,
    NewTransfer,
    TransferKind,
)
from api.wallet.payments.orders import (
    Order,
    OrderState,
    Outcome,
    ProviderPayment,
    SuspenseReason,
)
from api.wallet.payments.providers import PaymentProvider, Report, ReportedState
from api.wallet.payments.repository import PaymentRepository

EXPIRE_ORDER = "wallet.expire_order"
OPEN_FOR = timedelta(minutes=30)
ORDERS_AT_MOST = 5

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Checkout:
    """An order, and where it is paid; None when it is not open any more."""

    order: Order
    url: str | None


class TopUps:
    def __init__(
        self,
        store: Store,
        payments: PaymentRepository,
        accounts: AccountRepository,
        ledger: Ledger,
        limits: WalletLimits,
        provider: PaymentProvider | None,
        idempotency: Idempotency,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._store = store
        self._payments = payments
        self._accounts = accounts
        self._ledger = ledger
        self._limits = limits
        self._provider = provider
        self._idempotency = idempotency
        self._jobs = jobs
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {EXPIRE_ORDER: self._expire}

    async def order(self, caller: Caller, amount: int, idempotency_key: str) -> Checkout:
        """Begin to pay into the caller's wallet.

        Raises NotSignedIn, ProviderNotConfigured, InvalidAmount, AccountClosed, TooManyOrders,
        DailyLimitReached, BalanceLimitReached and IdempotencyProblem.
        """
        person_id = caller.person()
        provider = self._configured()
        self._limits.check_amount(amount)

        async def work() -> dict[str, Any]:
            owner = owners.person(person_id)
            account = await self._ledger.open_account(owner, AccountKind.PERSON)
            order = await self._add_order(account, amount, provider.name)
            return {"order": order.id}

        asked = {"amount": amount}
        result = await self._idempotency.once(person_id, "topUp", idempotency_key, asked, work)
        order = await self._payments.order(result["order"])
        assert order is not None, "orders are never removed"  # noqa: S101
        is_open = order.state is OrderState.OPEN and self._clock() < order.expires_at
        return Checkout(order, provider.checkout_url(order) if is_open else None)

    async def receive(
        self, name: str, signature: str | None, body: bytes
    ) -> ProviderPayment | None:
        """Book what a provider reports; None when it says that nothing was paid.

        The same report again changes nothing. Another one of a payment that was booked moves nothing:
        staff are shown an amount that differs. Raises ProviderUnknown, and what
        `PaymentProvider.read` does.
        """
        if self._provider is None or self._provider.name != name:
            raise ProviderUnknown
        report = self._provider.read(signature, body)
        if report.state is ReportedState.FAILED:
            await self._warn_if_booked(name, report)
            await self._payments.end_order(report.order, OrderState.FAILED, self._clock())
            return None
        payment = await transact(self._store, lambda: self._book(name, report))
        if payment.outcome is Outcome.SUSPENDED:
            log.warning("payment in suspense", payment=payment.id, reason=payment.reason)
        return payment

    async def _add_order(self, account: Account, amount: int, provider: str) -> Order:
        now = self._clock()
        if not await self._accounts.count_order(account.id):
            raise AccountClosed
        await self._check_room(account, amount)
        order = Order(
            id=new_id(),
            account_id=account.id,
            amount=amount,
            provider=provider,
            state=OrderState.OPEN,
            created_at=now,
            expires_at=now + OPEN_FOR,
        )
        await self._payments.add_order(order)
        await self._jobs.enqueue(EXPIRE_ORDER, {"order": order.id}, run_at=order.expires_at)
        return order

    async def _check_room(self, account: Account, amount: int) -> None:
        """Refuse what would go beyond a limit if this and all open orders were paid today."""
        every = await self._payments.orders_of(account.id)
        still_open = [order for order in every if order.state is OrderState.OPEN]
        if len(still_open) >= ORDERS_AT_MOST:
            raise TooManyOrders(most=ORDERS_AT_MOST)
        coming = amount + sum(order.amount for order in still_open)
        limits = self._limits.of(account.kind)
        taken = account.counts.on(day_of(self._clock())).taken
        if limits.taken_a_day is not None and taken + coming > limits.taken_a_day:
            raise DailyLimitReached
        if limits.balance_at_most is not None and account.balance + coming > limits.balance_at_most:
            raise BalanceLimitReached(most=limits.balance_at_most)

    async def _book(self, name: str, report: Report) -> ProviderPayment:
        payment_id = _payment_id(name, report)
        if kept := await self._payments.payment(payment_id):
            await self._compare(kept, report)
            return kept
        order = await self._payments.order(report.order)
        reason = await self._pay_order(name, report, order)
        payment = ProviderPayment(
            id=payment_id,
            provider=name,
            reference=report.payment,
            order_id=report.order,
            amount=report.amount,
            outcome=Outcome.CREDITED if reason is None else Outcome.SUSPENDED,
            reason=reason,
            transfer_id=derived_id("transfer of a provider payment", payment_id),
            at=self._clock(),
        )
        await self._payments.add_payment(payment)
        await self._move(payment, order.account_id if order and reason is None else None)
        return payment

    async def _warn_if_booked(self, name: str, report: Report) -> None:
        kept = await self._payments.payment(_payment_id(name, report))
        if kept is not None:
            log.warning("payment reported otherwise", payment=kept.id, differs=["state"])

    async def _compare(self, kept: ProviderPayment, report: Report) -> None:
        """Warn of a report that differs from what was booked, and keep another amount for staff."""
        said = {"order": report.order, "amount": report.amount}
        booked = {"order": kept.order_id, "amount": kept.amount}
        differs = [name for name, value in said.items() if value != booked[name]]
        if differs:
            log.warning("payment reported otherwise", payment=kept.id, differs=differs)
        if "amount" in differs:
            await self._keep_contradiction(kept, report)

    async def _keep_contradiction(self, kept: ProviderPayment, report: Report) -> None:
        contradiction_id = derived_id("contradicted payment", kept.id, str(report.amount))
        if await self._payments.payment(contradiction_id):
            return
        await self._payments.add_payment(
            replace(
                kept,
                id=contradiction_id,
                order_id=report.order,
                amount=report.amount,
                outcome=Outcome.CONTRADICTED,
                reason=SuspenseReason.REPORTED_OTHERWISE,
                at=self._clock(),
            )
        )

    async def _pay_order(
        self, name: str, report: Report, order: Order | None
    ) -> SuspenseReason | None:
        """Mark the order paid, or return why the money cannot be credited for it."""
        if order is None or order.provider != name:
            return SuspenseReason.UNKNOWN_ORDER
        if order.amount != report.amount:
            return SuspenseReason.AMOUNT_DIFFERS
        account = await self._accounts.get(order.account_id)
        if account is None or account.state is AccountState.CLOSED:
            return SuspenseReason.WALLET_CLOSED
        if not await self._payments.pay_order(order, self._clock()):
            return SuspenseReason.PAID_TWICE
        return None

    async def _move(self, payment: ProviderPayment, account_id: str | None) -> None:
        clearing = await self._ledger.open_account(
            owners.provider(payment.provider), AccountKind.PROVIDER_CLEARING
        )
        if account_id is None:
            suspense = await self._ledger.open_account(owners.SUSPENSE, AccountKind.SUSPENSE)
            account_id = suspense.id
        new = NewTransfer(
            id=payment.transfer_id,
            kind=TransferKind.TOP_UP,
            debit=clearing.id,
            credit=account_id,
            amount=payment.amount,
            reference=payment.id,
        )
        await self._ledger.transfer(new, is_limited=False)

    async def _expire(self, payload: Mapping[str, Any]) -> None:
        await self._payments.end_order(payload["order"], OrderState.EXPIRED, self._clock())

    def _configured(self) -> PaymentProvider:
        if self._provider is None:
            raise ProviderNotConfigured
        return self._provider


def _payment_id(name: str, report: Report) -> str:
    return derived_id("provider payment", name, report.payment)
