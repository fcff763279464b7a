from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, TypeVar

import strawberry

from api.context import Info
from api.health.directory.checking import (
    LANGUAGES_AT_MOST,
    NAME_CHARACTERS_AT_MOST,
    PREPARATION_CHARACTERS_AT_MOST,
    QUALIFICATION_CHARACTERS_AT_MOST,
    SPECIALTIES_AT_MOST,
)
from api.health.directory.editing import Edit
from api.health.directory.errors import InvalidService
from api.health.directory.records import HealthcareService as ServiceRecord
from api.health.directory.records import Payment, ServiceMode
from api.health.directory.records import Practitioner as PractitionerRecord
from api.health.directory.schema import HealthcareService, Practitioner
from api.health.health_error import HealthError
from api.kit.schema_types import Dong

Given = TypeVar("Given")

KEY = "16 to 128 visible ASCII characters, made anew for each change."
VERSION = "The `version` that you saw: who was faster is not overwritten."
AFFECTED = "How many patients have a place that is no longer in the plan. They keep it; see `affectedSlots`."
_NAMES = f"In Vietnamese at least; at most {NAME_CHARACTERS_AT_MOST} characters each."
_PREPARATION = (
    "What patients do or bring before; at most"
    f" {PREPARATION_CHARACTERS_AT_MOST} characters in a language."
)
_SPECIALTIES = f"Codes, 1 to {SPECIALTIES_AT_MOST}."
_LANGUAGES = f"Spoken with patients: 1 to {LANGUAGES_AT_MOST} BCP 47 tags."
_QUALIFICATION = f"At most {QUALIFICATION_CHARACTERS_AT_MOST} characters."


@strawberry.input(description="A text in one language.")
class HealthTextInput:
    language: str = strawberry.field(description="BCP 47 tag of a language of ours.")
    text: str


@strawberry.input
class CreateServiceInput:
    facility_id: strawberry.ID
    specialty: str = strawberry.field(description="Its code. Stays as it is.")
    names: list[HealthTextInput] = strawberry.field(description=_NAMES)
    preparation: list[HealthTextInput] = strawberry.field(
        default_factory=list, description=_PREPARATION
    )
    mode: ServiceMode = strawberry.field(description="Stays as it is.")
    payments: list[Payment]
    price: Dong | None = strawberry.field(default=None, description="Of SELF_PAY.")
    idempotency_key: str = strawberry.field(description=KEY)

    def record(self) -> ServiceRecord:
        """Return it, not checked yet. Raises InvalidService for a language there twice."""
        return ServiceRecord(
            id="",
            facility_id=self.facility_id,
            specialty=self.specialty,
            names=_texts(self.names, "names"),
            preparation=_texts(self.preparation, "preparation"),
            mode=self.mode,
            payments=tuple(self.payments),
            price_dong=self.price,
            is_active=True,
        )


@strawberry.input(description="What is left out stays as it is.")
class UpdateServiceInput:
    id: strawberry.ID
    expected_version: int = strawberry.field(description=VERSION)
    names: list[HealthTextInput] | None = strawberry.field(
        default=strawberry.UNSET, description=_NAMES
    )
    preparation: list[HealthTextInput] | None = strawberry.field(
        default=strawberry.UNSET, description=_PREPARATION
    )
    payments: list[Payment] | None = strawberry.UNSET
    price: Dong | None = strawberry.field(
        default=strawberry.UNSET, description="Of SELF_PAY; null: not said."
    )
    is_active: bool | None = strawberry.field(
        default=strawberry.UNSET, description="False: it is given no more, and its places close."
    )
    idempotency_key: str = strawberry.field(description=KEY)

    def change(self, service: ServiceRecord) -> ServiceRecord:
        """Return what becomes of a service, not checked yet. Raises InvalidService."""
        if self.names is not strawberry.UNSET:
            service = replace(service, names=_texts(self.names or (), "names"))
        if self.preparation is not strawberry.UNSET:
            texts = _texts(self.preparation or (), "preparation")
            service = replace(service, preparation=texts)
        if self.price is not strawberry.UNSET:
            service = replace(service, price_dong=self.price)
        return replace(
            service,
            payments=tuple(_kept(self.payments, list(service.payments))),
            is_active=_kept(self.is_active, service.is_active),
        )


@strawberry.input
class CreatePractitionerInput:
    facility_id: strawberry.ID
    name: str = strawberry.field(description=f"At most {NAME_CHARACTERS_AT_MOST} characters.")
    qualification: str = strawberry.field(description=_QUALIFICATION)
    specialties: list[str] = strawberry.field(description=_SPECIALTIES)
    languages: list[str] = strawberry.field(description=_LANGUAGES)
    idempotency_key: str = strawberry.field(description=KEY)

    def record(self) -> PractitionerRecord:
        return PractitionerRecord(
            id="",
            facility_id=self.facility_id,
            name=self.name.strip(),
            qualification=self.qualification.strip(),
            specialties=tuple(self.specialties),
            languages=tuple(self.languages),
            is_active=True,
        )


