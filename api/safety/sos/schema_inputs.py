"""What whoever is in danger sends, and what the people at a rescue desk send."""

import strawberry

from api.safety.contract_enums import SosKind, SosOutcome, SosState
from api.safety.schema_inputs import KEY, SafetyDeviceInput, TrackPointInput
from api.safety.sos.compact import CODE_CHARACTERS
from api.safety.sos.desk import SeenSos
from api.safety.sos.raising import NOTE_CHARACTERS_AT_MOST, NewSos

_SEEN = "As you saw it; when it is another one by now, nothing is done."


@strawberry.input
class RaiseSosInput:
    code: str = strawberry.field(
        description=f"{CODE_CHARACTERS} signs that the app makes by chance, the same in its SMS"
        " (docs/safety.md): then both are one call."
    )
    kind: SosKind
    point: TrackPointInput
    note: str | None = strawberry.field(
        default=None, description=f"Cut after {NOTE_CHARACTERS_AT_MOST} characters."
    )
    device: SafetyDeviceInput | None = None
    idempotency_key: str = strawberry.field(description=f"{KEY} call.")

    def new_sos(self) -> NewSos:
        """Return it. Raises InvalidPosition."""
        return NewSos(self.code, self.kind, self.point.point(), self.note)


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
