from typing import Annotated

import strawberry

from api.context import Info
from api.health.health_error import HealthError
from api.health.record.details import (
    ALLERGIES_AT_MOST,
    NOTES_CHARACTERS_AT_MOST,
    REACTION_CHARACTERS_AT_MOST,
    SUBSTANCE_CHARACTERS_AT_MOST,
    AllergySeverity,
    BloodGroup,
    Rhesus,
)
from api.health.record.emergency_cards import CONTACT_CHARACTERS_AT_MOST, CardWishes
from api.health.record.keeping import NewAllergy, RecordChanges
from api.health.record.schema import (
    DeskHealthDocument,
    EmergencyCard,
    HealthDocument,
    HealthRecord,
    content_url_of,
)
from api.health.record.shared_document import (
    DOCUMENT_BYTES_AT_MOST,
    OPEN_FOR,
    TITLE_CHARACTERS_AT_MOST,
    DocumentFormat,
    DocumentKind,
)
from api.health.record.sharing import NewDocument
from api.health.record.wiring import RecordServices
from api.kit.schema_changes import removable

_KEY = "16 to 128 visible ASCII characters, made anew for each"
_PATIENT = "Of a dependant; null: yourself."


@strawberry.input(description="What is left out stays as it is; null removes it.")
class UpdateHealthRecordInput:
    patient_id: strawberry.ID | None = strawberry.field(default=None, description=_PATIENT)
    blood_group: BloodGroup | None = strawberry.UNSET
    rhesus: Rhesus | None = strawberry.UNSET
    notes: str | None = strawberry.field(
        default=strawberry.UNSET,
        description=f"Illnesses, medicines, what helpers should know; at most {NOTES_CHARACTERS_AT_MOST}"
        " characters.",
    )

    def changes(self) -> RecordChanges:
        return RecordChanges(
            blood_group=removable(self.blood_group),
            rhesus=removable(self.rhesus),
            notes=removable(self.notes),
        )


@strawberry.input
class AddAllergyInput:
    patient_id: strawberry.ID | None = strawberry.field(default=None, description=_PATIENT)
    substance: str = strawberry.field(
        description=f"At most {SUBSTANCE_CHARACTERS_AT_MOST} characters."
    )
    reaction: str | None = strawberry.field(
        default=None,
        description=f"What happened; at most {REACTION_CHARACTERS_AT_MOST} characters.",
    )
    severity: AllergySeverity = AllergySeverity.UNKNOWN
    since: int | None = strawberry.field(default=None, description="A year.")
    idempotency_key: str = strawberry.field(description=f"{_KEY} allergy.")

    def new(self) -> NewAllergy:
        return NewAllergy(self.substance, self.reaction, self.severity, self.since)


@strawberry.input
class RemoveAllergyInput:
    patient_id: strawberry.ID | None = strawberry.field(default=None, description=_PATIENT)
    id: strawberry.ID


@strawberry.input
class HideHealthDocumentInput:
    id: strawberry.ID
    is_hidden: bool


@strawberry.input
class RemoveHealthDocumentInput:
    id: strawberry.ID


@strawberry.input
class SwitchOnEmergencyCardInput:
    patient_id: strawberry.ID | None = strawberry.field(default=None, description=_PATIENT)
    contact_name: str | None = strawberry.field(
        default=None, description=f"At most {CONTACT_CHARACTERS_AT_MOST} characters."
    )
    contact_phone: str | None = strawberry.field(
        default=None, description="Without a country code: of Vietnam."
    )
    shows_notes: bool = strawberry.field(
        default=False, description="Whether the record's notes stand on it."
    )

    def wishes(self) -> CardWishes:
        return CardWishes(self.contact_name, self.contact_phone, self.shows_notes)


@strawberry.input
class EmergencyCardInput:
    patient_id: strawberry.ID | None = strawberry.field(default=None, description=_PATIENT)


