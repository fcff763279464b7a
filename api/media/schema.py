from datetime import datetime
from enum import Enum
from typing import Annotated

import strawberry
from strawberry.types.field import StrawberryField
from typing_extensions import override

from api.context import Info
from api.kit.idempotency import IdempotencyProblem
from api.kit.problem import Problem
from api.media.errors import MediaErrorCode, MediaProblem
from api.media.files import UploadDoor
from api.media.media_links import MediaLinks
from api.media.records import ANNOUNCED_TYPES, MediaKind, MediaSize, MediaState
from api.media.records import Media as MediaRecord
from api.media.records import MediaFile as MediaFileRecord
from api.media.refusals import MESSAGES, Refusal
from api.media.uploads import OPEN_FOR, RESUMABLE_FOR, NewUpload

strawberry.enum(MediaErrorCode)
strawberry.enum(MediaKind, description="AUDIO: a recording, to be heard. VIDEO: at most a minute.")
strawberry.enum(
    MediaSize,
    description="LARGE: at most 2,048 pixels on the longer side; THUMBNAIL: 480. SOUND: a recording."
    " VIDEO: as it was recorded, at most 4K.",
)
strawberry.enum(Refusal, name="MediaRefusalCode")


@strawberry.enum(
    name="MediaState",
    description="AWAITING: send the bytes, then `completeUpload`. PROCESSING: it is being checked and"
    " made anew. REFUSED: see `refusal`. BLURRING: something of it is being hidden, nobody is shown it until then.",
)
class ShownState(Enum):
    """The states that an owner sees."""

    AWAITING = MediaState.AWAITING
    PROCESSING = MediaState.PROCESSING
    READY = MediaState.READY
    BLURRING = MediaState.BLURRING
    REFUSED = MediaState.REFUSED


_TYPES = "; ".join(f"{kind.name}: {', '.join(types)}" for kind, types in ANNOUNCED_TYPES.items())


@strawberry.type(description="A file to show or play. Its address needs no token.")
class MediaFile:
    size: MediaSize
    content_type: str = strawberry.field(
        description="Each size of a photo comes as image/avif, image/webp and image/jpeg: take the first"
        " that you can show."
    )
    url: str
    width: int | None = strawberry.field(description="Pixels; null for sounds.")
    height: int | None = strawberry.field(description="Pixels; null for sounds.")
    byte_count: int

    @classmethod
    def of(cls, file: MediaFileRecord, url: str) -> "MediaFile":
        return cls(
            size=file.size,
            content_type=file.content_type,
            url=url,
            width=file.width or None,
            height=file.height or None,
            byte_count=file.byte_count,
        )


@strawberry.type(description="A photo, recording or video as everybody may see it.")
class ShownMedia:
    id: strawberry.ID
    kind: MediaKind
    duration: int | None = strawberry.field(description="Milliseconds; null for photos.")
    files: list[MediaFile]
    expires_at: datetime = strawberry.field(
        description="When the addresses end; ask again before. Until then they stay the same."
    )

    @classmethod
    def of(cls, links: MediaLinks) -> "ShownMedia":
        return cls(
            id=strawberry.ID(links.media_id),
            kind=links.kind,
            duration=None if links.kind is MediaKind.PHOTO else links.milliseconds,
            files=[MediaFile.of(file, url) for file, url in links.files],
            expires_at=links.expires_at,
        )


@strawberry.type(description="Why a file was not taken.")
class MediaRefusal:
    code: Refusal
    message: str = strawberry.field(description="In the language of Accept-Language.")


@strawberry.type(description="A photo, recording or video of yours.")
class Media:
    record: strawberry.Private[MediaRecord]
    id: strawberry.ID
    kind: MediaKind
    state: ShownState
    created_at: datetime
    kept_until: datetime | None = strawberry.field(
        description="When it goes, unless it is used by then; null while it is used."
    )
    refusal: MediaRefusal | None
    shown: ShownMedia | None = strawberry.field(description="Null unless it is READY.")

    @strawberry.field(
        description="Where its bytes go, to go on after the app was closed; null unless it is AWAITING and open."
    )
    async def upload(self, info: Info) -> "MediaUpload | None":
        door = await info.context.services.media.uploads.door(self.record)
        return MediaUpload.of(door) if door else None

    @classmethod
    async def of(cls, record: MediaRecord, info: Info) -> "Media":
        links = await info.context.services.media.library.links([record.id])
        shown = links.get(record.id)
        return cls(
            record=record,
            id=strawberry.ID(record.id),
            kind=record.kind,
            state=ShownState(record.state),
            created_at=record.created_at,
            kept_until=record.kept_until,
            refusal=_refusal(record.refusal, info),
            shown=ShownMedia.of(shown) if shown else None,
        )


@strawberry.type
class UploadField:
    name: str
    value: str


@strawberry.type(description="A part of a file, sent by itself.")
class MediaUploadPart:
    number: int
    byte_count: int = strawberry.field(description="Exactly so long.")
    url: str
    has_arrived: bool


