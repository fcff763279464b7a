"""Health records as documents. All that was noted is sealed, as one."""

from typing import Any

from api.health.record.details import (
    Allergy,
    AllergySeverity,
    BloodGroup,
    HealthRecord,
    Rhesus,
)
from api.kit.ids import derived_id
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, Index, Store

HEALTH_RECORDS = CollectionSpec("health_records", (Index(("person_id",)),))


class HealthRecordRepository:
    """All queries on health records. Every call joins the open transaction."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._records = store[HEALTH_RECORDS]
        self._sealer = sealer

    async def of(self, person_id: str, dependant_id: str | None) -> HealthRecord:
        """Return the record, an empty one when nothing was noted."""
        document = await self._records.get(_id(person_id, dependant_id))
        return self._record(document) if document else HealthRecord(person_id, dependant_id)

    async def all_of(self, person_id: str) -> list[HealthRecord]:
        found = await self._records.find({"person_id": person_id})
        return list(map(self._record, found))

    async def put(self, record: HealthRecord) -> None:
        """Keep it in place of what was; whoever does holds the account."""
        await self._records.upsert(self._document(record))

    async def remove(self, person_id: str, dependant_id: str | None) -> None:
        await self._records.delete_one({"_id": _id(person_id, dependant_id)})

    async def remove_all(self, person_id: str) -> None:
        await self._records.delete_many({"person_id": person_id})

    async def seal_anew(self) -> int:
        """Seal some details anew, as Resealed has it."""
        return await seal_anew(self._records, self._sealer, "details", _place)

    def _document(self, record: HealthRecord) -> Document:
        record_id = _id(record.person_id, record.dependant_id)
        details: dict[str, Any] = {
            "blood_group": record.blood_group and record.blood_group.value,
            "rhesus": record.rhesus and record.rhesus.value,
            "notes": record.notes,
            "allergies": [
                [one.id, one.substance, one.reaction, one.severity.value, one.since]
                for one in record.allergies
            ],
        }
        return {
            "_id": record_id,
            "person_id": record.person_id,
            "dependant_id": record.dependant_id,
            "details": self._sealer.seal(details, _place(record_id)),
            "updated_at": record.updated_at,
        }

    def _record(self, document: Document) -> HealthRecord:
        opened = self._sealer.open(document["details"], _place(document["_id"]))
        group, rhesus = opened["blood_group"], opened["rhesus"]
        return HealthRecord(
            person_id=document["person_id"],
            dependant_id=document["dependant_id"],
            blood_group=BloodGroup(group) if group else None,
            rhesus=Rhesus(rhesus) if rhesus else None,
            notes=opened["notes"],
            allergies=tuple(map(_allergy, opened["allergies"])),
            updated_at=document["updated_at"],
        )


def _allergy(fields: list[Any]) -> Allergy:
    allergy_id, substance, reaction, severity, since = fields
    return Allergy(allergy_id, substance, reaction, AllergySeverity(severity), since)


def _id(person_id: str, dependant_id: str | None) -> str:
    return derived_id("health record", person_id, dependant_id or "")


def _place(record_id: str) -> str:
    return f"health_records/{record_id}/details"
