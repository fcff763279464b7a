"""Our enumerations as the contract has them: whoever speaks GraphQL takes them from here, told to it already."""

import strawberry

from api.safety.safe.records import MusterAnswer
from api.safety.sos.records import SosKind, SosOutcome, SosState
from api.safety.trips.records import AlarmStage, TripState

__all__ = ["AlarmStage", "MusterAnswer", "SosKind", "SosOutcome", "SosState", "TripState"]

strawberry.enum(SosKind, description="What happened.")
strawberry.enum(SosOutcome, description="How a rescue desk ended it.")
strawberry.enum(
    SosState, description="ACKNOWLEDGED: somebody at a desk has seen it. ENDED, CANCELLED: ends."
)
strawberry.enum(TripState, name="TrekState")
strawberry.enum(AlarmStage, name="TrekAlarmStage", description="Whom the clock has told so far.")
strawberry.enum(MusterAnswer, description="What somebody says of themselves after a warning.")
