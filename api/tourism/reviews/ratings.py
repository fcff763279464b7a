"""How a subject is rated: counts of stars, kept beside each decision and never added up anew."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.kit.store import CollectionSpec, Document, DuplicateKey, Store, WriteConflict
from api.tourism.reviews.records import STARS_AT_MOST, Subject, SubjectKind

REVIEW_RATINGS = CollectionSpec("review_ratings")
_STARS = range(1, STARS_AT_MOST + 1)


@dataclass(frozen=True, slots=True)
class Rating:
    """`histogram`: how many shown reviews gave 1, 2, … stars."""

    histogram: tuple[int, ...] = (0,) * STARS_AT_MOST

    @property
    def count(self) -> int:
        return sum(self.histogram)

    @property
    def tenths(self) -> int | None:
        """The average in tenths of a star, halves rounded up; None without a review."""
        if not self.count:
            return None
        total = sum(stars * count for stars, count in zip(_STARS, self.histogram, strict=True))
        return (20 * total + self.count) // (2 * self.count)


class RatingRepository:
    def __init__(self, store: Store) -> None:
        self._ratings = store[REVIEW_RATINGS]

    async def of(self, subjects: Sequence[Subject]) -> list[Rating]:
        """Return the rating of each, in their order."""
        found = await self._ratings.get_many([str(subject) for subject in subjects])
        return [_rating(found.get(str(subject), {})) for subject in subjects]

    async def all_of(self, kind: SubjectKind) -> dict[str, Rating]:
        """Return every rating of a kind that has a review, by the subject's id."""
        found = {Subject.of(it["_id"]): _rating(it) for it in await self._ratings.find({})}
        return {
            subject.id: rating
            for subject, rating in found.items()
            if subject.kind is kind and rating.count
        }

    async def move(self, subject: Subject, before: int | None, after: int | None) -> None:
        """Count a review that showed `before` stars, and shows `after`, None for not at all.

        Joins the open transaction, in which the review is written.
        """
        if before == after:
            return
        changes = {_field(stars): by for stars, by in ((before, -1), (after, 1)) if stars}
        if await self._ratings.update_one({"_id": str(subject)}, {"$inc": changes}) is None:
            await self._begin(subject, changes)

    async def _begin(self, subject: Subject, changes: dict[str, int]) -> None:
        none = dict.fromkeys(map(_field, _STARS), 0)
        try:
            await self._ratings.insert({"_id": str(subject), **none, **changes})
        except DuplicateKey as error:
            raise WriteConflict from error  # the first two at once: begin again


def _field(stars: int) -> str:
    return f"stars_{stars}"


def _rating(document: Document) -> Rating:
    return Rating(tuple(document.get(_field(stars), 0) for stars in _STARS))
