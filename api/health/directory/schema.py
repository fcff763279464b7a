from typing import Annotated

import strawberry

from api.context import Info
from api.health.directory.records import Facility as FacilityRecord
from api.health.directory.records import FacilityLevel, Payment, ServiceMode
from api.health.directory.records import HealthcareService as ServiceRecord
from api.health.directory.records import Practitioner as PractitionerRecord
from api.health.specialties import SPECIALTIES
from api.health.specialty_schema import Specialties, Specialty
from api.kit.pagination import After, Connection, First
from api.kit.schema_types import LocalizedText, Money, Position, PositionInput
from api.tourism.records import Confidence

strawberry.enum(FacilityLevel, description="Of which level of the province's health care it is.")
strawberry.enum(
    Payment, description="INSURANCE: the health insurance card (BHYT) pays its part; SELF_PAY: not."
)
strawberry.enum(ServiceMode, name="HealthServiceMode", description="REMOTE: by telephone or video.")


@strawberry.type(description="A hospital or clinic (FHIR Location).")
class Facility:
    id: strawberry.ID = strawberry.field(description="Also the id of a role's scope.")
    level: FacilityLevel
    address: str = strawberry.field(
        description="In Vietnamese, as before July 2025, which people still say."
    )
    commune_code: str
    position: Position = strawberry.field(description="Good to some 300 m to 3 km.")
    confidence: Confidence = strawberry.field(description="Of these facts.")
    is_sample: bool = strawberry.field(
        description="Its specialties are those usual for its class: not yet told by the facility."
    )
    distance: float | None = strawberry.field(description="Metres from `near`; null without it.")
    record: strawberry.Private[FacilityRecord]

    @classmethod
    def of(cls, record: FacilityRecord, distance: float | None = None) -> "Facility":
        return cls(
            id=strawberry.ID(record.id),
            level=record.level,
            address=record.address,
            commune_code=record.commune_code,
            position=Position.of(record.position),
            confidence=record.confidence,
            is_sample=record.is_sample,
            distance=distance,
            record=record,
        )

    @strawberry.field
    def name(self, info: Info) -> LocalizedText:
        return LocalizedText.needed(self.record.names, info.context.language)

    @strawberry.field
    def specialties(self, info: Info) -> list[Specialty]:
        return [Specialty.of(code, info) for code in self.record.specialties]


@strawberry.type(description="A doctor, nurse or therapist (FHIR Practitioner).")
class Practitioner:
    id: strawberry.ID
    facility_id: strawberry.ID
    name: str
    qualification: str = strawberry.field(description="As the facility writes it.")
    languages: list[str] = strawberry.field(description="Spoken with patients; BCP 47 tags.")
    is_active: bool = strawberry.field(description="False: works there no more.")
    version: int = strawberry.field(description="For the desk: `expectedVersion` of a change.")
    record: strawberry.Private[PractitionerRecord]

    @classmethod
    def of(cls, record: PractitionerRecord) -> "Practitioner":
        return cls(
            id=strawberry.ID(record.id),
            facility_id=strawberry.ID(record.facility_id),
            name=record.name,
            qualification=record.qualification,
            languages=list(record.languages),
            is_active=record.is_active,
            version=record.version,
            record=record,
        )

    @classmethod
    async def loaded(cls, info: Info, practitioner_id: str | None) -> "Practitioner | None":
        """Return who has this id, None for nobody."""
        if practitioner_id is None:
            return None
        load = info.context.services.health.places.directory.practitioners
        found: PractitionerRecord | None = await info.context.loader(load).load(practitioner_id)
        return cls.of(found) if found else None

    @strawberry.field
    def specialties(self, info: Info) -> list[Specialty]:
        return [Specialty.of(code, info) for code in self.record.specialties]


@strawberry.type(description="What can be booked at a facility (FHIR HealthcareService).")
class HealthcareService:
    id: strawberry.ID
    facility_id: strawberry.ID
    mode: ServiceMode
    payments: list[Payment]
    is_active: bool = strawberry.field(description="False: it is given no more.")
    version: int = strawberry.field(description="For the desk: `expectedVersion` of a change.")
    record: strawberry.Private[ServiceRecord]

    @classmethod
    def of(cls, record: ServiceRecord) -> "HealthcareService":
        return cls(
            id=strawberry.ID(record.id),
            facility_id=strawberry.ID(record.facility_id),
            mode=record.mode,
            payments=list(record.payments),
            is_active=record.is_active,
            version=record.version,
            record=record,
        )

    @classmethod
    async def loaded(cls, info: Info, service_id: str) -> "HealthcareService":
        """Return the service that something is of."""
        load = info.context.services.health.places.directory.services
        found: ServiceRecord | None = await info.context.loader(load).load(service_id)
        assert found is not None, "services are never removed"  # noqa: S101
        return cls.of(found)

    @strawberry.field
    def specialty(self, info: Info) -> Specialty:
        return Specialty.of(self.record.specialty, info)

    @strawberry.field
    def name(self, info: Info) -> LocalizedText:
        return LocalizedText.needed(self.record.names, info.context.language)

    @strawberry.field(description="What to do or bring before; null: nothing in particular.")
    def preparation(self, info: Info) -> LocalizedText | None:
        return LocalizedText.of(self.record.preparation, info.context.language)

    @strawberry.field(description="Of SELF_PAY; null when the facility does not say.")
    def price(self, info: Info) -> Money | None:
        price = self.record.price_dong
        return None if price is None else Money.of(price, info.context.language)


_SPECIALTY = strawberry.argument(description="The code of a specialty; null: any.")


@strawberry.type
class DirectoryQuery:
    @strawberry.field(description="All medical specialties that a facility may have.")
    def specialties(self, info: Info) -> Specialties:
        return Specialties(specialties=[Specialty.of(code, info) for code in SPECIALTIES])

    @strawberry.field(description="Hospitals and clinics: the nearest first with `near`.")
    async def facilities(
        self,
        info: Info,
        near: PositionInput | None = None,
        specialty: Annotated[str | None, _SPECIALTY] = None,
        first: First = 30,
        after: After = None,
    ) -> Connection[Facility]:
        page = info.context.services.health.places.directory.page(
            near.position() if near else None, specialty, first, after
        )
        return Connection[Facility].of(
            page, lambda it: Facility.of(it.facility, it.distance_metres)
        )

    @strawberry.field(description="A hospital or clinic; null if there is none of this id.")
    async def facility(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument()]
    ) -> Facility | None:
        found = info.context.services.health.places.directory.library.facilities.get(id)
        return Facility.of(found) if found else None

    @strawberry.field(description="What can be booked at a facility, also what is given no more.")
    async def facility_services(
        self, info: Info, facility_id: strawberry.ID, first: First = 50, after: After = None
    ) -> Connection[HealthcareService]:
        page = await info.context.services.health.places.directory.services_page(
            facility_id, first, after
        )
        return Connection[HealthcareService].of(page, HealthcareService.of)

    @strawberry.field(description="Who works with patients at a facility, also who left.")
    async def facility_practitioners(
        self, info: Info, facility_id: strawberry.ID, first: First = 50, after: After = None
    ) -> Connection[Practitioner]:
        page = await info.context.services.health.places.directory.practitioners_page(
            facility_id, first, after
        )
        return Connection[Practitioner].of(page, Practitioner.of)
