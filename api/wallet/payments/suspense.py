"""Money in suspense: staff see it, and assign it once they know whose it is."""

from datetime import datetime

from api.accounts.caller import PROVINCE, Caller, Role
from api.accounts.errors import NotAllowed
from api.kit.audit_log import AuditEntry, AuditLog
from api.kit.ids import derived_id
from api.kit.pages import Listing, Page, checked_first
from api.kit.store import Store
from api.kit.transactions import transact
from api.wallet import owners
from api.wallet.errors import AccountNotFound, TransferNotFound
from api.wallet.ledger.ledger import Ledger
from api.wallet.ledger.records import AccountKind, NewTransfer, Transfer, TransferKind
from api.wallet.payments.orders import ProviderPayment
from api.wallet.payments.repository import PaymentRepository

_OLDEST_FIRST = Listing("wallet.suspense", (datetime, str))
_SEEN_BY = (Role.ADMINISTRATOR, Role.AUDITOR)
BY_OPERATOR = "cli"


class Suspense:
    def __init__(
        self, store: Store, payments: PaymentRepository, ledger: Ledger, audit: AuditLog
    ) -> None:
        self._store = store
        self._payments = payments
        self._ledger = ledger
        self._audit = audit

    async def page(self, caller: Caller, first: int, after: str | None) -> Page[ProviderPayment]:
        """Return what is in suspense, and what contradicts what was booked, the oldest first.

        For administrators and auditors. Raises NotSignedIn, NotAllowed, InvalidPageSize, InvalidCursor.
        """
        caller.person()
        if not any(caller.holds(role, PROVINCE) for role in _SEEN_BY):
            raise NotAllowed
        return await self.listed(first, after)

    async def listed(self, first: int, after: str | None) -> Page[ProviderPayment]:
        """Return the same, to the operator."""
        start = _OLDEST_FIRST.values(after)
        limit = checked_first(first) + 1
        found = await self._payments.suspended(
            None if start is None else (start[0], start[1]), limit
        )
        return _OLDEST_FIRST.page(found, first=first, after=after, values=lambda it: (it.at, it.id))

    async def clear(self, payment_id: str) -> None:
        """Take a contradiction off the list, once; for the operator, and in the audit log.

        Raises TransferNotFound when it is not on it: money in suspense is assigned.
        """

        async def work() -> None:
            if not await self._payments.clear(payment_id):
                raise TransferNotFound
            entry = AuditEntry(BY_OPERATOR, "wallet.clear", payment_id, BY_OPERATOR, {})
            await self._audit.append(entry)

        await transact(self._store, work)

    async def assign(self, payment_id: str, account_id: str) -> Transfer:
        """Move a payment out of suspense to a wallet, once; for the operator, and in the audit log.

        Raises TransferNotFound when it is not in suspense, AccountNotFound, AccountClosed.
        """

        async def work() -> Transfer:
            account = await self._ledger.account_by_id(account_id)
            if account is None or account.kind not in owners.HELD_BY_PEOPLE:
                raise AccountNotFound
            payment = await self._payments.assign(payment_id)
            if payment is None:
                raise TransferNotFound
            suspense = await self._ledger.open_account(owners.SUSPENSE, AccountKind.SUSPENSE)
            transfer = await self._ledger.transfer(
                NewTransfer(
                    id=derived_id("assigned payment", payment_id),
                    kind=TransferKind.TOP_UP,
                    debit=suspense.id,
                    credit=account_id,
                    amount=payment.amount,
                    reference=payment.id,
                ),
                is_limited=False,
            )
            entry = AuditEntry(BY_OPERATOR, "wallet.assign", payment_id, BY_OPERATOR, {})
            await self._audit.append(entry)
            return transfer

        return await transact(self._store, work)
