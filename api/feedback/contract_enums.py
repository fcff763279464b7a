"""Our enumerations as the contract has them: whoever speaks GraphQL takes them from here, told to it already."""

import strawberry

from api.feedback.life.moves import Move, Mover
from api.feedback.reports.records import RefusalReason, ReportState, Visibility

__all__ = ["Move", "Mover", "RefusalReason", "ReportState", "Visibility"]

strawberry.enum(
    ReportState,
    description="ANSWERED: words only. FIXED: a photo proves it. CONFIRMED, CLOSED and REFUSED are ends.",
)
strawberry.enum(Move, name="ReportMove", description="What a step in the history was.")
strawberry.enum(
    Mover, name="ReportMover", description="CLOCK: time went by, and nobody did anything."
)
strawberry.enum(RefusalReason, name="ReportRefusalCode", description="Why it was refused.")
strawberry.enum(
    Visibility,
    name="ReportVisibility",
    description="PUBLIC: on the map. ANONYMOUS: the same, and not even clerks are told who reported."
    " PRIVATE: for the agency in charge alone.",
)
