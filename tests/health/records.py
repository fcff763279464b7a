"""Patients with records, and desks that share documents with them, as tests need them."""

from dataclasses import dataclass
from typing import Any

import httpx

from api.accounts.privacy.purposes import ConsentPurpose
from api.context import Services
from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.record.document_repository import SharedDocumentRepository
from api.health.record.shared_document import (
    DocumentFormat,
    DocumentKind,
    DocumentState,
    SharedDocument,
)
from api.kit.ids import new_id
from tests.accounts.families import consent, grant, person_id_of
from tests.accounts.people import SignedInPerson, new_key, signed_in
from tests.conftest import NOW, send, send_raw
from tests.health.appointments import an_appointment, put
from tests.health.places import FACILITY, a_clinic

Answer = dict[str, Any]

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PENICILLIN = {
    "substance": "Penicillin",
    "reaction": "Nổi mề đay, khó thở",
    "severity": "LIFE_THREATENING",
    "since": 2019,
}


async def do(
    client: httpx.AsyncClient,
    operation: str,
    values: Answer,
    person: SignedInPerson | None,
    *,
    language: str = "en",
) -> Answer:
    """Send a mutation of the slice and return its result."""
    headers = person.headers if person else None
    variables = {"input": values}
    data = await send(client, f"health/{operation}", variables, headers=headers, language=language)
    (result,) = data.values()
    return dict(result)


async def done(
    client: httpx.AsyncClient, operation: str, values: Answer, person: SignedInPerson
) -> Answer:
    """Do the same, and fail when it is refused."""
    result = await do(client, operation, values, person)
    assert result["__typename"] == f"{operation}Success", result
    return result


async def record_of(
    client: httpx.AsyncClient,
    person: SignedInPerson,
    **variables: Any,  # noqa: ANN401
) -> Answer:
    data = await send(client, "health/MyHealthRecord", variables, headers=person.headers)
    found: Answer = data["myHealthRecord"]
    return found


async def code_of_record(
    client: httpx.AsyncClient,
    person: SignedInPerson | None,
    **variables: Any,  # noqa: ANN401
) -> str:
    """Return the code with which reading a record is refused."""
    headers = person.headers if person else None
    reply = await send_raw(client, "health/MyHealthRecord", variables, headers=headers)
    return str(reply.json()["errors"][0]["extensions"]["code"])


async def add_allergy(
    client: httpx.AsyncClient,
    person: SignedInPerson | None,
    *,
    key: str | None = None,
    **changes: Any,  # noqa: ANN401
) -> Answer:
    values = {**PENICILLIN, "idempotencyKey": key or new_key(), **changes}
    return await do(client, "AddAllergy", values, person)


async def agreeing(
    client: httpx.AsyncClient,
    services: Services,
    address: str,
    *purposes: ConsentPurpose,
) -> SignedInPerson:
    """Sign somebody in who agrees to purposes, health data without any named."""
    person = await signed_in(client, services, address)
    for purpose in purposes or (ConsentPurpose.HEALTH,):
        await consent(services, person, purpose)
    return person


@dataclass(frozen=True, slots=True)
class Desk:
    """A clerk of FACILITY, and an appointment to which the patient came."""

    clerk: SignedInPerson
    appointment: Appointment

    def announcement(self, **changes: Any) -> Answer:  # noqa: ANN401
        return {
            "facilityId": FACILITY,
            "appointmentId": self.appointment.id,
            "kind": "RESULT",
            "title": "Xét nghiệm máu",
            "format": "PDF",
            "byteCount": len(PDF),
            "idempotencyKey": new_key(),
            **changes,
        }


async def a_desk(
    client: httpx.AsyncClient,
    services: Services,
    patient: SignedInPerson,
    *,
    status: AppointmentStatus = AppointmentStatus.FULFILLED,
    dependant_id: str | None = None,
    clerk: SignedInPerson | None = None,
) -> Desk:
    """Let somebody have had an appointment, at a desk with a clerk."""
    clinic = await a_clinic(services.store)
    appointment = an_appointment(
        clinic.slots[0],
        await person_id_of(services, patient),
        dependant_id=dependant_id,
        status=status,
    )
    await put(services.store, services.sealer, appointment)
    if clerk is None:
        clerk = await signed_in(client, services, "clerk@example.com")
        await grant(services, clerk, f"clerk facility:{FACILITY}")
    return Desk(clerk, appointment)


async def announced(client: httpx.AsyncClient, desk: Desk, **changes: Any) -> Answer:  # noqa: ANN401
    result = await done(client, "ShareHealthDocument", desk.announcement(**changes), desk.clerk)
    found: Answer = result["document"]
    return found


async def put_content(
    client: httpx.AsyncClient, person: SignedInPerson | None, document_id: str, content: bytes = PDF
) -> httpx.Response:
    return await client.put(
        f"/health/v1/documents/{document_id}/content",
        content=content,
        headers=person.headers if person else None,
    )


async def get_content(
    client: httpx.AsyncClient, person: SignedInPerson | None, document_id: str
) -> httpx.Response:
    return await client.get(
        f"/health/v1/documents/{document_id}/content", headers=person.headers if person else None
    )


async def a_shared_document(client: httpx.AsyncClient, desk: Desk, **changes: Any) -> str:  # noqa: ANN401
    """Share a document, with its content, and return its id."""
    document = await announced(client, desk, **changes)
    reply = await put_content(client, desk.clerk, document["id"])
    assert reply.status_code == 204, reply.text
    return str(document["id"])


async def put_document(services: Services, person_id: str, title: str) -> None:
    """Keep a shared document as if a desk had shared it, of which the audit log says nothing."""
    document = SharedDocument(
        id=new_id(),
        person_id=person_id,
        dependant_id=None,
        facility_id=FACILITY,
        appointment_id=new_id(),
        kind=DocumentKind.RESULT,
        title=title,
        format=DocumentFormat.PDF,
        byte_count=len(PDF),
        state=DocumentState.AWAITING,
        is_hidden=False,
        shared_by=new_id(),
        created_at=NOW,
    )
    documents = SharedDocumentRepository(services.store, services.sealer)
    await documents.add(document)
    assert await documents.publish(document, PDF)


async def documents_of(
    client: httpx.AsyncClient,
    person: SignedInPerson,
    **variables: Any,  # noqa: ANN401
) -> list[Answer]:
    record = await record_of(client, person, **variables)
    return [edge["node"] for edge in record["documents"]["edges"]]
