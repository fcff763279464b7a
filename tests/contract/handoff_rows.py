"""Rows of the authorization matrix: a chat that a person answers."""

from tests.contract.rows import EVERYBODY, Row, Sight, Variables
from tests.contract.world import Actor

_DESK = "TOURIST_HELP_CENTRE"
_NOBODY = "a" * 26
_KEY = "authorization-matrix-of-handoff"


def _of_who_has_the_id(operation: str, values: Variables) -> Row:
    """Return the row of what an unguessable id opens, to nobody here: this one is none."""
    return Row(
        f"bot/{operation}", frozenset(), "CONVERSATION_NOT_FOUND", variables=lambda _: values
    )


def _of_the_desk(operation: str, values: Variables) -> Row:
    return Row(
        f"bot/{operation}", frozenset(), "NOT_ALLOWED", "NOT_SIGNED_IN", variables=lambda _: values
    )


HANDOFF_ROWS: dict[str, Row] = {
    "Query.chatHandoff": _of_who_has_the_id("ChatHandoff", {"conversationId": _NOBODY}),
    "Query.handoffQueue": _of_the_desk("HandoffQueue", {"desk": _DESK}),
    "Mutation.talkToPerson": _of_who_has_the_id(
        "TalkToPerson",
        {"conversationId": _NOBODY, "shareConversation": False, "idempotencyKey": _KEY},
    ),
    "Mutation.rateHandoff": _of_who_has_the_id(
        "RateHandoff", {"conversationId": _NOBODY, "grade": 5}
    ),
    "Mutation.takeHandoff": _of_the_desk("TakeHandoff", {"id": _NOBODY}),
    "Mutation.sendHandoffMessage": _of_the_desk(
        "SendHandoffMessage", {"id": _NOBODY, "text": "Hello.", "idempotencyKey": _KEY}
    ),
    "Mutation.returnHandoffToBot": _of_the_desk("ReturnHandoffToBot", {"id": _NOBODY}),
    "Mutation.endHandoff": _of_the_desk("EndHandoff", {"id": _NOBODY}),
    "Query.chatDesks": Row("bot/ChatDesks", EVERYBODY),
    "Query.unansweredQuestions": Row(
        "bot/UnansweredQuestions",
        frozenset({Actor.CONTENT_EDITOR}),
        "NOT_ALLOWED",
        "NOT_SIGNED_IN",
        variables=lambda _: {"week": "2026-05-01"},
    ),
    # For the assistant alone, under the ticket of the message that it answers.
    "Mutation.reportUnanswered": Row(
        "bot/ReportUnanswered",
        frozenset(),
        "NOT_IN_CONVERSATION",
        variables=lambda _: {"words": "is there snow", "idempotencyKey": _KEY},
    ),
    "Query.chatCallback": _of_who_has_the_id("ChatCallback", {"conversationId": _NOBODY}),
    "Query.deskCallbacks": _of_the_desk("DeskCallbacks", {"desk": _DESK}),
    "Mutation.requestCallback": _of_who_has_the_id(
        "RequestCallback",
        {
            "conversationId": _NOBODY,
            "phone": "+84912345678",
            "starts": "2026-05-01T10:00:00Z",
            "idempotencyKey": _KEY,
        },
    ),
    "Mutation.withdrawCallback": _of_who_has_the_id(
        "WithdrawCallback", {"conversationId": _NOBODY}
    ),
    "Mutation.closeCallback": _of_the_desk(
        "CloseCallback", {"id": _NOBODY, "wasReached": True, "idempotencyKey": _KEY}
    ),
    "Subscription.chatReplies": Row(
        "bot/ChatReplies",
        frozenset(),
        "SUBSCRIPTION_OVER_HTTP",
        variables=lambda _: {"conversationId": _NOBODY},
    ),
    "Subscription.handoffQueueChanged": Row(
        "bot/HandoffQueueChanged",
        frozenset(),
        "SUBSCRIPTION_OVER_HTTP",
        variables=lambda _: {"desk": _DESK},
    ),
}

HANDOFF_TYPES: dict[str, tuple[Sight, str]] = {
    "ChatHandoff": (Sight.OWN, "id desk deskName state place waitMinutes grade"),
    "ChatLaterReply": (Sight.OWN, "cursor kind text deskName place waitMinutes at"),
    "ReportUnansweredSuccess": (Sight.OWN, "isCounted"),
    "UnansweredQuestion": (Sight.STAFF, "words asked"),
    "UnansweredWeek": (Sight.STAFF, "starts subjects"),
    "UnansweredSubject": (Sight.STAFF, "language intent asked questions"),
    "CallWindow": (Sight.PUBLIC, "starts ends"),
    "ChatCallback": (Sight.OWN, "id desk deskName phone window state"),
    "ChatDeskList": (Sight.PUBLIC, "desks"),
    "ChatDesk": (Sight.PUBLIC, "desk name isDefault isOpen opensAt callWindows"),
    "CloseCallbackSuccess": (Sight.STAFF, "callback"),
    "DeskCallback": (Sight.STAFF, "id phone language window state tries"),
    "DeskCallbackList": (Sight.STAFF, "callbacks"),
    "RequestCallbackSuccess": (Sight.OWN, "callback"),
    "WithdrawCallbackSuccess": (Sight.OWN, "callback"),
    "DeskHandoff": (Sight.STAFF, "id state language waitingSince isMine"),
    "EndHandoffSuccess": (Sight.STAFF, "handoff"),
    "HandoffMessage": (Sight.STAFF, "kind text at"),
    "DeskHandoffList": (Sight.STAFF, "handoffs"),
    "RateHandoffSuccess": (Sight.OWN, "grade"),
    "ReturnHandoffToBotSuccess": (Sight.STAFF, "handoff"),
    "SendHandoffMessageSuccess": (Sight.STAFF, "handoff messages assistantAnswers"),
    "TakeHandoffSuccess": (Sight.STAFF, "handoff messages assistantAnswers"),
    "TalkToPersonSuccess": (Sight.OWN, "handoff"),
}
