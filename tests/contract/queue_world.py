"""The waiting room of the authorization matrix: the owner's patient, and others at the desk HERE."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from api.context import Services
from api.health.appointments.records import AppointmentStatus
from api.health.schedules.session_repository import SessionRepository
from api.kit.clock import Clock
from api.kit.formats import day_in_vietnam
from tests.accounts.people import SignedInPerson
from tests.health.appointments import an_appointment, put
from tests.health.places import Clinic, a_clinic

_BEGAN_AGO = timedelta(minutes=20)
_HERE = AppointmentStatus.CHECKED_IN


@dataclass(frozen=True, slots=True)
class QueueThings:
    """What rows name, of a session that is being held. `code`: at its facility's entrance today."""

    session_id: str
    booked_id: str
    """Of the owner's patient, who may check in."""
    missed_id: str
    """Of somebody who did not come to the first place."""
    called_id: str
    """Of somebody who was called; another one waits."""
    code: str


async def queue_things(
    services: Services, clock: Clock, facility: str, owner: SignedInPerson
) -> QueueThings:
    """Let a session be held, in which somebody waits, was called, did not come, and is to come."""
    now = clock()
    clinic = await a_clinic(services.store, facility, places=6, start=now - _BEGAN_AGO)
    caller = await services.accounts.sessions.caller_of(owner.tokens["accessToken"])
    missed = await _with(services, clinic, 0)
    called = await _with(services, clinic, 2, status=AppointmentStatus.ARRIVED, checked_in_at=now)
    await _with(services, clinic, 3, status=_HERE, checked_in_at=now)
    # Begun already: what is still to come of the owner's is counted by the caps.
    booked = await _with(services, clinic, 1, booker_id=caller.person())
    code = services.health.queue.codes.of(facility, day_in_vietnam(now))
    return QueueThings(clinic.session.id, booked, missed, called, code.text)


async def _with(services: Services, clinic: Clinic, place: int, **fields: Any) -> str:  # noqa: ANN401
    number = await SessionRepository(services.store).take_number(clinic.session.id)
    appointment = an_appointment(clinic.slots[place], queue_number=number, **fields)
    return (await put(services.store, services.sealer, appointment)).id
