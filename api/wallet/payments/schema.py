from datetime import datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.kit.pagination import After, Connection, First
from api.kit.schema_types import Money
from api.wallet.payments.orders import OrderState, ProviderPayment, SuspenseReason
from api.wallet.payments.top_ups import OPEN_FOR, Checkout
from api.wallet.schema_types import AMOUNT, KEY
from api.wallet.wallet_error import WalletError

strawberry.enum(
    OrderState,
    name="TopUpState",
    description="EXPIRED: money that arrives later is put into the wallet all the same.",
)
strawberry.enum(
    SuspenseReason,
    name="SuspenseReason",
    description="REPORTED_OTHERWISE: the payment was booked before with another amount, and nothing was"
    " moved for this one.",
)


@strawberry.type(description="A payment into your wallet that was begun.")
class TopUp:
    id: strawberry.ID
    amount: Money
    state: OrderState
    checkout_url: str | None = strawberry.field(
        description="Open it in the system's browser to pay; null when it cannot be paid any more."
    )
    expires_at: datetime

    @classmethod
    def of(cls, checkout: Checkout, info: Info) -> "TopUp":
        order = checkout.order
        return cls(
            id=strawberry.ID(order.id),
            amount=Money.of(order.amount, info.context.language),
            state=order.state,
            checkout_url=checkout.url,
            expires_at=order.expires_at,
        )


@strawberry.type(
    description="Money that a provider has for us and that fits nowhere yet, or what it says against"
    " itself."
)
class SuspendedPayment:
    id: strawberry.ID
    provider: str
    reference: str = strawberry.field(description="The provider's id of the payment.")
    order_id: strawberry.ID = strawberry.field(description="As the provider said it.")
    amount: Money
    reason: SuspenseReason
    at: datetime

    @classmethod
    def of(cls, payment: ProviderPayment, language: str) -> "SuspendedPayment":
        assert payment.reason is not None, "what is suspended has a reason"  # noqa: S101
        return cls(
            id=strawberry.ID(payment.id),
            provider=payment.provider,
            reference=payment.reference,
            order_id=strawberry.ID(payment.order_id),
            amount=Money.of(payment.amount, language),
            reason=payment.reason,
            at=payment.at,
        )


@strawberry.input
class TopUpInput:
    amount: int = strawberry.field(description=AMOUNT)
    idempotency_key: str = strawberry.field(description=f"{KEY} payment.")


@strawberry.type
class TopUpSuccess:
    top_up: TopUp


TopUpResult = Annotated[TopUpSuccess | WalletError, strawberry.union("TopUpResult")]


@strawberry.type
class PaymentsQuery:
    @strawberry.field(
        description="For administrators and auditors: money that came in and fits nowhere, the oldest first."
    )
    async def suspended_payments(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[SuspendedPayment]:
        context = info.context
        page = await context.services.wallet.suspense.page(context.caller, first, after)
        return Connection[SuspendedPayment].of(
            page, lambda it: SuspendedPayment.of(it, context.language)
        )


@strawberry.type
class PaymentsMutation:
    @strawberry.mutation(
        description="Begin to pay into your wallet online. Open for"
        f" {int(OPEN_FOR.total_seconds() // 60)} minutes; the money is there when `wallet` shows it."
    )
    async def top_up(self, info: Info, input: TopUpInput) -> TopUpResult:
        context = info.context
        checkout = await context.services.wallet.top_ups.order(
            context.caller, input.amount, input.idempotency_key
        )
        return TopUpSuccess(top_up=TopUp.of(checkout, info))
