"""Appointments as they may be in the store, made without the services that book them."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.appointments.repository import AppointmentRepository
from api.health.slots.records import Slot
from api.health.slots.repository import SlotRepository
from api.kit.ids import new_id
from api.kit.sealing import Sealer
from api.kit.store import Store
from tests.conftest import NOW

PATIENT, REASON = "Vàng Thị Mẫu", "đau bụng ba ngày nay"


def an_appointment(slot: Slot, person_id: str | None = None, **fields: Any) -> Appointment:  # noqa: ANN401
    """Return a booked appointment for a place; `fields` replace what is usual."""
    usual = Appointment(
        id=new_id(),
        slot_id=slot.id,
        session_id=slot.session_id,
        facility_id=slot.facility_id,
        service_id=slot.service_id,
        practitioner_id=slot.practitioner_id,
        booker_id=person_id or new_id(),
        dependant_id=None,
        patient_key=new_id(),
        patient_name=PATIENT,
        reason=REASON,
        payment="INSURANCE",
        language="vi",
        start=slot.start,
        end=slot.end,
        status=AppointmentStatus.BOOKED,
        held_until=None,
        queue_number=1,
        booked_at=NOW,
        checked_in_at=None,
        called_at=None,
        ended_at=None,
        cancelled_by=None,
        moved_to=None,
        created_at=NOW,
    )
    return replace(usual, **fields)


def a_hold(slot: Slot, person_id: str | None = None, **fields: Any) -> Appointment:  # noqa: ANN401
    """Return a place that is held for five minutes from NOW."""
    held = {
        "status": AppointmentStatus.PENDING,
        "held_until": held_until(NOW),
        "reason": None,
        "payment": None,
        "queue_number": None,
        "booked_at": None,
    }
    return an_appointment(slot, person_id, **{**held, **fields})


def held_until(now: datetime) -> datetime:
    return now + timedelta(minutes=5)


async def put(store: Store, sealer: Sealer, appointment: Appointment) -> Appointment:
    """Keep an appointment as if it had been booked: its room is taken."""
    if appointment.slot_id is not None:
        await SlotRepository(store).take(appointment.slot_id)
    await AppointmentRepository(store, sealer).add(appointment)
    return appointment
