"""Rows of the authorization matrix: warnings as the officers of an agency write and issue them."""

from collections.abc import Callable
from typing import Any

from api.alerts.composing.draft import Draft
from tests.contract.composing_world import AGENCY_ID, CONFIRMATION
from tests.contract.rows import EVERYBODY, Row, Sight, Variables
from tests.contract.world import Actor, World

_AUTHOR = frozenset({Actor.ALERT_AUTHOR})
_APPROVER = frozenset({Actor.ALERT_APPROVER})
_KEY = "authorization-matrix-of-drafts"
_RING = [
    {"latitude": 22.30, "longitude": 103.80},
    {"latitude": 22.30, "longitude": 103.88},
    {"latitude": 22.38, "longitude": 103.88},
]


def _row(
    operation: str,
    allowed: frozenset[Actor],
    values: Callable[[World], Variables] = lambda _: {},
) -> Row:
    return Row(
        f"alerts/{operation}",
        allowed,
        "NOT_ALLOWED",
        "NOT_SIGNED_IN",
        lambda world: {"agencyId": AGENCY_ID, **values(world)},
    )


def _step(
    operation: str,
    allowed: frozenset[Actor],
    draft: Callable[[World], Draft],
    **more: object,
) -> Row:
    return _row(
        operation,
        allowed,
        lambda world: {"id": draft(world).id, "digest": draft(world).digest, **more},
    )


def _content(world: World) -> dict[str, Any]:
    return {
        "hazard": "heavy-rain",
        "level": "1",
        "expires": world.composing.expires,
        "polygons": [_RING],
        "slots": [{"name": "rain", "value": "60"}, {"name": "hours", "value": "6"}],
    }


def _of_relays(operation: str, values: Callable[[World], Variables] = lambda _: {}) -> Row:
    administrators = frozenset({Actor.ADMINISTRATOR})
    return Row(f"alerts/{operation}", administrators, "NOT_ALLOWED", "NOT_SIGNED_IN", values)


COMPOSING_ROWS: dict[str, Row] = {
    "Query.relays": _of_relays("Relays"),
    "Mutation.addRelay": _of_relays(
        "AddRelay",
        lambda _: {
            "kind": "LOUDSPEAKER",
            "name": "Loa xã",
            "commune": "03006",
            "url": "https://relay.example/",
            "idempotencyKey": "authorization-matrix-of-relays",
        },
    ),
    "Mutation.removeRelay": _of_relays(
        "RemoveRelay", lambda world: {"id": world.composing.relay_id}
    ),
    "Query.alertHazards": Row("alerts/AlertHazards", EVERYBODY),
    "Query.alertDrafts": _row("AlertDrafts", _AUTHOR | _APPROVER),
    "Query.alertDraft": _row(
        "AlertDraft", _AUTHOR | _APPROVER, lambda world: {"id": world.composing.severe.id}
    ),
    "Query.alertProgress": _row(
        "AlertProgress",
        _AUTHOR | _APPROVER,
        lambda world: {"alertId": world.composing.alert_id},
    ),
    "Query.exerciseDevices": _row("ExerciseDevices", _AUTHOR | _APPROVER),
    "Mutation.composeAlert": _row(
        "ComposeAlert",
        _AUTHOR,
        lambda world: {"purpose": "TEST", "content": _content(world), "idempotencyKey": _KEY},
    ),
    "Mutation.composeAlertUpdate": _row(
        "ComposeAlertUpdate",
        _AUTHOR,
        lambda world: {
            "alertId": world.composing.alert_id,
            "content": _content(world),
            "idempotencyKey": _KEY,
        },
    ),
    "Mutation.composeAlertEnd": _row(
        "ComposeAlertEnd",
        _AUTHOR,
        lambda world: {
            "alertId": world.composing.alert_id,
            "isCancel": False,
            "idempotencyKey": _KEY,
        },
    ),
    "Mutation.editAlertDraft": _row(
        "EditAlertDraft",
        _AUTHOR,
        lambda world: {
            "id": world.composing.waiting.id,
            "digest": world.composing.waiting.digest,
            "content": _content(world),
        },
    ),
    "Mutation.discardAlertDraft": _step(
        "DiscardAlertDraft", _AUTHOR, lambda world: world.composing.severe
    ),
    "Mutation.submitAlertDraft": _step(
        "SubmitAlertDraft", _AUTHOR, lambda world: world.composing.severe
    ),
    "Mutation.returnAlertDraft": _step(
        "ReturnAlertDraft", _APPROVER, lambda world: world.composing.waiting
    ),
    "Mutation.publishAlert": _step("PublishAlert", _AUTHOR, lambda world: world.composing.minor),
    "Mutation.approveAlert": _step(
        "ApproveAlert",
        _APPROVER,
        lambda world: world.composing.waiting,
        confirmation=CONFIRMATION,
    ),
    "Mutation.publishAlertAlone": _step(
        "PublishAlertAlone",
        _AUTHOR,
        lambda world: world.composing.severe,
        confirmation=CONFIRMATION,
        reason="Nước đã tràn vào thôn, không ai nghe máy.",
    ),
    "Mutation.enrolExerciseDevice": _row(
        "EnrolExerciseDevice",
        _AUTHOR,
        lambda world: {
            "deviceId": world.free_device["id"],
            "deviceSecret": world.free_device["secret"],
            "label": "Máy trực ban",
        },
    ),
    "Mutation.removeExerciseDevice": _row(
        "RemoveExerciseDevice", _AUTHOR, lambda world: {"deviceId": world.free_device["id"]}
    ),
}

