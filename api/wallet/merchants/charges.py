"""Paying a merchant: the merchant asks, the payer sees how much and to whom, and confirms.

So nobody's code can be taken from a screen and charged with what its owner never saw.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from api.accounts.caller import Caller, Role, Scope
from api.kit.audit_log import AuditEntry, AuditLog
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.ids import derived_id, is_id, new_id
from api.wallet import owners
from api.wallet.errors import AmountChanged, ChargeEnded, ChargeNotFound, NotEnoughCash, OwnPayout
from api.wallet.ledger.ledger import Ledger
from api.wallet.ledger.limits import WalletLimits
from api.wallet.ledger.records import AccountKind, NewTransfer, TransferKind
from api.wallet.merchants.charge import Charge, ChargeState, Purpose
from api.wallet.merchants.charge_repository import ChargeRepository
from api.wallet.scopes import require_counter, works_at

Work = Callable[[], Awaitable[dict[str, Any]]]

OPEN_FOR = timedelta(minutes=10)
_TRANSFERS = {
    Purpose.PAYMENT: TransferKind.PAYMENT,
    Purpose.PAYOUT: TransferKind.PAYOUT,
}


class Charges:
    def __init__(
        self,
        charges: ChargeRepository,
        ledger: Ledger,
        limits: WalletLimits,
        idempotency: Idempotency,
        audit: AuditLog,
        clock: Clock,
    ) -> None:
        self._charges = charges
        self._ledger = ledger
        self._limits = limits
        self._idempotency = idempotency
        self._audit = audit
        self._clock = clock

    async def charge(
        self, caller: Caller, merchant: Scope, amount: int, idempotency_key: str
    ) -> Charge:
        """Ask for money as a merchant. The same call again answers the same charge.

        Raises NotSignedIn, NotAllowed, InvalidAmount and IdempotencyProblem.
        """
        person_id = caller.require(Role.MERCHANT, merchant)
        self._limits.check_amount(amount)

        async def work() -> dict[str, Any]:
            payee = await self._ledger.open_account(
                owners.institution(merchant), AccountKind.MERCHANT
            )
            return await self._add(Purpose.PAYMENT, merchant, payee.id, amount, person_id)

        asked = {"merchant": str(merchant), "amount": amount}
        return await self._once(person_id, "charge", idempotency_key, asked, work)

    async def pay_out(
        self, caller: Caller, scope: Scope, amount: int, idempotency_key: str
    ) -> Charge:
        """Ask a holder to confirm that so much cash is paid out at a counter.

        Raises NotSignedIn, NotAllowed, InvalidAmount, NotEnoughCash and IdempotencyProblem.
        """
        person_id = require_counter(caller, scope)
        self._limits.check_amount(amount)

        async def work() -> dict[str, Any]:
            drawer = await self._ledger.open_account(
                owners.institution(scope), AccountKind.COUNTER_CASH
            )
            if drawer.available < amount:
                raise NotEnoughCash
            return await self._add(Purpose.PAYOUT, scope, drawer.id, amount, person_id)

        asked = {"scope": str(scope), "amount": amount}
        return await self._once(person_id, "payOutAtCounter", idempotency_key, asked, work)

    async def find(self, caller: Caller, charge_id: str) -> Charge | None:
        """Return a charge to whoever was shown its id; once it is paid, to its two sides only.

        Raises NotSignedIn.
        """
        person_id = caller.person()
        charge = await self._charges.get(charge_id, self._clock()) if is_id(charge_id) else None
        if charge is None or charge.state is not ChargeState.PAID or works_at(caller, charge.scope):
            return charge
        mine = await self._ledger.account(owners.person(person_id), AccountKind.PERSON)
        return charge if mine is not None and charge.payer == mine.id else None

    async def confirm(
        self, caller: Caller, charge_id: str, amount: int, idempotency_key: str
    ) -> Charge:
        """Pay a charge from the caller's wallet. `amount`: what the payer was shown.

        Raises NotSignedIn, ChargeNotFound, OwnPayout, ChargeEnded, AmountChanged, IdempotencyProblem,
        and what `Ledger.transfer` does.
        """
        person_id = caller.person()

        async def work() -> dict[str, Any]:
            charge = await self.find(caller, charge_id)
            if charge is None:
                raise ChargeNotFound
            if charge.purpose is Purpose.PAYOUT and charge.made_by == person_id:
                raise OwnPayout
            account = await self._ledger.open_account(owners.person(person_id), AccountKind.PERSON)
            if not await self._charges.pay(charge, account.id, amount, self._clock()):
                raise ChargeEnded if charge.amount == amount else AmountChanged
            await self._ledger.transfer(
                NewTransfer(
                    id=charge.transfer_id,
                    kind=_TRANSFERS[charge.purpose],
                    debit=account.id,
                    credit=charge.payee,
                    amount=charge.amount,
                    by=person_id,
                    reference=charge.id,
                )
            )
            await self._note_payout(charge)
            return {"charge": charge.id}

        asked = {"charge": charge_id, "amount": amount}
        return await self._once(person_id, "confirmCharge", idempotency_key, asked, work)

    async def _add(
        self, purpose: Purpose, scope: Scope, payee: str, amount: int, person_id: str
    ) -> dict[str, Any]:
        charge_id, now = new_id(), self._clock()
        charge = Charge(
            id=charge_id,
            purpose=purpose,
            scope=scope,
            payee=payee,
            amount=amount,
            state=ChargeState.OPEN,
            made_by=person_id,
            payer=None,
            transfer_id=derived_id("payment of a charge", charge_id),
            created_at=now,
            expires_at=now + OPEN_FOR,
        )
        await self._charges.add(charge)
        return {"charge": charge_id}

    async def _note_payout(self, charge: Charge) -> None:
        if charge.purpose is Purpose.PAYOUT and charge.made_by is not None:
            await self._audit.append(
                AuditEntry(
                    charge.made_by,
                    "wallet.counter_payout",
                    charge.transfer_id,
                    str(charge.scope),
                    {"dong": charge.amount},
                )
            )

    async def _once(
        self, person_id: str, operation: str, key: str, asked: dict[str, Any], work: Work
    ) -> Charge:
        result = await self._idempotency.once(person_id, operation, key, asked, work)
        found = await self._charges.get(result["charge"], self._clock())
        if found is None:
            raise ChargeNotFound
        return found
