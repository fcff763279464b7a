"""Reviews for readers and their authors; what moderators see is in moderation/."""

from datetime import datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.kit.errors import N_
from api.kit.pagination import After, Connection, First
from api.kit.schema_types import LocalizedText
from api.media.schema import ShownMedia
from api.tourism.reviews.content_rules import (
    AUTHOR_CHARACTERS_AT_MOST,
    PHOTOS_AT_MOST,
    TEXT_CHARACTERS_AT_MOST,
    YEARS_BACK,
    NewContent,
)
from api.tourism.reviews.labels import FAULT_LABELS
from api.tourism.reviews.ratings import Rating as RatingRecord
from api.tourism.reviews.reading import REPORTED_A_DAY, ShownReview
from api.tourism.reviews.records import (
    STARS_AT_MOST,
    Decision,
    Fault,
    Reply,
    ReviewContent,
    ReviewOrder,
    ReviewState,
    Subject,
    SubjectKind,
)
from api.tourism.reviews.records import Review as ReviewRecord
from api.tourism.reviews.transitions import REPORTS_TO_QUEUE, can_appeal
from api.tourism.reviews.writing import APPEAL_CHARACTERS_AT_MOST, WRITTEN_A_DAY
from api.tourism.tourism_error import TourismError

A_VISITOR = N_("A visitor")
_KEY = "16 to 128 visible ASCII characters, made anew for each"
_STARS = f"1 to {STARS_AT_MOST} stars."
_MONTH = "The month of the visit, YYYY-MM."
_TAG = "BCP 47 tag of the language it is written in; any language."

strawberry.enum(SubjectKind, name="ReviewSubjectKind", description="What may be reviewed.")
strawberry.enum(
    ReviewState, description="Of what you sent last. PENDING: a moderator has yet to read it."
)
strawberry.enum(
    Fault,
    name="ReviewFault",
    description="Why a review is refused or reported. FALSE: it tells what is not true.",
)
strawberry.enum(ReviewOrder, description="By when it was written, or by its stars, newest first.")


@strawberry.type(description="How something is rated by those who were there.")
class Rating:
    average: float | None = strawberry.field(
        description="Stars to one decimal, halves rounded up; null without a review."
    )
    count: int
    histogram: list[int] = strawberry.field(description="How many gave 1, 2, 3, 4 and 5 stars.")

    @classmethod
    def of(cls, record: RatingRecord) -> "Rating":
        tenths = record.tenths
        return cls(
            average=None if tenths is None else tenths / 10,
            count=record.count,
            histogram=list(record.histogram),
        )


@strawberry.type(description="An answer by the province's editors.")
class ReviewReply:
    text: str
    language: str = strawberry.field(description="BCP 47 tag.")
    at: datetime

    @classmethod
    def of(cls, reply: Reply | None) -> "ReviewReply | None":
        return cls(text=reply.text, language=reply.language, at=reply.at) if reply else None


@strawberry.type(description="What somebody says who was there; a moderator has approved it.")
class Review:
    id: strawberry.ID
    rating: int = strawberry.field(description=_STARS)
    text: str | None = strawberry.field(description="Plain text, as it was written.")
    language: str = strawberry.field(description=_TAG)
    visited_on: str = strawberry.field(description=_MONTH)
    author: str = strawberry.field(
        description="The name that the author chose for this, or words for a visitor in your language."
    )
    written_at: datetime
    reply: ReviewReply | None
    photo_ids: strawberry.Private[tuple[str, ...]]

    @strawberry.field(description=f"At most {PHOTOS_AT_MOST}.")
    async def photos(self, info: Info) -> list[ShownMedia]:
        return await _photos(self.photo_ids, info)

    @classmethod
    def of(cls, shown: ShownReview, info: Info) -> "Review":
        content = shown.content
        return cls(
            id=strawberry.ID(shown.id),
            rating=content.stars,
            text=content.text,
            language=content.language,
            visited_on=content.visited_in,
            author=content.author or info.context.translate(A_VISITOR),
            written_at=content.written_at,
            reply=ReviewReply.of(shown.reply),
            photo_ids=content.photos,
        )


@strawberry.interface(description="Something that those who were there may review.")
class Reviewed:
    subject: strawberry.Private[Subject]

    @strawberry.field(description="By those who were there.")
    async def rating(self, info: Info) -> Rating:
        load = info.context.loader(info.context.services.tourism.reviews.reading.ratings)
        return Rating.of(await load.load(self.subject))

    @strawberry.field(description="What those say who were there, once a moderator approved it.")
    async def reviews(
        self,
        info: Info,
        first: First = 20,
        after: After = None,
        languages: Annotated[
            list[str] | None,
            strawberry.argument(description="BCP 47 tags, at most 20. None or empty: all."),
        ] = None,
        order: ReviewOrder = ReviewOrder.NEWEST,
    ) -> Connection[Review]:
        reading = info.context.services.tourism.reviews.reading
        page = await reading.of(self.subject, languages or (), order, first, after)
        return Connection[Review].of(page, lambda shown: Review.of(shown, info))


