"""Registered systems, and the assertions that they have spent, as documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.kit.ids import derived_id, is_id
from api.kit.store import CollectionSpec, Document, DuplicateKey, Index, Store

FHIR_SYSTEMS = CollectionSpec("fhir_systems", (Index(("facility_id",)),))
FHIR_ASSERTIONS = CollectionSpec(
    "fhir_assertions", (Index(("kept_until",), expire_after_seconds=0),)
)


@dataclass(frozen=True, slots=True)
class HealthSystem:
    """A facility's own system. `keys`: public JSON Web Keys by kid; `scopes`: as a token names them."""

    id: str
    facility_id: str
    name: str
    keys: Mapping[str, Mapping[str, str]]
    scopes: str
    created_at: datetime
    revoked_at: datetime | None


class SystemRepository:
    """All queries on systems. Every call joins the open transaction, if there is one."""

    def __init__(self, store: Store) -> None:
        self._systems = store[FHIR_SYSTEMS]
        self._assertions = store[FHIR_ASSERTIONS]

    async def add(self, system: HealthSystem) -> None:
        await self._systems.insert(_document(system))

    async def get(self, system_id: str) -> HealthSystem | None:
        document = await self._systems.get(system_id) if is_id(system_id) else None
        return _system(document) if document else None

    async def all(self) -> list[HealthSystem]:
        """Return every system, revoked ones too, the oldest first."""
        return list(map(_system, await self._systems.find({}, sort=[("created_at", 1)])))

    async def revoke(self, system_id: str, now: datetime) -> HealthSystem | None:
        """End a system; None when there is none that still is."""
        revoked = await self._systems.update_one(
            {"_id": system_id, "revoked_at": None}, {"$set": {"revoked_at": now}}
        )
        return _system(revoked) if revoked else None

    async def hold(self, system_id: str) -> bool:
        """Keep a system from being written until the open transaction ends; False: revoked or gone."""
        held = await self._systems.update_one(
            {"_id": system_id, "revoked_at": None}, {"$inc": {"turn": 1}}
        )
        return held is not None

    async def spend(self, system_id: str, assertion_id: str, kept_until: datetime) -> bool:
        """Note that an assertion was used; False when it was before. One conditional write."""
        document_id = derived_id("fhir assertion", system_id, assertion_id)
        try:
            await self._assertions.insert({"_id": document_id, "kept_until": kept_until})
        except DuplicateKey:
            return False
        return True


def _document(system: HealthSystem) -> Document:
    # A kid may hold what the name of a field cannot.
    keys: list[dict[str, Any]] = [dict(key) for key in system.keys.values()]
    return {
        "_id": system.id,
        "facility_id": system.facility_id,
        "name": system.name,
        "keys": keys,
        "scopes": system.scopes,
        "created_at": system.created_at,
        "revoked_at": system.revoked_at,
    }


def _system(document: Document) -> HealthSystem:
    return HealthSystem(
        id=document["_id"],
        facility_id=document["facility_id"],
        name=document["name"],
        keys={key["kid"]: key for key in document["keys"]},
        scopes=document["scopes"],
        created_at=document["created_at"],
        revoked_at=document["revoked_at"],
    )
