"""The rows of waiting, moving and reminders: each one's own, and what the desk HERE cancels."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.contract.rows import SIGNED_IN, Row, Sight, Variables
from tests.contract.world import HERE, Actor, World

OWNER, DESK = frozenset({Actor.OWNER}), frozenset({Actor.CLERK_HERE})
Things = Callable[[World], Mapping[str, Any]]


def _of_the_owner(operation: str, number: int, things: Things) -> Row:
    return _keyed(operation, OWNER, number, things)


def _of_the_desk(operation: str, number: int, things: Things) -> Row:
    return _keyed(operation, DESK, number, things)


def _of_the_signed_in(operation: str, things: Things = lambda _: {}) -> Row:
    return Row(f"health/{operation}", SIGNED_IN, "NOT_SIGNED_IN", variables=things)


def _keyed(operation: str, allowed: frozenset[Actor], number: int, things: Things) -> Row:
    key = {"idempotencyKey": f"authorization-matrix-waiting-{number}"} if number else {}

    def variables(world: World) -> Variables:
        return {**things(world), **key}

    return Row(f"health/{operation}", allowed, "NOT_FOUND", "NOT_SIGNED_IN", variables)


WAITING_ROWS: dict[str, Row] = {
    "Query.myWaitlist": _of_the_signed_in("MyWaitlist"),
    "Query.healthReminderPreferences": _of_the_signed_in("HealthReminderPreferences"),
    "Query.affectedOffers": _of_the_owner(
        "AffectedOffers", 0, lambda world: {"appointmentId": world.waiting.lost_id}
    ),
    "Mutation.joinWaitlist": _of_the_owner(
        "JoinWaitlist",
        1,
        lambda world: {
            "facilityId": HERE.id,
            "specialty": "imaging",
            "patientId": world.dependant_id,
            "from": "2026-05-11",
            "to": "2026-05-12",
        },
    ),
    "Mutation.leaveWaitlist": _of_the_owner(
        "LeaveWaitlist", 2, lambda world: {"id": world.waiting.wish_id}
    ),
    "Mutation.takeOffer": _of_the_owner(
        "TakeOffer",
        3,
        lambda world: {"appointmentId": world.booking.to_book, "payment": "INSURANCE"},
    ),
    "Mutation.declineOffer": _of_the_owner(
        "DeclineOffer", 4, lambda world: {"appointmentId": world.booking.to_release}
    ),
    "Mutation.takeReplacement": _of_the_owner(
        "TakeReplacement",
        5,
        lambda world: {
            "appointmentId": world.waiting.lost_id,
            "slotId": world.waiting.replacement_id,
        },
    ),
    "Mutation.cancelSession": _of_the_desk(
        "CancelSession",
        6,
        lambda world: {"sessionId": world.waiting.clinic.session.id, "reason": "OTHER"},
    ),
    "Mutation.cancelSessionsOfPractitioner": _of_the_desk(
        "CancelSessionsOfPractitioner",
        7,
        lambda world: {
            "practitionerId": world.waiting.clinic.practitioner.id,
            "from": "2026-05-11",
            "to": "2026-05-12",
        },
    ),
    "Mutation.setHealthReminders": _of_the_signed_in(
        "SetHealthReminders", lambda _: {"off": ["DAY_BEFORE"]}
    ),
}

WAITING_TYPES: dict[str, tuple[Sight, str]] = {
    "AffectedOffers": (Sight.OWN, "slots"),
    "CancelSessionSuccess": (Sight.OWN, "cancelled"),
    "CancelSessionsOfPractitionerSuccess": (Sight.OWN, "cancelled"),
    "CancelledSessions": (Sight.OWN, "sessionIds affected"),
    "DeclineOfferSuccess": (Sight.OWN, "appointment"),
    "HealthReminderPreference": (Sight.OWN, "kind isOn"),
    "HealthReminderPreferences": (Sight.OWN, "preferences"),
    "JoinWaitlistSuccess": (Sight.OWN, "entry"),
    "LeaveWaitlistSuccess": (Sight.OWN, "entry"),
    "MyWaitlist": (Sight.OWN, "entries"),
    "ReplacementGoneError": (Sight.OWN, "message code slots"),
    "SetHealthRemindersSuccess": (Sight.OWN, "preferences"),
    "TakeOfferSuccess": (Sight.OWN, "appointment"),
    "TakeReplacementSuccess": (Sight.OWN, "appointment"),
    "WaitlistEntry": (
        Sight.OWN,
        "id patientId specialty from to partOfDay state status joinedAt missedOffers facility service"
        " offer aheadOfYou",
    ),
}
