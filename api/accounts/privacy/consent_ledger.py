"""Consents as rows that are added and never changed: the newest of a person and purpose counts.

A person stands there under a pseudonym from the first row on, so that a row need not be changed
when the person leaves: it stays, for a while, as the proof that what was done was agreed to.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from api.accounts.privacy.pseudonyms import pseudonym_of
from api.accounts.privacy.purposes import ConsentPurpose, ConsentText
from api.kit.ids import new_id
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, DuplicateKey, Index, Store, WriteConflict

PROOF_KEPT_FOR = timedelta(days=3 * 366)
"""After the account's end: as long as damages can be claimed (Civil Code 91/2015/QH13, article 588)."""

CONSENTS = CollectionSpec(
    "consents",
    (
        Index(("holder", "subject", "purpose", "number"), unique=True),
        Index(("kept_until",), expire_after_seconds=0),
    ),
)


class ConsentState(StrEnum):
    GIVEN = auto()
    WITHDRAWN = auto()


@dataclass(frozen=True, slots=True)
class ConsentAct:
    """What somebody did. `subject_id`: the dependant it is about, None for oneself.

    `text`: as it was read; `dependant_agreed`: whether the dependant agreed too.
    """

    state: ConsentState
    text: ConsentText
    subject_id: str | None
    dependant_agreed: bool
    session_id: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Consent:
    """A row. `number` counts from 1 for each person, subject and purpose, without a gap."""

    id: str
    purpose: ConsentPurpose
    subject_id: str | None
    number: int
    state: ConsentState
    version: int
    text_digest: str
    language: str
    dependant_agreed: bool
    at: datetime


class ConsentLedger:
    """All queries on consents."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._consents = store[CONSENTS]
        self._sealer = sealer

    async def get(self, row_id: str) -> Consent | None:
        document = await self._consents.get(row_id)
        return self._consent(document) if document else None

    async def newest(
        self, person_id: str, purpose: ConsentPurpose, subject_id: str | None
    ) -> Consent | None:
        """Return the row that counts."""
        which = self._which(person_id, subject_id)
        document = await self._consents.find_one(
            {**which, "purpose": purpose.value}, sort=[("number", -1)]
        )
        return self._consent(document) if document else None

    async def append(self, person_id: str, act: ConsentAct) -> Consent:
        """Add the next row; joins the open transaction. Raises WriteConflict: another one was faster."""
        newest = await self.newest(person_id, act.text.purpose, act.subject_id)
        document = self._document(person_id, act, newest.number + 1 if newest else 1)
        try:
            await self._consents.insert(document)
        except DuplicateKey as error:
            raise WriteConflict from error
        return self._consent(document)

    async def all_of(self, person_id: str) -> list[Consent]:
        """Return every row of a person, the oldest first."""
        holder = pseudonym_of(self._sealer, person_id)
        found = await self._consents.find({"holder": holder}, sort=[("at", 1), ("number", 1)])
        return [self._consent(document) for document in found]

    async def person_left(self, person_id: str, now: datetime) -> None:
        """Let the rows of a person end some day. They say what they said before."""
        holder = pseudonym_of(self._sealer, person_id)
        await self._consents.update_many(
            {"holder": holder, "kept_until": None},
            {"$set": {"kept_until": now + PROOF_KEPT_FOR}},
        )

    async def seal_anew(self) -> int:
        """Seal with the current key what an older one sealed; return how many that were."""
        return await seal_anew(self._consents, self._sealer, "subject_id", _place)

    def _which(self, person_id: str, subject_id: str | None) -> dict[str, str]:
        holder = pseudonym_of(self._sealer, person_id)
        subject = pseudonym_of(self._sealer, subject_id) if subject_id else holder
        return {"holder": holder, "subject": subject}

    def _document(self, person_id: str, act: ConsentAct, number: int) -> Document:
        row_id = new_id()
        return {
            "_id": row_id,
            **self._which(person_id, act.subject_id),
            "subject_id": self._sealer.seal(act.subject_id, _place(row_id)),
            "purpose": act.text.purpose.value,
            "number": number,
            "state": act.state.value,
            "version": act.text.version,
            "text_digest": act.text.digest,
            "language": act.text.language,
            "dependant_agreed": act.dependant_agreed,
            "session": self._sealer.digest("session of a consent", act.session_id or ""),
            "at": act.at,
            "kept_until": None,
        }

    def _consent(self, document: Document) -> Consent:
        return Consent(
            id=document["_id"],
            purpose=ConsentPurpose(document["purpose"]),
            subject_id=self._sealer.open(document["subject_id"], _place(document["_id"])),
            number=document["number"],
            state=ConsentState(document["state"]),
            version=document["version"],
            text_digest=document["text_digest"],
            language=document["language"],
            dependant_agreed=document["dependant_agreed"],
            at=document["at"],
        )


def _place(row_id: str) -> str:
    return f"consents/{row_id}/subject_id"
