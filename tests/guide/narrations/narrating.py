"""Recordings that editors attach to texts of stops, through the contract."""

import hashlib
from typing import Any

import httpx

from api.context import Services
from api.kit.ids import new_id
from api.media.records import (
    Media,
    MediaFile,
    MediaFormat,
    MediaKind,
    MediaSize,
    MediaState,
    Upload,
)
from api.media.repository import MediaRepository
from tests.accounts.families import person_id_of
from tests.accounts.people import Answer, SignedInPerson, new_key
from tests.conftest import NOW, send

SPOKEN = {"tourId": "sa-pa-town", "stopId": "sun-plaza", "text": "SHORT", "language": "vi"}
SHA256 = hashlib.sha256(b"a voice").hexdigest()


async def a_sound(
    services: Services,
    person: SignedInPerson,
    *,
    state: MediaState = MediaState.READY,
    sha256: str = SHA256,
) -> str:
    """Put a recording of the person's there, as if it had been uploaded, and return its id."""
    file = MediaFile(MediaSize.SOUND, MediaFormat.MP3, 90_000, sha256=sha256)
    media = Media(
        id=new_id(),
        owner_id=await person_id_of(services, person),
        kind=MediaKind.AUDIO,
        state=state,
        upload=Upload(90_000, "audio/mpeg", NOW),
        created_at=NOW,
        kept_until=NOW,
        run="1",
        files=(file,),
        milliseconds=12_345,
    )
    await MediaRepository(services.store).add(media)
    return media.id


async def attach(
    client: httpx.AsyncClient,
    editor: SignedInPerson | None,
    media_id: str,
    *,
    key: str | None = None,
    **spoken: str,
) -> Answer:
    values = {"spoken": {**SPOKEN, **spoken}, "mediaId": media_id}
    return await _do(client, "AttachNarration", values, editor, key)


async def detach(client: httpx.AsyncClient, editor: SignedInPerson, **spoken: str) -> Answer:
    return await _do(client, "RemoveNarration", {"spoken": {**SPOKEN, **spoken}}, editor, None)


async def a_narration(client: httpx.AsyncClient, services: Services, editor: SignedInPerson) -> str:
    """Let a recording of the editor's tell SPOKEN, and return its id."""
    sound = await a_sound(services, editor)
    attached = await attach(client, editor, sound)
    assert attached["__typename"] == "AttachNarrationSuccess", attached
    return sound


async def heard(client: httpx.AsyncClient, language: str = "vi") -> list[dict[str, Any]]:
    """Return what there is to listen to at the first stop."""
    data = await send(client, "guide/Tour", {"id": "sa-pa-town"}, language=language)
    return list(data["tour"]["stops"][0]["recordings"])


async def _do(
    client: httpx.AsyncClient,
    operation: str,
    values: Answer,
    editor: SignedInPerson | None,
    key: str | None,
) -> Answer:
    data = await send(
        client,
        f"guide/{operation}",
        {"input": {**values, "idempotencyKey": key or new_key()}},
        headers=editor.headers if editor else None,
    )
    (result,) = data.values()
    return dict(result)
