from typing import Annotated

import strawberry

from api.accounts.caller import ScopeKind
from api.context import Info
from api.wallet.merchants.schema import Charge
from api.wallet.schema_types import AMOUNT, KEY, SCOPE_ID, WalletReceipt
from api.wallet.scopes import scope_named
from api.wallet.wallet_error import WalletError


@strawberry.input
class TopUpAtCounterInput:
    scope_kind: ScopeKind
    scope_id: strawberry.ID = strawberry.field(description=SCOPE_ID)
    wallet_id: strawberry.ID = strawberry.field(description="As its holder shows it.")
    amount: int = strawberry.field(description=AMOUNT)
    idempotency_key: str = strawberry.field(description=f"{KEY} payment.")


@strawberry.input
class PayOutAtCounterInput:
    scope_kind: ScopeKind
    scope_id: strawberry.ID = strawberry.field(description=SCOPE_ID)
    amount: int = strawberry.field(description=AMOUNT)
    idempotency_key: str = strawberry.field(description=f"{KEY} payment.")


@strawberry.type
class TopUpAtCounterSuccess:
    receipt: WalletReceipt


@strawberry.type
class PayOutAtCounterSuccess:
    charge: Charge


TopUpAtCounterResult = Annotated[
    TopUpAtCounterSuccess | WalletError, strawberry.union("TopUpAtCounterResult")
]
PayOutAtCounterResult = Annotated[
    PayOutAtCounterSuccess | WalletError, strawberry.union("PayOutAtCounterResult")
]


@strawberry.type
class CounterMutation:
    @strawberry.mutation(
        description="As a clerk or a merchant, take cash and put it into somebody's wallet."
    )
    async def top_up_at_counter(
        self, info: Info, input: TopUpAtCounterInput
    ) -> TopUpAtCounterResult:
        context = info.context
        scope = scope_named(input.scope_kind, input.scope_id)
        transfer = await context.services.wallet.counter.top_up(
            context.caller, scope, input.wallet_id, input.amount, input.idempotency_key
        )
        return TopUpAtCounterSuccess(receipt=WalletReceipt.of(transfer, info))

    @strawberry.mutation(
        description="As a clerk or a merchant, ask a holder to confirm that so much is paid out in cash."
        " Hand it over when `charge` says that it is PAID."
    )
    async def pay_out_at_counter(
        self, info: Info, input: PayOutAtCounterInput
    ) -> PayOutAtCounterResult:
        context = info.context
        scope = scope_named(input.scope_kind, input.scope_id)
        found = await context.services.wallet.charges.pay_out(
            context.caller, scope, input.amount, input.idempotency_key
        )
        return PayOutAtCounterSuccess(charge=Charge.of(found, context.language))