@strawberry.type(description="Where the bytes go, exactly as many as announced. 2xx: they arrived.")
class MediaUpload:
    url: str = strawberry.field(description="Empty for PARTS.")
    method: str = strawberry.field(
        description="PUT: the bytes are the body. POST: a form (multipart/form-data) of `fields` in this order,"
        " then the bytes as `file`. TUS: in pieces, after tus 1.0.0 (HEAD says where to go on, PATCH sends)."
        " PARTS: each of `parts` is the body of a PUT to its own address; send what has not arrived."
    )
    fields: list[UploadField]
    parts: list[MediaUploadPart] = strawberry.field(
        description="In their order; none but for PARTS."
    )
    expires_at: datetime

    @classmethod
    def of(cls, door: UploadDoor) -> "MediaUpload":
        return cls(
            url=door.url,
            method=door.method.value,
            fields=[UploadField(name=name, value=value) for name, value in door.fields.items()],
            parts=[
                MediaUploadPart(
                    number=part.number,
                    byte_count=part.byte_count,
                    url=part.url,
                    has_arrived=part.has_arrived,
                )
                for part in door.parts
            ],
            expires_at=door.expires_at,
        )


@strawberry.input
class RequestUploadInput:
    kind: MediaKind
    byte_count: int = strawberry.field(description="Length of the file.")
    content_type: str = strawberry.field(
        description=f"{_TYPES}. Only a hint: the bytes decide what the file is."
    )
    is_resumable: bool = strawberry.field(
        default=False,
        description="Whether it will be sent in pieces, for large files and bad networks; it stays open"
        f" for {int(RESUMABLE_FOR.total_seconds() // 3600)} hours then.",
    )
    keeps_capture: bool = strawberry.field(
        default=False,
        description="Whether to keep when and where a photo or video was taken, as its camera wrote it: sealed,"
        " for a report, and never in what is shown. Else it is thrown away.",
    )
    idempotency_key: str = strawberry.field(
        description="16 to 128 visible ASCII characters, made anew for each file."
    )

    def new(self) -> NewUpload:
        return NewUpload(
            self.kind, self.byte_count, self.content_type, self.is_resumable, self.keeps_capture
        )


@strawberry.input
class CompleteUploadInput:
    id: strawberry.ID


@strawberry.input
class RemoveMediaInput:
    id: strawberry.ID


@strawberry.type
class MediaError(Problem):
    code: MediaErrorCode


@strawberry.type
class RequestUploadSuccess:
    media: Media
    upload: MediaUpload | None = strawberry.field(
        description="Null for a repeated request whose upload is complete or closed."
    )


@strawberry.type
class CompleteUploadSuccess:
    media: Media


@strawberry.type
class RemoveMediaSuccess:
    id: strawberry.ID


RequestUploadResult = Annotated[
    RequestUploadSuccess | MediaError, strawberry.union("RequestUploadResult")
]
CompleteUploadResult = Annotated[
    CompleteUploadSuccess | MediaError, strawberry.union("CompleteUploadResult")
]
RemoveMediaResult = Annotated[
    RemoveMediaSuccess | MediaError, strawberry.union("RemoveMediaResult")
]


@strawberry.type
class MediaQuery:
    @strawberry.field(
        description="A photo, recording or video of yours; null if there is none of this id."
    )
    async def media(self, info: Info, id: strawberry.ID) -> Media | None:
        context = info.context
        found = await context.services.media.uploads.find(context.caller.person_id, id)
        return await Media.of(found, info) if found else None


@strawberry.type
class MediaMutation:
    @strawberry.mutation(
        description="Begin to send a photo, recording or video: the answer says where the bytes go. Open for"
        f" {int(OPEN_FOR.total_seconds() // 60)} minutes. What is used nowhere goes after a day."
    )
    async def request_upload(self, info: Info, input: RequestUploadInput) -> RequestUploadResult:
        uploads, caller = info.context.services.media.uploads, info.context.caller
        media = await uploads.request(caller.person_id, input.new(), input.idempotency_key)
        door = await uploads.door(media)
        return RequestUploadSuccess(
            media=await Media.of(media, info), upload=MediaUpload.of(door) if door else None
        )

    @strawberry.mutation(
        description="Say that the bytes have arrived. They are checked, and made anew without what a camera"
        " writes into them; ask `media` how far that is."
    )
    async def complete_upload(self, info: Info, input: CompleteUploadInput) -> CompleteUploadResult:
        context = info.context
        media = await context.services.media.uploads.complete(context.caller.person_id, input.id)
        return CompleteUploadSuccess(media=await Media.of(media, info))

    @strawberry.mutation(
        description="Remove a photo, recording or video of yours, wherever it is used."
    )
    async def remove_media(self, info: Info, input: RemoveMediaInput) -> RemoveMediaResult:
        context = info.context
        await context.services.media.uploads.remove(context.caller.person_id, input.id)
        return RemoveMediaSuccess(id=input.id)


class MediaErrors(strawberry.ExceptionHandler[MediaProblem | IdempotencyProblem, MediaError]):
    """Turns every refusal of the slice into MediaError, in the reader's language."""

    @override
    def handle(
        self,
        exception: MediaProblem | IdempotencyProblem,
        *,
        field: StrawberryField,
        info: Info,
    ) -> MediaError:
        return MediaError(
            message=exception.localized(info.context.translate),
            code=MediaErrorCode[exception.code.name],
        )


def _refusal(refusal: Refusal | None, info: Info) -> MediaRefusal | None:
    if refusal is None:
        return None
    return MediaRefusal(code=refusal, message=info.context.translate(MESSAGES[refusal]))
