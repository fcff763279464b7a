"""What authors do with their own reviews; nobody else's is there for them."""

from dataclasses import replace
from datetime import datetime, timedelta

from api.accounts.caller import Caller
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency, check_key
from api.kit.ids import new_id
from api.kit.limits import Allowance, Limits
from api.kit.pages import Listing, Page, checked_first
from api.kit.request_refusals import TooManyRequests
from api.tourism.reviews.archive import ReviewArchive
from api.tourism.reviews.content_rules import NewContent, content_of, says_the_same
from api.tourism.reviews.errors import (
    NothingToAppeal,
    ReviewNotFound,
    TooManyReviews,
)
from api.tourism.reviews.photos_consent import PhotosConsent
from api.tourism.reviews.records import (
    QueueReason,
    Review,
    ReviewContent,
    ReviewState,
    Subject,
    Waiting,
)
from api.tourism.reviews.review_text import checked_words
from api.tourism.reviews.subjects import Subjects
from api.tourism.reviews.transitions import appealed, can_appeal, changed

APPEAL_CHARACTERS_AT_MOST = 500
WRITTEN_A_DAY = Allowance(20, int(timedelta(days=1).total_seconds()))
_NEWEST_FIRST = Listing("reviews.mine", (datetime, str))


class Writing:
    def __init__(
        self,
        archive: ReviewArchive,
        consent: PhotosConsent,
        subjects: Subjects,
        limits: Limits,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._archive = archive
        self._consent = consent
        self._subjects = subjects
        self._limits = limits
        self._idempotency = idempotency
        self._clock = clock

    async def write(self, caller: Caller, subject: Subject, new: NewContent, key: str) -> Review:
        """Say something of a subject; whoever did so before changes what they said.

        Raises NotSignedIn, SubjectNotFound, InvalidReview, PhotosConsentMissing, TooManyReviews and
        IdempotencyProblem; ReviewNotFound for a replay after the review was removed.
        """
        person_id = caller.person()
        content = await self._checked(person_id, new, key)
        await self._subjects.check(subject)

        async def work() -> dict[str, str]:
            await self._hold_consent(person_id, content)
            review = await self._archive.reviews.by(person_id, subject)
            if review is not None:
                return await self._change(review, content)
            review = self._new(person_id, subject, content)
            await self._archive.add(review)
            return {"review": review.id}

        asked = {"subject": str(subject), **_asked(new)}
        result = await self._idempotency.once(person_id, "writeReview", key, asked, work)
        return await self._own(person_id, result["review"])

    async def change(self, caller: Caller, review_id: str, new: NewContent, key: str) -> Review:
        """Say it anew, as a whole; what was approved is shown until the change is.

        Raises as `write` does, and ReviewNotFound for what is not the caller's.
        """
        person_id = caller.person()
        await self._own(person_id, review_id)
        content = await self._checked(person_id, new, key)

        async def work() -> dict[str, str]:
            await self._hold_consent(person_id, content)
            return await self._change(await self._own(person_id, review_id), content)

        asked = {"review": review_id, **_asked(new)}
        result = await self._idempotency.once(person_id, "changeReview", key, asked, work)
        return await self._own(person_id, result["review"])

    async def remove(self, caller: Caller, review_id: str) -> None:
        """Take it back, at once, with its photos and its stars. Raises NotSignedIn, ReviewNotFound."""
        person_id = caller.person()

        async def work() -> None:
            await self._archive.remove(await self._own(person_id, review_id))

        await self._archive.together(work)

    async def appeal(self, caller: Caller, review_id: str, typed: str | None) -> Review:
        """Ask for another look at a refusal, once a review.

        Raises NotSignedIn, ReviewNotFound, InvalidReview and NothingToAppeal.
        """
        person_id = caller.person()
        text = checked_words(typed, "text", APPEAL_CHARACTERS_AT_MOST, with_lines=True)

        async def work() -> Review:
            review = await self._own(person_id, review_id)
            if review.waiting and review.waiting.reason is QueueReason.APPEALED:
                return review  # sent again
            if not can_appeal(review):
                raise NothingToAppeal
            return await self._archive.change(review, appealed(review, text, self._clock()))

        return await self._archive.together(work)

    async def mine(self, caller: Caller, first: int, after: str | None) -> Page[Review]:
        """Return what the caller wrote, the newest first. Raises NotSignedIn and PageProblem."""
        found = await self._archive.reviews.newest_by(
            caller.person(), _NEWEST_FIRST.values(after), checked_first(first) + 1
        )
        return _NEWEST_FIRST.page(
            found, first=first, after=after, values=lambda one: (one.created_at, one.id)
        )

    async def _checked(self, person_id: str, new: NewContent, key: str) -> ReviewContent:
        """Check everything that needs no transaction. Only what could be kept counts for the day."""
        check_key(key)
        content = content_of(new, 1, self._clock())
        await self._archive.check_photos(person_id, content.photos)
        try:
            await self._limits.check("reviews.write", person_id, WRITTEN_A_DAY)
        except TooManyRequests as refused:
            raise TooManyReviews(refused.retry_after_seconds) from refused
        return content

    async def _hold_consent(self, person_id: str, content: ReviewContent) -> None:
        if content.photos:
            await self._consent.hold(person_id)

    async def _change(self, review: Review, content: ReviewContent) -> dict[str, str]:
        if not says_the_same(review.submitted, content):
            next_version = replace(content, number=review.submitted.number + 1)
            await self._archive.change(review, changed(review, next_version))
        return {"review": review.id}

    async def _own(self, person_id: str, review_id: str) -> Review:
        review = await self._archive.reviews.get(review_id)
        if review is None or review.person_id != person_id:
            raise ReviewNotFound
        return review

    def _new(self, person_id: str, subject: Subject, content: ReviewContent) -> Review:
        return Review(
            id=new_id(),
            person_id=person_id,
            subject=subject,
            submitted=content,
            state=ReviewState.PENDING,
            created_at=content.written_at,
            waiting=Waiting(QueueReason.NEW, content.written_at),
        )


def _asked(new: NewContent) -> dict[str, object]:
    return {
        "stars": new.stars,
        "text": new.text,
        "language": new.language,
        "visited_in": new.visited_in,
        "photos": list(new.photos),
        "author": new.author,
    }
