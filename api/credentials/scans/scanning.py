"""Scans: online a card is let in or refused; what a gate let in while it was offline is told later.

Both write the scan, the code that is used up and what the kind of card does in one transaction: either
all of it is there or nothing, and the same scan told again is answered the same.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.accounts.caller import Caller
from api.credentials.errors import CredentialProblem
from api.credentials.gates.records import Gate
from api.credentials.gates.rights import GateRights
from api.credentials.scans.checking import Checking, Finding, Presented
from api.credentials.scans.flag_records import ScanFlag
from api.credentials.scans.records import CheckedScan, Fault, Scan, ScanPurpose, Use, scan_id_of
from api.credentials.scans.refusals import (
    REFUSALS,
    CodeUsed,
    InvalidScan,
    ScanIdReused,
    TooManyScans,
    UseRefused,
)
from api.credentials.scans.repository import ScanRepository
from api.credentials.scans.uses import Uses
from api.kit.clock import Clock
from api.kit.errors import DomainError
from api.kit.ids import derived_id
from api.kit.store import Store
from api.kit.transactions import transact

SCANS_AT_MOST = 50
"""In one call: each is a transaction of its own."""
LATE_AT_MOST = timedelta(days=30)
CLOCKS_APART = timedelta(seconds=60)
SHOWN_CHARACTERS_AT_MOST = 4_296
"""No QR code holds more."""
_YEARS = range(2_001, 2_100)
_CLIENT_ID = re.compile(r"[!-~]{16,64}")
_NOT_COUNTED = frozenset(
    {
        Fault.WRONG_SIGNATURE,
        Fault.UNKNOWN_CARD,
        Fault.FOREIGN,
        Fault.CODE_MISSING,
        Fault.CODE_WRONG,
        Fault.TOO_LATE,
        Fault.CLOCK_AHEAD,
    }
)
"""With these it is not proved whose card it was, or when: nothing is taken from anybody's."""


@dataclass(frozen=True, slots=True, repr=False)
class AskedScan:
    """What a gate tells of one card.

    `id`: made by the gate, anew for each scan; `shown`: what was read; `is_confirmed`: that photo and
    name fit; `scanned_at`: None for now.
    """

    id: str
    shown: str
    purpose: ScanPurpose
    is_confirmed: bool = False
    scanned_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecordedScan:
    """What became of one of many: `scan`, or the `problem` for which it is no fact.

    `was_known`: it had been told before.
    """

    client_id: str
    scan: Scan | None = None
    was_known: bool = False
    problem: CredentialProblem | None = None


class Scanning:
    def __init__(
        self, store: Store, rights: GateRights, checking: Checking, uses: Uses, clock: Clock
    ) -> None:
        self._store = store
        self._scans = ScanRepository(store)
        self._rights = rights
        self._checking = checking
        self._uses = uses
        self._clock = clock

    async def scan(self, caller: Caller, gate_id: str, asked: AskedScan) -> Scan:
        """Let a card in, or refuse it and write nothing.

        Raises NotSignedIn, GateNotFound (also for a retired gate), InvalidScan, ScanIdReused, CardRefused and
        UseRefused.
        """
        gate = await self._rights.to_scan(caller, gate_id, is_late=False)
        _check(asked)
        presented = await self._checking.presented(asked.shown)
        now = self._clock()

        async def work() -> Scan:
            if known := await self._known(gate, asked, presented):
                return known
            finding = await self._checking.found(
                presented, gate, now, is_confirmed=asked.is_confirmed
            )
            for fault in finding.faults:
                raise REFUSALS[fault]
            if await self._used_by(finding, gate, asked) is not None:
                raise CodeUsed
            use = await self._use(_checked(finding, presented, gate, asked, now))
            scan = _scan(caller, gate, asked, presented, finding, now, now, use, ())
            await self._scans.add(scan)
            return scan

        return await transact(self._store, work)

    async def record(
        self, caller: Caller, gate_id: str, asked: Sequence[AskedScan]
    ) -> list[RecordedScan]:
        """Note what a gate let in while it was offline, in any order, and answer in this one.

        What cannot be a scan is answered with its problem, and the others are noted. Raises NotSignedIn,
        GateNotFound and TooManyScans.
        """
        gate = await self._rights.to_scan(caller, gate_id, is_late=True)
        if not 1 <= len(asked) <= SCANS_AT_MOST:
            raise TooManyScans(most=SCANS_AT_MOST)
        return [await self._recorded(caller, gate, one) for one in asked]

    async def _recorded(self, caller: Caller, gate: Gate, asked: AskedScan) -> RecordedScan:
        try:
            _check(asked)
            scanned_at = checked_moment(asked.scanned_at, "scannedAt")
            presented = await self._checking.presented(asked.shown)
            return await self._noted(caller, gate, asked, presented, scanned_at)
        except CredentialProblem as problem:
            return RecordedScan(asked.id, problem=problem)

    async def _noted(
        self,
        caller: Caller,
        gate: Gate,
        asked: AskedScan,
        presented: Presented,
        scanned_at: datetime,
    ) -> RecordedScan:
        async def note(*, is_used: bool) -> RecordedScan:
            if known := await self._known(gate, asked, presented):
                return RecordedScan(asked.id, known, was_known=True)
            scan = await self._late_scan(
                caller, gate, asked, presented, scanned_at, is_used=is_used
            )
            return RecordedScan(asked.id, scan)

        try:
            return await transact(self._store, lambda: note(is_used=True))
        except UseRefused:
            # A slice that refuses what has happened must not lose it.
            return await transact(self._store, lambda: note(is_used=False))

    async def _late_scan(
        self,
        caller: Caller,
        gate: Gate,
        asked: AskedScan,
        presented: Presented,
        scanned_at: datetime,
        *,
        is_used: bool,
    ) -> Scan:
        now = self._clock()
        finding = await self._checking.found(
            presented, gate, scanned_at, is_confirmed=asked.is_confirmed
        )
        faults = [*finding.faults, *_faults_of_time(gate, scanned_at, now)]
        counts = finding.credential is not None and not _NOT_COUNTED.intersection(faults)
        # What counts for nothing uses no code up: the card may be at its own gate in the same half minute.
        other = await self._used_by(finding, gate, asked) if counts else None
        if other is not None:
            faults.append(Fault.CODE_USED)
        use: Use | None = None
        if counts:
            checked = _checked(
                finding, presented, gate, asked, scanned_at, faults=faults, is_late=True
            )
            use = await self._use(checked) if is_used else None
            faults += sorted(use.faults) if use else [Fault.NOT_HONOURED]
        scan = _scan(
            caller, gate, asked, presented, finding, scanned_at, now, use, tuple(faults), True
        )
        await self._scans.add(scan)
        await self._scans.add_flags(_flags(scan, finding, other))
        return scan

    async def _known(self, gate: Gate, asked: AskedScan, presented: Presented) -> Scan | None:
        known = await self._scans.get(_scan_id(gate, asked))
        if known is None:
            return None
        if (known.evidence.digest, known.purpose) != (presented.digest, asked.purpose):
            raise ScanIdReused
        return known

    async def _used_by(self, finding: Finding, gate: Gate, asked: AskedScan) -> str | None:
        """Use the code up; return the other scan that did so before."""
        if finding.credential is None or finding.step is None:
            return None
        generation = finding.evidence.generation or 0
        return await self._scans.use_code(
            finding.credential.id, generation, finding.step, _scan_id(gate, asked)
        )

    async def _use(self, checked: CheckedScan) -> Use:
        try:
            return await self._uses.used(checked)
        except CredentialProblem:
            raise
        except DomainError as reason:
            raise UseRefused(reason) from reason


