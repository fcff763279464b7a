"""What moderators see of a review, and the refusal that tells what holds now."""

from datetime import datetime

import strawberry
from strawberry.types.field import StrawberryField
from typing_extensions import override

from api.context import Info
from api.kit.problem import Problem
from api.tourism.errors import TourismErrorCode
from api.tourism.reviews.errors import ModerationConflict
from api.tourism.reviews.records import Fault, QueueReason, ReviewState
from api.tourism.reviews.records import Review as ReviewRecord
from api.tourism.reviews.review_text import Notice, notices
from api.tourism.reviews.schema import ReviewRefusal, ReviewSubject, ReviewVersion

strawberry.enum(
    QueueReason, name="ReviewQueueReason", description="Why a review waits for a moderator."
)
strawberry.enum(
    Notice,
    name="ReviewNotice",
    description="What stands in a text and needs a careful look: advertising, or somebody's data.",
)


@strawberry.type(description="How many people reported a review for a reason.")
class ReviewReportCount:
    reason: Fault
    count: int


@strawberry.type(description="A review as moderators see it; not whose it is.")
class ModeratedReview:
    id: strawberry.ID
    subject: ReviewSubject
    state: ReviewState
    waits_for: QueueReason | None = strawberry.field(description="Null: it does not wait.")
    waits_since: datetime | None
    submitted: ReviewVersion = strawberry.field(description="What the author sent last.")
    shown: ReviewVersion | None = strawberry.field(description="What readers see.")
    notices: list[Notice] = strawberry.field(description="Of `submitted`.")
    reports: list[ReviewReportCount] = strawberry.field(description="Since the last decision.")
    refusal: ReviewRefusal | None = strawberry.field(description="Of the last decision.")
    appeal: str | None = strawberry.field(description="What the author has against the refusal.")
    appealed_at: datetime | None
    claimed_until: datetime | None = strawberry.field(description="Null: nobody has it.")
    is_claimed_by_you: bool

    @classmethod
    def of(cls, review: ReviewRecord, info: Info, now: datetime) -> "ModeratedReview":
        waiting, said = review.waiting, review.submitted
        holder = waiting.holder(now) if waiting else None
        return cls(
            id=strawberry.ID(review.id),
            subject=ReviewSubject.of(review.subject),
            state=review.state,
            waits_for=waiting.reason if waiting else None,
            waits_since=waiting.since if waiting else None,
            submitted=ReviewVersion.of(said),
            shown=ReviewVersion.of(review.shown) if review.shown else None,
            notices=sorted(notices(said.text, said.author)),
            reports=[
                ReviewReportCount(reason=fault, count=count)
                for fault, count in sorted((review.reports or {}).items())
            ],
            refusal=ReviewRefusal.of(review.decision, info),
            appeal=review.appeal.text if review.appeal else None,
            appealed_at=review.appeal.at if review.appeal else None,
            claimed_until=waiting.claimed_until if waiting and holder else None,
            is_claimed_by_you=holder is not None and holder == info.context.caller.person_id,
        )


@strawberry.type(description="Somebody else was faster; `review` is what holds now.")
class ReviewConflictError(Problem):
    code: TourismErrorCode
    review: ModeratedReview


class ReviewConflictErrors(strawberry.ExceptionHandler[ModerationConflict, ReviewConflictError]):
    """Turns ModerationConflict into its own type; it stands before TourismErrors."""

    @override
    def handle(
        self, exception: ModerationConflict, *, field: StrawberryField, info: Info
    ) -> ReviewConflictError:
        now = info.context.services.tourism.reviews.moderating.now()
        return ReviewConflictError(
            message=exception.localized(info.context.translate),
            code=TourismErrorCode.EDIT_CONFLICT,
            review=ModeratedReview.of(exception.review, info, now),
        )
