"""Flags: what is wrong with a scan that was let in, until somebody has looked into it."""

from dataclasses import dataclass
from datetime import datetime

from api.credentials.gates.records import Gate
from api.credentials.scans.records import Fault, Scan


@dataclass(frozen=True, slots=True)
class FlaggedScan:
    """A scan that a flag names, and where it was."""

    scan: Scan
    gate: Gate


@dataclass(frozen=True, slots=True)
class ScanFlag:
    """One fault of one scan.

    `other_scan_id`: the scan that used the code before; `since`: when the card was stopped, replaced
    or ended. `resolved_by`: None for somebody who has left.
    """

    id: str
    scan_id: str
    gate_id: str
    fault: Fault
    credential_id: str | None
    scanned_at: datetime
    raised_at: datetime
    other_scan_id: str | None = None
    since: datetime | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    note: str | None = None