@strawberry.type(description="What a review is about.")
class ReviewSubject:
    kind: SubjectKind
    id: strawberry.ID

    @strawberry.field(description="Null when it is not shown any more.")
    async def name(self, info: Info) -> LocalizedText | None:
        load = info.context.loader(info.context.services.tourism.reviews.subjects.named)
        names = await load.load(Subject(self.kind, self.id))
        return LocalizedText.of(names, info.context.language) if names else None

    @classmethod
    def of(cls, subject: Subject) -> "ReviewSubject":
        return cls(kind=subject.kind, id=strawberry.ID(subject.id))


@strawberry.type(description="One version of what an author says.")
class ReviewVersion:
    number: int = strawberry.field(description="Counted from 1.")
    rating: int = strawberry.field(description=_STARS)
    text: str | None
    language: str = strawberry.field(description=_TAG)
    visited_on: str = strawberry.field(description=_MONTH)
    display_name: str | None
    written_at: datetime
    photo_ids: strawberry.Private[tuple[str, ...]]

    @strawberry.field(description="Without those that were removed since.")
    async def photos(self, info: Info) -> list[ShownMedia]:
        return await _photos(self.photo_ids, info)

    @classmethod
    def of(cls, content: ReviewContent) -> "ReviewVersion":
        return cls(
            number=content.number,
            rating=content.stars,
            text=content.text,
            language=content.language,
            visited_on=content.visited_in,
            display_name=content.author,
            written_at=content.written_at,
            photo_ids=content.photos,
        )


@strawberry.type(description="Why a moderator refused a review.")
class ReviewRefusal:
    code: Fault
    message: str = strawberry.field(description="`code` in the reader's language.")
    note: str | None = strawberry.field(description="In the moderator's own words.")
    at: datetime

    @classmethod
    def of(cls, decision: Decision | None, info: Info) -> "ReviewRefusal | None":
        if decision is None or decision.fault is None:
            return None
        return cls(
            code=decision.fault,
            message=info.context.translate(FAULT_LABELS[decision.fault]),
            note=decision.note,
            at=decision.at,
        )


@strawberry.type(description="A review of yours.")
class MyReview:
    id: strawberry.ID
    subject: ReviewSubject
    state: ReviewState
    submitted: ReviewVersion = strawberry.field(description="What you sent last.")
    shown: ReviewVersion | None = strawberry.field(
        description="What readers see: the version that was approved last."
    )
    refusal: ReviewRefusal | None = strawberry.field(description="Of the last decision.")
    can_appeal: bool
    appealed_at: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, review: ReviewRecord, info: Info) -> "MyReview":
        return cls(
            id=strawberry.ID(review.id),
            subject=ReviewSubject.of(review.subject),
            state=review.state,
            submitted=ReviewVersion.of(review.submitted),
            shown=ReviewVersion.of(review.shown) if review.shown else None,
            refusal=ReviewRefusal.of(review.decision, info),
            can_appeal=can_appeal(review),
            appealed_at=review.appeal.at if review.appeal else None,
            created_at=review.created_at,
        )


@strawberry.input(description="What you say, as a whole.")
class ReviewInput:
    rating: int = strawberry.field(description=_STARS)
    text: str | None = strawberry.field(
        default=None,
        description=f"At most {TEXT_CHARACTERS_AT_MOST} characters of plain text. No names, numbers or"
        " addresses of people.",
    )
    language: str = strawberry.field(description=_TAG)
    visited_on: str = strawberry.field(
        description=f"{_MONTH} Not in the future, and at most {YEARS_BACK} years ago."
    )
    photos: list[strawberry.ID] = strawberry.field(
        default_factory=list[strawberry.ID],
        description=f"Ids of media of yours that are READY, at most {PHOTOS_AT_MOST}. They need the"
        " consent PHOTOS.",
    )
    display_name: str | None = strawberry.field(
        default=None,
        description=f"What you are called beside it, at most {AUTHOR_CHARACTERS_AT_MOST} characters;"
        " null: a visitor. The name of your account is never shown.",
    )

    def content(self) -> NewContent:
        return NewContent(
            stars=self.rating,
            text=self.text,
            language=self.language,
            visited_in=self.visited_on,
            photos=tuple(self.photos),
            author=self.display_name,
        )


