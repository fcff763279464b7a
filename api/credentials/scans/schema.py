from datetime import datetime
from typing import Annotated

import strawberry

import api.credentials.schema  # noqa: F401 # pyright: ignore[reportUnusedImport] - it names the enumerations
from api.context import Info
from api.credentials.credential_error import CredentialError
from api.credentials.records import CredentialKind
from api.credentials.scans.flag_records import FlaggedScan
from api.credentials.scans.flag_records import ScanFlag as ScanFlagRecord
from api.credentials.scans.flags import NOTE_CHARACTERS_AT_MOST
from api.credentials.scans.records import Fault, ScanPurpose
from api.credentials.scans.records import Scan as ScanRecord
from api.credentials.scans.repository import ScanCounts as ScanCountsRecord
from api.credentials.scans.scanning import (
    LATE_AT_MOST,
    SCANS_AT_MOST,
    AskedScan,
)
from api.credentials.scans.scanning import (
    RecordedScan as RecordedScanRecord,
)
from api.kit.pagination import After, Connection, First
from api.kit.schema_types import LocalizedText

_ID = "16 to 64 visible ASCII characters, made by the gate, anew for each scan."
_ENDING = 6
_SHOWN = "What was read from the QR code, as it is."

strawberry.enum(ScanPurpose, description="What a card is shown for.")
strawberry.enum(Fault, name="ScanFault", description="What is wrong with a card that was let in.")


@strawberry.type(description="A card that was let in.")
class Scan:
    id: strawberry.ID = strawberry.field(description="As the gate named it.")
    credential_id: strawberry.ID | None = strawberry.field(
        description="Null when it is no card of ours."
    )
    kind: CredentialKind | None
    purpose: ScanPurpose
    scanned_at: datetime
    is_printed: bool
    message: str | None = strawberry.field(
        description="For the gate's screen, in the language of Accept-Language."
    )
    faults: list[Fault]

    @classmethod
    def of(cls, record: ScanRecord, info: Info) -> "Scan":
        use = record.use
        message = info.context.translate(use.message).format(**use.params) if use else None
        return cls(
            id=strawberry.ID(record.client_id),
            credential_id=strawberry.ID(record.credential_id) if record.credential_id else None,
            kind=record.kind,
            purpose=record.purpose,
            scanned_at=record.scanned_at,
            is_printed=record.is_printed,
            message=message,
            faults=list(record.faults),
        )


@strawberry.type(description="What became of one of many scans.")
class RecordedScan:
    id: strawberry.ID = strawberry.field(description="As the gate named it.")
    scan: Scan | None = strawberry.field(description="Null when it is not kept: see `error`.")
    was_known: bool = strawberry.field(description="It had been told before.")
    error: CredentialError | None

    @classmethod
    def of(cls, record: RecordedScanRecord, info: Info) -> "RecordedScan":
        return cls(
            id=strawberry.ID(record.client_id),
            scan=Scan.of(record.scan, info) if record.scan else None,
            was_known=record.was_known,
            error=CredentialError.of(record.problem, info) if record.problem else None,
        )


@strawberry.type(description="What a gate did: the evidence of a flag.")
class ScanEvidence:
    id: strawberry.ID = strawberry.field(description="As the gate named it.")
    gate_id: strawberry.ID
    gate_name: LocalizedText | None
    place_id: strawberry.ID | None = strawberry.field(
        description="Of the guide: where the gate is."
    )
    purpose: ScanPurpose
    scanned_at: datetime = strawberry.field(description="By the gate's clock.")
    told_at: datetime = strawberry.field(description="When we heard of it.")
    is_online: bool = strawberry.field(
        description="We let it in; else the gate did, and told later."
    )
    is_printed: bool
    card_ending: str | None = strawberry.field(
        description=f"The last {_ENDING} characters of the card's id; null when it is no card of ours."
    )
    shown_digest: str = strawberry.field(
        description="SHA-256 of what was shown, in hexadecimal: equal when the same picture was."
    )

    @classmethod
    def of(cls, found: FlaggedScan | None, info: Info) -> "ScanEvidence | None":
        if found is None:
            return None
        scan, gate = found.scan, found.gate
        return cls(
            id=strawberry.ID(scan.client_id),
            gate_id=strawberry.ID(gate.id),
            gate_name=LocalizedText.of(gate.names, info.context.language),
            place_id=strawberry.ID(gate.place_id) if gate.place_id else None,
            purpose=scan.purpose,
            scanned_at=scan.scanned_at,
            told_at=scan.received_at,
            is_online=not scan.is_late,
            is_printed=scan.is_printed,
            card_ending=scan.credential_id[-_ENDING:] if scan.credential_id else None,
            shown_digest=scan.evidence.digest,
        )


