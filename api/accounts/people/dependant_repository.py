"""Dependants as documents: people without an account for whom one with an account acts."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, auto
from typing import Any

from api.accounts.people.personal_details import AccessibilityNeed, Needs, age_on, is_of_age
from api.kit.ids import is_id
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, Index, Store

DEPENDANTS = CollectionSpec("dependants", (Index(("person_id",)),))


class Relation(StrEnum):
    """What the dependant is to the person."""

    CHILD = auto()
    PARENT = auto()
    SPOUSE = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True, repr=False)
class Dependant:
    """Somebody for whom `person_id` acts."""

    id: str
    person_id: str
    name: str
    born_on: date
    relation: Relation
    needs: Needs
    created_at: datetime
    version: int = 1

    def has_outgrown(self, today: date) -> bool:
        """Tell whether this was a child and has come of age."""
        return self.relation is Relation.CHILD and is_of_age(self.born_on, today)


class DependantRepository:
    """All queries on dependants."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._dependants = store[DEPENDANTS]
        self._sealer = sealer

    async def of(self, person_id: str, dependant_id: str) -> Dependant | None:
        """Return a dependant of this person; None for anybody else's id and for no id at all."""
        document = await self._dependants.get(dependant_id) if is_id(dependant_id) else None
        is_own = document is not None and document["person_id"] == person_id
        return self._dependant(document) if document and is_own else None

    async def acted_for(self, person_id: str, dependant_id: str, today: date) -> Dependant | None:
        """Return a dependant for whom this person acts: none who was a child and has come of age."""
        dependant = await self.of(person_id, dependant_id)
        return dependant if dependant and not dependant.has_outgrown(today) else None

    async def age_of(self, person_id: str, dependant_id: str, today: date) -> int | None:
        """Return a dependant's age in whole years, None for nobody of this person's."""
        dependant = await self.of(person_id, dependant_id)
        return age_on(today, dependant.born_on) if dependant else None

    async def all_of(self, person_id: str) -> list[Dependant]:
        """Return the dependants of a person, in the order in which they were added."""
        found = await self._dependants.find({"person_id": person_id}, sort=[("created_at", 1)])
        return [self._dependant(document) for document in found]

    async def add(self, dependant: Dependant) -> None:
        await self._dependants.insert(self._document(dependant))

    async def replace(self, dependant: Dependant) -> Dependant | None:
        """Put `dependant` in place of its version; None when somebody was faster."""
        document = self._document(dependant)
        stored = await self._dependants.replace_if_version(document, dependant.version)
        return self._dependant(stored) if stored else None

    async def remove(self, person_id: str, dependant_id: str) -> bool:
        """Remove a dependant of this person; False when there is none of this id."""
        own = {"_id": dependant_id, "person_id": person_id}
        return await self._dependants.delete_one(own) is not None

    async def remove_all(self, person_id: str) -> int:
        return await self._dependants.delete_many({"person_id": person_id})

    async def seal_anew(self) -> int:
        """Seal with the current key what an older one sealed; return how many that were."""
        return await seal_anew(self._dependants, self._sealer, "details", _place)

    def _document(self, dependant: Dependant) -> Document:
        sealed: dict[str, Any] = {
            "name": dependant.name,
            "born_on": dependant.born_on.isoformat(),
            "relation": dependant.relation.value,
            "needs": sorted(dependant.needs),
        }
        return {
            "_id": dependant.id,
            "person_id": dependant.person_id,
            "details": self._sealer.seal(sealed, _place(dependant.id)),
            "created_at": dependant.created_at,
            "version": dependant.version,
        }

    def _dependant(self, document: Document) -> Dependant:
        opened = self._sealer.open(document["details"], _place(document["_id"]))
        return Dependant(
            id=document["_id"],
            person_id=document["person_id"],
            name=opened["name"],
            born_on=date.fromisoformat(opened["born_on"]),
            relation=Relation(opened["relation"]),
            needs=frozenset(map(AccessibilityNeed, opened["needs"])),
            created_at=document["created_at"],
            version=document["version"],
        )


def _place(dependant_id: str) -> str:
    return f"dependants/{dependant_id}/details"
