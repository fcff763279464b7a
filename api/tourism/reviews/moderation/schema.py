from typing import Annotated

import strawberry

from api.context import Info
from api.kit.pagination import After, Connection, First
from api.tourism.reviews.moderation.moderated_review import ModeratedReview, ReviewConflictError
from api.tourism.reviews.moderation.moderating import (
    CLAIMED_FOR,
    NOTE_CHARACTERS_AT_MOST,
    QueuePart,
    Verdict,
)
from api.tourism.reviews.records import Fault
from api.tourism.reviews.records import Review as ReviewRecord
from api.tourism.reviews.replying import REPLY_CHARACTERS_AT_MOST
from api.tourism.reviews.schema import Review
from api.tourism.tourism_error import TourismError

_KEY = "16 to 128 visible ASCII characters, made anew for each"
_MODERATORS = "For moderators."
_VERSION = "`number` of the version that you saw as `submitted`; another one now is a conflict."

strawberry.enum(
    QueuePart,
    name="ModerationQueuePart",
    description="FREE: nobody has claimed it. MINE: you have. CLAIMED: another moderator has.",
)


@strawberry.input
class ClaimReviewInput:
    id: strawberry.ID


@strawberry.input
class ReleaseReviewInput:
    id: strawberry.ID


@strawberry.input
class ApproveReviewInput:
    id: strawberry.ID
    version: int = strawberry.field(description=_VERSION)
    idempotency_key: str = strawberry.field(description=f"{_KEY} decision.")


@strawberry.input
class RefuseReviewInput:
    id: strawberry.ID
    version: int = strawberry.field(description=_VERSION)
    reason: Fault
    note: str | None = strawberry.field(
        default=None,
        description=f"For the author, at most {NOTE_CHARACTERS_AT_MOST} characters; OTHER needs one.",
    )
    take_down: bool = strawberry.field(
        default=False,
        description="The approved version that readers see meanwhile goes too. What waits only because"
        " it was reported is taken down in any case.",
    )
    idempotency_key: str = strawberry.field(description=f"{_KEY} decision.")


@strawberry.input
class ReplyToReviewInput:
    id: strawberry.ID
    text: str | None = strawberry.field(
        default=None,
        description=f"At most {REPLY_CHARACTERS_AT_MOST} characters; null takes the reply away.",
    )
    language: str = strawberry.field(description="BCP 47 tag of the language it is written in.")
    idempotency_key: str = strawberry.field(description=f"{_KEY} reply.")


@strawberry.type
class ClaimReviewSuccess:
    review: ModeratedReview


@strawberry.type
class ReleaseReviewSuccess:
    id: strawberry.ID


@strawberry.type
class ApproveReviewSuccess:
    review: ModeratedReview


@strawberry.type
class RefuseReviewSuccess:
    review: ModeratedReview


@strawberry.type
class ReplyToReviewSuccess:
    review: Review


ClaimReviewResult = Annotated[
    ClaimReviewSuccess | ReviewConflictError | TourismError,
    strawberry.union("ClaimReviewResult"),
]
ReleaseReviewResult = Annotated[
    ReleaseReviewSuccess | TourismError, strawberry.union("ReleaseReviewResult")
]
ApproveReviewResult = Annotated[
    ApproveReviewSuccess | ReviewConflictError | TourismError,
    strawberry.union("ApproveReviewResult"),
]
RefuseReviewResult = Annotated[
    RefuseReviewSuccess | ReviewConflictError | TourismError,
    strawberry.union("RefuseReviewResult"),
]
ReplyToReviewResult = Annotated[
    ReplyToReviewSuccess | TourismError, strawberry.union("ReplyToReviewResult")
]


@strawberry.type
class ModerationQuery:
    @strawberry.field(
        description="Reviews that wait and that you may decide on, the longest wait first. Noted in the"
        f" audit log. {_MODERATORS}"
    )
    async def moderation_queue(
        self,
        info: Info,
        part: QueuePart = QueuePart.FREE,
        first: First = 20,
        after: After = None,
    ) -> Connection[ModeratedReview]:
        moderating = info.context.services.tourism.reviews.moderating
        page = await moderating.queue(info.context.caller, part, first, after)
        return Connection[ModeratedReview].of(page, lambda review: _moderated(review, info))


@strawberry.type
class ModerationMutation:
    @strawberry.mutation(
        description="Take a review out of the others' hands for"
        f" {CLAIMED_FOR.seconds // 60} minutes, again for as long. {_MODERATORS}"
    )
    async def claim_review(self, info: Info, input: ClaimReviewInput) -> ClaimReviewResult:
        moderating = info.context.services.tourism.reviews.moderating
        review = await moderating.claim(info.context.caller, input.id)
        return ClaimReviewSuccess(review=_moderated(review, info))

    @strawberry.mutation(description=f"Give a claim of yours back. {_MODERATORS}")
    async def release_review(self, info: Info, input: ReleaseReviewInput) -> ReleaseReviewResult:
        await info.context.services.tourism.reviews.moderating.let_go(info.context.caller, input.id)
        return ReleaseReviewSuccess(id=input.id)

    @strawberry.mutation(
        description="Show what waits to everybody, or let stand what was reported. Nobody decides on a"
        f" review of their own, nor on an appeal against their own refusal. {_MODERATORS}"
    )
    async def approve_review(self, info: Info, input: ApproveReviewInput) -> ApproveReviewResult:
        verdict = Verdict(input.id, input.version, None)
        review = await _decided(verdict, input.idempotency_key, info)
        return ApproveReviewSuccess(review=review)

    @strawberry.mutation(
        description=f"Do not show what waits; the author is told why. {_MODERATORS}"
    )
    async def refuse_review(self, info: Info, input: RefuseReviewInput) -> RefuseReviewResult:
        verdict = Verdict(
            input.id, input.version, input.reason, input.note, takes_down=input.take_down
        )
        review = await _decided(verdict, input.idempotency_key, info)
        return RefuseReviewSuccess(review=review)

    @strawberry.mutation(
        description="Answer a review that is shown, for the province; an earlier answer goes. For content"
        " editors."
    )
    async def reply_to_review(self, info: Info, input: ReplyToReviewInput) -> ReplyToReviewResult:
        shown = await info.context.services.tourism.reviews.replying.reply(
            info.context.caller, input.id, input.text, input.language, input.idempotency_key
        )
        return ReplyToReviewSuccess(review=Review.of(shown, info))


async def _decided(verdict: Verdict, key: str, info: Info) -> ModeratedReview:
    moderating = info.context.services.tourism.reviews.moderating
    return _moderated(await moderating.decide(info.context.caller, verdict, key), info)


def _moderated(review: ReviewRecord, info: Info) -> ModeratedReview:
    return ModeratedReview.of(review, info, info.context.services.tourism.reviews.moderating.now())
