"""All questions that scans ask of the store."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from api.credentials.cards.rotating_code import STEP_SECONDS
from api.credentials.records import CredentialKind
from api.credentials.scans.documents import scan_document, scan_of
from api.credentials.scans.flag_records import ScanFlag
from api.credentials.scans.records import Fault, Scan
from api.kit.ids import derived_id, is_id
from api.kit.store import (
    CollectionSpec,
    Document,
    DuplicateKey,
    Filter,
    Index,
    Store,
    WriteConflict,
)

SCANS = CollectionSpec(
    "scans",
    (
        Index(("gate_id", "scanned_at")),
        Index(("subject_id", "scanned_at")),
        Index(("credential_id", "scanned_at")),
        Index(("by",)),
        Index(("kept_until",), expire_after_seconds=0),
    ),
)
SCAN_FLAGS = CollectionSpec(
    "scan_flags",
    (
        Index(("gate_id", "resolved_at", "raised_at")),
        Index(("resolved_by",)),
        Index(("kept_until",), expire_after_seconds=0),
    ),
)
USED_CODES = CollectionSpec("used_codes", (Index(("kept_until",), expire_after_seconds=0),))

KEPT_FOR = timedelta(days=5 * 366)
"""Scans are what settlements and attendance rest on."""
CODES_KEPT_FOR = timedelta(days=45)
"""Longer than a gate may be late."""


@dataclass(frozen=True, slots=True)
class ScanCounts:
    """Of a gate in a time. `by_fault` counts flags: a scan may have several."""

    total: int
    printed: int
    late: int
    flagged: int
    by_fault: dict[Fault, int]


class ScanRepository:
    def __init__(self, store: Store) -> None:
        self._scans = store[SCANS]
        self._flags = store[SCAN_FLAGS]
        self._codes = store[USED_CODES]

    async def get(self, scan_id: str) -> Scan | None:
        document = await self._scans.get(scan_id)
        return scan_of(document) if document else None

    async def get_many(self, scan_ids: Collection[str]) -> dict[str, Scan]:
        """Return those of these scans that there are, by id."""
        found = await self._scans.get_many(list(scan_ids))
        return {scan_id: scan_of(document) for scan_id, document in found.items()}

    async def add(self, scan: Scan) -> None:
        """Insert it. Raises WriteConflict when the same id came at the same moment."""
        document = scan_document(scan)
        document["kept_until"] = scan.received_at + KEPT_FOR
        try:
            await self._scans.insert(document)
        except DuplicateKey as error:
            raise WriteConflict from error

    async def use_code(
        self, credential_id: str, generation: int, step: int, scan_id: str
    ) -> str | None:
        """Use a code up, which one scan does; return the id of the scan that did so before this one."""
        code_id = derived_id("used code", credential_id, str(generation), str(step))
        kept_until = datetime.fromtimestamp(step * STEP_SECONDS, UTC) + CODES_KEPT_FOR
        try:
            await self._codes.insert({"_id": code_id, "scan_id": scan_id, "kept_until": kept_until})
        except DuplicateKey:
            used = await self._codes.get(code_id)
            return used["scan_id"] if used else scan_id
        return None

    async def of_subject(self, subject_id: str) -> list[Scan]:
        """Return every scan of a pass or pupil, in the order of time."""
        found = await self._scans.find({"subject_id": subject_id}, sort=[("scanned_at", 1)])
        return list(map(scan_of, found))

    async def of_credential(self, credential_id: str) -> list[Scan]:
        found = await self._scans.find({"credential_id": credential_id}, sort=[("scanned_at", 1)])
        return list(map(scan_of, found))

    async def forget_subject(self, kind: CredentialKind, subject_id: str) -> None:
        """Let the scans of a subject lead to nobody."""
        of_subject = {"kind": kind.value, "subject_id": subject_id}
        await self._scans.update_many(of_subject, {"$set": {"subject_id": None}})

    async def counts(self, gate_id: str, since: datetime, until: datetime) -> ScanCounts:
        """Count the scans of a gate from `since`, before `until`."""
        here: Filter = {"gate_id": gate_id, "scanned_at": {"$gte": since, "$lt": until}}
        flags = await self._flags.count_by(
            "fault", {"gate_id": gate_id, "scanned_at": {"$gte": since, "$lt": until}}
        )
        return ScanCounts(
            total=await self._scans.count(here),
            printed=await self._scans.count({**here, "is_printed": True}),
            late=await self._scans.count({**here, "is_late": True}),
            flagged=await self._scans.count({**here, "is_flagged": True}),
            by_fault={Fault(fault): count for fault, count in flags.items()},
        )

    async def add_flags(self, flags: Sequence[ScanFlag]) -> None:
        for flag in flags:
            document = _flag_document(flag)
            document["kept_until"] = flag.raised_at + KEPT_FOR
            await self._flags.insert(document)

    async def flag(self, flag_id: str) -> ScanFlag | None:
        document = await self._flags.get(flag_id) if is_id(flag_id) else None
        return _flag(document) if document else None

    async def flags_of(
        self, gate_id: str, after: Sequence[Any] | None, limit: int, *, is_open: bool
    ) -> list[ScanFlag]:
        """Return the flags of a gate, the newest first."""
        resolved = None if is_open else {"$gt": datetime.fromtimestamp(0, UTC)}
        found = await self._flags.find(
            {"gate_id": gate_id, "resolved_at": resolved},
            sort=[("raised_at", -1)],
            after=after,
            limit=limit,
        )
        return list(map(_flag, found))

    async def resolve(
        self, flag_id: str, person_id: str, note: str, now: datetime
    ) -> ScanFlag | None:
        """Resolve an open flag in one write; None when somebody was faster."""
        document = await self._flags.update_one(
            {"_id": flag_id, "resolved_at": None},
            {"$set": {"resolved_at": now, "resolved_by": person_id, "note": note}},
        )
        return _flag(document) if document else None

    async def count_of_staff(self, person_id: str) -> tuple[int, int]:
        """Return how many scans somebody made, and how many flags were resolved by them."""
        return (
            await self._scans.count({"by": person_id}),
            await self._flags.count({"resolved_by": person_id}),
        )

    async def forget_staff(self, person_id: str) -> None:
        """Make the scans that somebody made, and what they resolved, nobody's."""
        await self._scans.update_many({"by": person_id}, {"$set": {"by": None}})
        await self._flags.update_many({"resolved_by": person_id}, {"$set": {"resolved_by": None}})


def _flag_document(flag: ScanFlag) -> Document:
    return {
        "_id": flag.id,
        "scan_id": flag.scan_id,
        "gate_id": flag.gate_id,
        "fault": flag.fault.value,
        "credential_id": flag.credential_id,
        "scanned_at": flag.scanned_at,
        "raised_at": flag.raised_at,
        "other_scan_id": flag.other_scan_id,
        "since": flag.since,
        "resolved_at": flag.resolved_at,
        "resolved_by": flag.resolved_by,
        "note": flag.note,
    }


def _flag(document: Document) -> ScanFlag:
    return ScanFlag(
        id=document["_id"],
        scan_id=document["scan_id"],
        gate_id=document["gate_id"],
        fault=Fault(document["fault"]),
        credential_id=document["credential_id"],
        scanned_at=document["scanned_at"],
        raised_at=document["raised_at"],
        other_scan_id=document["other_scan_id"],
        since=document["since"],
        resolved_at=document["resolved_at"],
        resolved_by=document["resolved_by"],
        note=document["note"],
    )
