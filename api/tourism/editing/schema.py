from collections.abc import Awaitable
from datetime import datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.kit.pagination import After, Connection, First
from api.tourism.editing.conflict_error import PlaceConflict, PlaceConflictError
from api.tourism.editing.drafts import Preview
from api.tourism.editing.inputs import PlaceChangesInput
from api.tourism.editing.place_fields import Difference
from api.tourism.editing.publishing import Published
from api.tourism.editing.reading import HistoryEntry, MissingText
from api.tourism.editing.records import Draft, VersionKind
from api.tourism.editing.repository import DRAFTS_KEPT_FOR
from api.tourism.records import Place as PlaceRecord
from api.tourism.schema import Place
from api.tourism.tourism_error import TourismError

_KEY = "16 to 128 visible ASCII characters, made anew for each"
_EDITORS = "For content editors."

strawberry.enum(
    VersionKind,
    name="PlaceVersionKind",
    description="How a version came about. SHIPPED: by the content files.",
)
strawberry.enum(MissingText, description="What a place lacks in a language.")

Language = Annotated[
    str, strawberry.argument(description="BCP 47 tag: vi, en, zh-Hans, fr, ko or ja.")
]


@strawberry.type(description="One value before and after.")
class PlaceDifference:
    field: str = strawberry.field(description="As in the input.")
    language: str | None = strawberry.field(description="BCP 47 tag, of a text.")
    before: str | None
    after: str | None

    @classmethod
    def of(cls, record: Difference) -> "PlaceDifference":
        return cls(
            field=record.field,
            language=record.language,
            before=record.before,
            after=record.after,
        )


@strawberry.type(
    description=f"What you want changed of a place. Kept for {DRAFTS_KEPT_FOR.days} days after its"
    " last change."
)
class PlaceDraft:
    id: strawberry.ID
    place_id: strawberry.ID
    base_version: int = strawberry.field(description="The place's when the draft last changed.")
    fields: list[str] = strawberry.field(
        description="As in the input; of texts, with the language."
    )
    started_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, draft: Draft) -> "PlaceDraft":
        return cls(
            id=strawberry.ID(draft.id),
            place_id=strawberry.ID(draft.place_id),
            base_version=draft.base_version,
            fields=list(draft.public_fields),
            started_at=draft.started_at,
            changed_at=draft.changed_at,
        )


@strawberry.type(description="A place as readers of Accept-Language will see it.")
class PlacePreview:
    draft: PlaceDraft
    place: Place
    differences: list[PlaceDifference] = strawberry.field(description="From what is published now.")
    conflicts: list[PlaceConflict] = strawberry.field(
        description="Fields of the draft that others changed meanwhile. Write them again to go on."
    )

    @classmethod
    async def of(cls, preview: Preview, info: Info) -> "PlacePreview":
        return cls(
            draft=PlaceDraft.of(preview.draft),
            place=await _seen(preview.place, info),
            differences=list(map(PlaceDifference.of, preview.differences)),
            conflicts=list(map(PlaceConflict.of, preview.conflicts)),
        )


@strawberry.type(description="A version of a place, as it was published.")
class PlaceVersion:
    number: int
    kind: VersionKind
    at: datetime
    by: strawberry.ID | None = strawberry.field(
        description="Id of the editor; null: the content files, or somebody who has left."
    )
    by_name: str | None = strawberry.field(description="What the editor is called.")
    is_retired: bool
    differences: list[PlaceDifference] = strawberry.field(description="From the version before.")
    place: Place = strawberry.field(description="The whole place, in the reader's language.")

    @classmethod
    def of(cls, entry: HistoryEntry, place: Place) -> "PlaceVersion":
        version = entry.version
        return cls(
            number=version.number,
            kind=version.kind,
            at=version.at,
            by=strawberry.ID(version.by) if version.by else None,
            by_name=entry.editor_name,
            is_retired=version.is_retired,
            differences=list(map(PlaceDifference.of, entry.differences)),
            place=place,
        )


@strawberry.type(description="A place that translators have something to do for.")
class IncompletePlace:
    place: Place
    missing: list[MissingText]


@strawberry.input
class ProposePlaceChangeInput:
    place_id: strawberry.ID
    changes: PlaceChangesInput


@strawberry.input
class DiscardPlaceDraftInput:
    id: strawberry.ID


@strawberry.input
class PublishPlaceChangeInput:
    draft_id: strawberry.ID
    idempotency_key: str = strawberry.field(description=f"{_KEY} publication.")


@strawberry.input
class AddPlaceInput:
    place: PlaceChangesInput = strawberry.field(
        description="With a Vietnamese name, a category, a position and a confidence at least."
    )
    idempotency_key: str = strawberry.field(description=f"{_KEY} place.")


