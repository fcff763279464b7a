"""The documents of accounts: each movement is one conditional write that carries its own conditions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.kit.ids import new_id
from api.kit.store import CollectionSpec, Document, DuplicateKey, Index, Store, WriteConflict
from api.wallet.ledger.records import (
    Account,
    AccountKind,
    AccountState,
    DayCounts,
    Owner,
    Side,
    normal_side,
)

WALLET_ACCOUNTS = CollectionSpec(
    "wallet_accounts",
    (Index(("owner_kind", "owner_id", "kind"), unique=True), Index(("kind",))),
)

_SUMS = ("debits", "credits", "debits_pending", "credits_pending", "available")


@dataclass(frozen=True, slots=True)
class Movement:
    """What one write does to an account, and on which conditions.

    `available_at_least`, `available_at_most`: before the write. `counts`: the counts of the day
    after it, None when nothing is counted; then those that were seen must still be there.
    `posts`: whether an entry is written, so that the account counts one more.
    """

    changes: Mapping[str, int]
    available_at_least: int | None = None
    available_at_most: int | None = None
    counts: DayCounts | None = None
    posts: bool = False
    needs_open: bool = True


class AccountRepository:
    """All queries on accounts. Writes join the open transaction."""

    def __init__(self, store: Store) -> None:
        self._accounts = store[WALLET_ACCOUNTS]

    async def get(self, account_id: str) -> Account | None:
        document = await self._accounts.get(account_id)
        return _account(document) if document else None

    async def of_owner(self, owner: Owner, kind: AccountKind) -> Account | None:
        wanted = {"owner_kind": owner.kind, "owner_id": owner.id, "kind": kind}
        document = await self._accounts.find_one(wanted)
        return _account(document) if document else None

    async def all_of(self, owner: Owner) -> list[Account]:
        wanted = {"owner_kind": owner.kind, "owner_id": owner.id}
        return list(map(_account, await self._accounts.find(wanted)))

    async def every(self, after: str | None, limit: int) -> list[Account]:
        """Return accounts in order of their ids, for a recount."""
        start = None if after is None else (after,)
        return list(map(_account, await self._accounts.find({}, after=start, limit=limit)))

    async def open(self, owner: Owner, kind: AccountKind, now: datetime) -> Account:
        """Add an empty one. Raises WriteConflict when another process was faster."""
        document: Document = {
            "_id": new_id(),
            "owner_kind": owner.kind,
            "owner_id": owner.id,
            "kind": kind,
            "state": AccountState.OPEN,
            **dict.fromkeys(_SUMS, 0),
            **_counts(DayCounts()),
            "spending_limit": None,
            "entry_count": 0,
            "orders": 0,
            "opened_at": now,
        }
        try:
            await self._accounts.insert(document)
        except DuplicateKey as error:
            raise WriteConflict from error
        return _account(document)

    async def move(self, seen: Account, movement: Movement) -> Account | None:
        """Move money in one conditional write; None when a condition did not hold."""
        return _or_none(await self._accounts.update_one(*_write_of(seen, movement)))

    async def set_spending_limit(self, account_id: str, dong: int | None) -> Account | None:
        """Set it on an open account; None when there is none."""
        still_open = {"_id": account_id, "state": AccountState.OPEN}
        changes = {"$set": {"spending_limit": dong}}
        return _or_none(await self._accounts.update_one(still_open, changes))

    async def count_order(self, account_id: str) -> bool:
        """Count a request to pay in on an open account; False when there is none.

        Of two requests at once one then comes after the other, and sees it.
        """
        still_open = {"_id": account_id, "state": AccountState.OPEN}
        return await self._accounts.update_one(still_open, {"$inc": {"orders": 1}}) is not None

    async def close_empty(self, account_id: str) -> bool:
        """Close an account that holds nothing and awaits nothing; False when there is something."""
        empty = {"_id": account_id, "available": 0, "debits_pending": 0, "credits_pending": 0}
        closed = {"$set": {"state": AccountState.CLOSED}}
        return await self._accounts.update_one(empty, closed) is not None

    async def make_nobodys(self, owner: Owner) -> None:
        """Forget whose accounts these were; the entries stay under the id of the account."""
        for account in await self.all_of(owner):
            nobody = {"owner_id": f"nobody-{account.id}", "state": AccountState.CLOSED}
            await self._accounts.update_one({"_id": account.id}, {"$set": nobody})


def _write_of(
    seen: Account, movement: Movement
) -> tuple[Document, Mapping[str, Mapping[str, Any]]]:
    condition: Document = {"_id": seen.id}
    if movement.needs_open:
        condition["state"] = AccountState.OPEN
    at_least, at_most = movement.available_at_least, movement.available_at_most
    bounds = {"$gte": at_least, "$lte": at_most}
    if wanted := {sign: bound for sign, bound in bounds.items() if bound is not None}:
        condition["available"] = wanted
    update: dict[str, Mapping[str, Any]] = {
        "$inc": {**movement.changes, "entry_count": int(movement.posts)}
    }
    if movement.counts is not None:
        condition |= {**_counts(seen.counts), "spending_limit": seen.spending_limit}
        update["$set"] = _counts(movement.counts)
    return condition, update


def changes_of(
    kind: AccountKind, side: Side, *, posted: int, pending: int, held: int
) -> dict[str, int]:
    """Return what a leg adds to an account of this kind.

    `posted` and `pending` go to the sums of its side. `held` is taken from what is available, where
    the side is the one that shrinks the account; where it grows, what is posted becomes available.
    """
    grows = side is normal_side(kind)
    name = "debits" if side is Side.DEBIT else "credits"
    changes = {name: posted, f"{name}_pending": pending, "available": posted if grows else -held}
    return {field: amount for field, amount in changes.items() if amount}


def _counts(counts: DayCounts) -> Document:
    return {"day": counts.day, "paid": counts.paid, "taken": counts.taken}


def _or_none(document: Document | None) -> Account | None:
    return _account(document) if document else None


def _account(document: Document) -> Account:
    is_nobodys = document["owner_id"] == f"nobody-{document['_id']}"
    return Account(
        id=document["_id"],
        owner=None if is_nobodys else Owner(document["owner_kind"], document["owner_id"]),
        kind=AccountKind(document["kind"]),
        state=AccountState(document["state"]),
        debits=document["debits"],
        credits=document["credits"],
        debits_pending=document["debits_pending"],
        credits_pending=document["credits_pending"],
        available=document["available"],
        counts=DayCounts(document["day"], document["paid"], document["taken"]),
        spending_limit=document["spending_limit"],
        entry_count=document["entry_count"],
        opened_at=document["opened_at"],
    )
