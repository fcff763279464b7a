"""Photos of reports at the desk of an agency."""

from datetime import datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.feedback.feedback_error import FeedbackError
from api.feedback.photos.service import DeskPhoto as PhotoRecord
from api.feedback.photos.service import OriginalReason, SeenPhoto
from api.kit.schema_types import Position
from api.media.blurring.service import BOXES_AT_MOST
from api.media.records import BlurBox as BoxRecord

_KEY = "16 to 128 visible ASCII characters, made anew for each step."
strawberry.enum(
    OriginalReason,
    name="OriginalPhotoReason",
    description="CHECK_BLUR: to hide more, or less. COMPLAINT: somebody asked. AUTHORITY: one with the right to it.",
)


@strawberry.type(
    description="A part of a photo, from 0 to 1 of its width and height, from the upper left corner."
)
class BlurBox:
    left: float = strawberry.field(description="Of the width.")
    top: float = strawberry.field(description="Of the height.")
    width: float = strawberry.field(description="Of the width.")
    height: float = strawberry.field(description="Of the height.")

    @classmethod
    def of(cls, box: BoxRecord) -> "BlurBox":
        return cls(left=box.left, top=box.top, width=box.width, height=box.height)


@strawberry.type(description="What clerks know of a photo.")
class DeskPhoto:
    media_id: strawberry.ID
    blur_version: int = strawberry.field(description="0: as it came.")
    boxes: list[BlurBox] = strawberry.field(description="What is hidden of it.")
    is_blurring: bool = strawberry.field(description="Nobody is shown it until that is done.")
    taken_at: datetime | None = strawberry.field(description="As the camera says.")
    taken_position: Position | None = strawberry.field(description="As the camera says.")

    @classmethod
    def of(cls, photo: PhotoRecord) -> "DeskPhoto":
        blur, capture = photo.blur, photo.capture
        place = capture.position if capture else None
        return cls(
            media_id=strawberry.ID(blur.media_id),
            blur_version=blur.blur.version,
            boxes=list(map(BlurBox.of, blur.blur.boxes)),
            is_blurring=blur.is_under_way,
            taken_at=capture.captured_at if capture else None,
            taken_position=Position.of(place) if place else None,
        )


@strawberry.input(
    description="A part of a photo, from 0 to 1 of its width and height, from the upper left corner."
)
class BlurBoxInput:
    left: float = strawberry.field(description="Of the width.")
    top: float = strawberry.field(description="Of the height.")
    width: float = strawberry.field(description="Of the width.")
    height: float = strawberry.field(description="Of the height.")


@strawberry.input
class BlurPhotoInput:
    agency_id: strawberry.ID
    code: strawberry.ID = strawberry.field(description="Of the report that the photo belongs to.")
    media_id: strawberry.ID
    seen_version: int = strawberry.field(
        description="`blurVersion` as you saw it; when it is another one by now, nothing is done."
    )
    boxes: list[BlurBoxInput] = strawberry.field(
        description=f"All that is to be hidden, at most {BOXES_AT_MOST}: faces, number plates. None shows it as it came."
    )
    idempotency_key: str = strawberry.field(description=_KEY)

    def seen(self) -> SeenPhoto:
        return SeenPhoto(self.agency_id, self.code, self.media_id, self.seen_version)

    def hidden(self) -> list[BoxRecord]:
        return [BoxRecord(box.left, box.top, box.width, box.height) for box in self.boxes]


@strawberry.input
class ReadOriginalPhotoInput:
    agency_id: strawberry.ID
    code: strawberry.ID
    media_id: strawberry.ID
    reason: OriginalReason

    def seen(self) -> SeenPhoto:
        return SeenPhoto(self.agency_id, self.code, self.media_id)


@strawberry.type
class BlurPhotoSuccess:
    photo: DeskPhoto


@strawberry.type
class ReadOriginalPhotoSuccess:
    url: str = strawberry.field(description="A JPEG, without a token; pass it to nobody.")
    expires_at: datetime


BlurPhotoResult = Annotated[BlurPhotoSuccess | FeedbackError, strawberry.union("BlurPhotoResult")]
ReadOriginalPhotoResult = Annotated[
    ReadOriginalPhotoSuccess | FeedbackError, strawberry.union("ReadOriginalPhotoResult")
]


@strawberry.type
class DeskPhotoMutation:
    @strawberry.mutation(
        description="Hide faces or number plates in a photo of a report that the agency has. From the answer on"
        " nobody is shown the photo, until a copy with these boxes hidden for good is made."
    )
    async def blur_photo(self, info: Info, input: BlurPhotoInput) -> BlurPhotoResult:
        photo = await info.context.services.feedback.desk_photos.blur(
            info.context.caller, input.seen(), input.hidden(), input.idempotency_key
        )
        return BlurPhotoSuccess(photo=DeskPhoto.of(photo))

    @strawberry.mutation(
        description="Read a photo as it was before it was blurred. Each reading, with its reason, is in the audit log."
    )
    async def read_original_photo(
        self, info: Info, input: ReadOriginalPhotoInput
    ) -> ReadOriginalPhotoResult:
        link = await info.context.services.feedback.desk_photos.read_original(
            info.context.caller, input.seen(), input.reason
        )
        return ReadOriginalPhotoSuccess(url=link.url, expires_at=link.expires_at)