@strawberry.type(description="What is wrong with a scan, until somebody has looked into it.")
class ScanFlag:
    id: strawberry.ID
    fault: Fault
    credential_id: strawberry.ID | None
    scan_id: strawberry.ID = strawberry.field(
        description="In our books.",
        deprecation_reason="Nothing looks it up: read `scan`. Goes after 2027-05-31.",
    )
    scanned_at: datetime
    raised_at: datetime
    other_scan_id: strawberry.ID | None = strawberry.field(
        description="The scan that used the code before, maybe at another gate.",
        deprecation_reason="Nothing looks it up: read `otherScan`. Goes after 2027-05-31.",
    )
    since: datetime | None = strawberry.field(
        description="When the card was stopped, replaced, or had expired."
    )
    resolved_at: datetime | None
    note: str | None

    @strawberry.field(description="What was let in; null when it is not kept any more.")
    async def scan(self, info: Info) -> ScanEvidence | None:
        return await _evidence(self.scan_id, info)

    @strawberry.field(
        description="CODE_USED: what used the code before, maybe at another institution's gate; null:"
        " there is none, or it is not kept any more."
    )
    async def other_scan(self, info: Info) -> ScanEvidence | None:
        return await _evidence(self.other_scan_id, info)

    @classmethod
    def of(cls, record: ScanFlagRecord) -> "ScanFlag":
        other, credential_id = record.other_scan_id, record.credential_id
        return cls(
            id=strawberry.ID(record.id),
            fault=record.fault,
            credential_id=strawberry.ID(credential_id) if credential_id else None,
            scan_id=strawberry.ID(record.scan_id),
            scanned_at=record.scanned_at,
            raised_at=record.raised_at,
            other_scan_id=strawberry.ID(other) if other else None,
            since=record.since,
            resolved_at=record.resolved_at,
            note=record.note,
        )


async def _evidence(scan_id: str | None, info: Info) -> ScanEvidence | None:
    if scan_id is None:
        return None
    loader = info.context.loader(info.context.services.credentials.flags.evidence)
    return ScanEvidence.of(await loader.load(str(scan_id)), info)


@strawberry.type
class FaultCount:
    fault: Fault
    count: int


@strawberry.type(description="How many cards a gate let in.")
class ScanCounts:
    total: int
    printed: int = strawberry.field(description="Of them by a printed card.")
    late: int = strawberry.field(description="Of them told later.")
    flagged: int
    by_fault: list[FaultCount]

    @classmethod
    def of(cls, record: ScanCountsRecord) -> "ScanCounts":
        faults = sorted(record.by_fault.items())
        return cls(
            total=record.total,
            printed=record.printed,
            late=record.late,
            flagged=record.flagged,
            by_fault=[FaultCount(fault=fault, count=count) for fault, count in faults],
        )


@strawberry.input
class ScanInput:
    id: strawberry.ID = strawberry.field(description=_ID)
    gate: strawberry.ID
    shown: str = strawberry.field(description=_SHOWN)
    purpose: ScanPurpose
    is_confirmed: bool = strawberry.field(
        default=False, description="Photo and name on a printed card were compared, and fit."
    )

    def asked(self) -> AskedScan:
        return AskedScan(self.id, self.shown, self.purpose, self.is_confirmed)


