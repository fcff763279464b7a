from datetime import datetime

import strawberry

from api.context import Info
from api.health.appointments.records import Appointment
from api.health.directory.records import HealthcareService as ServiceRecord
from api.health.directory.schema import Facility, HealthcareService
from api.health.record.card_repository import EmergencyCard as CardRecord
from api.health.record.details import Allergy as AllergyRecord
from api.health.record.details import AllergySeverity, BloodGroup, Rhesus
from api.health.record.details import HealthRecord as Record
from api.health.record.shared_document import (
    DocumentFormat,
    DocumentKind,
    DocumentState,
    SharedDocument,
)
from api.health.record.visits import VISITS_AT_MOST
from api.health.record.wiring import RecordServices
from api.kit.pagination import After, Connection, First

strawberry.enum(BloodGroup)
strawberry.enum(Rhesus)
strawberry.enum(
    AllergySeverity, description="LIFE_THREATENING: the person could not breathe, or fainted."
)
strawberry.enum(DocumentKind, name="HealthDocumentKind")
strawberry.enum(DocumentFormat, name="HealthDocumentFormat")
strawberry.enum(
    DocumentState,
    name="HealthDocumentState",
    description="AWAITING: its content has not come; only the desk sees it. WITHDRAWN: the facility took"
    " it back.",
)


@strawberry.type
class Allergy:
    id: strawberry.ID
    substance: str
    reaction: str | None
    severity: AllergySeverity
    since: int | None = strawberry.field(description="A year.")

    @classmethod
    def of(cls, record: AllergyRecord) -> "Allergy":
        return cls(
            id=strawberry.ID(record.id),
            substance=record.substance,
            reaction=record.reaction,
            severity=record.severity,
            since=record.since,
        )


@strawberry.type(description="A document that a facility shared with a patient.")
class HealthDocument:
    id: strawberry.ID
    kind: DocumentKind
    title: str = strawberry.field(description="Empty once it is withdrawn.")
    format: DocumentFormat
    byte_count: int
    state: DocumentState
    is_hidden: bool
    shared_at: datetime
    withdrawn_at: datetime | None
    record: strawberry.Private[SharedDocument]

    @classmethod
    def of(cls, record: SharedDocument) -> "HealthDocument":
        return cls(
            id=strawberry.ID(record.id),
            kind=record.kind,
            title=record.title,
            format=record.format,
            byte_count=record.byte_count,
            state=record.state,
            is_hidden=record.is_hidden,
            shared_at=record.created_at,
            withdrawn_at=record.withdrawn_at,
            record=record,
        )

    @strawberry.field
    async def facility(self, info: Info) -> Facility:
        return facility_of(info, self.record.facility_id)

    @strawberry.field(description="GET with the patient's bearer token; null once it is withdrawn.")
    async def content_url(self, info: Info) -> str | None:
        is_there = self.record.state is DocumentState.SHARED
        return content_url_of(info, self.record) if is_there else None


@strawberry.type(description="A visit that took place.")
class HealthVisit:
    appointment_id: strawberry.ID
    start: datetime
    record: strawberry.Private[Appointment]

    @classmethod
    def of(cls, record: Appointment) -> "HealthVisit":
        return cls(appointment_id=strawberry.ID(record.id), start=record.start, record=record)

    @strawberry.field
    async def facility(self, info: Info) -> Facility:
        return facility_of(info, self.record.facility_id)

    @strawberry.field
    async def service(self, info: Info) -> HealthcareService | None:
        load = info.context.services.health.places.directory.services
        found: ServiceRecord | None = await info.context.loader(load).load(self.record.service_id)
        return HealthcareService.of(found) if found else None


@strawberry.type(description="What helpers read without signing in, while it is switched on.")
class EmergencyCard:
    url: str = strawberry.field(
        description="Whoever has it reads name, year of birth, blood group, allergies and the contact; show"
        " it on the locked screen as a code."
    )
    contact_name: str | None
    contact_phone: str | None = strawberry.field(description="E.164.")
    shows_notes: bool
    made_at: datetime = strawberry.field(description="When this address was made.")

    @classmethod
    def of(cls, record: CardRecord, info: Info) -> "EmergencyCard":
        return cls(
            url=f"{_services(info).public_url}/health/emergency-card/{record.code}",
            contact_name=record.contact_name,
            contact_phone=record.contact_phone,
            shows_notes=record.shows_notes,
            made_at=record.made_at,
        )


