"""The province's reply beneath a review, written by content editors."""

from dataclasses import replace

from api.accounts.caller import PROVINCE, Caller, Grant, Role
from api.kit.audit_log import AuditEntry, AuditLog
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.tourism.reviews.archive import ReviewArchive
from api.tourism.reviews.content_rules import language_of
from api.tourism.reviews.errors import ReviewNotFound
from api.tourism.reviews.reading import ShownReview
from api.tourism.reviews.records import Reply, Review
from api.tourism.reviews.review_text import checked_words

RIGHT = Grant(Role.CONTENT_EDITOR, PROVINCE)
REPLY_CHARACTERS_AT_MOST = 1_000


class Replying:
    def __init__(
        self, archive: ReviewArchive, audit: AuditLog, idempotency: Idempotency, clock: Clock
    ) -> None:
        self._archive = archive
        self._audit = audit
        self._idempotency = idempotency
        self._clock = clock

    async def reply(
        self, caller: Caller, review_id: str, typed: str | None, language: str, key: str
    ) -> ShownReview:
        """Put a reply beneath what is shown, in place of an earlier one; None takes it away.

        Raises NotSignedIn, NotAllowed, ReviewNotFound, InvalidReview and IdempotencyProblem.
        """
        editor = caller.require(RIGHT.role, RIGHT.scope)
        text = checked_words(typed, "text", REPLY_CHARACTERS_AT_MOST, with_lines=True)
        reply = Reply(text, language_of(language), self._clock(), editor) if text else None

        async def work() -> dict[str, str]:
            review = await self._shown(review_id)
            await self._archive.change(review, replace(review, reply=reply))
            action = "review.replied" if reply else "review.reply_removed"
            await self._audit.append(AuditEntry(editor, action, review.id, str(RIGHT), {}))
            return {"review": review.id}

        asked = {"review": review_id, "text": text, "language": language}
        result = await self._idempotency.once(editor, "replyToReview", key, asked, work)
        review = await self._shown(result["review"])
        assert review.shown is not None, "only what is shown is found"  # noqa: S101
        return ShownReview(review.id, review.shown, review.reply)

    async def _shown(self, review_id: str) -> Review:
        review = await self._archive.reviews.get(review_id)
        if review is None or review.shown is None:
            raise ReviewNotFound
        return review
