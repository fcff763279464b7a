"""The documents of orders and of providers' payments."""

from datetime import datetime

from api.kit.store import (
    CollectionSpec,
    Document,
    DuplicateKey,
    Filter,
    Index,
    Store,
    WriteConflict,
)
from api.kit.store.contract import Sort
from api.wallet.payments.orders import (
    Order,
    OrderState,
    Outcome,
    ProviderPayment,
    SuspenseReason,
)

WALLET_ORDERS = CollectionSpec("wallet_orders", (Index(("account_id", "created_at")),))
WALLET_PROVIDER_PAYMENTS = CollectionSpec(
    "wallet_provider_payments", (Index(("outcome", "at")), Index(("order_id",)))
)
_OLDEST_FIRST: Sort = [("at", 1)]


class PaymentRepository:
    """All queries on orders and payments. Writes join the open transaction."""

    def __init__(self, store: Store) -> None:
        self._orders = store[WALLET_ORDERS]
        self._payments = store[WALLET_PROVIDER_PAYMENTS]

    async def order(self, order_id: str) -> Order | None:
        document = await self._orders.get(order_id)
        return _order(document) if document else None

    async def orders_of(self, account_id: str) -> list[Order]:
        """Return every order to pay into an account, the newest first."""
        found = await self._orders.find({"account_id": account_id}, sort=[("created_at", -1)])
        return list(map(_order, found))

    async def add_order(self, order: Order) -> None:
        await self._orders.insert(
            {
                "_id": order.id,
                "account_id": order.account_id,
                "amount": order.amount,
                "provider": order.provider,
                "state": order.state,
                "created_at": order.created_at,
                "expires_at": order.expires_at,
                "settled_at": order.settled_at,
            }
        )

    async def pay_order(self, order: Order, now: datetime) -> bool:
        """Mark it paid, once; also one that failed or expired before. False when it was paid."""
        unpaid = {"_id": order.id, "state": {"$ne": OrderState.PAID}}
        changes = {"state": OrderState.PAID, "settled_at": now}
        return await self._orders.update_one(unpaid, {"$set": changes}) is not None

    async def end_order(self, order_id: str, state: OrderState, now: datetime) -> bool:
        """Let an open one fail or expire; False when it is not open."""
        still_open = {"_id": order_id, "state": OrderState.OPEN}
        changes = {"state": state, "settled_at": now}
        return await self._orders.update_one(still_open, {"$set": changes}) is not None

    async def payment(self, payment_id: str) -> ProviderPayment | None:
        document = await self._payments.get(payment_id)
        return _payment(document) if document else None

    async def add_payment(self, payment: ProviderPayment) -> None:
        """Insert it. Raises WriteConflict when another process had the same one."""
        document = {
            "_id": payment.id,
            "provider": payment.provider,
            "reference": payment.reference,
            "order_id": payment.order_id,
            "amount": payment.amount,
            "outcome": payment.outcome,
            "reason": payment.reason,
            "transfer_id": payment.transfer_id,
            "at": payment.at,
        }
        try:
            await self._payments.insert(document)
        except DuplicateKey as error:
            raise WriteConflict from error

    async def clear(self, payment_id: str) -> bool:
        """Take a contradiction off the list, once; False when it is not on it."""
        contradicted = {"_id": payment_id, "outcome": Outcome.CONTRADICTED}
        changes = {"$set": {"outcome": Outcome.CLEARED}}
        return await self._payments.update_one(contradicted, changes) is not None

    async def assign(self, payment_id: str) -> ProviderPayment | None:
        """Take one out of suspense, once; None when it is not there."""
        suspended = {"_id": payment_id, "outcome": Outcome.SUSPENDED}
        changes = {"$set": {"outcome": Outcome.ASSIGNED}}
        document = await self._payments.update_one(suspended, changes)
        return _payment(document) if document else None

    async def suspended(
        self, after: tuple[datetime, str] | None, limit: int
    ) -> list[ProviderPayment]:
        """Return payments in suspense and what contradicts booked ones, the oldest first."""
        wanted: Filter = {"outcome": {"$in": [Outcome.SUSPENDED, Outcome.CONTRADICTED]}}
        found = await self._payments.find(wanted, sort=_OLDEST_FIRST, after=after, limit=limit)
        return list(map(_payment, found))


def _order(document: Document) -> Order:
    return Order(
        id=document["_id"],
        account_id=document["account_id"],
        amount=document["amount"],
        provider=document["provider"],
        state=OrderState(document["state"]),
        created_at=document["created_at"],
        expires_at=document["expires_at"],
        settled_at=document["settled_at"],
    )


def _payment(document: Document) -> ProviderPayment:
    reason = document["reason"]
    return ProviderPayment(
        id=document["_id"],
        provider=document["provider"],
        reference=document["reference"],
        order_id=document["order_id"],
        amount=document["amount"],
        outcome=Outcome(document["outcome"]),
        reason=SuspenseReason(reason) if reason else None,
        transfer_id=document["transfer_id"],
        at=document["at"],
    )
