"""Reviews as documents, and back."""

from collections.abc import Mapping
from typing import Any

from api.kit.store import Document
from api.tourism.reviews.records import (
    Appeal,
    Decision,
    Fault,
    QueueReason,
    Reply,
    Review,
    ReviewContent,
    ReviewState,
    Subject,
    Waiting,
)


def review_document(review: Review) -> Document:
    return {
        "_id": review.id,
        "person_id": review.person_id,
        "subject": str(review.subject),
        "submitted": _content_document(review.submitted),
        "state": review.state.value,
        "created_at": review.created_at,
        "shown": _content_document(review.shown),
        "decision": _decision_document(review.decision),
        "waiting": _waiting_document(review.waiting),
        "appeal": {"at": review.appeal.at, "text": review.appeal.text} if review.appeal else None,
        "reply": _reply_document(review.reply),
        "reports": {fault.value: count for fault, count in (review.reports or {}).items()},
        "version": review.version,
    }


def review_of(document: Document) -> Review:
    appeal = document["appeal"]
    return Review(
        id=document["_id"],
        person_id=document["person_id"],
        subject=Subject.of(document["subject"]),
        submitted=_content(document["submitted"]),
        state=ReviewState(document["state"]),
        created_at=document["created_at"],
        shown=_content(document["shown"]) if document["shown"] else None,
        decision=_decision(document["decision"]),
        waiting=_waiting(document["waiting"]),
        appeal=Appeal(appeal["at"], appeal["text"]) if appeal else None,
        reply=_reply(document["reply"]),
        reports={Fault(fault): count for fault, count in document["reports"].items()},
        version=document["version"],
    )


def _content_document(content: ReviewContent | None) -> Document | None:
    if content is None:
        return None
    return {
        "number": content.number,
        "stars": content.stars,
        "text": content.text,
        "language": content.language,
        "visited_in": content.visited_in,
        "photos": list(content.photos),
        "author": content.author,
        "written_at": content.written_at,
    }


def _content(document: Mapping[str, Any]) -> ReviewContent:
    return ReviewContent(
        number=document["number"],
        stars=document["stars"],
        text=document["text"],
        language=document["language"],
        visited_in=document["visited_in"],
        photos=tuple(document["photos"]),
        author=document["author"],
        written_at=document["written_at"],
    )


def _decision_document(decision: Decision | None) -> Document | None:
    if decision is None:
        return None
    fault = decision.fault.value if decision.fault else None
    return {"by": decision.by, "at": decision.at, "fault": fault, "note": decision.note}


def _decision(document: Mapping[str, Any] | None) -> Decision | None:
    if document is None:
        return None
    fault = Fault(document["fault"]) if document["fault"] else None
    return Decision(document["by"], document["at"], fault, document["note"])


def _waiting_document(waiting: Waiting | None) -> Document | None:
    if waiting is None:
        return None
    return {
        "reason": waiting.reason.value,
        "since": waiting.since,
        "claimed_by": waiting.claimed_by,
        "claimed_until": waiting.claimed_until,
    }


def _waiting(document: Mapping[str, Any] | None) -> Waiting | None:
    if document is None:
        return None
    return Waiting(
        QueueReason(document["reason"]),
        document["since"],
        document["claimed_by"],
        document["claimed_until"],
    )


def _reply_document(reply: Reply | None) -> Document | None:
    if reply is None:
        return None
    return {"text": reply.text, "language": reply.language, "at": reply.at, "by": reply.by}


def _reply(document: Mapping[str, Any] | None) -> Reply | None:
    if document is None:
        return None
    return Reply(document["text"], document["language"], document["at"], document["by"])
