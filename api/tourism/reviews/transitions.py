"""What becomes of a review: each step from what holds to what shall hold, without a store."""

from dataclasses import replace
from datetime import datetime

from api.tourism.reviews.records import (
    Appeal,
    Decision,
    Fault,
    QueueReason,
    Review,
    ReviewContent,
    ReviewState,
    Waiting,
)

REPORTS_TO_QUEUE = 3
_REPORTED_AT_ONCE = Fault.PERSONAL_DATA
"""One report of it is enough: each hour that it is read does harm."""


def changed(review: Review, content: ReviewContent) -> Review:
    """Return the review with a version that waits; an approved one is shown meanwhile.

    Whoever was looking at the version before has to look again. An appeal against its refusal is
    settled by there being another one.
    """
    waiting = review.waiting
    is_reported = waiting is not None and waiting.reason is QueueReason.REPORTED
    reason = QueueReason.REPORTED if is_reported else QueueReason.CHANGED
    if review.state is ReviewState.PENDING and waiting is not None:
        reason = waiting.reason
    since = waiting.since if waiting else content.written_at
    return replace(
        review,
        submitted=content,
        state=ReviewState.PENDING,
        waiting=Waiting(reason, since),
    )


def approved(review: Review, by: str, now: datetime) -> Review:
    """Return it decided: what waited is shown; what was only reported stays shown."""
    decided = replace(review, waiting=None, reports=None)
    if not review.awaits_decision and review.state is ReviewState.REFUSED:
        return decided  # the older version that is shown was reported without reason
    return replace(
        decided,
        state=ReviewState.APPROVED,
        shown=review.submitted,
        decision=Decision(by, now, None, None),
    )


def refused(
    review: Review, by: str, now: datetime, fault: Fault, note: str | None, *, takes_down: bool
) -> Review:
    """Return it decided: what waited is not shown, and with `takes_down` the version before neither.

    What was only reported is taken down.
    """
    is_taken_down = takes_down or not review.awaits_decision
    return replace(
        review,
        state=ReviewState.REFUSED,
        shown=None if is_taken_down else review.shown,
        reply=None if is_taken_down else review.reply,
        decision=Decision(by, now, fault, note),
        waiting=None,
        reports=None,
    )


def reported(review: Review, fault: Fault, now: datetime) -> Review:
    """Return it with one more report; enough of them bring it back to the queue, and hide nothing."""
    reports = dict(review.reports or {})
    reports[fault] = reports.get(fault, 0) + 1
    is_enough = fault is _REPORTED_AT_ONCE or sum(reports.values()) >= REPORTS_TO_QUEUE
    waiting = review.waiting
    if is_enough and waiting is None:
        waiting = Waiting(QueueReason.REPORTED, now)
    elif is_enough and waiting and waiting.reason is QueueReason.CHANGED:
        waiting = replace(waiting, reason=QueueReason.REPORTED)
    return replace(review, reports=reports, waiting=waiting)


def can_appeal(review: Review) -> bool:
    return review.state is ReviewState.REFUSED and review.appeal is None


def appealed(review: Review, text: str | None, now: datetime) -> Review:
    """Return it back in the queue."""
    since = review.waiting.since if review.waiting else now
    return replace(review, appeal=Appeal(now, text), waiting=Waiting(QueueReason.APPEALED, since))


def without_photos(review: Review) -> Review:
    """Return it without any photo."""
    shown = replace(review.shown, photos=()) if review.shown else None
    return replace(review, submitted=replace(review.submitted, photos=()), shown=shown)