@strawberry.input
class WriteReviewInput:
    subject_kind: SubjectKind
    subject_id: strawberry.ID
    review: ReviewInput
    idempotency_key: str = strawberry.field(description=f"{_KEY} review.")


@strawberry.input
class ChangeReviewInput:
    id: strawberry.ID
    review: ReviewInput
    idempotency_key: str = strawberry.field(description=f"{_KEY} change.")


@strawberry.input
class RemoveReviewInput:
    id: strawberry.ID


@strawberry.input
class AppealReviewInput:
    id: strawberry.ID
    text: str | None = strawberry.field(
        default=None,
        description=f"What you have against it, at most {APPEAL_CHARACTERS_AT_MOST} characters.",
    )


@strawberry.input
class ReportReviewInput:
    id: strawberry.ID
    reason: Fault
    idempotency_key: str = strawberry.field(description=f"{_KEY} report.")


@strawberry.type
class WriteReviewSuccess:
    review: MyReview


@strawberry.type
class ChangeReviewSuccess:
    review: MyReview


@strawberry.type
class RemoveReviewSuccess:
    id: strawberry.ID


@strawberry.type
class AppealReviewSuccess:
    review: MyReview


@strawberry.type
class ReportReviewSuccess:
    id: strawberry.ID


WriteReviewResult = Annotated[
    WriteReviewSuccess | TourismError, strawberry.union("WriteReviewResult")
]
ChangeReviewResult = Annotated[
    ChangeReviewSuccess | TourismError, strawberry.union("ChangeReviewResult")
]
RemoveReviewResult = Annotated[
    RemoveReviewSuccess | TourismError, strawberry.union("RemoveReviewResult")
]
AppealReviewResult = Annotated[
    AppealReviewSuccess | TourismError, strawberry.union("AppealReviewResult")
]
ReportReviewResult = Annotated[
    ReportReviewSuccess | TourismError, strawberry.union("ReportReviewResult")
]


@strawberry.type
class ReviewsQuery:
    @strawberry.field(description="What you wrote, the newest first.")
    async def my_reviews(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[MyReview]:
        writing = info.context.services.tourism.reviews.writing
        page = await writing.mine(info.context.caller, first, after)
        return Connection[MyReview].of(page, lambda review: MyReview.of(review, info))


@strawberry.type
class ReviewsMutation:
    @strawberry.mutation(
        description="Say how it was. Readers see it once a moderator has approved it. One review a"
        f" person: a second one changes the first. At most {WRITTEN_A_DAY.times} reviews and changes a day."
    )
    async def write_review(self, info: Info, input: WriteReviewInput) -> WriteReviewResult:
        review = await info.context.services.tourism.reviews.writing.write(
            info.context.caller,
            Subject(input.subject_kind, input.subject_id),
            input.review.content(),
            input.idempotency_key,
        )
        return WriteReviewSuccess(review=MyReview.of(review, info))

    @strawberry.mutation(
        description="Say it anew. What was approved is shown until a moderator has approved the change."
    )
    async def change_review(self, info: Info, input: ChangeReviewInput) -> ChangeReviewResult:
        review = await info.context.services.tourism.reviews.writing.change(
            info.context.caller, input.id, input.review.content(), input.idempotency_key
        )
        return ChangeReviewSuccess(review=MyReview.of(review, info))

    @strawberry.mutation(description="Take a review of yours back, at once.")
    async def remove_review(self, info: Info, input: RemoveReviewInput) -> RemoveReviewResult:
        await info.context.services.tourism.reviews.writing.remove(info.context.caller, input.id)
        return RemoveReviewSuccess(id=input.id)

    @strawberry.mutation(
        description="Ask another moderator to look at a refused review of yours; once a review."
    )
    async def appeal_review(self, info: Info, input: AppealReviewInput) -> AppealReviewResult:
        review = await info.context.services.tourism.reviews.writing.appeal(
            info.context.caller, input.id, input.text
        )
        return AppealReviewSuccess(review=MyReview.of(review, info))

    @strawberry.mutation(
        description=f"Say what is wrong with a review. {REPORTS_TO_QUEUE} people, or one for"
        " PERSONAL_DATA, bring it back to the moderators; it is shown until they decide. At most"
        f" {REPORTED_A_DAY.times} a day."
    )
    async def report_review(self, info: Info, input: ReportReviewInput) -> ReportReviewResult:
        await info.context.services.tourism.reviews.reading.report(
            info.context.caller, input.id, input.reason, input.idempotency_key
        )
        return ReportReviewSuccess(id=input.id)


async def _photos(photo_ids: tuple[str, ...], info: Info) -> list[ShownMedia]:
    load = info.context.loader(info.context.services.media.library.linked)
    links = await load.load_many(photo_ids)
    return [ShownMedia.of(one) for one in links if one]
