"""The owner's appointments in the authorization matrix, each for another row."""

from dataclasses import dataclass
from datetime import timedelta

import httpx

from api.accounts.privacy.purposes import ConsentPurpose
from api.context import Services
from tests.accounts.families import consent, update_profile
from tests.accounts.people import SignedInPerson
from tests.health.booking import MAI_S_NAME, booked, held
from tests.health.places import MONDAY, a_clinic


@dataclass(frozen=True, slots=True)
class BookingThings:
    """Ids of appointments by what is done with them, and of a place that nobody has."""

    to_book: str
    to_release: str
    to_move: str
    to_cancel: str
    free_slot_id: str
    ticket: str
    """Of a further appointment."""


async def booking_things(
    client: httpx.AsyncClient, services: Services, owner: SignedInPerson, dependant_id: str
) -> BookingThings:
    """Let the owner hold two places and book three, each on a day of its own."""
    await update_profile(client, owner, name=MAI_S_NAME)
    for subject in (None, dependant_id):
        await consent(services, owner, ConsentPurpose.HEALTH, subject)
    days = [
        (await a_clinic(services.store, start=MONDAY + timedelta(days=day))).slots[0]
        for day in range(6)
    ]
    to_book, to_release = [await held(client, owner, slot) for slot in days[:2]]
    to_move, to_cancel, third = [await booked(client, owner, slot) for slot in days[2:5]]
    appointment = await services.health.booking.appointments.get(third["id"])
    assert appointment is not None
    return BookingThings(
        to_book=to_book["id"],
        to_release=to_release["id"],
        to_move=to_move["id"],
        to_cancel=to_cancel["id"],
        free_slot_id=days[5].id,
        ticket=services.health.booking.tickets.issue(appointment),
    )
