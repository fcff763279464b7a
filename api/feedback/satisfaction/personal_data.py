"""What is kept of how satisfied a person was: words and link go with the account, the grade stays nobody's."""

from collections.abc import Callable
from functools import partial
from typing import Any

from api.accounts.privacy.purposes import ConsentPurpose
from api.feedback.reports.records import Reporter, ReporterKind
from api.feedback.satisfaction.records import RatedKind, Rating
from api.feedback.satisfaction.repository import RatingRepository
from api.kit.errors import N_
from api.kit.store import Store
from api.kit.transactions import transact


class RatingData:
    """Also lets go of visits with the consent HEALTH, and of a dependant's with the dependant.

    (PersonalData, RestsOnConsent, KeepsOfDependants)
    """

    name = "ratings"
    explanation = N_("How satisfied you were with offices, hospitals and clinics.")

    def __init__(self, store: Store, ratings: RatingRepository) -> None:
        self._store = store
        self._ratings = ratings

    async def held_of(self, person_id: str) -> list[dict[str, Any]]:
        return list(map(_told, await self._ratings.of(_rater(person_id))))

    async def erase(self, person_id: str) -> None:
        for rating in await self._ratings.of(_rater(person_id)):
            await transact(self._store, partial(self._ratings.make_nobodys, rating))

    async def consent_withdrawn(
        self, person_id: str, subject_id: str | None, purpose: ConsentPurpose
    ) -> None:
        """Forget whose the visits were; joins the open transaction."""
        if purpose is ConsentPurpose.HEALTH:
            await self._forget(person_id, lambda rating: rating.dependant_id == subject_id)

    async def dependant_removed(self, person_id: str, dependant_id: str) -> None:
        """Forget whose the visits were; joins the open transaction."""
        await self._forget(person_id, lambda rating: rating.dependant_id == dependant_id)

    async def _forget(self, person_id: str, is_concerned: Callable[[Rating], bool]) -> None:
        for rating in await self._ratings.of(_rater(person_id)):
            if rating.kind is RatedKind.VISIT and is_concerned(rating):
                await self._ratings.make_nobodys(rating)


def _rater(person_id: str) -> Reporter:
    return Reporter(ReporterKind.PERSON, person_id)


def _told(rating: Rating) -> dict[str, Any]:
    told: dict[str, Any] = {
        "kind": rating.kind.name,
        "subject": rating.subject,
        "office": str(rating.office),
        "dependant": rating.dependant_id,
        "language": rating.language,
        "askedAt": rating.asked_at.isoformat(),
    }
    opinion = rating.opinion
    if opinion is not None and rating.rated_at is not None:
        told |= {
            "ratedAt": rating.rated_at.isoformat(),
            "grade": opinion.grade.name,
            "reasons": [reason.name for reason in opinion.reasons],
            "words": opinion.words.text if opinion.words else None,
            "wordsLanguage": opinion.words.language if opinion.words else None,
        }
    return told
