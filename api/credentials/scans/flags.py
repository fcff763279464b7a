"""Flags, for whoever answers for a gate: what was let in and should not have been, and what came of it."""

import re
from collections.abc import Sequence
from datetime import datetime

from api.accounts.caller import Caller
from api.credentials.gates.errors import GateNotFound
from api.credentials.gates.repository import GateRepository
from api.credentials.gates.rights import GateRights, required_right
from api.credentials.scans.flag_records import FlaggedScan, ScanFlag
from api.credentials.scans.refusals import AlreadyResolved, FlagNotFound, InvalidNote
from api.credentials.scans.repository import ScanCounts, ScanRepository
from api.credentials.scans.scanning import checked_moment
from api.kit.audit_log import AuditEntry, AuditLog
from api.kit.clock import Clock
from api.kit.pages import Listing, Page, checked_first
from api.kit.store import Store
from api.kit.transactions import transact

NOTE_CHARACTERS_AT_MOST = 500
_OPEN, _RESOLVED = (
    Listing("scan_flags.open", (datetime, str)),
    Listing("scan_flags.resolved", (datetime, str)),
)
_PLAIN = re.compile(
    r"[^\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]*"
)


class Flags:
    def __init__(
        self,
        store: Store,
        scans: ScanRepository,
        gates: GateRepository,
        rights: GateRights,
        audit: AuditLog,
        clock: Clock,
    ) -> None:
        self._store = store
        self._scans = scans
        self._gates = gates
        self._rights = rights
        self._audit = audit
        self._clock = clock

    async def of_gate(
        self, caller: Caller, gate_id: str, first: int, after: str | None, *, is_open: bool
    ) -> Page[ScanFlag]:
        """Return the flags of a gate, the newest first. Raises NotSignedIn, GateNotFound, PageProblem."""
        gate = await self._rights.to_manage(caller, gate_id)
        listing = _OPEN if is_open else _RESOLVED
        found = await self._scans.flags_of(
            gate.id, listing.values(after), checked_first(first) + 1, is_open=is_open
        )
        return listing.page(
            found, first=first, after=after, values=lambda flag: (flag.raised_at, flag.id)
        )

    async def evidence(self, scan_ids: Sequence[str]) -> list[FlaggedScan | None]:
        """Return what flags name by their scans, in order, None for what is not kept any more.

        For whoever has seen the flags: the other scan may be of a gate that they do not answer for.
        """
        scans = await self._scans.get_many(scan_ids)
        gates = await self._gates.get_many({scan.gate_id for scan in scans.values()})
        found = {
            scan.id: FlaggedScan(scan, gates[scan.gate_id])
            for scan in scans.values()
            if scan.gate_id in gates
        }
        return [found.get(scan_id) for scan_id in scan_ids]

    async def counts(
        self, caller: Caller, gate_id: str, since: datetime, until: datetime
    ) -> ScanCounts:
        """Count what a gate scanned from `since`, before `until`.

        Raises NotSignedIn, GateNotFound, and InvalidScan for a moment without an offset.
        """
        gate = await self._rights.to_manage(caller, gate_id)
        begins, ends = checked_moment(since, "since"), checked_moment(until, "until")
        return await self._scans.counts(gate.id, begins, ends)

    async def resolve(self, caller: Caller, flag_id: str, note: str) -> ScanFlag:
        """Say what was found out; of several people one does.

        Raises NotSignedIn, FlagNotFound, InvalidNote and AlreadyResolved.
        """
        person_id, words = caller.person(), note.strip()

        async def work() -> ScanFlag:
            flag = await self._found(caller, flag_id)
            if not 1 <= len(words) <= NOTE_CHARACTERS_AT_MOST or not _PLAIN.fullmatch(words):
                raise InvalidNote(most=NOTE_CHARACTERS_AT_MOST)
            resolved = await self._scans.resolve(flag.id, person_id, words, self._clock())
            if resolved is None:
                raise AlreadyResolved
            gate = await self._rights.to_manage(caller, flag.gate_id)
            right = str(required_right(caller, gate.scope))
            entry = AuditEntry(
                person_id, "scan_flag.resolved", flag.id, right, {"fault": flag.fault.value}
            )
            await self._audit.append(entry)
            return resolved

        return await transact(self._store, work)

    async def _found(self, caller: Caller, flag_id: str) -> ScanFlag:
        flag = await self._scans.flag(flag_id)
        if flag is None:
            raise FlagNotFound
        try:
            await self._rights.to_manage(caller, flag.gate_id)
        except GateNotFound as error:
            raise FlagNotFound from error
        return flag
