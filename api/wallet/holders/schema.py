from typing import Annotated

import strawberry

from api.context import Info
from api.kit.pagination import After, Connection, First
from api.kit.schema_types import Money
from api.wallet.holders.service import OwnWallet
from api.wallet.schema_types import AMOUNT, KEY, WalletEntry, WalletReceipt
from api.wallet.wallet_error import WalletError


@strawberry.type(description="Your wallet.")
class Wallet:
    id: strawberry.ID = strawberry.field(
        description="Show it, as a QR code, at a counter to pay in: nobody can take money with it."
    )
    balance: Money
    available: Money = strawberry.field(description="Without what is set aside for payments.")
    spending_limit: Money | None = strawberry.field(
        description="What may be paid a day (in Vietnam), if somebody has set it; null: nobody has."
    )
    paid_today: Money
    record: strawberry.Private[OwnWallet]

    @classmethod
    def of(cls, wallet: OwnWallet, language: str) -> "Wallet":
        balance = wallet.balance
        limit = balance.spending_limit
        return cls(
            id=strawberry.ID(wallet.account_id),
            balance=Money.of(balance.balance, language),
            available=Money.of(balance.available, language),
            spending_limit=None if limit is None else Money.of(limit, language),
            paid_today=Money.of(balance.paid_today, language),
            record=wallet,
        )

    @strawberry.field(description="What happened, the newest first.")
    async def statement(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[WalletEntry]:
        holders, language = info.context.services.wallet.holders, info.context.language
        page = await holders.statement(self.record, first, after)
        return Connection[WalletEntry].of(page, lambda entry: WalletEntry.of(entry, language))


@strawberry.input
class ForfeitBalanceInput:
    amount: int = strawberry.field(
        description=f"All that is available in the wallet, as you saw it. {AMOUNT}"
    )
    idempotency_key: str = strawberry.field(description=f"{KEY} time.")


@strawberry.type
class ForfeitBalanceSuccess:
    receipt: WalletReceipt


ForfeitBalanceResult = Annotated[
    ForfeitBalanceSuccess | WalletError, strawberry.union("ForfeitBalanceResult")
]


@strawberry.type
class HoldersQuery:
    @strawberry.field(description="Your wallet.")
    async def wallet(self, info: Info) -> Wallet:
        context = info.context
        found = await context.services.wallet.holders.wallet(context.caller)
        return Wallet.of(found, context.language)


@strawberry.type
class HoldersMutation:
    @strawberry.mutation(
        description="Give up, for good, all that is in your wallet: who ends the account with money left is"
        " refused. It can also be paid out at a counter."
    )
    async def forfeit_balance(self, info: Info, input: ForfeitBalanceInput) -> ForfeitBalanceResult:
        context = info.context
        transfer = await context.services.wallet.holders.forfeit(
            context.caller, input.amount, input.idempotency_key
        )
        return ForfeitBalanceSuccess(receipt=WalletReceipt.of(transfer, info))