@strawberry.type(description="The health record of yourself, or of somebody for whom you act.")
class HealthRecord:
    patient_id: strawberry.ID | None = strawberry.field(
        description="Of a dependant; null: yourself."
    )
    blood_group: BloodGroup | None
    rhesus: Rhesus | None
    notes: str | None
    allergies: list[Allergy]
    updated_at: datetime | None
    record: strawberry.Private[Record]

    @classmethod
    def of(cls, record: Record) -> "HealthRecord":
        return cls(
            patient_id=strawberry.ID(record.dependant_id) if record.dependant_id else None,
            blood_group=record.blood_group,
            rhesus=record.rhesus,
            notes=record.notes,
            allergies=list(map(Allergy.of, record.allergies)),
            updated_at=record.updated_at,
            record=record,
        )

    @strawberry.field(description="What facilities shared, the newest first.")
    async def documents(
        self, info: Info, first: First = 20, after: After = None, with_hidden: bool = False
    ) -> Connection[HealthDocument]:
        page = await _services(info).documents.page(
            info.context.caller, self.record.dependant_id, first, after, with_hidden=with_hidden
        )
        return Connection[HealthDocument].of(page, HealthDocument.of)

    @strawberry.field(description=f"The latest {VISITS_AT_MOST} that took place, the latest first.")
    async def visits(self, info: Info) -> list[HealthVisit]:
        found = await _services(info).visits.of(info.context.caller, self.record.dependant_id)
        return list(map(HealthVisit.of, found))

    @strawberry.field(description="Null: it is switched off.")
    async def emergency_card(self, info: Info) -> EmergencyCard | None:
        found = await _services(info).cards.of(info.context.caller, self.record.dependant_id)
        return EmergencyCard.of(found, info) if found else None

    @strawberry.field(
        description="When the emergency card was read in the last year, to the minute, the latest first."
    )
    async def emergency_card_read_at(self, info: Info) -> list[datetime]:
        return await _services(info).cards.readings(info.context.caller, self.record.dependant_id)


@strawberry.type(
    description="A shared document as the desk sees it; whether it is hidden it does not."
)
class DeskHealthDocument:
    id: strawberry.ID
    appointment_id: strawberry.ID
    kind: DocumentKind
    title: str = strawberry.field(description="Empty once it is withdrawn.")
    format: DocumentFormat
    byte_count: int
    state: DocumentState
    shared_at: datetime
    withdrawn_at: datetime | None

    @classmethod
    def of(cls, record: SharedDocument) -> "DeskHealthDocument":
        return cls(
            id=strawberry.ID(record.id),
            appointment_id=strawberry.ID(record.appointment_id),
            kind=record.kind,
            title=record.title,
            format=record.format,
            byte_count=record.byte_count,
            state=record.state,
            shared_at=record.created_at,
            withdrawn_at=record.withdrawn_at,
        )


@strawberry.type(description="What a facility shared for an appointment.")
class SharedHealthDocuments:
    documents: list[DeskHealthDocument]


@strawberry.type
class RecordQuery:
    @strawberry.field(
        description="The health record of yourself, or of a dependant. Nobody else reads it; documents are"
        " also known to the facility that shared them."
    )
    async def my_health_record(
        self, info: Info, patient_id: strawberry.ID | None = None
    ) -> HealthRecord:
        found = await _services(info).keeping.of(info.context.caller, patient_id)
        return HealthRecord.of(found)

    @strawberry.field(
        description="What was shared for an appointment, without contents. For clerks of the facility; noted"
        " in the audit log."
    )
    async def shared_health_documents(
        self, info: Info, facility_id: strawberry.ID, appointment_id: strawberry.ID
    ) -> SharedHealthDocuments:
        found = await _services(info).sharing.of_appointment(
            info.context.caller, facility_id, appointment_id
        )
        return SharedHealthDocuments(documents=list(map(DeskHealthDocument.of, found)))


def facility_of(info: Info, facility_id: str) -> Facility:
    library = info.context.services.health.places.library
    return Facility.of(library.facility(facility_id))


def content_url_of(info: Info, document: SharedDocument) -> str:
    return f"{_services(info).public_url}/health/v1/documents/{document.id}/content"


def _services(info: Info) -> RecordServices:
    return info.context.services.health.record
