"""The rows of the queue and of the desk: whoever booked follows her own patient, the desk HERE does the rest."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.contract.queue_world import QueueThings
from tests.contract.rows import Row, Sight, Variables
from tests.contract.world import HERE, Actor, World

DESK, OWNER = frozenset({Actor.CLERK_HERE}), frozenset({Actor.OWNER})
Things = Callable[[QueueThings], Mapping[str, Any]]
_A_DAY = {"facilityId": HERE.id, "date": "2026-05-01"}
_WALK_IN = {"name": "Giàng A Páo", "birthYear": 1961}
_STEPS = ("CheckInAtDesk", "CallNext", "RecallPatient", "SkipPatient", "MarkNoShow")


def _row(
    operation: str,
    allowed: frozenset[Actor],
    things: Things,
    number: int = 0,
    refusal: str = "NOT_FOUND",
) -> Row:
    key = {"idempotencyKey": f"authorization-matrix-queue-{number}"} if number else {}

    def variables(world: World) -> Variables:
        return {**things(world.queue), **key}

    return Row(f"health/{operation}", allowed, refusal, "NOT_SIGNED_IN", variables)


def _of_the_facility(operation: str, variables: Mapping[str, Any]) -> Row:
    return _row(operation, DESK, lambda _: variables, refusal="NOT_ALLOWED")


QUEUE_ROWS: dict[str, Row] = {
    "Query.myQueue": _row("MyQueue", OWNER, lambda it: {"appointmentId": it.booked_id}),
    # Followed over a socket only: tests/health/test_queue_standing.py.
    "Subscription.queueChanged": Row(
        "health/QueueChanged",
        frozenset(),
        "SUBSCRIPTION_OVER_HTTP",
        variables=lambda world: {"appointmentId": world.queue.booked_id},
    ),
    "Mutation.checkIn": _row(
        "CheckIn", OWNER, lambda it: {"appointmentId": it.booked_id, "code": it.code}, 1
    ),
    "Mutation.checkInAtDesk": _row(
        "CheckInAtDesk", DESK, lambda it: {"appointmentId": it.booked_id}, 2
    ),
    "Mutation.callNext": _row("CallNext", DESK, lambda it: {"sessionId": it.session_id}, 3),
    "Mutation.recallPatient": _row(
        "RecallPatient", DESK, lambda it: {"appointmentId": it.called_id}, 4
    ),
    "Mutation.skipPatient": _row(
        "SkipPatient", DESK, lambda it: {"appointmentId": it.called_id}, 5
    ),
    "Mutation.markNoShow": _row("MarkNoShow", DESK, lambda it: {"appointmentId": it.missed_id}, 6),
    "Mutation.completeVisit": _row(
        "CompleteVisit", DESK, lambda it: {"appointmentId": it.called_id}, 7
    ),
    "Mutation.addWalkIn": _row(
        "AddWalkIn", DESK, lambda it: {"sessionId": it.session_id, **_WALK_IN}, 8
    ),
    "Mutation.setDelay": _row(
        "SetDelay", DESK, lambda it: {"sessionId": it.session_id, "minutes": 15}, 9
    ),
    "Mutation.closeSession": _row(
        "CloseSession", DESK, lambda it: {"sessionId": it.session_id, "reason": "Hết giờ"}, 10
    ),
    "Mutation.printDayList": _of_the_facility("PrintDayList", _A_DAY),
    "Query.facilityCheckInCode": _of_the_facility("FacilityCheckInCode", {"facilityId": HERE.id}),
    "Query.deskDay": _of_the_facility("DeskDay", _A_DAY),
    "Query.dayList": _of_the_facility("DayList", _A_DAY),
    "Query.sessionQueue": _row("SessionQueue", DESK, lambda it: {"sessionId": it.session_id}),
}

QUEUE_TYPES: dict[str, tuple[Sight, str]] = {
    "CheckInSuccess": (Sight.OWN, "standing"),
    "QueueStanding": (
        Sight.OWN,
        "appointmentId number status before expectedAt calledAt delayMinutes delayReason"
        " isSessionOpen",
    ),
    **{f"{step}Success": (Sight.STAFF, "patient") for step in (*_STEPS, "CompleteVisit")},
    "AddWalkInSuccess": (Sight.STAFF, "patient"),
    "SetDelaySuccess": (Sight.STAFF, "session"),
    "CloseSessionSuccess": (Sight.STAFF, "session"),
    "PrintDayListSuccess": (Sight.STAFF, "url expiresAt"),
    "DeskDay": (Sight.STAFF, "sessions"),
    "DeskPatient": (
        Sight.STAFF,
        "appointmentId sessionId service number name birthYear reason payment status isWalkIn"
        " start checkedInAt calledAt endedAt",
    ),
    "DeskPatientConnection": (Sight.STAFF, "edges pageInfo"),
    "DeskPatientEdge": (Sight.STAFF, "node cursor"),
    "DeskQueue": (Sight.STAFF, "called waiting"),
    "DeskSession": (
        Sight.STAFF,
        "id start end isOpen closedBecause delayMinutes delayReason counts service practitioner",
    ),
    "FacilityCheckInCode": (Sight.STAFF, "facilityId day code svg"),
    "PatientCount": (Sight.STAFF, "status patients"),
}
