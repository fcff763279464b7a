"""What is kept of a person's media is told, and all of it goes when the person leaves."""

from pathlib import Path

import httpx
import pytest

from api.context import Services
from api.kit.personal_data import HolderUnavailable
from api.kit.store import Store
from api.media.allowances import MEDIA_COUNTS
from api.media.errors import FilesUnavailable
from api.media.repository import MEDIA
from tests.accounts.families import person_id_of
from tests.accounts.people import MINJUN, SignedInPerson, signed_in
from tests.conftest import MovableClock
from tests.media.picture_files import heic, jpeg
from tests.media.uploading import finished, local, request, sent_in, url_of


@pytest.fixture
async def mai(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await signed_in(client, services)


async def test_a_person_s_media_are_told(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, mai: SignedInPerson
) -> None:
    photo = await finished(client, services, clock, mai)
    clock.advance(minutes=1)
    await finished(client, services, clock, mai, heic())
    await services.media.library.hold(photo["id"], "review:1")
    await finished(client, services, clock, await signed_in(client, services, MINJUN))

    held = await services.media.data.held_of(await person_id_of(services, mai))

    refused, ready = held["media"]
    assert held["uploadsToday"] == 2
    assert refused["refusal"] == "HEIC"
    assert refused["files"] == []
    assert ready["files"][0]["name"] == "large.avif"
    assert {**ready, "files": len(ready["files"])} == {
        "id": photo["id"],
        "kind": "PHOTO",
        "state": "READY",
        "announcedType": "image/jpeg",
        "announcedBytes": len(jpeg()),
        "uploadOpenUntil": "2026-05-01T10:00:00+00:00",
        "createdAt": "2026-05-01T09:30:00+00:00",
        "keptUntil": None,
        "refusal": None,
        "milliseconds": 0,
        "files": 6,
        "usedIn": ["review:1"],
        "taken": None,
    }


async def test_all_of_it_is_erased_and_nothing_of_others(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    mai: SignedInPerson,
) -> None:
    photo = await finished(client, services, clock, mai)
    await services.media.library.hold(photo["id"], "review:1")
    await sent_in(client, mai)
    await request(client, mai)
    other = await finished(client, services, clock, await signed_in(client, services, MINJUN))
    person_id = await person_id_of(services, mai)

    await services.media.data.erase(person_id)
    await services.media.data.erase(person_id)

    replies = [await client.get(local(url_of(one))) for one in (photo, other)]
    kept = {stored.media_id async for stored in services.media.files.stored()}
    assert [reply.status_code for reply in replies] == [403, 200]
    assert kept == {other["id"]}
    assert [document["_id"] for document in await store[MEDIA].find({})] == [other["id"]]
    assert await store[MEDIA_COUNTS].count({}) == 1


async def test_while_files_are_away_it_is_asked_again(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    mai: SignedInPerson,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    photo = await finished(client, services, clock, mai)
    person_id = await person_id_of(services, mai)

    async def away(_: str) -> None:
        raise FilesUnavailable("EndpointConnectionError")

    with monkeypatch.context() as patch:
        patch.setattr(services.media.files, "remove", away)
        with pytest.raises(HolderUnavailable):
            await services.media.data.erase(person_id)
    meanwhile = await client.get(local(url_of(photo)))
    await services.media.data.erase(person_id)

    assert meanwhile.status_code == 403
    assert await store[MEDIA].count({}) == 0
    assert not list((tmp_path / "media" / "published").rglob("*.avif"))
