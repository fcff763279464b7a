"""What readers see of reviews, and how they report one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.accounts.caller import Caller
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency, check_key
from api.kit.limits import Allowance, Limits
from api.kit.pages import Listing, Page, checked_first
from api.kit.request_refusals import TooManyRequests
from api.tourism.reviews.archive import ReviewArchive
from api.tourism.reviews.content_rules import language_of
from api.tourism.reviews.errors import OwnReview, ReviewNotFound, TooManyLanguages, TooManyReviews
from api.tourism.reviews.ratings import Rating
from api.tourism.reviews.records import Fault, Reply, Review, ReviewContent, ReviewOrder, Subject
from api.tourism.reviews.transitions import reported

LANGUAGES_AT_MOST = 20
REPORTED_A_DAY = Allowance(50, int(timedelta(days=1).total_seconds()))
_LISTINGS = {
    ReviewOrder.NEWEST: Listing("reviews.newest", (datetime, str)),
    ReviewOrder.HIGHEST: Listing("reviews.highest", (int, datetime, str)),
    ReviewOrder.LOWEST: Listing("reviews.lowest", (int, datetime, str)),
}


@dataclass(frozen=True, slots=True, repr=False)
class ShownReview:
    """What everybody may see of a review."""

    id: str
    content: ReviewContent
    reply: Reply | None


class Reading:
    def __init__(
        self, archive: ReviewArchive, limits: Limits, idempotency: Idempotency, clock: Clock
    ) -> None:
        self._archive = archive
        self._limits = limits
        self._idempotency = idempotency
        self._clock = clock

    async def ratings(self, subjects: Sequence[Subject]) -> list[Rating]:
        """Return the rating of each, in their order."""
        return await self._archive.ratings.of(subjects)

    async def of(
        self,
        subject: Subject,
        languages: Sequence[str],
        order: ReviewOrder,
        first: int,
        after: str | None,
    ) -> Page[ShownReview]:
        """Return what was approved; no languages means all, and en what is in en-GB too.

        Raises PageProblem, WrongLanguage and TooManyLanguages.
        """
        listing = _LISTINGS[order]
        if len(languages) > LANGUAGES_AT_MOST:
            raise TooManyLanguages("languages", most=LANGUAGES_AT_MOST)
        found = await self._archive.reviews.shown_of(
            subject,
            sorted({language_of(tag) for tag in languages}),
            order,
            listing.values(after),
            checked_first(first) + 1,
        )
        shown = [ShownReview(one.id, one.shown, one.reply) for one in found if one.shown]
        return listing.page(shown, first=first, after=after, values=lambda one: _values(one, order))

    async def report(self, caller: Caller, review_id: str, fault: Fault, key: str) -> None:
        """Report what is shown, once a version; another time changes nothing.

        Raises NotSignedIn, ReviewNotFound, OwnReview, TooManyReviews and IdempotencyProblem.
        """
        person_id = caller.person()
        check_key(key)
        await self._check_often(person_id)

        async def work() -> dict[str, str]:
            review = await self._reportable(review_id, person_id)
            if review.shown is not None and await self._archive.reviews.note_report(
                review, review.shown.number, person_id, fault, self._clock()
            ):
                await self._archive.change(review, reported(review, fault, self._clock()))
            return {}

        asked = {"review": review_id, "fault": fault}
        await self._idempotency.once(person_id, "reportReview", key, asked, work)

    async def _check_often(self, person_id: str) -> None:
        try:
            await self._limits.check("reviews.report", person_id, REPORTED_A_DAY)
        except TooManyRequests as refused:
            raise TooManyReviews(refused.retry_after_seconds) from refused

    async def _reportable(self, review_id: str, person_id: str) -> Review:
        review = await self._archive.reviews.get(review_id)
        if review is not None and review.person_id == person_id:
            raise OwnReview
        if review is None or review.shown is None:
            raise ReviewNotFound
        return review


def _values(one: ShownReview, order: ReviewOrder) -> tuple[object, ...]:
    newest = (one.content.written_at, one.id)
    return newest if order is ReviewOrder.NEWEST else (one.content.stars, *newest)