def _check(asked: AskedScan) -> None:
    if not _CLIENT_ID.fullmatch(asked.id):
        raise InvalidScan("id")
    if not 1 <= len(asked.shown) <= SHOWN_CHARACTERS_AT_MOST:
        raise InvalidScan("shown")


def checked_moment(moment: datetime | None, field: str) -> datetime:
    """Return a moment with an offset, of this century, as exact as it is kept. Raises InvalidScan."""
    is_sound = moment is not None and moment.tzinfo is not None and moment.year in _YEARS
    if moment is None or not is_sound:
        raise InvalidScan(field)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _scan_id(gate: Gate, asked: AskedScan) -> str:
    return scan_id_of(gate.id, asked.id)


def _faults_of_time(gate: Gate, scanned_at: datetime, now: datetime) -> list[Fault]:
    faults: list[Fault] = []
    if scanned_at > now + CLOCKS_APART:
        faults.append(Fault.CLOCK_AHEAD)
    if scanned_at < now - LATE_AT_MOST:
        faults.append(Fault.TOO_LATE)
    if gate.retired_at is not None and gate.retired_at <= scanned_at:
        faults.append(Fault.GATE_RETIRED)
    return faults


def _checked(
    finding: Finding,
    presented: Presented,
    gate: Gate,
    asked: AskedScan,
    scanned_at: datetime,
    *,
    faults: Sequence[Fault] = (),
    is_late: bool = False,
) -> CheckedScan:
    credential = finding.credential
    if credential is None:
        raise ValueError("a scan of no card is used for nothing")
    return CheckedScan(
        scan_id=_scan_id(gate, asked),
        credential_id=credential.id,
        subject_id=credential.subject_id,
        kind=credential.kind,
        gate=gate,
        scanned_at=scanned_at,
        is_late=is_late,
        is_printed=presented.is_printed,
        purpose=asked.purpose,
        faults=frozenset(faults),
    )


def _scan(
    caller: Caller,
    gate: Gate,
    asked: AskedScan,
    presented: Presented,
    finding: Finding,
    scanned_at: datetime,
    received_at: datetime,
    use: Use | None,
    faults: tuple[Fault, ...],
    is_late: bool = False,
) -> Scan:
    credential = finding.credential
    return Scan(
        id=_scan_id(gate, asked),
        client_id=asked.id,
        gate_id=gate.id,
        purpose=asked.purpose,
        scanned_at=scanned_at,
        received_at=received_at,
        is_late=is_late,
        is_printed=presented.is_printed,
        by=caller.person(),
        evidence=finding.evidence,
        credential_id=credential.id if credential else None,
        subject_id=credential.subject_id if credential else None,
        kind=credential.kind if credential else None,
        use=use,
        faults=tuple(dict.fromkeys(faults)),
    )


def _flags(scan: Scan, finding: Finding, other_scan_id: str | None) -> list[ScanFlag]:
    return [
        ScanFlag(
            id=derived_id("scan flag", scan.id, fault.value),
            scan_id=scan.id,
            gate_id=scan.gate_id,
            fault=fault,
            credential_id=scan.credential_id,
            scanned_at=scan.scanned_at,
            raised_at=scan.received_at,
            other_scan_id=other_scan_id if fault is Fault.CODE_USED else None,
            since=finding.since if fault in finding.faults else None,
        )
        for fault in scan.faults
    ]
