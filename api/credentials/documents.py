"""Credentials as documents, and back."""

from typing import Any

from api.credentials.records import (
    Audience,
    Credential,
    CredentialKind,
    CredentialState,
    Generation,
    RevocationReason,
    StateChange,
)
from api.kit.store import Document


def credential_document(credential: Credential) -> Document:
    return {
        "_id": credential.id,
        "kind": credential.kind.value,
        "subject_id": credential.subject_id,
        "holder_id": credential.holder_id,
        "audience": str(credential.audience),
        "valid_from": credential.valid_from,
        "valid_until": credential.valid_until,
        "generations": [_generation_document(one) for one in credential.generations],
        "changes": [_change_document(one) for one in credential.changes],
        "state": credential.state.value,
        "issued_at": credential.issued_at,
        "taken_by": credential.taken_by,
        "taken_at": credential.taken_at,
        "version": credential.version,
    }


def credential_of(document: Document) -> Credential:
    return Credential(
        id=document["_id"],
        kind=CredentialKind(document["kind"]),
        subject_id=document["subject_id"],
        holder_id=document["holder_id"],
        audience=Audience.of(document["audience"]),
        valid_from=document["valid_from"],
        valid_until=document["valid_until"],
        generations=tuple(map(_generation, document["generations"])),
        changes=tuple(map(_change, document["changes"])),
        taken_by=document["taken_by"],
        taken_at=document["taken_at"],
        version=document["version"],
    )


def _generation_document(generation: Generation) -> Document:
    return {
        "number": generation.number,
        "index": generation.index,
        "epoch": generation.epoch,
        "began_at": generation.began_at,
        "ended_at": generation.ended_at,
    }


def _generation(document: dict[str, Any]) -> Generation:
    return Generation(
        document["number"],
        document["index"],
        document["epoch"],
        document["began_at"],
        document["ended_at"],
    )


def _change_document(change: StateChange) -> Document:
    reason = change.reason.value if change.reason else None
    return {"state": change.state.value, "at": change.at, "reason": reason}


def _change(document: dict[str, Any]) -> StateChange:
    reason = RevocationReason(document["reason"]) if document["reason"] else None
    return StateChange(CredentialState(document["state"]), document["at"], reason)
