"""GraphQL types that every part of the wallet speaks."""

from datetime import datetime

import strawberry

from api.accounts.caller import Scope, ScopeKind
from api.context import Info
from api.kit.schema_types import Money
from api.wallet.ledger.limits import WalletLimits
from api.wallet.ledger.records import Entry, Transfer, TransferKind

AMOUNT = f"Đồng, 1 to {WalletLimits().amount_at_most}."
KEY = "16 to 128 visible ASCII characters, made anew for each"
SCOPE_ID = "Of the agency, facility, school or merchant."

strawberry.enum(
    TransferKind,
    name="WalletEntryKind",
    description="TOP_UP: paid in. PAYOUT: paid out in cash. REFUND, REVERSAL: given back. SETTLEMENT:"
    " between us, banks and merchants. FORFEIT: given up.",
)


@strawberry.type(description="One movement on an account; it never changes.")
class WalletEntry:
    number: int = strawberry.field(description="1, 2, 3 … without gaps.")
    kind: TransferKind
    payment_id: strawberry.ID = strawberry.field(
        description="The same on the other side. A merchant gives it back under this id."
    )
    change: Money = strawberry.field(description="Below 0 when money left the account.")
    balance: Money = strawberry.field(description="After this movement.")
    at: datetime

    @classmethod
    def of(cls, entry: Entry, language: str) -> "WalletEntry":
        return cls(
            number=entry.number,
            kind=entry.kind,
            payment_id=strawberry.ID(entry.transfer_id),
            change=Money.of(entry.change, language),
            balance=Money.of(entry.balance, language),
            at=entry.at,
        )


@strawberry.type(description="What was moved, for whoever moved it.")
class WalletReceipt:
    payment_id: strawberry.ID
    kind: TransferKind
    amount: Money
    at: datetime

    @classmethod
    def of(cls, transfer: Transfer, info: Info) -> "WalletReceipt":
        return cls(
            payment_id=strawberry.ID(transfer.id),
            kind=transfer.asked.kind,
            amount=Money.of(transfer.posted, info.context.language),
            at=transfer.created_at,
        )


@strawberry.type(description="Who is paid, or where cash is handled.")
class WalletPlace:
    kind: ScopeKind
    id: strawberry.ID

    @classmethod
    def of(cls, scope: Scope) -> "WalletPlace":
        return cls(kind=scope.kind, id=strawberry.ID(scope.id))