@strawberry.input
class PastScanInput:
    id: strawberry.ID = strawberry.field(description=_ID)
    shown: str = strawberry.field(description=_SHOWN)
    purpose: ScanPurpose
    scanned_at: datetime
    is_confirmed: bool = strawberry.field(
        default=False, description="Photo and name on a printed card were compared, and fit."
    )

    def asked(self) -> AskedScan:
        return AskedScan(self.id, self.shown, self.purpose, self.is_confirmed, self.scanned_at)


@strawberry.input
class RecordScansInput:
    gate: strawberry.ID
    scans: list[PastScanInput] = strawberry.field(
        description=f"What the gate let in, in any order; 1 to {SCANS_AT_MOST}."
    )


@strawberry.input
class ResolveScanFlagInput:
    id: strawberry.ID
    note: str = strawberry.field(
        description=f"What was found out, in 1 to {NOTE_CHARACTERS_AT_MOST} characters. Name nobody."
    )


@strawberry.type
class ScanSuccess:
    scan: Scan


@strawberry.type
class RecordScansSuccess:
    scans: list[RecordedScan] = strawberry.field(description="In the order they were told in.")


@strawberry.type
class ResolveScanFlagSuccess:
    flag: ScanFlag


ScanResult = Annotated[ScanSuccess | CredentialError, strawberry.union("ScanResult")]
RecordScansResult = Annotated[
    RecordScansSuccess | CredentialError, strawberry.union("RecordScansResult")
]
ResolveScanFlagResult = Annotated[
    ResolveScanFlagSuccess | CredentialError, strawberry.union("ResolveScanFlagResult")
]


@strawberry.type
class ScansQuery:
    @strawberry.field(
        description="What was let in at a gate and is in doubt, the newest first. For clerks or"
        " merchants of the gate, and administrators."
    )
    async def scan_flags(
        self,
        info: Info,
        gate: strawberry.ID,
        resolved: bool = False,
        first: First = 20,
        after: After = None,
    ) -> Connection[ScanFlag]:
        page = await info.context.services.credentials.flags.of_gate(
            info.context.caller, gate, first, after, is_open=not resolved
        )
        return Connection[ScanFlag].of(page, ScanFlag.of)

    @strawberry.field(
        description="How many cards a gate let in from `since`, before `until`. For clerks or merchants"
        " of the gate, and administrators."
    )
    async def scan_counts(
        self, info: Info, gate: strawberry.ID, since: datetime, until: datetime
    ) -> ScanCounts:
        flags = info.context.services.credentials.flags
        return ScanCounts.of(await flags.counts(info.context.caller, gate, since, until))


@strawberry.type
class ScansMutation:
    @strawberry.mutation(
        description="Scan a card at a gate: it is let in, or the error says why not. The same scan again"
        " is answered the same. For gatekeepers of the gate."
    )
    async def scan(self, info: Info, input: ScanInput) -> ScanResult:
        record = await info.context.services.credentials.scanning.scan(
            info.context.caller, input.gate, input.asked()
        )
        return ScanSuccess(scan=Scan.of(record, info))

    @strawberry.mutation(
        description="Tell what a gate let in while it was offline. Scans told twice are kept once. What is"
        f" in doubt is flagged, and stays. After {LATE_AT_MOST.days} days it is kept, and counts for"
        " nothing. For gatekeepers of the gate."
    )
    async def record_scans(self, info: Info, input: RecordScansInput) -> RecordScansResult:
        records = await info.context.services.credentials.scanning.record(
            info.context.caller, input.gate, [scan.asked() for scan in input.scans]
        )
        return RecordScansSuccess(scans=[RecordedScan.of(record, info) for record in records])

    @strawberry.mutation(
        description="Say what was found out about a flag; once. For clerks or merchants of the gate, and"
        " administrators."
    )
    async def resolve_scan_flag(
        self, info: Info, input: ResolveScanFlagInput
    ) -> ResolveScanFlagResult:
        flags = info.context.services.credentials.flags
        flag = await flags.resolve(info.context.caller, input.id, input.note)
        return ResolveScanFlagSuccess(flag=ScanFlag.of(flag))
