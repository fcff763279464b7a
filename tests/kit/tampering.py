"""What somebody who can write to the store, but has not the key, can do to an audit log."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from api.kit.audit_chain import AuditChain, Head, row_id
from api.kit.audit_log import AUDIT_HEAD, AUDIT_ROWS, AuditEntry, AuditLog, Details
from api.kit.audit_verification import Verification
from api.kit.store import Document, Store

ROWS = 6
OTHERS = AuditChain(bytes(32))
"""The chain of somebody who makes up a key."""


@dataclass(slots=True)
class Kept:
    """All that the store holds of a log, to be tampered with."""

    rows: list[Document] = field(default_factory=list[Document])
    head: Document | None = None

    @classmethod
    async def of(cls, store: Store) -> "Kept":
        return cls(await store[AUDIT_ROWS].find({}), await store[AUDIT_HEAD].get("head"))

    async def put_into(self, store: Store) -> None:
        async with store.transaction():
            await store[AUDIT_ROWS].delete_many({})
            await store[AUDIT_HEAD].delete_many({})
            await store[AUDIT_ROWS].insert_many(self.rows)
            if self.head is not None:
                await store[AUDIT_HEAD].insert(self.head)

    def row(self, number: int) -> Document:
        return next(row for row in self.rows if row["_id"] == row_id(number))

    def end(self) -> Head:
        assert self.head is not None
        return Head(self.head["count"], self.head["digest"])


async def fill(log: AuditLog, rows: int, subject: str = "person") -> None:
    for number in range(rows):
        details: Details = {"reason": "a call", "n": number, "urgent": True, "case": None}
        await log.append(
            AuditEntry("staff-1", "person.read", f"{subject}-{number}", "all", details)
        )


def faults(found: Verification) -> list[tuple[str, int | None]]:
    return [(fault.kind.name, fault.number) for fault in found.faults]


def remove(*numbers: int) -> Callable[[Kept], None]:
    def tamper(kept: Kept) -> None:
        kept.rows = [row for row in kept.rows if row["number"] not in numbers]

    return tamper


def change(number: int, /, **fields: Any) -> Callable[[Kept], None]:  # noqa: ANN401
    return lambda kept: kept.row(number).update(fields)


def swap(one: int, other: int) -> Callable[[Kept], None]:
    def tamper(kept: Kept) -> None:
        first, second = kept.row(one), kept.row(other)
        first["_id"], second["_id"] = second["_id"], first["_id"]

    return tamper


def swap_whole(one: int, other: int) -> Callable[[Kept], None]:
    """Exchange two rows with their numbers and what links them."""

    def tamper(kept: Kept) -> None:
        first, second = kept.row(one), kept.row(other)
        for name in ("_id", "number", "previous", "digest"):
            first[name], second[name] = second[name], first[name]

    return tamper


def rename(number: int, id: str) -> Callable[[Kept], None]:
    return lambda kept: kept.row(number).update({"_id": id})


def copy(number: int, id: str) -> Callable[[Kept], None]:
    return lambda kept: kept.rows.append({**kept.row(number), "_id": id})


def forged_row(kept: Kept) -> Document:
    says = {name: kept.rows[0][name] for name in ("at", "actor", "action", "subject", "scope")}
    end = kept.end()
    return OTHERS.row(end.count + 1, {**says, "details": {}}, end.digest)


def append_row(kept: Kept) -> None:
    kept.rows.append(forged_row(kept))


def append_row_and_head(kept: Kept) -> None:
    row = forged_row(kept)
    kept.rows.append(row)
    kept.head = OTHERS.sealed(Head(row["number"], row["digest"]))


def remove_head(kept: Kept) -> None:
    kept.head = None


def change_head(**fields: Any) -> Callable[[Kept], None]:  # noqa: ANN401
    def tamper(kept: Kept) -> None:
        assert kept.head is not None
        kept.head.update(fields)

    return tamper


def cut_tail(kept: Kept) -> None:
    """Leave four rows, and a head that says so as well as it can be said without the key."""
    remove(5, 6)(kept)
    assert kept.head is not None
    kept.head.update(count=4, digest=kept.row(4)["digest"])


def cut_tail_and_seal(kept: Kept) -> None:
    cut_tail(kept)
    kept.head = OTHERS.sealed(kept.end())


def remove_all_but_head(kept: Kept) -> None:
    kept.rows = []
