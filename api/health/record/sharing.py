"""What a facility's desk does: share a document with who came to an appointment, and take it back."""

from dataclasses import dataclass
from typing import Any

from api.accounts.caller import Caller
from api.accounts.errors import NotSignedIn
from api.health.appointments.errors import PatientNotFound
from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.appointments.repository import AppointmentRepository
from api.health.directory.staff import FacilityStaff, desk_entry
from api.health.record.details import text_of
from api.health.record.document_repository import SharedDocumentRepository
from api.health.record.errors import (
    DocumentClosed,
    DocumentNotFound,
    NotForDocuments,
    PatientTakesNone,
    TooManyDocuments,
)
from api.health.record.owners import Owners
from api.health.record.shared_document import (
    DOCUMENTS_OF_AN_APPOINTMENT,
    TITLE_CHARACTERS_AT_MOST,
    DocumentFormat,
    DocumentKind,
    DocumentState,
    SharedDocument,
    check_announced,
    check_content,
)
from api.kit.audit_log import AuditLog, Details
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.ids import derived_id
from api.kit.store import Store
from api.kit.transactions import transact

_CAME = frozenset(
    {AppointmentStatus.CHECKED_IN, AppointmentStatus.ARRIVED, AppointmentStatus.FULFILLED}
)


@dataclass(frozen=True, slots=True, repr=False)
class NewDocument:
    """A document as the desk announces it."""

    appointment_id: str
    kind: DocumentKind
    title: str
    format: DocumentFormat
    byte_count: int


