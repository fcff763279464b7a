from datetime import date, datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.kit.pagination import After, Connection, First
from api.kit.schema_types import Money
from api.wallet.ledger.records import TransferKind
from api.wallet.merchants.charge import Charge as ChargeRecord
from api.wallet.merchants.charge import ChargeState, Purpose
from api.wallet.merchants.charges import OPEN_FOR
from api.wallet.merchants.service import MerchantDay as MerchantDayRecord
from api.wallet.schema_types import AMOUNT, KEY, WalletEntry, WalletPlace, WalletReceipt
from api.wallet.scopes import merchant_named
from api.wallet.wallet_error import WalletError

strawberry.enum(Purpose, name="ChargePurpose", description="PAYOUT: you get cash for it.")
strawberry.enum(ChargeState, name="ChargeState")


@strawberry.type(description="A request for money, which the payer confirms.")
class Charge:
    id: strawberry.ID = strawberry.field(
        description="To be shown as a QR code to the payer, who reads it with the app."
    )
    purpose: Purpose
    place: WalletPlace
    amount: Money
    state: ChargeState
    payment_id: strawberry.ID | None = strawberry.field(description="Once it is PAID.")
    expires_at: datetime

    @classmethod
    def of(cls, charge: ChargeRecord, language: str) -> "Charge":
        is_paid = charge.state is ChargeState.PAID
        return cls(
            id=strawberry.ID(charge.id),
            purpose=charge.purpose,
            place=WalletPlace.of(charge.scope),
            amount=Money.of(charge.amount, language),
            state=charge.state,
            payment_id=strawberry.ID(charge.transfer_id) if is_paid else None,
            expires_at=charge.expires_at,
        )


@strawberry.type(description="What one kind of movement came to on a day.")
class MerchantDaySum:
    kind: TransferKind
    change: Money = strawberry.field(description="Below 0 when money left the account.")
    count: int


@strawberry.type(description="What a merchant took and gave back on a day in Vietnam.")
class MerchantDay:
    day: date
    balance: Money = strawberry.field(description="What the merchant has with us now.")
    total: Money = strawberry.field(description="The sum of `sums`.")
    sums: list[MerchantDaySum]
    control: str | None = strawberry.field(
        description="Stands for the books of the whole day, of all accounts: note it down. Null while they"
        " are open, until shortly after midnight."
    )
    record: strawberry.Private[MerchantDayRecord]

    @classmethod
    def of(cls, seen: MerchantDayRecord, language: str) -> "MerchantDay":
        sums = seen.sums.items()
        return cls(
            day=date.fromisoformat(seen.day),
            balance=Money.of(seen.balance, language),
            total=Money.of(sum(it.change for _, it in sums), language),
            sums=[
                MerchantDaySum(kind=kind, change=Money.of(it.change, language), count=it.count)
                for kind, it in sums
            ],
            control=seen.closing.control if seen.closing else None,
            record=seen,
        )

    @strawberry.field(description="Every movement of the day, the newest first.")
    async def entries(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[WalletEntry]:
        merchants, language = info.context.services.wallet.merchants, info.context.language
        page = await merchants.entries(self.record, first, after)
        return Connection[WalletEntry].of(page, lambda entry: WalletEntry.of(entry, language))


@strawberry.input
class ChargeInput:
    merchant_id: strawberry.ID
    amount: int = strawberry.field(description=AMOUNT)
    idempotency_key: str = strawberry.field(description=f"{KEY} charge.")


@strawberry.input
class ConfirmChargeInput:
    id: strawberry.ID
    amount: int = strawberry.field(
        description=f"What the payer was shown; another amount is refused. {AMOUNT}"
    )
    idempotency_key: str = strawberry.field(description=f"{KEY} payment.")


@strawberry.input
class RefundPaymentInput:
    payment_id: strawberry.ID
    amount: int = strawberry.field(description=f"{AMOUNT} Never more than is left of the payment.")
    idempotency_key: str = strawberry.field(description=f"{KEY} refund.")


@strawberry.type
class ChargeSuccess:
    charge: Charge


@strawberry.type
class ConfirmChargeSuccess:
    charge: Charge


@strawberry.type
class RefundPaymentSuccess:
    receipt: WalletReceipt


ChargeResult = Annotated[ChargeSuccess | WalletError, strawberry.union("ChargeResult")]
ConfirmChargeResult = Annotated[
    ConfirmChargeSuccess | WalletError, strawberry.union("ConfirmChargeResult")
]
RefundPaymentResult = Annotated[
    RefundPaymentSuccess | WalletError, strawberry.union("RefundPaymentResult")
]


@strawberry.type
class MerchantsQuery:
    @strawberry.field(
        description="A charge whose id you were shown; once it is paid, for its two sides only."
    )
    async def charge(self, info: Info, id: strawberry.ID) -> Charge | None:
        context = info.context
        found = await context.services.wallet.charges.find(context.caller, id)
        return Charge.of(found, context.language) if found else None

    @strawberry.field(description="For a merchant: a day of yours.")
    async def merchant_day(self, info: Info, merchant_id: strawberry.ID, date: date) -> MerchantDay:
        context = info.context
        merchants = context.services.wallet.merchants
        seen = await merchants.day(context.caller, merchant_named(merchant_id), date)
        return MerchantDay.of(seen, context.language)


@strawberry.type
class MerchantsMutation:
    @strawberry.mutation(
        description="As a merchant, ask for money. The payer confirms within"
        f" {int(OPEN_FOR.total_seconds() // 60)} minutes; ask `charge` whether it was."
    )
    async def charge(self, info: Info, input: ChargeInput) -> ChargeResult:
        context = info.context
        merchant = merchant_named(input.merchant_id)
        found = await context.services.wallet.charges.charge(
            context.caller, merchant, input.amount, input.idempotency_key
        )
        return ChargeSuccess(charge=Charge.of(found, context.language))

    @strawberry.mutation(description="Pay a charge from your wallet.")
    async def confirm_charge(self, info: Info, input: ConfirmChargeInput) -> ConfirmChargeResult:
        context = info.context
        found = await context.services.wallet.charges.confirm(
            context.caller, input.id, input.amount, input.idempotency_key
        )
        return ConfirmChargeSuccess(charge=Charge.of(found, context.language))

    @strawberry.mutation(description="As a merchant, give back a payment, or a part of it.")
    async def refund_payment(self, info: Info, input: RefundPaymentInput) -> RefundPaymentResult:
        context = info.context
        transfer = await context.services.wallet.merchants.refund(
            context.caller, input.payment_id, input.amount, input.idempotency_key
        )
        return RefundPaymentSuccess(receipt=WalletReceipt.of(transfer, info))
