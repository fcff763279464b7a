"""What the wallet keeps of a person, to be handed over and to be forgotten.

Entries stay by law (accounting documents: 10 years), under an account that is nobody's any more.
"""

from typing import Any

from api.accounts.privacy.errors import MoneyLeft
from api.kit.clock import Clock
from api.kit.errors import N_
from api.wallet import owners
from api.wallet.ledger.account_repository import AccountRepository
from api.wallet.ledger.records import Account, Entry
from api.wallet.ledger.statement import Statements
from api.wallet.ledger.transfer_repository import TransferRepository
from api.wallet.merchants.charge import Charge
from api.wallet.merchants.charge_repository import ChargeRepository
from api.wallet.payments.orders import Order
from api.wallet.payments.repository import PaymentRepository


class WalletData:
    """Also the one who says whether a person may leave: not while there is money."""

    name = "wallet"
    explanation = N_(
        "Your wallet: what came in and what you paid, and the payments you asked for or began."
    )

    def __init__(
        self,
        accounts: AccountRepository,
        transfers: TransferRepository,
        statements: Statements,
        payments: PaymentRepository,
        charges: ChargeRepository,
        clock: Clock,
    ) -> None:
        self._accounts = accounts
        self._transfers = transfers
        self._statements = statements
        self._payments = payments
        self._charges = charges
        self._clock = clock

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        mine = await self._accounts.all_of(owners.person(person_id))
        made = await self._charges.made_by(person_id, self._clock())
        return {
            "accounts": [await self._told(account) for account in mine],
            "requestedPayments": [_charge(charge) for charge in made],
        }

    async def erase(self, person_id: str) -> None:
        await self._accounts.make_nobodys(owners.person(person_id))
        await self._transfers.forget(person_id)
        await self._charges.forget(person_id)

    async def let_go(self, person_id: str) -> None:
        """Close the person's empty accounts; needs an open transaction. Raises MoneyLeft."""
        for account in await self._accounts.all_of(owners.person(person_id)):
            if not await self._accounts.close_empty(account.id):
                raise MoneyLeft

    async def _told(self, account: Account) -> dict[str, Any]:
        entries = await self._statements.every_entry(account.id)
        orders = await self._payments.orders_of(account.id)
        return {
            "id": account.id,
            "openedAt": account.opened_at.isoformat(),
            "balance": account.balance,
            "available": account.available,
            "spendingLimit": account.spending_limit,
            "statement": [_entry(entry) for entry in entries],
            "topUps": [_order(order) for order in orders],
        }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "payment": entry.transfer_id,
        "kind": entry.kind.name,
        "change": entry.change,
        "balance": entry.balance,
        "at": entry.at.isoformat(),
    }


def _order(order: Order) -> dict[str, Any]:
    return {
        "id": order.id,
        "amount": order.amount,
        "state": order.state.name,
        "provider": order.provider,
        "createdAt": order.created_at.isoformat(),
    }


def _charge(charge: Charge) -> dict[str, Any]:
    return {
        "id": charge.id,
        "purpose": charge.purpose.name,
        "at": str(charge.scope),
        "amount": charge.amount,
        "state": charge.state.name,
        "createdAt": charge.created_at.isoformat(),
    }