class DocumentSharing:
    """Everything here is in the audit log, by the document's and the patient's ids only."""

    def __init__(
        self,
        store: Store,
        documents: SharedDocumentRepository,
        appointments: AppointmentRepository,
        owners: Owners,
        staff: FacilityStaff,
        audit: AuditLog,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._store = store
        self._documents = documents
        self._appointments = appointments
        self._owners = owners
        self._staff = staff
        self._audit = audit
        self._idempotency = idempotency
        self._clock = clock

    async def share(
        self, caller: Caller, facility_id: str, new: NewDocument, idempotency_key: str
    ) -> SharedDocument:
        """Announce a document; its content has to come within half an hour, by the same clerk.

        Raises NotSignedIn, NotAllowed, FacilityNotFound, InvalidText, InvalidDocument,
        NotForDocuments, PatientTakesNone, TooManyDocuments and IdempotencyProblem.
        """
        clerk_id = self._staff.clerk(caller, facility_id)
        title = text_of(new.title, "title", TITLE_CHARACTERS_AT_MOST)
        check_announced(new.byte_count)
        # Not in what the key remembers: that is the clerk's, and outlives what is the patient's.
        document_id = derived_id("health document", clerk_id, idempotency_key)

        async def work() -> dict[str, Any]:
            await self._staff.hold_clerk(clerk_id, facility_id)
            appointment = await self._attended(facility_id, new.appointment_id)
            document = self._announced(document_id, appointment, new, title, clerk_id)
            await self._check_patient(document)
            await self._documents.add(document)
            await self._note(clerk_id, "health.document.announced", document)
            return {}

        asked = {
            "facility": facility_id,
            "appointment": new.appointment_id,
            "document": [new.kind, title, new.format, new.byte_count],
        }
        await self._idempotency.once(clerk_id, "shareHealthDocument", idempotency_key, asked, work)
        return await self._of_clerk(clerk_id, document_id)

    async def receive(self, caller: Caller, document_id: str, content: bytes) -> None:
        """Take in the content of what this clerk announced, and show it to the patient.

        Raises what `awaited` raises, InvalidDocument, and DocumentClosed: it waits no more.
        """
        document = await self.awaited(caller, document_id)
        check_content(document, content)
        clerk_id = caller.person()

        async def work() -> None:
            await self._staff.hold_clerk(clerk_id, document.facility_id)
            if not document.is_open(self._clock()):
                raise DocumentClosed
            if not await self._documents.publish(document, content):
                raise DocumentClosed
            await self._note(clerk_id, "health.document.shared", document)

        await transact(self._store, work)

    async def awaited(self, caller: Caller, document_id: str) -> SharedDocument:
        """Return what this clerk announced, before any content is read.

        Raises NotSignedIn, NotAllowed, DocumentNotFound, DocumentClosed.
        """
        document = await self._of_clerk(caller.person(), document_id)
        self._staff.clerk(caller, document.facility_id)
        if not document.is_open(self._clock()):
            raise DocumentClosed
        return document

    async def withdraw(self, caller: Caller, facility_id: str, document_id: str) -> SharedDocument:
        """Take back what this clerk shared by mistake: title and content are gone at once.

        Asked again it answers the same. Raises NotSignedIn, NotAllowed, FacilityNotFound,
        DocumentNotFound.
        """
        clerk_id = self._staff.clerk(caller, facility_id)

        async def work() -> None:
            await self._staff.hold_clerk(clerk_id, facility_id)
            document = await self._of_clerk(clerk_id, document_id)
            if document.facility_id != facility_id:
                raise DocumentNotFound
            if await self._documents.withdraw(document, self._clock()):
                await self._note(clerk_id, "health.document.withdrawn", document)

        await transact(self._store, work)
        return await self._of_clerk(clerk_id, document_id)

    async def of_appointment(
        self, caller: Caller, facility_id: str, appointment_id: str
    ) -> list[SharedDocument]:
        """Return what was shared for an appointment, without contents.

        Raises NotSignedIn, NotAllowed, FacilityNotFound, NotForDocuments.
        """
        clerk_id = self._staff.clerk(caller, facility_id)

        async def work() -> list[SharedDocument]:
            await self._staff.hold_clerk(clerk_id, facility_id)
            appointment = await self._attended(facility_id, appointment_id)
            found = await self._documents.of_appointment(appointment_id)
            details: Details = {"appointment": appointment_id, "documents": len(found)}
            subject = appointment.dependant_id or appointment.booker_id or ""
            entry = desk_entry(clerk_id, "health.documents.listed", subject, facility_id, details)
            await self._audit.append(entry)
            return found

        return await transact(self._store, work)

    async def _attended(self, facility_id: str, appointment_id: str) -> Appointment:
        appointment = await self._appointments.get(appointment_id)
        if appointment is None or appointment.facility_id != facility_id:
            raise NotForDocuments
        if appointment.booker_id is None or appointment.status not in _CAME:
            raise NotForDocuments
        return appointment

    async def _check_patient(self, document: SharedDocument) -> None:
        try:
            await self._owners.hold(document.person_id, document.dependant_id)
        except (NotSignedIn, PatientNotFound) as error:
            raise NotForDocuments from error
        if not await self._owners.may_keep(document.person_id, document.dependant_id):
            raise PatientTakesNone
        there = await self._documents.of_appointment(document.appointment_id)
        if len(there) >= DOCUMENTS_OF_AN_APPOINTMENT:
            raise TooManyDocuments(most=DOCUMENTS_OF_AN_APPOINTMENT)

    def _announced(
        self,
        document_id: str,
        appointment: Appointment,
        new: NewDocument,
        title: str,
        clerk_id: str,
    ) -> SharedDocument:
        assert appointment.booker_id is not None, "_attended has looked"  # noqa: S101
        return SharedDocument(
            id=document_id,
            person_id=appointment.booker_id,
            dependant_id=appointment.dependant_id,
            facility_id=appointment.facility_id,
            appointment_id=appointment.id,
            kind=new.kind,
            title=title,
            format=new.format,
            byte_count=new.byte_count,
            state=DocumentState.AWAITING,
            is_hidden=False,
            shared_by=clerk_id,
            created_at=self._clock(),
        )

    async def _of_clerk(self, clerk_id: str, document_id: str) -> SharedDocument:
        document = await self._documents.get(document_id)
        if document is None or document.shared_by != clerk_id:
            raise DocumentNotFound
        return document

    async def _note(self, clerk_id: str, action: str, document: SharedDocument) -> None:
        subject = document.dependant_id or document.person_id
        details = {"document": document.id, "kind": document.kind.value}
        await self._audit.append(
            desk_entry(clerk_id, action, subject, document.facility_id, details)
        )
