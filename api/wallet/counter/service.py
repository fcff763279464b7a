"""Cash at a counter: paid in by a clerk, into the wallet whose number the holder shows.

Paying out needs the holder's yes, so it is a request that the holder confirms, as with a merchant
(`api.wallet.merchants.charges`).
"""

from typing import Any

from api.accounts.caller import Caller, Scope
from api.kit.audit_log import AuditEntry, AuditLog, Details
from api.kit.idempotency import Idempotency
from api.kit.ids import derived_id
from api.wallet import owners
from api.wallet.errors import AccountNotFound, OwnWallet, TransferNotFound
from api.wallet.ledger.ledger import Ledger
from api.wallet.ledger.limits import WalletLimits
from api.wallet.ledger.records import (
    Account,
    AccountKind,
    NewTransfer,
    Transfer,
    TransferKind,
)
from api.wallet.scopes import require_counter


class Counter:
    def __init__(
        self, ledger: Ledger, limits: WalletLimits, idempotency: Idempotency, audit: AuditLog
    ) -> None:
        self._ledger = ledger
        self._limits = limits
        self._idempotency = idempotency
        self._audit = audit

    async def top_up(
        self, caller: Caller, scope: Scope, account_id: str, amount: int, idempotency_key: str
    ) -> Transfer:
        """Take cash and put it into a wallet, of a person or of a card.

        Raises NotSignedIn, NotAllowed, AccountNotFound, OwnWallet, IdempotencyProblem, and what
        `Ledger.transfer` does.
        """
        person_id = require_counter(caller, scope)
        self._limits.check_amount(amount)

        async def work() -> dict[str, Any]:
            wallet = await self._wallet(account_id, person_id)
            drawer = await self._ledger.open_account(
                owners.institution(scope), AccountKind.COUNTER_CASH
            )
            new = NewTransfer(
                id=derived_id("counter top-up", person_id, idempotency_key),
                kind=TransferKind.TOP_UP,
                debit=drawer.id,
                credit=wallet.id,
                amount=amount,
                by=person_id,
                reference=drawer.id,
            )
            transfer = await self._ledger.transfer(new)
            await self._note(person_id, transfer, scope)
            return {"transfer": transfer.id}

        asked = {"scope": str(scope), "account": account_id, "amount": amount}
        key = idempotency_key
        result = await self._idempotency.once(person_id, "topUpAtCounter", key, asked, work)
        found = await self._ledger.find(result["transfer"])
        if found is None:
            raise TransferNotFound
        return found

    async def _wallet(self, account_id: str, clerk_id: str) -> Account:
        """Return a wallet that cash may go into. Raises AccountNotFound, and OwnWallet for the clerk's."""
        account = await self._ledger.account_by_id(account_id)
        if account is None or account.kind not in owners.HELD_BY_PEOPLE:
            raise AccountNotFound
        if account.owner == owners.person(clerk_id):
            raise OwnWallet
        return account

    async def _note(self, clerk_id: str, transfer: Transfer, scope: Scope) -> None:
        details: Details = {"dong": transfer.asked.amount}
        await self._audit.append(
            AuditEntry(clerk_id, "wallet.counter_top_up", transfer.id, str(scope), details)
        )
