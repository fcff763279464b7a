"""Scans as documents, and back."""

from typing import Any

from api.credentials.records import CredentialKind
from api.credentials.scans.records import Evidence, Fault, Scan, ScanPurpose, Use
from api.kit.store import Document


def scan_document(scan: Scan) -> Document:
    evidence, use = scan.evidence, scan.use
    return {
        "_id": scan.id,
        "client_id": scan.client_id,
        "gate_id": scan.gate_id,
        "purpose": scan.purpose.value,
        "scanned_at": scan.scanned_at,
        "received_at": scan.received_at,
        "is_late": scan.is_late,
        "is_printed": scan.is_printed,
        "by": scan.by,
        "evidence": {
            "digest": evidence.digest,
            "generation": evidence.generation,
            "step": evidence.step,
            "expires_at": evidence.expires_at,
        },
        "credential_id": scan.credential_id,
        "subject_id": scan.subject_id,
        "kind": scan.kind.value if scan.kind else None,
        "use": _use_document(use) if use else None,
        "faults": [fault.value for fault in scan.faults],
        "is_flagged": bool(scan.faults),
    }


def scan_of(document: Document) -> Scan:
    return Scan(
        id=document["_id"],
        client_id=document["client_id"],
        gate_id=document["gate_id"],
        purpose=ScanPurpose(document["purpose"]),
        scanned_at=document["scanned_at"],
        received_at=document["received_at"],
        is_late=document["is_late"],
        is_printed=document["is_printed"],
        by=document["by"],
        evidence=Evidence(**document["evidence"]),
        credential_id=document["credential_id"],
        subject_id=document["subject_id"],
        kind=CredentialKind(document["kind"]) if document["kind"] else None,
        use=_use(document["use"]) if document["use"] else None,
        faults=tuple(map(Fault, document["faults"])),
    )


def _use_document(use: Use) -> Document:
    return {
        "message": use.message,
        "params": dict(use.params),
        "let_in": use.let_in,
        "faults": sorted(fault.value for fault in use.faults),
    }


def _use(document: dict[str, Any]) -> Use:
    return Use(
        document["message"],
        document["params"],
        document["let_in"],
        frozenset(map(Fault, document["faults"])),
    )
