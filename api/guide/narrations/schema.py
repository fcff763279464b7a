from typing import Annotated

import strawberry

from api.context import Info
from api.guide.narrations.narration import Spot
from api.guide.speech.stop_recordings import told_by
from api.guide.tours.records import StopText
from api.guide.tours.schema import StopRecording
from api.tourism.tourism_error import TourismError

_KEY = "16 to 128 visible ASCII characters, made anew for each"
_EDITORS = "For content editors."


@strawberry.input(description="Which text of which stop.")
class SpokenTextInput:
    tour_id: strawberry.ID
    stop_id: strawberry.ID
    text: StopText
    language: str = strawberry.field(
        description="BCP 47 tag of a language in which it is written: what is written is the transcript."
    )

    def spot(self) -> Spot:
        return Spot(self.tour_id, self.stop_id, self.text, self.language)


@strawberry.input
class AttachNarrationInput:
    spoken: SpokenTextInput
    media_id: strawberry.ID = strawberry.field(
        description="A recording of yours that is READY. It is the province's from then on, and stays when your"
        " account goes."
    )
    idempotency_key: str = strawberry.field(description=f"{_KEY} recording.")


@strawberry.input
class RemoveNarrationInput:
    spoken: SpokenTextInput
    idempotency_key: str = strawberry.field(description=f"{_KEY} removal.")


@strawberry.type
class AttachNarrationSuccess:
    recording: StopRecording | None = strawberry.field(
        description="Null if the request is repeated and it was removed since."
    )


@strawberry.type
class RemoveNarrationSuccess:
    tour_id: strawberry.ID
    stop_id: strawberry.ID


AttachNarrationResult = Annotated[
    AttachNarrationSuccess | TourismError, strawberry.union("AttachNarrationResult")
]
RemoveNarrationResult = Annotated[
    RemoveNarrationSuccess | TourismError, strawberry.union("RemoveNarrationResult")
]


@strawberry.type
class NarrationsMutation:
    @strawberry.mutation(
        description="Let a person's voice tell a text of a stop, in place of the machine's or of an earlier"
        f" recording. When the text changes, the recording is not of it any more. {_EDITORS}"
    )
    async def attach_narration(
        self, info: Info, input: AttachNarrationInput
    ) -> AttachNarrationResult:
        narrations = info.context.services.guide.narrations
        spot = input.spoken.spot()
        attached = await narrations.attach(
            info.context.caller, spot, input.media_id, input.idempotency_key
        )
        found = told_by(attached, narrations.url(attached), spot.text) if attached else None
        return AttachNarrationSuccess(recording=StopRecording.of(found) if found else None)

    @strawberry.mutation(
        description=f"Take the recording of a text away; a machine tells it again. {_EDITORS}"
    )
    async def remove_narration(
        self, info: Info, input: RemoveNarrationInput
    ) -> RemoveNarrationResult:
        spoken = input.spoken
        await info.context.services.guide.narrations.remove(
            info.context.caller, spoken.spot(), input.idempotency_key
        )
        return RemoveNarrationSuccess(tour_id=spoken.tour_id, stop_id=spoken.stop_id)
