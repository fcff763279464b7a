"""What whoever is in danger sends, and what the people at a rescue desk send."""

import strawberry

from api.kit.geo import InvalidPosition
from api.safety.contract_enums import SosKind, SosOutcome, SosState
from api.safety.schema_inputs import KEY, SafetyDeviceInput, TrackPointInput
from api.safety.sos.compact import CODE_CHARACTERS
from api.safety.sos.desk import SeenSos
from api.safety.sos.raising import NewSos
from api.safety.sos.righting import NOTE_CHARACTERS_AT_MOST
from api.safety.tracks import TrackPoint

_SEEN = "As you saw it; when it is another one by now, nothing is done."


@strawberry.input
class RaiseSosInput:
    code: str = strawberry.field(
        description=f"{CODE_CHARACTERS} signs that the app makes by chance, the same in its SMS"
        " (docs/safety.md): then both are one call."
    )
    kind: SosKind
    point: TrackPointInput | None = strawberry.field(
        default=None,
        description="Null: the phone does not know. A place that cannot be is taken as null, not refused.",
    )
    note: str | None = strawberry.field(
        default=None, description=f"Cut after {NOTE_CHARACTERS_AT_MOST} characters."
    )
    device: SafetyDeviceInput | None = None
    idempotency_key: str = strawberry.field(description=f"{KEY} call.")

    def new_sos(self) -> NewSos:
        return NewSos(self.code, self.kind, _point_or_none(self.point), self.note)


@strawberry.input
class AddSosPositionInput:
    id: strawberry.ID
    point: TrackPointInput
    device: SafetyDeviceInput | None = None
    idempotency_key: str = strawberry.field(description=f"{KEY} position.")


@strawberry.input
class TakeBackSosInput:
    id: strawberry.ID
    device: SafetyDeviceInput | None = None


@strawberry.input
class DeskSosInput:
    desk_id: strawberry.ID
    id: strawberry.ID
    seen_state: SosState = strawberry.field(description=_SEEN)
    idempotency_key: str = strawberry.field(description=f"{KEY} step.")

    def seen(self) -> SeenSos:
        return SeenSos(self.desk_id, self.id, self.seen_state)


@strawberry.input
class AcknowledgeSosInput(DeskSosInput):
    pass


@strawberry.input
class RespondToSosInput(DeskSosInput):
    eta_minutes: int | None = strawberry.field(
        default=None, description="In how many minutes help arrives, as far as is known."
    )


@strawberry.input
class EndSosInput(DeskSosInput):
    outcome: SosOutcome


def _point_or_none(given: TrackPointInput | None) -> TrackPoint | None:
    """Return the point; whoever is in danger is not refused because it is none on the earth."""
    try:
        return given.point() if given else None
    except InvalidPosition:
        return None
