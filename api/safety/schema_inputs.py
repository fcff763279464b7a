"""What phones send in more than one place."""

from datetime import UTC, datetime

import strawberry

from api.kit.schema_types import PositionInput
from api.safety.askers import ShownDevice
from api.safety.tracks import TrackPoint

KEY = "16 to 128 visible ASCII characters, made anew for each"


@strawberry.input(description="A registered device of whoever is not signed in.")
class SafetyDeviceInput:
    id: strawberry.ID
    secret: str

    def shown(self) -> ShownDevice:
        return ShownDevice(self.id, self.secret)


@strawberry.input(
    description="Where a phone was. What is out of its range is put right, not refused."
)
class TrackPointInput:
    position: PositionInput
    accuracy: float = strawberry.field(description="Of the position, in metres.")
    battery: int | None = strawberry.field(default=None, description="In percent.")
    captured_at: datetime = strawberry.field(description="By the phone's clock.")

    def point(self) -> TrackPoint:
        """Return it. Raises InvalidPosition."""
        position, at = self.position.position(), self.captured_at
        # A time without a zone is taken for UTC, not refused.
        aware = at if at.tzinfo else at.replace(tzinfo=UTC)
        return TrackPoint(position, self.accuracy, self.battery, aware)
