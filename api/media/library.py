"""What other slices may do with photos, recordings and videos: show them, and keep those that they use.

Whoever wants media on something of theirs lets the owner upload it, asks `ready`, then calls `hold`
in the transaction that notes the media's id, and `release` in the one that drops it. What nobody
holds goes after a day. An owner may always remove what is theirs, also when it is held: then `links`
leaves it out.
"""

from collections.abc import Sequence
from datetime import datetime

from api.kit.ids import is_id
from api.kit.store import Store
from api.kit.transactions import transact
from api.media.capture import Capture, Captures
from api.media.errors import MediaNotFound, MediaNotReady, OtherKind
from api.media.media_links import LinkSigner, MediaLinks
from api.media.records import PROVINCE_OWNER, Media, MediaKind, MediaState
from api.media.removal import Removal
from api.media.repository import MediaRepository

__all__ = ["Capture", "Media", "MediaKind", "MediaLibrary", "MediaLinks"]


class MediaLibrary:
    """Open to every slice above."""

    def __init__(
        self,
        store: Store,
        media: MediaRepository,
        signer: LinkSigner,
        captures: Captures,
        removal: Removal,
    ) -> None:
        self._store = store
        self._media = media
        self._signer = signer
        self._captures = captures
        self._removal = removal

    async def ready(
        self, owner_id: str, media_ids: Sequence[str], kind: MediaKind
    ) -> tuple[Media, ...]:
        """Return the owner's media in the order of their ids.

        Raises MediaNotFound (also for another person's), OtherKind and MediaNotReady.
        """
        return await self._ready(media_ids, kind, frozenset({owner_id}))

    async def hold(self, media_id: str, holder: str) -> None:
        """Keep it for `holder`, such as "review:<id>"; joins the open transaction, twice is once.

        Raises MediaNotFound when it is not ready, or was removed meanwhile.
        """
        if not await self._media.hold(media_id, holder):
            raise MediaNotFound

    async def usable_for_province(
        self, owner_id: str, media_ids: Sequence[str], kind: MediaKind, until: datetime
    ) -> None:
        """Keep until then what the owner wants to give to the province; joins the open transaction.

        What is the province's already stays as it is. Raises as `ready` does.
        """
        await self._given(owner_id, media_ids, kind)
        for media_id in media_ids:
            if await self._media.keep_until(media_id, until):
                await self._removal.plan_expiry(media_id, until)

    async def give_to_province(
        self, owner_id: str, media_ids: Sequence[str], kind: MediaKind, holder: str
    ) -> tuple[Media, ...]:
        """Make media of staff the province's, and keep them for `holder`; joins the open transaction.

        They stay when the account of the owner goes, and count against nobody. Raises as `ready` does.
        """
        given = await self._given(owner_id, media_ids, kind)
        for media_id in media_ids:
            if not await self._media.adopt(media_id, owner_id, PROVINCE_OWNER, holder):
                raise MediaNotFound
        return given

    async def remove_of_province(self, media_id: str, kind: MediaKind) -> None:
        """Take what was given to the province away from everybody; joins the open transaction.

        Raises MediaNotFound for anything else, and OtherKind.
        """
        await self._ready([media_id], kind, frozenset({PROVINCE_OWNER}))
        await self._removal.remove(media_id)

    async def linked(self, media_ids: Sequence[str]) -> list[MediaLinks | None]:
        """Return the links to each, in their order; None for what is gone."""
        found = await self.links(media_ids)
        return [found.get(media_id) for media_id in media_ids]

    async def release(self, media_id: str, holder: str) -> None:
        """Keep it no longer for `holder`; joins the open transaction. What is gone is no error."""
        await transact(self._store, lambda: self._removal.release(media_id, holder))

    async def remove(self, media_id: str) -> None:
        """Take it away from everybody at once, whoever holds it; joins the open transaction.

        For those who moderate, who check the right to it and write the audit log. What is gone is
        no error.
        """
        await transact(self._store, lambda: self._removal.remove(media_id))

    async def links(self, media_ids: Sequence[str]) -> dict[str, MediaLinks]:
        """Return links to those that are ready; the others are left out."""
        found = await self._media.get_many([one for one in media_ids if is_id(one)])
        return {
            media_id: self._signer.links(media)
            for media_id, media in found.items()
            if media.state is MediaState.READY
        }

    async def capture_of(self, media_id: str) -> Capture | None:
        """Return when and where it was taken, by its camera; None where that is not kept.

        For the slice that uses it: check there who may know. Raises SealBroken.
        """
        media = await self._media.get(media_id) if is_id(media_id) else None
        if media is None or media.state is MediaState.REMOVED:
            return None
        return self._captures.opened(media_id, media.capture)

    async def _given(
        self, owner_id: str, media_ids: Sequence[str], kind: MediaKind
    ) -> tuple[Media, ...]:
        return await self._ready(media_ids, kind, frozenset({owner_id, PROVINCE_OWNER}))

    async def _ready(
        self, media_ids: Sequence[str], kind: MediaKind, owners: frozenset[str]
    ) -> tuple[Media, ...]:
        found = await self._media.get_many([one for one in media_ids if is_id(one)])
        return tuple(_ready(found.get(media_id), owners, kind) for media_id in media_ids)


def _ready(media: Media | None, owners: frozenset[str], kind: MediaKind) -> Media:
    if media is None or media.owner_id not in owners or media.state is MediaState.REMOVED:
        raise MediaNotFound
    if media.kind is not kind:
        raise OtherKind
    if media.state is not MediaState.READY:
        raise MediaNotReady
    return media