@strawberry.input
class RetirePlaceInput:
    place_id: strawberry.ID
    idempotency_key: str = strawberry.field(description=f"{_KEY} retirement.")


@strawberry.input
class RevertPlaceInput:
    place_id: strawberry.ID
    version: int = strawberry.field(description="That shall hold again.")
    newest_version: int = strawberry.field(
        description="That you know of; a newer one is a refusal."
    )
    idempotency_key: str = strawberry.field(description=f"{_KEY} change.")


@strawberry.input
class ConfirmPlaceNameInput:
    place_id: strawberry.ID
    language: str = strawberry.field(description="BCP 47 tag: vi, en, zh-Hans, fr, ko or ja.")
    name: str = strawberry.field(description="That was checked; another one now is a refusal.")
    idempotency_key: str = strawberry.field(description=f"{_KEY} confirmation.")


@strawberry.input
class TakeDownPictureInput:
    media_id: strawberry.ID
    idempotency_key: str = strawberry.field(description=f"{_KEY} picture.")


@strawberry.type
class ProposePlaceChangeSuccess:
    preview: PlacePreview


@strawberry.type
class DiscardPlaceDraftSuccess:
    id: strawberry.ID


@strawberry.type
class PublishPlaceChangeSuccess:
    place: Place
    version: int


@strawberry.type
class AddPlaceSuccess:
    place: Place
    version: int


@strawberry.type
class RetirePlaceSuccess:
    place_id: strawberry.ID
    version: int


@strawberry.type
class RevertPlaceSuccess:
    place: Place
    version: int


@strawberry.type
class ConfirmPlaceNameSuccess:
    place: Place
    version: int


@strawberry.type
class TakeDownPictureSuccess:
    media_id: strawberry.ID


ProposePlaceChangeResult = Annotated[
    ProposePlaceChangeSuccess | TourismError, strawberry.union("ProposePlaceChangeResult")
]
DiscardPlaceDraftResult = Annotated[
    DiscardPlaceDraftSuccess | TourismError, strawberry.union("DiscardPlaceDraftResult")
]
PublishPlaceChangeResult = Annotated[
    PublishPlaceChangeSuccess | PlaceConflictError | TourismError,
    strawberry.union("PublishPlaceChangeResult"),
]
AddPlaceResult = Annotated[AddPlaceSuccess | TourismError, strawberry.union("AddPlaceResult")]
RetirePlaceResult = Annotated[
    RetirePlaceSuccess | TourismError, strawberry.union("RetirePlaceResult")
]
RevertPlaceResult = Annotated[
    RevertPlaceSuccess | PlaceConflictError | TourismError, strawberry.union("RevertPlaceResult")
]
ConfirmPlaceNameResult = Annotated[
    ConfirmPlaceNameSuccess | PlaceConflictError | TourismError,
    strawberry.union("ConfirmPlaceNameResult"),
]

TakeDownPictureResult = Annotated[
    TakeDownPictureSuccess | TourismError, strawberry.union("TakeDownPictureResult")
]