COMPOSING_TYPES: dict[str, tuple[Sight, str]] = {
    "AlertDraft": (
        Sight.STAFF,
        "id agencyId purpose kind state digest hazard level communes polygons effective onset"
        " expires follows alertId createdAt changedAt grounds texts missingLanguages confirmWith"
        " needsSecondPerson preview",
    ),
    "AlertDraftGrounds": (Sight.STAFF, "rule station source value unit observedAt age"),
    "AlertDraftConnection": (Sight.STAFF, "edges pageInfo"),
    "AlertDraftEdge": (Sight.STAFF, "node cursor"),
    "AlertDraftError": (Sight.PUBLIC, "message code field"),
    "ComposeAlertSuccess": (Sight.STAFF, "draft"),
    "ComposeAlertUpdateSuccess": (Sight.STAFF, "draft"),
    "ComposeAlertEndSuccess": (Sight.STAFF, "draft"),
    "EditAlertDraftSuccess": (Sight.STAFF, "draft"),
    "DiscardAlertDraftSuccess": (Sight.STAFF, "draft"),
    "SubmitAlertDraftSuccess": (Sight.STAFF, "draft"),
    "ReturnAlertDraftSuccess": (Sight.STAFF, "draft"),
    "PublishAlertSuccess": (Sight.STAFF, "draft"),
    "ApproveAlertSuccess": (Sight.STAFF, "draft"),
    "PublishAlertAloneSuccess": (Sight.STAFF, "draft"),
    "AlertDraftText": (Sight.STAFF, "language event headline description instruction"),
    "AlertHazard": (Sight.PUBLIC, "code name levels slots hasTemplate"),
    "AlertLevel": (Sight.PUBLIC, "code name colour severity urgency certainty"),
    "AlertPreview": (Sight.STAFF, "problem cap map screens recipients recipientsAtTheEdge"),
    "AlertRelayOutcome": (
        Sight.STAFF,
        "relayId name kind commune state attempts triedAt event stage because end",
    ),
    "AlertRelayEnd": (Sight.STAFF, "kind state attempts triedAt"),
    "Relay": (Sight.STAFF, "id kind name commune language leastLevel addedAt"),
    "Relays": (Sight.STAFF, "relays"),
    "AddRelaySuccess": (Sight.STAFF, "relay secret"),
    "RemoveRelaySuccess": (Sight.STAFF, "id"),
    "AlertSms": (Sight.STAFF, "messages segments cost heldBack ends"),
    "AlertSmsEnds": (Sight.STAFF, "messages segments cost heldBack"),
    "AlertProgress": (
        Sight.STAFF,
        "devices queued deferred accepted refused retired expired opened likelyOutside isFinished"
        " relays sms",
    ),
    "AlertScreen": (Sight.STAFF, "language platform title body bytes isCut"),
    "AlertSlot": (Sight.PUBLIC, "name kind"),
    "ExerciseDevice": (Sight.STAFF, "deviceId label enrolledAt"),
    "AlertHazards": (Sight.PUBLIC, "hazards"),
    "ExerciseDevices": (Sight.STAFF, "devices"),
    "EnrolExerciseDeviceSuccess": (Sight.STAFF, "devices"),
    "RemoveExerciseDeviceSuccess": (Sight.STAFF, "devices"),
}
