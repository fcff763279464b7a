"""What the owner of the authorization matrix waits for and lost, and what the desk HERE has."""

from dataclasses import dataclass
from datetime import timedelta

from api.accounts.privacy.purposes import ConsentPurpose
from api.context import Services
from api.health.appointments.records import AppointmentStatus, CancelledBy
from api.health.appointments.repository import AppointmentRepository
from api.health.slots.repository import SlotRepository
from api.health.waitlist.repository import WaitlistRepository
from api.health.waitlist.wish import PartOfDay, Wish, WishState
from api.kit.formats import day_in_vietnam
from api.kit.ids import new_id
from tests.accounts.families import consent, person_id_of
from tests.accounts.people import SignedInPerson
from tests.conftest import MovableClock
from tests.health.appointments import an_appointment
from tests.health.places import MONDAY, Clinic, a_clinic

NEXT_WEEK = MONDAY + timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WaitingThings:
    """Of the owner's dependant: a wish, and a lost place; `clinic`: with open sessions."""

    wish_id: str
    lost_id: str
    replacement_id: str
    clinic: Clinic


async def waiting_things(
    services: Services,
    clock: MovableClock,
    facility_id: str,
    *,
    owner: SignedInPerson,
    dependant_id: str,
) -> WaitingThings:
    await consent(services, owner, ConsentPurpose.HEALTH, dependant_id)
    whose = {"dependant_id": dependant_id, "patient_key": new_id()}
    person_id = await person_id_of(services, owner)
    losing, open_ones = [
        await a_clinic(services.store, facility_id, specialty=specialty, start=NEXT_WEEK)
        for specialty in ("internal", "dentistry")
    ]
    lost = an_appointment(
        losing.slots[0],
        person_id,
        status=AppointmentStatus.CANCELLED,
        cancelled_by=CancelledBy.FACILITY,
        **whose,
    )
    await AppointmentRepository(services.store, services.sealer).add(lost)
    await SlotRepository(services.store).close([losing.slots[0].id])
    wish = _wish(clock, person_id, dependant_id, losing)
    await WaitlistRepository(services.store).add(wish)
    return WaitingThings(wish.id, lost.id, losing.slots[1].id, open_ones)


def _wish(clock: MovableClock, person_id: str, dependant_id: str, clinic: Clinic) -> Wish:
    return Wish(
        id=new_id(),
        person_id=person_id,
        dependant_id=dependant_id,
        patient_key=new_id(),
        facility_id=clinic.service.facility_id,
        specialty=clinic.service.specialty,
        service_id=None,
        first=day_in_vietnam(NEXT_WEEK),
        last=day_in_vietnam(NEXT_WEEK),
        part_of_day=PartOfDay.WHOLE_DAY,
        language="vi",
        state=WishState.WAITING,
        joined_at=clock(),
    )