@strawberry.input(description="What is left out stays as it is.")
class UpdatePractitionerInput:
    id: strawberry.ID
    expected_version: int = strawberry.field(description=VERSION)
    name: str | None = strawberry.UNSET
    qualification: str | None = strawberry.field(
        default=strawberry.UNSET, description=_QUALIFICATION
    )
    specialties: list[str] | None = strawberry.field(
        default=strawberry.UNSET, description=_SPECIALTIES
    )
    languages: list[str] | None = strawberry.field(default=strawberry.UNSET, description=_LANGUAGES)
    is_active: bool | None = strawberry.field(
        default=strawberry.UNSET, description="False: works there no more, and the places close."
    )
    idempotency_key: str = strawberry.field(description=KEY)

    def change(self, person: PractitionerRecord) -> PractitionerRecord:
        """Return what becomes of a practitioner, not checked yet."""
        return replace(
            person,
            name=_kept(self.name, person.name).strip(),
            qualification=_kept(self.qualification, person.qualification).strip(),
            specialties=tuple(_kept(self.specialties, list(person.specialties))),
            languages=tuple(_kept(self.languages, list(person.languages))),
            is_active=_kept(self.is_active, person.is_active),
        )


@strawberry.type
class CreateServiceSuccess:
    service: HealthcareService


@strawberry.type
class UpdateServiceSuccess:
    service: HealthcareService
    affected_patients: int = strawberry.field(description=AFFECTED)


@strawberry.type
class CreatePractitionerSuccess:
    practitioner: Practitioner


@strawberry.type
class UpdatePractitionerSuccess:
    practitioner: Practitioner
    affected_patients: int = strawberry.field(description=AFFECTED)


CreateServiceResult = Annotated[
    CreateServiceSuccess | HealthError, strawberry.union("CreateServiceResult")
]
UpdateServiceResult = Annotated[
    UpdateServiceSuccess | HealthError, strawberry.union("UpdateServiceResult")
]
CreatePractitionerResult = Annotated[
    CreatePractitionerSuccess | HealthError, strawberry.union("CreatePractitionerResult")
]
UpdatePractitionerResult = Annotated[
    UpdatePractitionerSuccess | HealthError, strawberry.union("UpdatePractitionerResult")
]


@strawberry.type
class DirectoryMutation:
    @strawberry.mutation(description="Add what can be booked. For clerks of the facility.")
    async def create_service(self, info: Info, input: CreateServiceInput) -> CreateServiceResult:
        added = await info.context.services.health.places.editing.create_service(
            info.context.caller, input.record(), input.idempotency_key
        )
        return CreateServiceSuccess(service=HealthcareService.of(added))

    @strawberry.mutation(description="Change what can be booked. For clerks of the facility.")
    async def update_service(self, info: Info, input: UpdateServiceInput) -> UpdateServiceResult:
        changed, affected = await info.context.services.health.places.editing.update_service(
            info.context.caller,
            input.id,
            Edit(input.expected_version, input.change, repr(input)),
            input.idempotency_key,
        )
        return UpdateServiceSuccess(
            service=HealthcareService.of(changed), affected_patients=affected
        )

    @strawberry.mutation(description="Add who works with patients. For clerks of the facility.")
    async def create_practitioner(
        self, info: Info, input: CreatePractitionerInput
    ) -> CreatePractitionerResult:
        added = await info.context.services.health.places.editing.create_practitioner(
            info.context.caller, input.record(), input.idempotency_key
        )
        return CreatePractitionerSuccess(practitioner=Practitioner.of(added))

    @strawberry.mutation(description="Change who works with patients. For clerks of the facility.")
    async def update_practitioner(
        self, info: Info, input: UpdatePractitionerInput
    ) -> UpdatePractitionerResult:
        changed, affected = await info.context.services.health.places.editing.update_practitioner(
            info.context.caller,
            input.id,
            Edit(input.expected_version, input.change, repr(input)),
            input.idempotency_key,
        )
        return UpdatePractitionerSuccess(
            practitioner=Practitioner.of(changed), affected_patients=affected
        )


def _kept(given: Given | None, was: Given) -> Given:
    """Return what was given; left out or null it stays as it was."""
    return was if given is strawberry.UNSET or given is None else given


def _texts(written: Sequence[HealthTextInput], field: str) -> Mapping[str, str]:
    texts = {it.language: it.text.strip() for it in written}
    if len(texts) < len(written):
        raise InvalidService(field)
    return texts