@strawberry.type
class EditingQuery:
    @strawberry.field(
        description=f"Your draft as readers will see it; null if it is not yours. {_EDITORS}"
    )
    async def place_preview(self, info: Info, draft_id: strawberry.ID) -> PlacePreview | None:
        drafts = info.context.services.tourism.editing.drafts
        preview = await drafts.preview(info.context.caller, draft_id)
        return await PlacePreview.of(preview, info) if preview else None

    @strawberry.field(description=f"Your drafts, by the ids of their places. {_EDITORS}")
    async def place_drafts(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[PlaceDraft]:
        drafts = info.context.services.tourism.editing.drafts
        page = await drafts.mine(info.context.caller, first, after)
        return Connection[PlaceDraft].of(page, PlaceDraft.of)

    @strawberry.field(
        description="Who changed what of a place, newest first; empty if nobody ever did. Noted in"
        f" the audit log. {_EDITORS}"
    )
    async def place_history(
        self, info: Info, place_id: strawberry.ID, first: First = 20, after: After = None
    ) -> Connection[PlaceVersion]:
        reading = info.context.services.tourism.editing.reading
        page = await reading.history(info.context.caller, place_id, first, after)
        places = {entry.version.number: await _seen(entry.place, info) for entry in page.items}
        return Connection[PlaceVersion].of(
            page, lambda entry: PlaceVersion.of(entry, places[entry.version.number])
        )

    @strawberry.field(
        description="Places that lack a text in a language, or whose name in it nobody has checked,"
        f" by id. {_EDITORS}"
    )
    async def places_missing(
        self, info: Info, language: Language, first: First = 20, after: After = None
    ) -> Connection[IncompletePlace]:
        reading = info.context.services.tourism.editing.reading
        page = await reading.missing(info.context.caller, language, first, after)
        places = {it.place.id: await _seen(it.place, info) for it in page.items}
        return Connection[IncompletePlace].of(
            page,
            lambda it: IncompletePlace(place=places[it.place.id], missing=list(it.missing)),
        )


@strawberry.type
class EditingMutation:
    @strawberry.mutation(
        description="Write fields into your draft of a place; nobody else sees it. Writing a field"
        f" again settles a conflict over it. {_EDITORS}"
    )
    async def propose_place_change(
        self, info: Info, input: ProposePlaceChangeInput
    ) -> ProposePlaceChangeResult:
        preview = await info.context.services.tourism.editing.drafts.propose(
            info.context.caller, input.place_id, input.changes.change()
        )
        return ProposePlaceChangeSuccess(preview=await PlacePreview.of(preview, info))

    @strawberry.mutation(description=f"Throw your draft away. {_EDITORS}")
    async def discard_place_draft(
        self, info: Info, input: DiscardPlaceDraftInput
    ) -> DiscardPlaceDraftResult:
        await info.context.services.tourism.editing.drafts.discard(info.context.caller, input.id)
        return DiscardPlaceDraftSuccess(id=input.id)

    @strawberry.mutation(
        description="Make your draft what readers see. What others changed of other fields stays;"
        f" what they changed of the same ones is an EDIT_CONFLICT. {_EDITORS}"
    )
    async def publish_place_change(
        self, info: Info, input: PublishPlaceChangeInput
    ) -> PublishPlaceChangeResult:
        place, version = await _published(
            info.context.services.tourism.editing.publishing.publish(
                info.context.caller, input.draft_id, input.idempotency_key
            ),
            info,
        )
        return PublishPlaceChangeSuccess(place=place, version=version)

    @strawberry.mutation(description=f"Add a place, at once for everybody to see. {_EDITORS}")
    async def add_place(self, info: Info, input: AddPlaceInput) -> AddPlaceResult:
        place, version = await _published(
            info.context.services.tourism.editing.publishing.add(
                info.context.caller, input.place.change(), input.idempotency_key
            ),
            info,
        )
        return AddPlaceSuccess(place=place, version=version)

    @strawberry.mutation(
        description=f"Take a place out of all lists; its history stays. {_EDITORS}"
    )
    async def retire_place(self, info: Info, input: RetirePlaceInput) -> RetirePlaceResult:
        retired = await info.context.services.tourism.editing.publishing.retire(
            info.context.caller, input.place_id, input.idempotency_key
        )
        return RetirePlaceSuccess(place_id=input.place_id, version=retired.version)

    @strawberry.mutation(
        description="Make an earlier version hold again, as a new one. Brings a retired place back."
        f" {_EDITORS}"
    )
    async def revert_place(self, info: Info, input: RevertPlaceInput) -> RevertPlaceResult:
        place, version = await _published(
            info.context.services.tourism.editing.publishing.revert(
                info.context.caller,
                input.place_id,
                input.version,
                input.newest_version,
                input.idempotency_key,
            ),
            info,
        )
        return RevertPlaceSuccess(place=place, version=version)

    @strawberry.mutation(
        description=f"Say that a name is right, as somebody who speaks its language. {_EDITORS}"
    )
    async def confirm_place_name(
        self, info: Info, input: ConfirmPlaceNameInput
    ) -> ConfirmPlaceNameResult:
        place, version = await _published(
            info.context.services.tourism.editing.publishing.confirm_name(
                info.context.caller,
                input.place_id,
                input.language,
                input.name,
                input.idempotency_key,
            ),
            info,
        )
        return ConfirmPlaceNameSuccess(place=place, version=version)

    @strawberry.mutation(
        description="Delete a picture that must not be shown, from every place and every version, for good."
        f" {_EDITORS}"
    )
    async def take_down_picture(
        self, info: Info, input: TakeDownPictureInput
    ) -> TakeDownPictureResult:
        await info.context.services.tourism.editing.publishing.take_down_picture(
            info.context.caller, input.media_id, input.idempotency_key
        )
        return TakeDownPictureSuccess(media_id=input.media_id)


async def _published(publishing: Awaitable[Published], info: Info) -> tuple[Place, int]:
    published = await publishing
    return await _seen(published.place, info), published.version


async def _seen(place: PlaceRecord, info: Info) -> Place:
    return Place.of(await info.context.services.tourism.places.seen(place), info)
