"""Photos that editors attach to places: theirs while a draft has them, the province's once published.

What was published stays in media, since the history of a place shows it and an earlier version may hold
again; only `take_down` deletes it.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from api.media.errors import MediaProblem
from api.media.library import MediaKind, MediaLibrary
from api.tourism.editing.errors import PictureNotFound, PictureNotUsable
from api.tourism.editing.place_fields import PICTURES
from api.tourism.flat_rows import Fields


class PlacePictures:
    """Joins the open transaction, and raises PictureNotUsable."""

    def __init__(self, library: MediaLibrary) -> None:
        self._library = library

    async def keep_for_draft(self, editor_id: str, changes: Fields, until: datetime) -> None:
        """Keep what a draft attaches as long as the draft may lie."""
        try:
            await self._library.usable_for_province(
                editor_id, _media_ids(changes), MediaKind.PHOTO, until
            )
        except MediaProblem as error:
            raise PictureNotUsable(PICTURES) from error

    async def keep_on_for_draft(self, editor_id: str, attached: Fields, until: datetime) -> None:
        """Keep what a draft attached before as long as what is written into it now.

        What went since is refused when the draft is published.
        """
        for media_id in _media_ids(attached):
            with suppress(MediaProblem):
                await self._library.usable_for_province(
                    editor_id, [media_id], MediaKind.PHOTO, until
                )

    async def publish(self, editor_id: str, place_id: str, changes: Fields) -> None:
        """Make the province's what is published on a place."""
        try:
            await self._library.give_to_province(
                editor_id, _media_ids(changes), MediaKind.PHOTO, f"place:{place_id}"
            )
        except MediaProblem as error:
            raise PictureNotUsable(PICTURES) from error

    async def take_down(self, media_id: str) -> None:
        """Take a published picture away from everybody. Raises PictureNotFound."""
        try:
            await self._library.remove_of_province(media_id, MediaKind.PHOTO)
        except MediaProblem as error:
            raise PictureNotFound from error


def _media_ids(changes: Fields) -> list[str]:
    pictures: Iterable[Mapping[str, Any]] = changes.get(PICTURES) or ()
    return [picture["media_id"] for picture in pictures]
