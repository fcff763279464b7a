"""The documents of charges: paid once, in one conditional write."""

from datetime import datetime

from api.accounts.caller import Scope
from api.kit.store import CollectionSpec, Document, Index, Store
from api.wallet.merchants.charge import Charge, ChargeState, Purpose

WALLET_CHARGES = CollectionSpec(
    "wallet_charges",
    (
        Index(("made_by",), partial={"made_by": {"$exists": True}}),
        Index(("payer",), partial={"payer": {"$exists": True}}),
    ),
)


class ChargeRepository:
    """All queries on charges. Writes join the open transaction."""

    def __init__(self, store: Store) -> None:
        self._charges = store[WALLET_CHARGES]

    async def get(self, charge_id: str, now: datetime) -> Charge | None:
        document = await self._charges.get(charge_id)
        return _charge(document, now) if document else None

    async def add(self, charge: Charge) -> None:
        await self._charges.insert(
            {
                "_id": charge.id,
                "purpose": charge.purpose,
                "scope": str(charge.scope),
                "payee": charge.payee,
                "amount": charge.amount,
                "is_paid": False,
                "made_by": charge.made_by,
                "transfer_id": charge.transfer_id,
                "created_at": charge.created_at,
                "expires_at": charge.expires_at,
            }
        )

    async def pay(self, charge: Charge, payer: str, amount: int, now: datetime) -> bool:
        """Mark it paid by an account; False when it is paid, over, or of another amount."""
        open_one = {
            "_id": charge.id,
            "is_paid": False,
            "amount": amount,
            "expires_at": {"$gt": now},
        }
        paid = {"$set": {"is_paid": True, "payer": payer}}
        return await self._charges.update_one(open_one, paid) is not None

    async def made_by(self, person_id: str, now: datetime) -> list[Charge]:
        found = await self._charges.find({"made_by": person_id})
        return [_charge(document, now) for document in found]

    async def forget(self, person_id: str) -> None:
        """Forget who asked. Who paid is an account, which is made nobody's."""
        await self._charges.update_many({"made_by": person_id}, {"$unset": {"made_by": True}})


def _charge(document: Document, now: datetime) -> Charge:
    unpaid = ChargeState.OPEN if now < document["expires_at"] else ChargeState.EXPIRED
    return Charge(
        id=document["_id"],
        purpose=Purpose(document["purpose"]),
        scope=Scope.of(document["scope"]),
        payee=document["payee"],
        amount=document["amount"],
        state=ChargeState.PAID if document["is_paid"] else unpaid,
        made_by=document.get("made_by"),
        payer=document.get("payer"),
        transfer_id=document["transfer_id"],
        created_at=document["created_at"],
        expires_at=document["expires_at"],
    )