@strawberry.input
class ShareHealthDocumentInput:
    facility_id: strawberry.ID
    appointment_id: strawberry.ID = strawberry.field(
        description="To which the patient came, or has checked in."
    )
    kind: DocumentKind
    title: str = strawberry.field(description=f"At most {TITLE_CHARACTERS_AT_MOST} characters.")
    format: DocumentFormat
    byte_count: int = strawberry.field(description=f"1 to {DOCUMENT_BYTES_AT_MOST}.")
    idempotency_key: str = strawberry.field(description=f"{_KEY} document.")

    def new(self) -> NewDocument:
        return NewDocument(self.appointment_id, self.kind, self.title, self.format, self.byte_count)


@strawberry.input
class WithdrawHealthDocumentInput:
    facility_id: strawberry.ID
    id: strawberry.ID


@strawberry.type
class UpdateHealthRecordSuccess:
    record: HealthRecord


@strawberry.type
class AddAllergySuccess:
    record: HealthRecord


@strawberry.type
class RemoveAllergySuccess:
    record: HealthRecord


@strawberry.type
class HideHealthDocumentSuccess:
    document: HealthDocument


@strawberry.type
class RemoveHealthDocumentSuccess:
    id: strawberry.ID


@strawberry.type
class SwitchOnEmergencyCardSuccess:
    card: EmergencyCard


@strawberry.type
class RotateEmergencyCardSuccess:
    card: EmergencyCard


@strawberry.type
class SwitchOffEmergencyCardSuccess:
    patient_id: strawberry.ID | None


@strawberry.type
class ShareHealthDocumentSuccess:
    document: DeskHealthDocument
    upload_url: str = strawberry.field(
        description="PUT the content there with the same clerk's bearer token, within"
        f" {int(OPEN_FOR.total_seconds()) // 60} minutes."
    )


@strawberry.type
class WithdrawHealthDocumentSuccess:
    document: DeskHealthDocument


UpdateHealthRecordResult = Annotated[
    UpdateHealthRecordSuccess | HealthError, strawberry.union("UpdateHealthRecordResult")
]
AddAllergyResult = Annotated[AddAllergySuccess | HealthError, strawberry.union("AddAllergyResult")]
RemoveAllergyResult = Annotated[
    RemoveAllergySuccess | HealthError, strawberry.union("RemoveAllergyResult")
]
HideHealthDocumentResult = Annotated[
    HideHealthDocumentSuccess | HealthError, strawberry.union("HideHealthDocumentResult")
]
RemoveHealthDocumentResult = Annotated[
    RemoveHealthDocumentSuccess | HealthError, strawberry.union("RemoveHealthDocumentResult")
]
SwitchOnEmergencyCardResult = Annotated[
    SwitchOnEmergencyCardSuccess | HealthError, strawberry.union("SwitchOnEmergencyCardResult")
]
RotateEmergencyCardResult = Annotated[
    RotateEmergencyCardSuccess | HealthError, strawberry.union("RotateEmergencyCardResult")
]
SwitchOffEmergencyCardResult = Annotated[
    SwitchOffEmergencyCardSuccess | HealthError, strawberry.union("SwitchOffEmergencyCardResult")
]
ShareHealthDocumentResult = Annotated[
    ShareHealthDocumentSuccess | HealthError, strawberry.union("ShareHealthDocumentResult")
]
WithdrawHealthDocumentResult = Annotated[
    WithdrawHealthDocumentSuccess | HealthError, strawberry.union("WithdrawHealthDocumentResult")
]


