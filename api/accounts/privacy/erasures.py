"""Erasures: what is still to be done while they run, and afterwards the proof that they were done."""

from dataclasses import dataclass
from datetime import datetime

from api.accounts.privacy.consent_ledger import PROOF_KEPT_FOR
from api.accounts.privacy.pseudonyms import pseudonym_of
from api.kit.ids import new_id
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, Index, Store

ERASURES = CollectionSpec("erasures", (Index(("kept_until",), expire_after_seconds=0),))


@dataclass(frozen=True, slots=True, repr=False)
class Erasure:
    """One person's. `person_id` is None once it is finished; `done`: names of holders; `tries` so far."""

    id: str
    person_id: str | None
    pseudonym: str
    requested_at: datetime
    done: frozenset[str]
    tries: int
    finished_at: datetime | None


class ErasureRepository:
    """All queries on erasures."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._erasures = store[ERASURES]
        self._sealer = sealer

    async def get(self, erasure_id: str) -> Erasure | None:
        document = await self._erasures.get(erasure_id)
        return self._erasure(document) if document else None

    async def add(self, person_id: str, now: datetime) -> str:
        """Begin one and return its id, which tells nothing of the person; joins the transaction."""
        erasure_id = new_id()
        await self._erasures.insert(
            {
                "_id": erasure_id,
                "person_id": self._sealer.seal(person_id, _place(erasure_id)),
                "pseudonym": pseudonym_of(self._sealer, person_id),
                "requested_at": now,
                "done": [],
                "tries": 0,
                "finished_at": None,
                "kept_until": None,
            }
        )
        return erasure_id

    async def mark_done(self, erasure_id: str, holder: str) -> None:
        await self._erasures.update_one({"_id": erasure_id}, {"$addToSet": {"done": holder}})

    async def count_try(self, erasure_id: str) -> int:
        """Count an attempt that must be followed by another one; joins the transaction."""
        counted = await self._erasures.update_one({"_id": erasure_id}, {"$inc": {"tries": 1}})
        return int(counted["tries"]) if counted else 0

    async def finish(self, erasure_id: str, now: datetime) -> None:
        """Forget whose it was; joins the open transaction."""
        await self._erasures.update_one(
            {"_id": erasure_id, "finished_at": None},
            {
                "$set": {
                    "person_id": None,
                    "finished_at": now,
                    "kept_until": now + PROOF_KEPT_FOR,
                }
            },
        )

    def _erasure(self, document: Document) -> Erasure:
        sealed = document["person_id"]
        return Erasure(
            id=document["_id"],
            person_id=self._sealer.open(sealed, _place(document["_id"])) if sealed else None,
            pseudonym=document["pseudonym"],
            requested_at=document["requested_at"],
            done=frozenset(document["done"]),
            tries=document["tries"],
            finished_at=document["finished_at"],
        )


def _place(erasure_id: str) -> str:
    return f"erasures/{erasure_id}/person_id"
