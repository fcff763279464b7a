"""Our enumerations as the contract has them: whoever speaks GraphQL takes them from here, told to it already."""

import strawberry

from api.safety.sos.records import SosKind, SosOutcome, SosState

__all__ = ["SosKind", "SosOutcome", "SosState"]

strawberry.enum(SosKind, description="What happened.")
strawberry.enum(SosOutcome, description="How a rescue desk ended it.")
strawberry.enum(
    SosState, description="ACKNOWLEDGED: somebody at a desk has seen it. ENDED, CANCELLED: ends."
)
