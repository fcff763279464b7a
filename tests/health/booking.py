"""People who book through the contract, as tests need them."""

from collections.abc import Mapping
from typing import Any

import httpx

from api.accounts.privacy.purposes import ConsentPurpose
from api.context import Services
from api.health.slots.records import Slot
from api.health.slots.repository import SlotRepository
from tests.accounts.families import a_dependant, consent, update_profile
from tests.accounts.people import MAI, Answer, SignedInPerson, new_key, signed_in
from tests.conftest import send
from tests.health.places import MONDAY, Clinic

MAI_S_NAME, MOTHER = "Nguyễn Thị Mai", {"name": "Trần Thị Bà", "bornOn": "1950-04-30"}
REASON = "đau ngực khi leo dốc"


async def a_booker(
    client: httpx.AsyncClient,
    services: Services,
    address: str = MAI,
    *,
    name: str | None = MAI_S_NAME,
    agrees: bool = True,
) -> SignedInPerson:
    """Let somebody sign in who may book."""
    person = await signed_in(client, services, address)
    if name is not None:
        await update_profile(client, person, name=name)
    if agrees:
        await consent(services, person, ConsentPurpose.HEALTH)
    return person


async def a_relative(
    client: httpx.AsyncClient,
    services: Services,
    person: SignedInPerson,
    *,
    agrees: bool = True,
    **changes: Any,  # noqa: ANN401
) -> str:
    """Return the id of the person's mother, changed."""
    mother = await a_dependant(client, person, **{**MOTHER, "relation": "PARENT", **changes})
    if agrees:
        await consent(services, person, ConsentPurpose.HEALTH, mother["id"])
    return str(mother["id"])


async def call(
    client: httpx.AsyncClient,
    operation: str,
    variables: Mapping[str, Any],
    person: SignedInPerson | None = None,
    *,
    language: str = "en",
) -> Any:  # noqa: ANN401
    """Send an operation of the slice and return what its root field holds."""
    headers = person.headers if person else None
    data = await send(client, f"health/{operation}", variables, headers=headers, language=language)
    (result,) = data.values()
    return result


async def hold(
    client: httpx.AsyncClient,
    person: SignedInPerson | None,
    slot: Slot,
    patient_id: str | None = None,
    *,
    key: str | None = None,
    language: str = "en",
) -> Answer:
    values = {"slotId": slot.id, "patientId": patient_id, "idempotencyKey": key or new_key()}
    result: Answer = await call(client, "HoldSlot", {"input": values}, person, language=language)
    return result


async def book(
    client: httpx.AsyncClient,
    person: SignedInPerson | None,
    appointment_id: str,
    *,
    key: str | None = None,
    **changes: Any,  # noqa: ANN401
) -> Answer:
    values = {
        "appointmentId": appointment_id,
        "reason": REASON,
        "payment": "INSURANCE",
        "idempotencyKey": key or new_key(),
        **changes,
    }
    result: Answer = await call(client, "BookAppointment", {"input": values}, person)
    return result


async def held(
    client: httpx.AsyncClient,
    person: SignedInPerson,
    slot: Slot,
    patient_id: str | None = None,
) -> Answer:
    """Hold a place and return the appointment."""
    result = await hold(client, person, slot, patient_id)
    assert result["__typename"] == "HoldSlotSuccess", result
    appointment: Answer = result["appointment"]
    return appointment


async def booked(
    client: httpx.AsyncClient,
    person: SignedInPerson,
    slot: Slot,
    patient_id: str | None = None,
) -> Answer:
    """Book a place and return the appointment."""
    result = await book(client, person, (await held(client, person, slot, patient_id))["id"])
    assert result["__typename"] == "BookAppointmentSuccess", result
    appointment: Answer = result["appointment"]
    return appointment


async def change(
    client: httpx.AsyncClient,
    operation: str,
    person: SignedInPerson | None,
    appointment_id: str,
    *,
    key: str | None = None,
    **values: Any,  # noqa: ANN401
) -> Answer:
    """Release, reschedule or cancel, and return the result."""
    asked = {"appointmentId": appointment_id, "idempotencyKey": key or new_key(), **values}
    result: Answer = await call(client, operation, {"input": asked}, person)
    return result


async def mine(
    client: httpx.AsyncClient,
    person: SignedInPerson,
    **variables: Any,  # noqa: ANN401
) -> list[Answer]:
    found = await call(client, "MyAppointments", variables, person)
    return [edge["node"] for edge in found["edges"]]


async def room(services: Services, slot: Slot) -> int:
    """Return how many more patients can have a place."""
    seen = await SlotRepository(services.store).get(slot.id)
    assert seen is not None
    return seen.room


async def found_slots(client: httpx.AsyncClient, clinic: Clinic) -> list[str]:
    """Return the places of a clinic that a search finds, by time."""
    asked = {"facilityId": clinic.service.facility_id, "from": MONDAY.isoformat()}
    found = await call(client, "FindSlots", asked)
    return [edge["node"]["id"] for edge in found["edges"]]
