"""What is kept of a person's photos, recordings and videos, to be handed over and to be forgotten."""

from datetime import datetime
from typing import Any

from api.kit.clock import Clock
from api.kit.errors import N_
from api.kit.jobs import Jobs
from api.kit.personal_data import HolderUnavailable
from api.media.allowances import AllowanceRepository
from api.media.capture import Captures
from api.media.errors import FilesUnavailable
from api.media.orphans import plan_sweep
from api.media.records import Media, MediaFile, MediaState
from api.media.removal import Removal
from api.media.repository import MediaRepository


class MediaData:
    """Documents and files. The document of each goes last: until then another run finds it again."""

    name = "media"
    explanation = N_(
        "Photos, recordings and videos that you sent. You can open them in the app. What your camera wrote"
        " into them is not kept, but for when and where, apart from the picture and sealed, if you sent it"
        " with a report."
    )

    def __init__(
        self,
        media: MediaRepository,
        allowances: AllowanceRepository,
        captures: Captures,
        removal: Removal,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._media = media
        self._allowances = allowances
        self._captures = captures
        self._removal = removal
        self._jobs = jobs
        self._clock = clock

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        mine = await self._media.all_of(person_id)
        return {
            "uploadsToday": await self._allowances.taken_today(person_id, self._clock()),
            "media": [self._told(one) for one in mine if one.state is not MediaState.REMOVED],
        }

    async def erase(self, person_id: str) -> None:
        """Remove it all. Raises HolderUnavailable while files cannot be reached."""
        mine = await self._media.all_of(person_id)
        if mine:
            # What is on its way through a signed address may still arrive, and is found then.
            await plan_sweep(self._jobs, self._clock())
        try:
            await self._removal.remove_all_of(person_id, [media.id for media in mine])
        except FilesUnavailable as error:
            raise HolderUnavailable from error
        await self._allowances.forget(person_id)

    def _told(self, media: Media) -> dict[str, Any]:
        capture = self._captures.opened(media.id, media.capture)
        return {
            "id": media.id,
            "kind": media.kind.name,
            "state": media.state.name,
            "announcedType": media.upload.content_type,
            "announcedBytes": media.upload.byte_count,
            "uploadOpenUntil": media.upload.open_until.isoformat(),
            "createdAt": media.created_at.isoformat(),
            "keptUntil": _moment(media.kept_until),
            "refusal": media.refusal and media.refusal.name,
            "milliseconds": media.milliseconds,
            "files": [_file(file) for file in media.files],
            "usedIn": sorted(media.holders),
            "taken": capture.told() if capture else None,
        }


def _file(file: MediaFile) -> dict[str, Any]:
    return {
        "name": file.name,
        "bytes": file.byte_count,
        "width": file.width,
        "height": file.height,
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
