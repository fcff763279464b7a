"""Refusals that a day brings by itself: two who want one place, a card that is used up, a day with no plan."""

from collections.abc import Mapping

ASKED_FOR: Mapping[str, frozenset[str]] = {
    "guide/PlanTrip": frozenset({"MUSTS_NOT_POSSIBLE", "NOTHING_POSSIBLE"}),
    "health/HoldSlot": frozenset({"SLOT_TAKEN", "TOO_MANY_HOLDS", "TOO_MANY_APPOINTMENTS"}),
    "health/CallNext": frozenset({"QUEUE_EMPTY"}),
    "health/AddWalkIn": frozenset({"SESSION_FULL"}),
    "media/RequestUpload": frozenset({"TOO_MANY_UPLOADS"}),
    "feedback/SubmitReport": frozenset({"TOO_MANY_REPORTS"}),
}
"""Codes by operation. Whatever else is refused is an error of the product or of the day."""


def is_asked_for(operation: str, code: str) -> bool:
    return code in ASKED_FOR.get(operation, frozenset())
