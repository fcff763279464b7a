"""A person's own wallet: what is in it, what happened, and giving up what is left."""

from dataclasses import dataclass
from typing import Any

from api.accounts.caller import Caller
from api.kit.idempotency import Idempotency
from api.kit.ids import derived_id
from api.kit.pages import Page
from api.wallet import owners
from api.wallet.errors import AmountChanged, NothingLeft, TransferNotFound
from api.wallet.ledger.ledger import Balance, Ledger
from api.wallet.ledger.records import AccountKind, Entry, NewTransfer, Transfer, TransferKind
from api.wallet.ledger.statement import Statements


@dataclass(frozen=True, slots=True)
class OwnWallet:
    """`account_id`: the number that is shown at a counter; it cannot be guessed."""

    account_id: str
    balance: Balance


class Holders:
    def __init__(self, ledger: Ledger, statements: Statements, idempotency: Idempotency) -> None:
        self._ledger = ledger
        self._statements = statements
        self._idempotency = idempotency

    async def wallet(self, caller: Caller) -> OwnWallet:
        """Return the caller's wallet, opened when it is looked at for the first time.

        Raises NotSignedIn.
        """
        owner = owners.person(caller.person())
        account = await self._ledger.open_account(owner, AccountKind.PERSON)
        return OwnWallet(account.id, await self._ledger.balance(owner, AccountKind.PERSON))

    async def statement(self, wallet: OwnWallet, first: int, after: str | None) -> Page[Entry]:
        """Return what happened, the newest first. Raises InvalidPageSize, InvalidCursor."""
        return await self._statements.page(wallet.account_id, first, after)

    async def forfeit(self, caller: Caller, amount: int, idempotency_key: str) -> Transfer:
        """Give up all that is in the caller's wallet, `amount`, for good: to be able to leave.

        Raises NotSignedIn, NothingLeft, AmountChanged, IdempotencyProblem.
        """
        person_id = caller.person()

        async def work() -> dict[str, Any]:
            wallet = await self.wallet(caller)
            if not wallet.balance.available:
                raise NothingLeft
            if wallet.balance.available != amount:
                raise AmountChanged
            given_up = await self._ledger.open_account(owners.FORFEITED, AccountKind.FORFEITED)
            new = NewTransfer(
                id=derived_id("forfeit", person_id, idempotency_key),
                kind=TransferKind.FORFEIT,
                debit=wallet.account_id,
                credit=given_up.id,
                amount=amount,
                by=person_id,
            )
            return {"transfer": (await self._ledger.transfer(new)).id}

        key, asked = idempotency_key, {"amount": amount}
        result = await self._idempotency.once(person_id, "forfeitBalance", key, asked, work)
        found = await self._ledger.find(result["transfer"])
        if found is None:
            raise TransferNotFound
        return found
