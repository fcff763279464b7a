"""Our enumerations as the contract has them: whoever speaks GraphQL takes them from here, told to it already."""

import strawberry

from api.alerts.composing.draft import DraftKind, DraftState, Purpose
from api.alerts.composing.hazards import SlotKind

__all__ = ["DraftKind", "DraftState", "Purpose", "SlotKind"]

strawberry.enum(
    Purpose,
    name="AlertPurpose",
    description="EXERCISE and TEST reach only devices that were enrolled for it.",
)
strawberry.enum(DraftKind, name="AlertDraftKind", description="What it does once issued.")
strawberry.enum(
    DraftState, name="AlertDraftState", description="WAITING: frozen, for a second person."
)
strawberry.enum(
    SlotKind,
    name="AlertSlotKind",
    description="What a value is, and its unit; DEGREES are Celsius, TEXT is the same everywhere.",
)
