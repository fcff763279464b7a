"""The documents of transfers: what was asked never changes, and the state moves once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from api.kit.store import CollectionSpec, Document, DuplicateKey, Index, Store, WriteConflict
from api.kit.store.contract import Update
from api.wallet.ledger.records import NewTransfer, Transfer, TransferKind, TransferState

WALLET_TRANSFERS = CollectionSpec(
    "wallet_transfers",
    (
        Index(("by",), partial={"by": {"$exists": True}}),
        Index(("state", "debit")),
        Index(("state", "credit")),
        Index(("original",), partial={"original": {"$exists": True}}),
    ),
)


class TransferRepository:
    """All queries on transfers. Writes join the open transaction."""

    def __init__(self, store: Store) -> None:
        self._transfers = store[WALLET_TRANSFERS]

    async def get(self, transfer_id: str) -> Transfer | None:
        document = await self._transfers.get(transfer_id)
        return _transfer(document) if document else None

    async def get_many(self, transfer_ids: Sequence[str]) -> dict[str, Transfer]:
        found = await self._transfers.get_many(transfer_ids)
        return {transfer_id: _transfer(document) for transfer_id, document in found.items()}

    async def add(self, transfer: Transfer) -> None:
        """Insert it. Raises WriteConflict when another one has its id by now."""
        try:
            await self._transfers.insert(_document(transfer))
        except DuplicateKey as error:
            raise WriteConflict from error

    async def settle(
        self, transfer_id: str, state: TransferState, posted: int, now: datetime
    ) -> Transfer | None:
        """Leave PENDING, once. None when it has left it before, or its time does not fit.

        A hold is posted or voided before it expires, and expires when its time is over.
        """
        is_over = state is TransferState.EXPIRED
        pending = {
            "_id": transfer_id,
            "state": TransferState.PENDING,
            "expires_at": {"$lte": now} if is_over else {"$gt": now},
        }
        changes = {"state": state, "posted": posted, "settled_at": now}
        return _or_none(await self._transfers.update_one(pending, {"$set": changes}))

    async def give_back(self, seen: Transfer, amount: int, *, is_reversal: bool) -> bool:
        """Count what is given back; False when less is left. A reversal takes all that is left, once."""
        room = {
            "_id": seen.id,
            "state": TransferState.POSTED,
            "is_reversed": False,
            "returned": seen.returned if is_reversal else {"$lte": seen.posted - amount},
        }
        changes: Update = {"$inc": {"returned": amount}, "$set": {"is_reversed": is_reversal}}
        return await self._transfers.update_one(room, changes) is not None

    async def given_back_of(self, transfer_id: str) -> list[Transfer]:
        """Return the refunds and the reversal of a transfer."""
        return list(map(_transfer, await self._transfers.find({"original": transfer_id})))

    async def open_holds_of(self, account_id: str) -> list[Transfer]:
        """Return the pending transfers out of an account and into it."""
        either = [{"debit": account_id}, {"credit": account_id}]
        wanted = {"state": TransferState.PENDING, "$or": either}
        return list(map(_transfer, await self._transfers.find(wanted)))

    async def every(self, after: str | None, limit: int) -> list[Transfer]:
        """Return transfers in order of their ids, for a recount."""
        start = None if after is None else (after,)
        return list(map(_transfer, await self._transfers.find({}, after=start, limit=limit)))

    async def forget(self, person_id: str) -> None:
        """Forget who did what this person did."""
        await self._transfers.update_many({"by": person_id}, {"$unset": {"by": True}})


def content_of(transfer: NewTransfer) -> NewTransfer:
    """Return what must be equal under an equal id: who sent it again does not matter."""
    return replace(transfer, by=None)


def _or_none(document: Document | None) -> Transfer | None:
    return _transfer(document) if document else None


def _document(transfer: Transfer) -> Document:
    asked = transfer.asked
    document: Document = {
        "_id": asked.id,
        "kind": asked.kind,
        "debit": asked.debit,
        "credit": asked.credit,
        "amount": asked.amount,
        "by": asked.by,
        "reference": asked.reference,
        "state": transfer.state,
        "posted": transfer.posted,
        "returned": transfer.returned,
        "is_reversed": transfer.is_reversed,
        "original": transfer.original,
        "day": transfer.day,
        "created_at": transfer.created_at,
        "settled_at": transfer.settled_at,
        "expires_at": transfer.expires_at,
    }
    optional = ("by", "original")
    return {name: it for name, it in document.items() if it is not None or name not in optional}


def _transfer(document: Document) -> Transfer:
    return Transfer(
        asked=NewTransfer(
            id=document["_id"],
            kind=TransferKind(document["kind"]),
            debit=document["debit"],
            credit=document["credit"],
            amount=document["amount"],
            by=document.get("by"),
            reference=document["reference"],
        ),
        state=TransferState(document["state"]),
        posted=document["posted"],
        returned=document["returned"],
        is_reversed=document["is_reversed"],
        original=document.get("original"),
        day=document["day"],
        created_at=document["created_at"],
        settled_at=document["settled_at"],
        expires_at=document["expires_at"],
    )
