"""Identity papers as documents: numbers sealed, and looked up by blind index only."""

from dataclasses import dataclass
from datetime import datetime

from api.accounts.identity_papers.numbers import IdentityNumber, IdentityPaperKind
from api.kit.ids import derived_id
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, Index, Store

IDENTITY_PAPERS = CollectionSpec(
    "identity_papers",
    (Index(("number_index", "is_own", "registered_at")), Index(("person_id",))),
)


@dataclass(frozen=True, slots=True, repr=False)
class IdentityPaper:
    """A paper of `subject_id`: the person `person_id`, or one of their dependants."""

    person_id: str
    subject_id: str
    number: IdentityNumber
    registered_at: datetime

    @property
    def dependant_id(self) -> str | None:
        """The dependant whose paper it is; None for the person's own."""
        return None if self.subject_id == self.person_id else self.subject_id


class IdentityPaperRepository:
    """All queries on identity papers. A subject has one of each kind."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._papers = store[IDENTITY_PAPERS]
        self._sealer = sealer

    def index(self, number: IdentityNumber) -> str:
        """Return the blind index under which a number is found."""
        return self._sealer.blind_index(number.looked_up_by, f"identity number {number.kind}")

    async def put(self, paper: IdentityPaper) -> None:
        """Keep a paper, in place of the one of the same subject and kind."""
        await self._papers.upsert(self._document(paper))

    async def registered_at(self, paper: IdentityPaper) -> datetime | None:
        """Return since when the subject has this very number, None when it has not."""
        kept = await self._papers.get(_id(paper.subject_id, paper.number.kind))
        is_same = kept is not None and kept["number_index"] == self.index(paper.number)
        return kept["registered_at"] if kept is not None and is_same else None

    async def all_of(self, person_id: str) -> list[IdentityPaper]:
        """Return the papers that a person registered, of every subject."""
        found = await self._papers.find({"person_id": person_id})
        return [self._paper(document) for document in found]

    async def with_number(self, number: IdentityNumber, most: int) -> list[IdentityPaper]:
        """Return up to `most` papers of this number: people's own before dependants', then the oldest."""
        found = await self._papers.find(
            {"number_index": self.index(number)},
            sort=[("is_own", -1), ("registered_at", 1)],
            limit=most,
        )
        return [self._paper(document) for document in found]

    async def birth_year_of(self, subject_id: str) -> int | None:
        """Return the year of birth that the subject's papers tell, None without such a paper."""
        document = await self._papers.get(_id(subject_id, IdentityPaperKind.CCCD))
        return self._paper(document).number.birth_year if document else None

    async def remove(self, person_id: str, subject_id: str, kind: IdentityPaperKind) -> bool:
        """Remove a paper that this person registered; False when there is none."""
        own = {"_id": _id(subject_id, kind), "person_id": person_id}
        return await self._papers.delete_one(own) is not None

    async def remove_of_subject(self, person_id: str, subject_id: str) -> None:
        for kind in IdentityPaperKind:
            await self.remove(person_id, subject_id, kind)

    async def remove_all(self, person_id: str) -> None:
        await self._papers.delete_many({"person_id": person_id})

    async def seal_anew(self) -> int:
        """Seal with the current key what an older one sealed; return how many that were."""
        return await seal_anew(self._papers, self._sealer, "number", _place)

    def _document(self, paper: IdentityPaper) -> Document:
        paper_id = _id(paper.subject_id, paper.number.kind)
        return {
            "_id": paper_id,
            "person_id": paper.person_id,
            "subject_id": paper.subject_id,
            "is_own": paper.dependant_id is None,
            "kind": paper.number.kind.value,
            "number": self._sealer.seal(paper.number.value, _place(paper_id)),
            "number_index": self.index(paper.number),
            "registered_at": paper.registered_at,
        }

    def _paper(self, document: Document) -> IdentityPaper:
        value = self._sealer.open(document["number"], _place(document["_id"]))
        return IdentityPaper(
            person_id=document["person_id"],
            subject_id=document["subject_id"],
            number=IdentityNumber(IdentityPaperKind(document["kind"]), value),
            registered_at=document["registered_at"],
        )


def _id(subject_id: str, kind: IdentityPaperKind) -> str:
    return derived_id("identity paper", subject_id, kind)


def _place(paper_id: str) -> str:
    return f"identity_papers/{paper_id}/number"
