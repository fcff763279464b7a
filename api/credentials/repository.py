"""All questions that credentials ask of the store."""

from collections.abc import Sequence
from typing import Any

from api.credentials.documents import credential_document, credential_of
from api.credentials.records import LIVING, Credential, CredentialKind
from api.kit.ids import is_id, new_id
from api.kit.store import (
    CollectionSpec,
    Document,
    DuplicateKey,
    Filter,
    Index,
    Store,
    WriteConflict,
)

_LIVING: Filter = {"state": {"$in": [state.value for state in LIVING]}}

CREDENTIALS = CollectionSpec(
    "credentials",
    (
        # Of a pass or pupil one credential lives, whoever else issues at the same moment.
        Index(("kind", "subject_id"), unique=True, partial=_LIVING),
        Index(("subject_id", "issued_at")),
        Index(("holder_id", "issued_at")),
    ),
)


class CredentialRepository:
    def __init__(self, store: Store) -> None:
        self._credentials = store[CREDENTIALS]

    async def get(self, credential_id: str) -> Credential | None:
        return (
            _or_none(await self._credentials.get(credential_id)) if is_id(credential_id) else None
        )

    async def living(self, kind: CredentialKind, subject_id: str) -> Credential | None:
        """Return the credential of a subject that is not revoked."""
        of_subject = {"kind": kind.value, "subject_id": subject_id, **_LIVING}
        return _or_none(await self._credentials.find_one(of_subject))

    async def newest(self, kind: CredentialKind, subject_id: str) -> Credential | None:
        """Return the credential of a subject that was issued last, also a revoked one."""
        of_subject = {"kind": kind.value, "subject_id": subject_id}
        return _or_none(await self._credentials.find_one(of_subject, sort=[("issued_at", -1)]))

    async def held_by(
        self, person_id: str, after: Sequence[Any] | None = None, limit: int | None = None
    ) -> list[Credential]:
        """Return what a person holds, the newest first."""
        found = await self._credentials.find(
            {"holder_id": person_id}, sort=[("issued_at", -1)], after=after, limit=limit
        )
        return list(map(credential_of, found))

    async def add(self, credential: Credential) -> bool:
        """Insert it; False when its subject has a living one."""
        try:
            await self._credentials.insert(credential_document(credential))
        except DuplicateKey:
            return False
        return True

    async def replace(self, credential: Credential) -> Credential:
        """Put it in place of its version. Raises WriteConflict when somebody was faster."""
        document = credential_document(credential)
        stored = await self._credentials.replace_if_version(document, credential.version)
        if stored is None:
            raise WriteConflict
        return credential_of(stored)

    async def forget_subject(self, kind: CredentialKind, subject_id: str) -> None:
        """Let the credentials of a subject speak of nobody."""
        of_subject = {"kind": kind.value, "subject_id": subject_id}
        nobody = {"subject_id": new_id(), "holder_id": None, "taken_by": None, "taken_at": None}
        await self._credentials.update_many(of_subject, {"$set": nobody, "$inc": {"version": 1}})


def _or_none(document: Document | None) -> Credential | None:
    return credential_of(document) if document else None
