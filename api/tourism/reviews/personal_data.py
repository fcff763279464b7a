"""What reviews keep of a person, to be handed over and to be forgotten (PersonalData)."""

from typing import Any

from api.kit.errors import N_
from api.tourism.reviews.archive import ReviewArchive
from api.tourism.reviews.records import Fault, Review, ReviewContent


class ReviewData:
    """Reviews go with the person, and their stars; what staff decided stays, and is nobody's."""

    name = "reviews"
    explanation = N_("The reviews that you wrote, what became of them, and those you reported.")

    def __init__(self, archive: ReviewArchive) -> None:
        self._archive = archive

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        return {
            "written": list(map(_told, await self._archive.reviews.all_by(person_id))),
            "reported": [
                {
                    "review": report["review_id"],
                    "reason": Fault(report["fault"]).name,
                    "at": report["at"].isoformat(),
                }
                for report in await self._archive.reviews.reports_by(person_id)
            ],
        }

    async def erase(self, person_id: str) -> None:
        for review in await self._archive.reviews.all_by(person_id):
            await self._remove(review.id)
        await self._archive.reviews.forget_reporter(person_id)
        await self._archive.reviews.forget_staff(person_id)

    async def _remove(self, review_id: str) -> None:
        async def work() -> None:
            if review := await self._archive.reviews.get(review_id):
                await self._archive.remove(review)

        await self._archive.together(work)


def _told(review: Review) -> dict[str, Any]:
    decision, appeal, reply = review.decision, review.appeal, review.reply
    return {
        "id": review.id,
        "of": {"kind": review.subject.kind.name, "id": review.subject.id},
        "state": review.state.name,
        "createdAt": review.created_at.isoformat(),
        "submitted": _content(review.submitted),
        "shown": _content(review.shown) if review.shown else None,
        "decidedAt": decision.at.isoformat() if decision else None,
        "refusedFor": decision.fault.name if decision and decision.fault else None,
        "note": decision.note if decision else None,
        "appeal": {"at": appeal.at.isoformat(), "text": appeal.text} if appeal else None,
        "reply": {"at": reply.at.isoformat(), "text": reply.text} if reply else None,
    }


def _content(content: ReviewContent) -> dict[str, Any]:
    return {
        "version": content.number,
        "rating": content.stars,
        "text": content.text,
        "language": content.language,
        "visitedOn": content.visited_in,
        "photos": list(content.photos),
        "displayName": content.author,
        "writtenAt": content.written_at.isoformat(),
    }
