"""The one way to write reviews: the document, the rating and the photos in one transaction."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from api.kit.store import Store
from api.kit.transactions import transact
from api.media.errors import MediaProblem
from api.media.library import MediaKind, MediaLibrary
from api.tourism.reviews.errors import PhotoNotUsable
from api.tourism.reviews.ratings import RatingRepository
from api.tourism.reviews.records import Review
from api.tourism.reviews.repository import ReviewRepository

Result = TypeVar("Result")


class ReviewArchive:
    """`reviews` reads; writes come through `add`, `change` and `remove`, in an open transaction."""

    def __init__(self, store: Store, library: MediaLibrary) -> None:
        self._store = store
        self._library = library
        self.reviews = ReviewRepository(store)
        self.ratings = RatingRepository(store)

    async def together(self, work: Callable[[], Awaitable[Result]]) -> Result:
        """Do `work` in one transaction, again from its start when somebody else was faster."""
        return await transact(self._store, work)

    async def add(self, review: Review) -> None:
        """Insert it and hold its photos. Raises PhotoNotUsable, and WriteConflict as the others do."""
        await self.reviews.add(review)
        await self._hold(review, review.photos)

    async def change(self, before: Review, after: Review) -> Review:
        """Put `after` in place of `before`, the version that was read in this transaction."""
        stored = await self.reviews.replace(after)
        await self.ratings.move(before.subject, _shown_stars(before), _shown_stars(after))
        await self._hold(after, after.photos - before.photos)
        await self._release(before, before.photos - after.photos)
        return stored

    async def remove(self, review: Review) -> None:
        await self.reviews.remove(review)
        await self.ratings.move(review.subject, _shown_stars(review), None)
        await self._release(review, review.photos)

    async def check_photos(self, person_id: str, photos: tuple[str, ...]) -> None:
        """Raise PhotoNotUsable unless they are this person's, and ready."""
        try:
            await self._library.ready(person_id, photos, MediaKind.PHOTO)
        except MediaProblem as error:
            raise PhotoNotUsable("photos") from error

    async def _hold(self, review: Review, photos: frozenset[str]) -> None:
        try:
            for photo in sorted(photos):
                await self._library.hold(photo, _holder(review))
        except MediaProblem as error:
            raise PhotoNotUsable("photos") from error

    async def _release(self, review: Review, photos: frozenset[str]) -> None:
        for photo in sorted(photos):
            await self._library.release(photo, _holder(review))


def _shown_stars(review: Review) -> int | None:
    return review.shown.stars if review.shown else None


def _holder(review: Review) -> str:
    return f"review:{review.id}"