@strawberry.type
class RecordMutation:
    @strawberry.mutation(description="Note blood group or notes. Needs the consent HEALTH.")
    async def update_health_record(
        self, info: Info, input: UpdateHealthRecordInput
    ) -> UpdateHealthRecordResult:
        found = await _services(info).keeping.update(
            info.context.caller, input.patient_id, input.changes()
        )
        return UpdateHealthRecordSuccess(record=HealthRecord.of(found))

    @strawberry.mutation(
        description=f"Note an allergy; {ALLERGIES_AT_MOST} at most. Needs the consent HEALTH."
    )
    async def add_allergy(self, info: Info, input: AddAllergyInput) -> AddAllergyResult:
        found = await _services(info).keeping.add_allergy(
            info.context.caller, input.patient_id, input.new(), input.idempotency_key
        )
        return AddAllergySuccess(record=HealthRecord.of(found))

    @strawberry.mutation
    async def remove_allergy(self, info: Info, input: RemoveAllergyInput) -> RemoveAllergyResult:
        found = await _services(info).keeping.remove_allergy(
            info.context.caller, input.patient_id, input.id
        )
        return RemoveAllergySuccess(record=HealthRecord.of(found))

    @strawberry.mutation(description="Leave a document out of the list, or show it again.")
    async def hide_health_document(
        self, info: Info, input: HideHealthDocumentInput
    ) -> HideHealthDocumentResult:
        found = await _services(info).documents.hide(
            info.context.caller, input.id, is_hidden=input.is_hidden
        )
        return HideHealthDocumentSuccess(document=HealthDocument.of(found))

    @strawberry.mutation(
        description="Remove a document from the record for good; the facility keeps its own."
    )
    async def remove_health_document(
        self, info: Info, input: RemoveHealthDocumentInput
    ) -> RemoveHealthDocumentResult:
        await _services(info).documents.remove(info.context.caller, input.id)
        return RemoveHealthDocumentSuccess(id=input.id)

    @strawberry.mutation(
        description="Let whoever has its address read the emergency card, or change what stands on it. Needs"
        " the consent EMERGENCY_CARD; withdrawing that switches it off."
    )
    async def switch_on_emergency_card(
        self, info: Info, input: SwitchOnEmergencyCardInput
    ) -> SwitchOnEmergencyCardResult:
        found = await _services(info).cards.switch_on(
            info.context.caller, input.patient_id, input.wishes()
        )
        return SwitchOnEmergencyCardSuccess(card=EmergencyCard.of(found, info))

    @strawberry.mutation(description="Give the card a new address; the old one is dead at once.")
    async def rotate_emergency_card(
        self, info: Info, input: EmergencyCardInput
    ) -> RotateEmergencyCardResult:
        found = await _services(info).cards.rotate(info.context.caller, input.patient_id)
        return RotateEmergencyCardSuccess(card=EmergencyCard.of(found, info))

    @strawberry.mutation(description="Nobody reads the card any more from this moment on.")
    async def switch_off_emergency_card(
        self, info: Info, input: EmergencyCardInput
    ) -> SwitchOffEmergencyCardResult:
        await _services(info).cards.switch_off(info.context.caller, input.patient_id)
        return SwitchOffEmergencyCardSuccess(patient_id=input.patient_id)

    @strawberry.mutation(
        description="Announce a document for who came to an appointment, then send its content. For clerks of"
        " the facility; noted in the audit log."
    )
    async def share_health_document(
        self, info: Info, input: ShareHealthDocumentInput
    ) -> ShareHealthDocumentResult:
        found = await _services(info).sharing.share(
            info.context.caller, input.facility_id, input.new(), input.idempotency_key
        )
        return ShareHealthDocumentSuccess(
            document=DeskHealthDocument.of(found), upload_url=content_url_of(info, found)
        )

    @strawberry.mutation(
        description="Take back what you shared by mistake: title and content are gone at once. For the clerk"
        " who shared it; noted in the audit log."
    )
    async def withdraw_health_document(
        self, info: Info, input: WithdrawHealthDocumentInput
    ) -> WithdrawHealthDocumentResult:
        found = await _services(info).sharing.withdraw(
            info.context.caller, input.facility_id, input.id
        )
        return WithdrawHealthDocumentSuccess(document=DeskHealthDocument.of(found))


def _services(info: Info) -> RecordServices:
    return info.context.services.health.record
