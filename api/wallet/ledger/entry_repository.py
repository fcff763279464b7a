"""The documents of entries: two a posted transfer, written once and never changed."""

from collections.abc import Sequence
from typing import Any

from api.kit.store import CollectionSpec, Document, Index, Store
from api.wallet.ledger.records import AccountKind, Entry, Side, TransferKind

WALLET_ENTRIES = CollectionSpec(
    "wallet_entries",
    (
        Index(("account_id", "number"), unique=True),
        Index(("account_id", "day", "number")),
        Index(("day", "_id")),
        Index(("transfer_id",)),
    ),
)


class EntryRepository:
    """All queries on entries. Writes join the open transaction."""

    def __init__(self, store: Store) -> None:
        self._entries = store[WALLET_ENTRIES]

    async def add(self, entries: Sequence[Entry]) -> None:
        await self._entries.insert_many([_document(entry) for entry in entries])

    async def newest_first(
        self,
        account_id: str,
        after: Sequence[Any] | None,
        limit: int | None,
        day: str | None = None,
    ) -> list[Entry]:
        """Return entries of an account, of one day if asked. `after`: the number of the last one seen."""
        wanted: dict[str, Any] = {"account_id": account_id}
        if day is not None:
            wanted["day"] = day
        if after is not None:
            wanted["number"] = {"$lt": after[0]}
        found = await self._entries.find(wanted, sort=[("number", -1)], limit=limit)
        return list(map(_entry, found))

    async def of_transfer(self, transfer_id: str) -> list[Entry]:
        return list(map(_entry, await self._entries.find({"transfer_id": transfer_id})))

    async def oldest_first(self, account_id: str) -> list[Entry]:
        found = await self._entries.find({"account_id": account_id}, sort=[("number", 1)])
        return list(map(_entry, found))

    async def of_day(self, day: str, after: str | None, limit: int) -> list[tuple[str, Entry]]:
        """Return entries of a day of the books with their ids, in order of these."""
        wanted: dict[str, Any] = {"day": day}
        if after is not None:
            wanted["_id"] = {"$gt": after}
        found = await self._entries.find(wanted, sort=[("_id", 1)], limit=limit)
        return [(document["_id"], _entry(document)) for document in found]


def _document(entry: Entry) -> Document:
    return {
        "_id": f"{entry.account_id}-{entry.number:012}",
        "account_id": entry.account_id,
        "number": entry.number,
        "transfer_id": entry.transfer_id,
        "kind": entry.kind,
        "account_kind": entry.account_kind,
        "side": entry.side,
        "amount": entry.amount,
        "balance": entry.balance,
        "day": entry.day,
        "at": entry.at,
    }


def _entry(document: Document) -> Entry:
    return Entry(
        account_id=document["account_id"],
        number=document["number"],
        transfer_id=document["transfer_id"],
        kind=TransferKind(document["kind"]),
        account_kind=AccountKind(document["account_kind"]),
        side=Side(document["side"]),
        amount=document["amount"],
        balance=document["balance"],
        day=document["day"],
        at=document["at"],
    )
