"""What a merchant does after a payment: gives back, and looks at a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.accounts.caller import Caller, Role, Scope, ScopeKind
from api.kit.audit_log import AuditEntry, AuditLog, Details
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.ids import derived_id
from api.kit.pages import Page
from api.wallet import owners
from api.wallet.errors import InvalidDate, TransferNotFound
from api.wallet.ledger.book_days import day_of
from api.wallet.ledger.closings import Closing, Closings
from api.wallet.ledger.ledger import Ledger
from api.wallet.ledger.records import Account, AccountKind, Entry, Transfer, TransferKind
from api.wallet.ledger.statement import Statements

_FIRST_DAY = date(2025, 1, 1)


@dataclass(frozen=True, slots=True)
class KindSum:
    """`change`: what it did to the balance, in đồng; `count`: of entries."""

    change: int = 0
    count: int = 0


@dataclass(frozen=True, slots=True)
class MerchantDay:
    """The day of a merchant. `balance`: now, in đồng.

    `account_id`: None for a merchant who was never paid; `closing`: None while the books are open.
    """

    merchant: Scope
    day: str
    account_id: str | None
    balance: int
    sums: Mapping[TransferKind, KindSum]
    closing: Closing | None


class Merchants:
    def __init__(
        self,
        ledger: Ledger,
        statements: Statements,
        closings: Closings,
        idempotency: Idempotency,
        audit: AuditLog,
        clock: Clock,
    ) -> None:
        self._ledger = ledger
        self._statements = statements
        self._closings = closings
        self._idempotency = idempotency
        self._audit = audit
        self._clock = clock

    async def refund(
        self, caller: Caller, payment_id: str, amount: int, idempotency_key: str
    ) -> Transfer:
        """Give back a payment to a merchant of the caller, whole or in part; never more than was paid.

        Raises NotSignedIn, NotAllowed, TransferNotFound (also for another merchant's),
        IdempotencyProblem, and what `Ledger.refund` does.
        """
        merchants = caller.require_any(Role.MERCHANT)
        person_id = caller.person()

        async def work() -> dict[str, Any]:
            merchant = await self._merchant_of(payment_id)
            if merchant not in merchants:
                raise TransferNotFound
            new_id = derived_id("refund", person_id, idempotency_key)
            refund = await self._ledger.refund(payment_id, new_id, amount, person_id)
            details: Details = {"dong": amount, "payment": payment_id}
            await self._audit.append(
                AuditEntry(person_id, "wallet.refund", refund.id, str(merchant), details)
            )
            return {"transfer": refund.id}

        asked = {"payment": payment_id, "amount": amount}
        key = idempotency_key
        result = await self._idempotency.once(person_id, "refundPayment", key, asked, work)
        found = await self._ledger.find(result["transfer"])
        if found is None:
            raise TransferNotFound
        return found

    async def day(self, caller: Caller, merchant: Scope, on: date) -> MerchantDay:
        """Return what a merchant took and gave back on a day in Vietnam.

        Raises NotSignedIn, NotAllowed, InvalidDate for a day that has not begun.
        """
        caller.require(Role.MERCHANT, merchant)
        day = on.isoformat()
        if on < _FIRST_DAY or day > day_of(self._clock()):
            raise InvalidDate
        account = await self._account_of(merchant)
        entries = await self._statements.whole_day(account.id, day) if account else []
        return MerchantDay(
            merchant=merchant,
            day=day,
            account_id=account.id if account else None,
            balance=account.balance if account else 0,
            sums=_sums_of(entries),
            closing=await self._closings.get(day),
        )

    async def entries(self, seen: MerchantDay, first: int, after: str | None) -> Page[Entry]:
        """Return the entries of such a day, the newest first. Raises InvalidPageSize, InvalidCursor."""
        # An account that is not there has no entries.
        return await self._statements.page(seen.account_id or "", first, after, seen.day)

    async def _account_of(self, merchant: Scope) -> Account | None:
        return await self._ledger.account(owners.institution(merchant), AccountKind.MERCHANT)

    async def _merchant_of(self, payment_id: str) -> Scope | None:
        """Return the merchant who was paid; None when it was no merchant."""
        payment = await self._ledger.find(payment_id)
        payee = await self._ledger.account_by_id(payment.asked.credit) if payment else None
        if payee is None or payee.kind is not AccountKind.MERCHANT or payee.owner is None:
            return None
        merchant = Scope(ScopeKind.MERCHANT, payee.owner.id)
        # A school is paid into such an account too, and its id may be that of a merchant.
        return merchant if owners.is_scope(payee.owner, merchant) else None


def _sums_of(entries: list[Entry]) -> dict[TransferKind, KindSum]:
    sums: dict[TransferKind, KindSum] = {}
    for entry in entries:
        before = sums.get(entry.kind, KindSum())
        sums[entry.kind] = KindSum(before.change + entry.change, before.count + 1)
    return dict(sorted(sums.items()))
