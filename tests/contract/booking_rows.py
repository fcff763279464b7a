"""The rows of appointments: each is of the person who booked it, and of nobody else."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.contract.booking_world import BookingThings
from tests.contract.rows import EVERYBODY, SIGNED_IN, Row, Sight, Variables
from tests.contract.world import Actor, World

OWNER = frozenset({Actor.OWNER})


def of_the_booker(
    operation: str, number: int, things: Callable[[BookingThings], Mapping[str, Any]]
) -> Row:
    def variables(world: World) -> Variables:
        key = f"authorization-matrix-booking-{number}"
        return {**things(world.booking), "idempotencyKey": key}

    return Row(f"health/{operation}", OWNER, "NOT_FOUND", "NOT_SIGNED_IN", variables)


def _held(world: World) -> Variables:
    return {
        "slotId": world.booking.free_slot_id,
        "patientId": world.dependant_id,
        "idempotencyKey": "authorization-matrix-booking-1",
    }


BOOKING_ROWS: dict[str, Row] = {
    "Query.myAppointments": Row("health/MyAppointments", SIGNED_IN, "NOT_SIGNED_IN"),
    "Query.appointment": Row(
        "health/Appointment",
        OWNER,
        None,
        "NOT_SIGNED_IN",
        lambda world: {"id": world.booking.to_book},
    ),
    "Mutation.holdSlot": Row("health/HoldSlot", OWNER, "NOT_FOUND", "NOT_SIGNED_IN", _held),
    "Mutation.bookAppointment": of_the_booker(
        "BookAppointment", 2, lambda it: {"appointmentId": it.to_book, "payment": "INSURANCE"}
    ),
    "Mutation.releaseHold": of_the_booker(
        "ReleaseHold", 3, lambda it: {"appointmentId": it.to_release}
    ),
    "Mutation.rescheduleAppointment": of_the_booker(
        "RescheduleAppointment",
        4,
        lambda it: {"appointmentId": it.to_move, "newSlotId": it.free_slot_id},
    ),
    "Mutation.cancelAppointment": of_the_booker(
        "CancelAppointment", 5, lambda it: {"appointmentId": it.to_cancel}
    ),
    "Mutation.cancelAppointmentByTicket": Row(
        "health/CancelAppointmentByTicket",
        EVERYBODY,
        variables=lambda world: {"ticket": world.booking.ticket},
    ),
}

BOOKING_TYPES: dict[str, tuple[Sight, str]] = {
    "Appointment": (
        Sight.OWN,
        "id slotId sessionId patientId patientName reason payment language start end status"
        " heldUntil queueNumber bookedAt cancelledBy movedTo facility service practitioner",
    ),
    "AppointmentConnection": (Sight.OWN, "edges pageInfo"),
    "AppointmentEdge": (Sight.OWN, "node cursor"),
    "BookAppointmentSuccess": (Sight.OWN, "appointment"),
    "CancelAppointmentByTicketSuccess": (Sight.OWN, "start facility"),
    "CancelAppointmentSuccess": (Sight.OWN, "appointment"),
    "HoldSlotSuccess": (Sight.OWN, "appointment"),
    "ReleaseHoldSuccess": (Sight.OWN, "appointment"),
    "RescheduleAppointmentSuccess": (Sight.OWN, "appointment"),
}
