"""An append-only log of what staff read and write, in which nothing can be changed unseen.

Each row is chained to the one before it, and the head counts them (api.kit.audit_chain). Whoever
can write to the store but has not the key can destroy rows, yet `verify` tells which. Only putting
the whole store back to an earlier state looks right by itself: against that, note the head down
outside of the store now and then, and give it to `verify`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog

from api.kit.audit_chain import HEAD_ID, RESTARTED, START, AuditChain, Head
from api.kit.audit_verification import FaultKind, Verification, Walk
from api.kit.clock import Clock
from api.kit.pages import Listing, Page, checked_first
from api.kit.store import CollectionSpec, Document, DuplicateKey, Filter, Index, Store
from api.kit.transactions import transact

log = structlog.get_logger()

AUDIT_ROWS = CollectionSpec("audit_rows", (Index(("subject", "_id")), Index(("actor", "_id"))))
AUDIT_HEAD = CollectionSpec("audit_head")

ROWS_AT_ONCE = 500
_NEWEST_FIRST = Listing("audit.entries", (str,))
_OF_A_TEXT: Filter = {"_id": {"$gte": ""}}


Details = Mapping[str, str | int | bool | None]


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to whom. `actor` and `subject` are opaque ids, never names or numbers of people.

    `action` is like "person.read", `scope` names what gave the actor the right to it. `details`
    hold no personal data either.
    """

    actor: str
    action: str
    subject: str
    scope: str
    details: Details


@dataclass(frozen=True, slots=True)
class AuditRow:
    """A row for an auditor. `at` and `entry` are None when the row is not as it was written."""

    id: str
    at: datetime | None
    entry: AuditEntry | None


class AuditLog:
    """The log of one store, under a key of 32 bytes or more that never changes."""

    def __init__(self, store: Store, key: bytes, clock: Clock) -> None:
        self._store = store
        self._rows = store[AUDIT_ROWS]
        self._heads = store[AUDIT_HEAD]
        self._chain = AuditChain(key)
        self._clock = clock

    async def append(self, entry: AuditEntry) -> int:
        """Add a row and return its number; joins the open transaction.

        Appends wait for each other, so make it the last step of a transaction.
        """
        return await transact(self._store, lambda: self._append(entry))

    async def verify(
        self,
        progress: Callable[[int, int], None] | None = None,
        expected: Head | None = None,
    ) -> Verification:
        """Read the whole log, while it may grow, and tell what is wrong with it.

        `expected` is a head that was noted down earlier. `progress` is told how many rows are read
        and how many there are.
        """
        walk = Walk(self._chain, expected)
        after: str | None = None
        kept = await self._heads.get(HEAD_ID)
        while rows := await self._rows_after(after):
            # Read after the rows, the head counts each of them; read before the next ones, it
            # counts none that they could lack.
            kept = await self._heads.get(HEAD_ID)
            head = self._chain.opened(kept)
            for row in rows:
                walk.take(row, head)
            after = rows[-1]["_id"]
            if progress is not None:
                progress(walk.last, max(walk.last, head.count if head else 0))
        if await self._has_other_ids():
            walk.add(FaultKind.FOREIGN, None)
        return walk.end(self._chain.opened(kept), is_head_kept=kept is not None)

    async def entries(
        self,
        first: int,
        after: str | None,
        *,
        subject: str | None = None,
        actor: str | None = None,
    ) -> Page[AuditRow]:
        """Return rows, newest first. Raises InvalidPageSize, InvalidCursor."""
        start = _NEWEST_FIRST.values(after)
        wanted = {"subject": subject, "actor": actor}
        found = await self._rows.find(
            {
                "_id": {"$gte": ""} if start is None else {"$lt": start[0]},
                **{name: value for name, value in wanted.items() if value is not None},
            },
            sort=[("_id", -1)],
            limit=checked_first(first) + 1,
        )
        rows = [self._shown(document) for document in found]
        return _NEWEST_FIRST.page(rows, first=first, after=after, values=lambda row: (row.id,))

    async def _append(self, entry: AuditEntry) -> int:
        last = await self._last()
        number, says = last.count + 1, {"at": self._clock(), **_fields(entry)}
        while True:
            row = self._chain.row(number, says, last.digest)
            try:
                await self._rows.insert(row)
            except DuplicateKey:
                log.error("a foreign row lies in the audit log", number=number)
                number += 1  # it stays, for `verify` to find
            else:
                break
        await self._heads.upsert(self._chain.sealed(Head(number, row["digest"])))
        return number

    async def _last(self) -> Head:
        """Return what the next row follows.

        A head that is not ours is never followed, or the next seal would make it good: the chain
        begins anew behind the last row, staff can go on, and `verify` finds the break for ever.
        """
        kept = await self._heads.get(HEAD_ID)
        head = self._chain.opened(kept)
        if head is not None:
            return head
        number = await self._last_number()
        if kept is None and not number:
            return START
        log.error("the head of the audit log is not ours", rows=number)
        return Head(number, RESTARTED)

    async def _last_number(self) -> int:
        """Return the number of the last row that is ours and in its place, 0 without any."""
        condition = _OF_A_TEXT
        while rows := await self._rows.find(condition, sort=[("_id", -1)], limit=ROWS_AT_ONCE):
            for row in filter(self._chain.is_in_place, rows):
                return int(row["number"])
            condition = {"_id": {"$lt": rows[-1]["_id"]}}
        return START.count

    async def _rows_after(self, after: str | None) -> list[Document]:
        condition = _OF_A_TEXT if after is None else {"_id": {"$gt": after}}
        return await self._rows.find(condition, limit=ROWS_AT_ONCE)

    async def _has_other_ids(self) -> bool:
        """Tell whether there are rows that no text finds. In this order, none that is new counts."""
        total = await self._rows.count({})
        return total > await self._rows.count(_OF_A_TEXT)

    def _shown(self, document: Document) -> AuditRow:
        if not self._chain.is_in_place(document):
            return AuditRow(document["_id"], None, None)
        return AuditRow(document["_id"], document["at"], _entry(document))


def _fields(entry: AuditEntry) -> Document:
    return {
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "scope": entry.scope,
        "details": dict(entry.details),
    }


def _entry(document: Document) -> AuditEntry:
    return AuditEntry(
        actor=document["actor"],
        action=document["action"],
        subject=document["subject"],
        scope=document["scope"],
        details=document["details"],
    )
