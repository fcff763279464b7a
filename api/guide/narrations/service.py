"""Attaching recordings to texts, and finding them again; free of HTTP and GraphQL."""

from collections.abc import Awaitable, Callable
from typing import Any

from api.accounts.caller import Caller
from api.guide.narrations.errors import (
    NarrationMissing,
    NothingWritten,
    RecordingNotUsable,
    StopNotFound,
)
from api.guide.narrations.narration import Narration, NarrationBook, Spot, text_hash_of, texts_of
from api.guide.narrations.repository import NarrationRepository
from api.guide.tours.library import TourLibrary
from api.kit.audit_log import AuditEntry, AuditLog, Details
from api.kit.clock import Clock
from api.kit.fresh_copy import FreshCopy
from api.kit.idempotency import Idempotency
from api.kit.ids import is_id
from api.kit.store import Store
from api.media.errors import MediaProblem
from api.media.library import Media, MediaKind, MediaLibrary, MediaLinks
from api.tourism.editing.editors import RIGHT, editor_of


class NarrationService:
    """`public_url`: the address under which phones reach the API."""

    def __init__(
        self,
        store: Store,
        tours: TourLibrary,
        library: MediaLibrary,
        audit: AuditLog,
        clock: Clock,
        *,
        public_url: str,
    ) -> None:
        self._repository = NarrationRepository(store)
        self._tours = tours
        self._library = library
        self._audit = audit
        self._idempotency = Idempotency(store, clock)
        self._book = FreshCopy(self._refreshed, clock)
        self._public_url = public_url.rstrip("/")

    async def book(self) -> NarrationBook:
        """Return what is told, at most two seconds old."""
        return await self._book.current()

    def url(self, narration: Narration) -> str:
        """Return an address that stays, and leads on to one that holds for an hour or two."""
        return f"{self._public_url}/v1/narrations/{narration.media_id}"

    async def links(self, media_id: str) -> MediaLinks | None:
        """Return where a recording is fetched; None unless it is attached to a text and there."""
        if not (is_id(media_id) and await self._repository.is_told(media_id)):
            return None
        return (await self._library.links([media_id])).get(media_id)

    async def attach(self, caller: Caller, spot: Spot, media_id: str, key: str) -> Narration | None:
        """Let a recording tell a text, in place of another one; it is the province's from then on.

        Returns None for a repeated request whose recording was removed since. Raises NotSignedIn,
        NotAllowed, StopNotFound, NothingWritten, RecordingNotUsable, IdempotencyProblem.
        """
        editor_id = editor_of(caller)
        text_hash = text_hash_of(self._written(spot))

        async def work() -> None:
            before = await self._repository.get(spot)
            narration = _narration(spot, text_hash, await self._given(editor_id, media_id, spot))
            await self._repository.put(narration)
            if before is not None and before.media_id != media_id:
                await self._library.release(before.media_id, _holder(spot))

        request = {"spot": str(spot), "media": media_id}
        await self._once(editor_id, "attachNarration", key, request, work)
        return await self._repository.get(spot)

    async def remove(self, caller: Caller, spot: Spot, key: str) -> None:
        """Let nobody tell a text any more; its recording goes after a day.

        Raises NotSignedIn, NotAllowed, StopNotFound, NarrationMissing, IdempotencyProblem.
        """
        editor_id = editor_of(caller)

        async def work() -> None:
            before = await self._repository.remove(spot)
            if before is None:
                raise NarrationMissing
            await self._library.release(before.media_id, _holder(spot))

        await self._once(editor_id, "removeNarration", key, {"spot": str(spot)}, work)

    async def _refreshed(self, _: NarrationBook | None) -> NarrationBook:
        return NarrationBook.of(await self._repository.all())

    def _written(self, spot: Spot) -> str:
        tour = self._tours.tours.get(spot.tour_id)
        stop = next((it for it in tour.stops if it.id == spot.stop_id), None) if tour else None
        if stop is None:
            raise StopNotFound
        written = texts_of(stop, spot.text).get(spot.language)
        if written is None:
            raise NothingWritten
        return written

    async def _given(self, editor_id: str, media_id: str, spot: Spot) -> Media:
        try:
            (given,) = await self._library.give_to_province(
                editor_id, [media_id], MediaKind.AUDIO, _holder(spot)
            )
        except MediaProblem as error:
            raise RecordingNotUsable from error
        return given

    async def _once(
        self,
        editor_id: str,
        operation: str,
        key: str,
        request: dict[str, Any],
        work: Callable[[], Awaitable[None]],
    ) -> None:
        async def noted() -> dict[str, Any]:
            await work()
            details: Details = {"media": request.get("media")}
            action = "narration.attached" if "media" in request else "narration.removed"
            await self._audit.append(
                AuditEntry(editor_id, action, request["spot"], str(RIGHT), details)
            )
            return {}

        await self._idempotency.once(editor_id, operation, key, request, noted)


def _narration(spot: Spot, text_hash: str, media: Media) -> Narration:
    (sound,) = media.files
    if not sound.sha256:  # made by a release that did not know it yet
        raise RecordingNotUsable
    return Narration(
        spot=spot,
        text_hash=text_hash,
        media_id=media.id,
        content_type=sound.content_type,
        byte_count=sound.byte_count,
        sha256=sound.sha256,
        milliseconds=media.milliseconds,
    )


def _holder(spot: Spot) -> str:
    return f"narration:{spot}"
