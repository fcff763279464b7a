"""The health records of the authorization matrix: the owner's dependant's, and what a desk shared."""

from dataclasses import dataclass
from datetime import timedelta

import httpx

from api.accounts.privacy.purposes import ConsentPurpose
from api.context import Services
from api.health.appointments.records import AppointmentStatus
from tests.accounts.families import consent, person_id_of
from tests.accounts.people import SignedInPerson, new_key
from tests.health.appointments import an_appointment, put
from tests.health.places import MONDAY, a_clinic
from tests.health.records import PDF, add_allergy, done, put_content


@dataclass(frozen=True, slots=True)
class RecordThings:
    """`document_id`: of one that the desk HERE shared with the owner for `appointment_id`."""

    allergy_id: str
    appointment_id: str
    document_id: str


async def record_things(
    client: httpx.AsyncClient,
    services: Services,
    *,
    owner: SignedInPerson,
    dependant_id: str,
    clerk: SignedInPerson,
    facility_id: str,
) -> RecordThings:
    """Let the owner keep records, with a card, and have come to an appointment."""
    for subject in (None, dependant_id):
        for purpose in (ConsentPurpose.HEALTH, ConsentPurpose.EMERGENCY_CARD):
            await consent(services, owner, purpose, subject)
    noted = await add_allergy(client, owner, patientId=dependant_id)
    await done(client, "SwitchOnEmergencyCard", {"patientId": dependant_id}, owner)
    clinic = await a_clinic(services.store, facility_id, start=MONDAY + timedelta(days=30))
    appointment = an_appointment(
        clinic.slots[0], await person_id_of(services, owner), status=AppointmentStatus.FULFILLED
    )
    await put(services.store, services.sealer, appointment)
    announced = {
        "facilityId": facility_id,
        "appointmentId": appointment.id,
        "kind": "RESULT",
        "title": "Kết quả",
        "format": "PDF",
        "byteCount": len(PDF),
        "idempotencyKey": new_key(),
    }
    shared = await done(client, "ShareHealthDocument", announced, clerk)
    document_id = shared["document"]["id"]
    assert (await put_content(client, clerk, document_id)).status_code == 204
    return RecordThings(
        allergy_id=noted["record"]["allergies"][0]["id"],
        appointment_id=appointment.id,
        document_id=document_id,
    )
