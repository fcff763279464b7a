"""What is kept of patients who came without an appointment, besides their appointment's document.

The year of birth is sealed. `slot_id`: in whose room they are counted, so that no session has more
patients than its places have together.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, Index, Store

HEALTH_WALK_INS = CollectionSpec(
    "health_walk_ins", (Index(("kept_until",), expire_after_seconds=0),)
)


@dataclass(frozen=True, slots=True, repr=False)
class WalkIn:
    """`id`: of the appointment, with which it is kept."""

    id: str
    slot_id: str
    birth_year: int
    kept_until: datetime


class WalkInRepository:
    """All queries on walk-ins. Every call joins the open transaction, if there is one."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._walk_ins = store[HEALTH_WALK_INS]
        self._sealer = sealer

    async def add(self, walk_in: WalkIn) -> None:
        """Add one. Raises DuplicateKey."""
        await self._walk_ins.insert(
            {
                "_id": walk_in.id,
                "slot_id": walk_in.slot_id,
                "birth_year": self._sealer.seal(walk_in.birth_year, _place(walk_in.id)),
                "kept_until": walk_in.kept_until,
            }
        )

    async def slot_of(self, appointment_id: str) -> str | None:
        """Return in whose room a walk-in is counted, None for whoever is none."""
        document = await self._walk_ins.get(appointment_id)
        return document["slot_id"] if document else None

    async def birth_years(self, appointment_ids: Collection[str]) -> dict[str, int]:
        """Return the years of birth of walk-ins, by appointment."""
        found = await self._walk_ins.get_many(sorted(set(appointment_ids)))
        return {one: self._birth_year(document) for one, document in found.items()}

    async def seal_anew(self) -> int:
        """Seal some years anew, as Resealed has it."""
        return await seal_anew(self._walk_ins, self._sealer, "birth_year", _place)

    def _birth_year(self, document: Document) -> int:
        return int(self._sealer.open(document["birth_year"], _place(document["_id"])))


def _place(appointment_id: str) -> str:
    return f"health_walk_ins/{appointment_id}/birth_year"
