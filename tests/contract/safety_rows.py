"""Rows of the authorization matrix: calls for help, trips, and who is safe."""

from collections.abc import Callable

from tests.contract.rows import SIGNED_IN, Row, Sight, Variables
from tests.contract.safety_world import SAID_WHERE, a_trek
from tests.contract.world import Actor, World
from tests.safety.rescue import DESK, a_call_input

_OWNER, _DESK = frozenset({Actor.OWNER}), frozenset({Actor.RESCUER})
_KEY = "authorization-matrix-of-safety"
_SOS = "id code kind state raisedAt stateSince etaMinutes mayBeCancelledUntil saysSafeAt steps"
_TREK = "id title called trailId route people names contacts dueAt graceMinutes stage"


def _of_the_owner(operation: str, values: Callable[[World], Variables]) -> Row:
    return Row(f"safety/{operation}", _OWNER, "NOT_FOUND", "NOT_SIGNED_IN", values)


def _of_the_signed_in(operation: str, values: Callable[[World], Variables]) -> Row:
    return Row(f"safety/{operation}", SIGNED_IN, anonymous="NOT_SIGNED_IN", variables=values)


def _of_the_desk(operation: str, values: Callable[[World], Variables]) -> Row:
    return Row(
        f"safety/{operation}",
        _DESK,
        "NOT_ALLOWED",
        "NOT_SIGNED_IN",
        lambda world: {"deskId": DESK, **values(world)},
    )


def _step(world: World) -> Variables:
    return {"id": world.safety.sos_id, "seenState": "RAISED", "idempotencyKey": _KEY}


def _point() -> Variables:
    point: Variables = a_call_input()["point"]
    return point


SAFETY_ROWS: dict[str, Row] = {
    "Query.sos": _of_the_owner("Sos", lambda world: {"id": world.safety.sos_id}),
    "Query.deskSos": _of_the_desk("DeskSos", lambda _: {}),
    "Query.deskSosTrack": _of_the_desk("DeskSosTrack", lambda it: {"id": it.safety.sos_id}),
    "Query.myTreks": _of_the_signed_in("MyTreks", lambda _: {}),
    "Query.deskTreks": _of_the_desk("DeskTreks", lambda _: {}),
    "Query.musterCounts": _of_the_desk(
        "MusterCounts", lambda world: {"alertId": world.safety.alert_id}
    ),
    "Query.musterHelp": _of_the_desk(
        "MusterHelp", lambda world: {"alertId": world.safety.alert_id}
    ),
    "Mutation.raiseSos": _of_the_signed_in("RaiseSos", lambda _: a_call_input()),
    "Mutation.addSosPosition": _of_the_owner(
        "AddSosPosition",
        lambda world: {"id": world.safety.sos_id, "point": _point(), "idempotencyKey": _KEY},
    ),
    "Mutation.takeBackSos": _of_the_owner("TakeBackSos", lambda world: {"id": world.safety.sos_id}),
    "Mutation.acknowledgeSos": _of_the_desk("AcknowledgeSos", _step),
    "Mutation.respondToSos": _of_the_desk("RespondToSos", _step),
    "Mutation.endSos": _of_the_desk("EndSos", lambda it: {**_step(it), "outcome": "HELPED"}),
    "Mutation.planTrek": _of_the_signed_in("PlanTrek", lambda it: a_trek(it.safety.due_at)),
    "Mutation.checkInTrek": _of_the_owner(
        "CheckInTrek",
        lambda world: {"id": world.safety.trek_id, "point": _point(), "idempotencyKey": _KEY},
    ),
    "Mutation.extendTrek": _of_the_owner(
        "ExtendTrek",
        lambda world: {
            "id": world.safety.trek_id,
            "dueAt": world.safety.due_at,
            "idempotencyKey": _KEY,
        },
    ),
    "Mutation.closeTrek": _of_the_owner("CloseTrek", lambda it: {"id": it.safety.trek_id}),
    "Mutation.answerMuster": _of_the_signed_in(
        "AnswerMuster",
        lambda world: {
            "alertId": world.safety.alert_id,
            "answer": "SAFE",
            "position": SAID_WHERE,
        },
    ),
    "Mutation.shareSafety": _of_the_signed_in("ShareSafety", lambda _: {"called": "Mai"}),
    "Mutation.takeBackSafety": _of_the_signed_in("TakeBackSafety", lambda _: {"device": None}),
    # Followed over a socket only: tests/safety/test_following.py.
    "Subscription.sosChanged": Row(
        "safety/SosChanged",
        frozenset(),
        "SUBSCRIPTION_OVER_HTTP",
        variables=lambda world: {"id": world.safety.sos_id},
    ),
    "Subscription.deskSosChanged": Row(
        "safety/DeskSosChanged",
        frozenset(),
        "SUBSCRIPTION_OVER_HTTP",
        variables=lambda _: {"deskId": DESK},
    ),
}

SAFETY_TYPES: dict[str, tuple[Sight, str]] = {
    "AcknowledgeSosSuccess": (Sight.STAFF, "sos"),
    "AddSosPositionSuccess": (Sight.OWN, "emergencyNumbers sos"),
    "AnswerMusterSuccess": (Sight.OWN, "emergencyNumbers answer"),
    "CheckInTrekSuccess": (Sight.OWN, "trek"),
    "CloseTrekSuccess": (Sight.OWN, "trek"),
    "DeskSos": (Sight.STAFF, f"{_SOS} communeCode point note number isBySms outcome"),
    "DeskSosList": (Sight.STAFF, "calls falseAlarms"),
    "DeskTreks": (Sight.STAFF, "treks"),
    "MusterHelpList": (Sight.STAFF, "people"),
    "MyTreks": (Sight.OWN, "treks"),
    "SosTrack": (Sight.STAFF, "points"),
    "DeskTrek": (Sight.STAFF, f"{_TREK} checkIns"),
    "EndSosSuccess": (Sight.STAFF, "sos"),
    "ExtendTrekSuccess": (Sight.OWN, "trek"),
    "MusterCount": (Sight.STAFF, "communeCode expected safe needHelp"),
    "MusterCounts": (Sight.STAFF, "warned counts"),
    "MusterHelp": (Sight.STAFF, "communeCode at position note"),
    "PlanTrekSuccess": (Sight.OWN, "emergencyNumbers trek warningsNote"),
    "RaiseSosSuccess": (Sight.OWN, "emergencyNumbers sos"),
    "RespondToSosSuccess": (Sight.STAFF, "sos"),
    "SafetyError": (Sight.PUBLIC, "message code field emergencyNumbers"),
    "ShareSafetySuccess": (Sight.OWN, "url endsAt"),
    "Sos": (Sight.OWN, f"{_SOS} points"),
    "SosStep": (Sight.OWN, "state at"),
    "TakeBackSafetySuccess": (Sight.OWN, "isTakenBack"),
    "TakeBackSosSuccess": (Sight.OWN, "sos"),
    "TrackPoint": (Sight.STAFF, "position accuracy battery capturedAt"),
    "Trek": (Sight.OWN, f"{_TREK} state checkIns dangers"),
    "TrekContact": (Sight.OWN, "name number"),
    "TrekDanger": (Sight.OWN, "alertId headline"),
}
