"""Moderators: the queue, claims, and decisions; and the province's reply beneath a review."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from api.accounts.caller import PROVINCE, Caller, Grant, Role
from api.kit.audit_log import AuditEntry, AuditLog, Details
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.pages import Listing, Page, checked_first
from api.kit.store import Filter
from api.tourism.reviews.archive import ReviewArchive
from api.tourism.reviews.errors import (
    ModerationConflict,
    NoteMissing,
    OwnRefusal,
    OwnReview,
    ReviewNotFound,
)
from api.tourism.reviews.records import Fault, QueueReason, Review
from api.tourism.reviews.review_text import checked_words
from api.tourism.reviews.transitions import approved, refused

RIGHT = Grant(Role.MODERATOR, PROVINCE)
CLAIMED_FOR = timedelta(minutes=15)
NOTE_CHARACTERS_AT_MOST = 500


class QueuePart(StrEnum):
    """Whose the waiting reviews are at this moment."""

    FREE = auto()
    MINE = auto()
    CLAIMED = auto()


_LISTINGS = {part: Listing(f"reviews.queue.{part}", (datetime, str)) for part in QueuePart}


@dataclass(frozen=True, slots=True, repr=False)
class Verdict:
    """What a moderator decides on version `number`. `fault`: None to approve.

    `takes_down`: the approved version that readers see meanwhile goes too.
    """

    review_id: str
    number: int
    fault: Fault | None
    note: str | None = None
    takes_down: bool = False


class Moderating:
    def __init__(
        self, archive: ReviewArchive, audit: AuditLog, idempotency: Idempotency, clock: Clock
    ) -> None:
        self._archive = archive
        self._audit = audit
        self._idempotency = idempotency
        self._clock = clock

    async def queue(
        self, caller: Caller, part: QueuePart, first: int, after: str | None
    ) -> Page[Review]:
        """Return what waits and the caller may decide on, whoever waits longest first; noted.

        Raises NotSignedIn, NotAllowed and PageProblem.
        """
        moderator, listing = _moderator(caller), _LISTINGS[part]
        found = await self._archive.reviews.queue(
            moderator,
            _claims(part, moderator, self._clock()),
            listing.values(after),
            checked_first(first) + 1,
        )
        page = listing.page(found, first=first, after=after, values=_place_in_queue)
        details: Details = {"part": part.value, "found": len(page.items)}
        await self._note(moderator, "reviews.read_queue", "reviews", details)
        return page

    async def claim(self, caller: Caller, review_id: str) -> Review:
        """Take it out of the others' hands for CLAIMED_FOR, again for as long.

        Raises NotSignedIn, NotAllowed, ReviewNotFound, OwnReview, OwnRefusal, ModerationConflict.
        """
        moderator, now = _moderator(caller), self._clock()
        claimed = await self._archive.reviews.claim(review_id, moderator, now, now + CLAIMED_FOR)
        if claimed is not None:
            return claimed
        raise ModerationConflict(await self._decidable(review_id, moderator))

    async def let_go(self, caller: Caller, review_id: str) -> None:
        """Give a claim back; without one nothing happens. Raises NotSignedIn, NotAllowed."""
        await self._archive.reviews.let_go(review_id, _moderator(caller))

    async def decide(self, caller: Caller, verdict: Verdict, key: str) -> Review:
        """Decide on what was seen. Of several moderators one does, the others have a conflict.

        Raises NotSignedIn, NotAllowed, ReviewNotFound, OwnReview, OwnRefusal, InvalidReview,
        ModerationConflict and IdempotencyProblem.
        """
        moderator = _moderator(caller)
        note = _checked_note(verdict)

        async def work() -> dict[str, str]:
            now = self._clock()
            review = await self._decidable(verdict.review_id, moderator)
            _check_seen(review, verdict.number, moderator, now)
            decided = _decided(review, verdict, note, moderator, now)
            await self._archive.change(review, decided)
            await self._note_decision(moderator, review, verdict)
            return {"review": review.id}

        asked = {
            "review": verdict.review_id,
            "number": verdict.number,
            "fault": verdict.fault,
            "note": verdict.note,
            "takes_down": verdict.takes_down,
        }
        result = await self._idempotency.once(moderator, "moderateReview", key, asked, work)
        return await self._found(result["review"])

    def now(self) -> datetime:
        """Return the moment by which claims are told."""
        return self._clock()

    async def _decidable(self, review_id: str, moderator: str) -> Review:
        review = await self._found(review_id)
        if review.person_id == moderator:
            raise OwnReview
        is_appealed = review.waiting and review.waiting.reason is QueueReason.APPEALED
        if is_appealed and review.decision and review.decision.by == moderator:
            raise OwnRefusal
        return review

    async def _found(self, review_id: str) -> Review:
        review = await self._archive.reviews.get(review_id)
        if review is None:
            raise ReviewNotFound
        return review

    async def _note_decision(self, moderator: str, review: Review, verdict: Verdict) -> None:
        action = "review.refused" if verdict.fault else "review.approved"
        details: Details = {
            "version": verdict.number,
            "fault": verdict.fault.value if verdict.fault else None,
            "takes_down": verdict.takes_down,
            "waited_for": review.waiting.reason.value if review.waiting else None,
        }
        await self._note(moderator, action, review.id, details)

    async def _note(
        self,
        moderator: str,
        action: str,
        subject: str,
        details: Details,
    ) -> None:
        await self._audit.append(AuditEntry(moderator, action, subject, str(RIGHT), details))


def _moderator(caller: Caller) -> str:
    return caller.require(RIGHT.role, RIGHT.scope)


def _claims(part: QueuePart, moderator: str, now: datetime) -> Filter:
    if part is QueuePart.FREE:
        return {
            "$and": [
                {"$or": [{"waiting.claimed_by": None}, {"waiting.claimed_until": {"$lte": now}}]}
            ]
        }
    whose = moderator if part is QueuePart.MINE else {"$nin": [None, moderator]}
    return {"waiting.claimed_by": whose, "waiting.claimed_until": {"$gt": now}}


def _place_in_queue(review: Review) -> tuple[datetime, str]:
    since = review.waiting.since if review.waiting else review.created_at
    return since, review.id


def _checked_note(verdict: Verdict) -> str | None:
    note = checked_words(verdict.note, "note", NOTE_CHARACTERS_AT_MOST, with_lines=True)
    if verdict.fault is Fault.OTHER and note is None:
        raise NoteMissing("note")
    return note


def _check_seen(review: Review, number: int, moderator: str, now: datetime) -> None:
    """Raise ModerationConflict unless this version waits, and for nobody else."""
    waiting = review.waiting
    is_seen = waiting is not None and review.submitted.number == number
    if not is_seen or (waiting and waiting.holder(now) not in (None, moderator)):
        raise ModerationConflict(review)


def _decided(
    review: Review, verdict: Verdict, note: str | None, moderator: str, now: datetime
) -> Review:
    if verdict.fault is None:
        return approved(review, moderator, now)
    return refused(review, moderator, now, verdict.fault, note, takes_down=verdict.takes_down)
