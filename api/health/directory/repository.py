"""Practitioners and services as documents. Facilities are shipped, not stored (facility.py)."""

from collections.abc import Sequence
from typing import Any

from api.health.directory.records import HealthcareService, Payment, Practitioner, ServiceMode
from api.kit.store import CollectionSpec, Document, Filter, Index, Store

HEALTH_SERVICES = CollectionSpec(
    "health_services", (Index(("facility_id",)), Index(("specialty", "facility_id")))
)
HEALTH_PRACTITIONERS = CollectionSpec(
    "health_practitioners", (Index(("facility_id",)), Index(("languages",), many=True))
)


class DirectoryRepository:
    """All queries on practitioners and services. Every call joins the open transaction."""

    def __init__(self, store: Store) -> None:
        self._services = store[HEALTH_SERVICES]
        self._practitioners = store[HEALTH_PRACTITIONERS]

    async def service(self, service_id: str) -> HealthcareService | None:
        document = await self._services.get(service_id)
        return _service(document) if document else None

    async def services(self, service_ids: Sequence[str]) -> dict[str, HealthcareService]:
        """Return services by id, those that are given no more too."""
        found = await self._services.get_many(sorted(set(service_ids)))
        return {service_id: _service(document) for service_id, document in found.items()}

    async def services_of(
        self, facility_id: str, *, after: str = "", limit: int | None = None
    ) -> list[HealthcareService]:
        """Return the services of a facility in the order of their ids, inactive ones too."""
        found = await self._services.find(
            {"facility_id": facility_id, "_id": {"$gt": after}}, sort=[("_id", 1)], limit=limit
        )
        return list(map(_service, found))

    async def services_for(self, specialty: str) -> list[HealthcareService]:
        """Return the active services of a specialty, of all facilities."""
        found = await self._services.find({"specialty": specialty, "is_active": True})
        return list(map(_service, found))

    async def add_service(self, service: HealthcareService) -> None:
        """Add a service. Raises DuplicateKey."""
        await self._services.insert(_service_document(service))

    async def replace_service(self, service: HealthcareService) -> HealthcareService | None:
        """Put `service` in place of its version; None when somebody was faster."""
        stored = await self._services.replace_if_version(
            _service_document(service), service.version
        )
        return _service(stored) if stored else None

    async def practitioner(self, practitioner_id: str) -> Practitioner | None:
        document = await self._practitioners.get(practitioner_id)
        return _practitioner(document) if document else None

    async def practitioners(self, practitioner_ids: Sequence[str]) -> dict[str, Practitioner]:
        """Return practitioners by id, those who left too."""
        found = await self._practitioners.get_many(sorted(set(practitioner_ids)))
        return {one: _practitioner(document) for one, document in found.items()}

    async def practitioners_of(
        self, facility_id: str, *, after: str = "", limit: int | None = None
    ) -> list[Practitioner]:
        """Return the practitioners of a facility in the order of their ids, inactive ones too."""
        found = await self._practitioners.find(
            {"facility_id": facility_id, "_id": {"$gt": after}}, sort=[("_id", 1)], limit=limit
        )
        return list(map(_practitioner, found))

    async def practitioners_speaking(
        self, language: str, *, facility_id: str | None, specialty: str | None, limit: int
    ) -> list[Practitioner]:
        """Return active practitioners who speak a language with patients, some `limit` of them."""
        asked: dict[str, Any] = {"languages": language, "is_active": True}
        if facility_id is not None:
            asked["facility_id"] = facility_id
        if specialty is not None:
            asked["specialties"] = specialty
        return list(map(_practitioner, await self._practitioners.find(asked, limit=limit)))

    async def add_practitioner(self, practitioner: Practitioner) -> None:
        """Add a practitioner. Raises DuplicateKey."""
        await self._practitioners.insert(_practitioner_document(practitioner))

    async def replace_practitioner(self, practitioner: Practitioner) -> Practitioner | None:
        """Put `practitioner` in place of its version; None when somebody was faster."""
        stored = await self._practitioners.replace_if_version(
            _practitioner_document(practitioner), practitioner.version
        )
        return _practitioner(stored) if stored else None

    async def services_matching(
        self, asked: Filter, *, after: str, limit: int
    ) -> list[HealthcareService]:
        """Return services that a filter matches, in the order of their ids."""
        found = await self._services.find(_behind(asked, after), sort=[("_id", 1)], limit=limit)
        return list(map(_service, found))

    async def practitioners_matching(
        self, asked: Filter, *, after: str, limit: int
    ) -> list[Practitioner]:
        """Return practitioners that a filter matches, in the order of their ids."""
        wanted = _behind(asked, after)
        found = await self._practitioners.find(wanted, sort=[("_id", 1)], limit=limit)
        return list(map(_practitioner, found))


def _behind(asked: Filter, after: str) -> Filter:
    return {"$and": [asked, {"_id": {"$gt": after}}]} if asked else {"_id": {"$gt": after}}


def _service_document(service: HealthcareService) -> Document:
    return {
        "_id": service.id,
        "facility_id": service.facility_id,
        "specialty": service.specialty,
        "names": dict(service.names),
        "preparation": dict(service.preparation),
        "mode": service.mode.value,
        "payments": [payment.value for payment in service.payments],
        "price_dong": service.price_dong,
        "is_active": service.is_active,
        "version": service.version,
    }


def _service(document: Document) -> HealthcareService:
    return HealthcareService(
        id=document["_id"],
        facility_id=document["facility_id"],
        specialty=document["specialty"],
        names=document["names"],
        preparation=document["preparation"],
        mode=ServiceMode(document["mode"]),
        payments=tuple(map(Payment, document["payments"])),
        price_dong=document["price_dong"],
        is_active=document["is_active"],
        version=document["version"],
    )


def _practitioner_document(practitioner: Practitioner) -> Document:
    return {
        "_id": practitioner.id,
        "facility_id": practitioner.facility_id,
        "name": practitioner.name,
        "qualification": practitioner.qualification,
        "specialties": list(practitioner.specialties),
        "languages": list(practitioner.languages),
        "is_active": practitioner.is_active,
        "version": practitioner.version,
    }


def _practitioner(document: Document) -> Practitioner:
    return Practitioner(
        id=document["_id"],
        facility_id=document["facility_id"],
        name=document["name"],
        qualification=document["qualification"],
        specialties=tuple(document["specialties"]),
        languages=tuple(document["languages"]),
        is_active=document["is_active"],
        version=document["version"],
    )
