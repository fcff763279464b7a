"""Asking for an upload, saying that it is complete, and how far it is."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from api.context import Services
from api.kit.jobs import JOBS
from api.kit.store import Store
from api.media.allowances import MEDIA_COUNTS, AllowanceRepository
from api.media.repository import MEDIA
from api.settings import Settings
from tests.accounts.exporting import run_jobs
from tests.accounts.people import MINJUN, SignedInPerson, new_key, signed_in
from tests.conftest import MovableClock
from tests.media.picture_files import heic, jpeg
from tests.media.sound_files import m4a
from tests.media.uploading import (
    announced,
    call,
    complete,
    finished,
    look,
    put,
    remove,
    request,
    sent_in,
)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    few = {"media_open_uploads": 3, "media_uploads_per_day": 5, "media_megabytes_per_person": 40}
    return settings.model_copy(update=few)


@pytest.fixture
async def mai(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await signed_in(client, services)


async def count(store: Store) -> int:
    return await store[MEDIA].count({})


async def test_an_upload_is_opened(client: httpx.AsyncClient, mai: SignedInPerson) -> None:
    result = await request(client, mai)

    media, upload = result["media"], result["upload"]
    assert media["state"] == "AWAITING"
    assert media["keptUntil"] == "2026-05-01T10:15:00+00:00"
    assert upload["method"] == "PUT"
    assert upload["fields"] == []
    assert upload["url"].startswith(f"http://127.0.0.1:8000/v1/media/uploads/{media['id']}?ticket=")
    assert upload["expiresAt"] == "2026-05-01T10:00:00+00:00"


async def test_the_same_request_again_is_the_same_upload(
    client: httpx.AsyncClient, store: Store, mai: SignedInPerson
) -> None:
    values = announced(jpeg())

    first = await call(client, "RequestUpload", values, mai)
    again = await call(client, "RequestUpload", values, mai)
    other = await call(client, "RequestUpload", {**values, "byteCount": 7}, mai)

    assert again == first
    assert other["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert await count(store) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"contentType": "image/svg+xml"}, "TYPE_NOT_SUPPORTED"),
        ({"contentType": "text/html"}, "TYPE_NOT_SUPPORTED"),
        ({"contentType": "audio/mp4"}, "TYPE_NOT_SUPPORTED"),
        ({"contentType": "image/jpeg; charset=x"}, "TYPE_NOT_SUPPORTED"),
        ({"contentType": "x" * 5_000}, "TYPE_NOT_SUPPORTED"),
        ({"byteCount": 0}, "INVALID_SIZE"),
        ({"byteCount": -1}, "INVALID_SIZE"),
        ({"byteCount": 25_000_001}, "TOO_LARGE"),
        ({"byteCount": 2**31 - 1}, "TOO_LARGE"),
        ({"idempotencyKey": "short"}, "INVALID_IDEMPOTENCY_KEY"),
    ],
)
async def test_what_cannot_be_taken_is_refused_before_it_is_sent(
    client: httpx.AsyncClient,
    store: Store,
    mai: SignedInPerson,
    changes: dict[str, Any],
    code: str,
) -> None:
    result = await request(client, mai, **changes)

    assert result["code"] == code
    assert await count(store) == 0
    assert await store[MEDIA_COUNTS].count({}) == 0


async def test_a_person_has_few_uploads_open(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, mai: SignedInPerson
) -> None:
    first = [await request(client, mai) for _ in range(3)]

    refused = await request(client, mai)
    removed = await remove(client, mai, first[0]["media"]["id"])
    after_removal = await request(client, mai)
    clock.advance(minutes=31)
    after_their_time = await request(client, await signed_in(client, services))

    assert refused["code"] == "TOO_MANY_OPEN_UPLOADS"
    assert removed["__typename"] == "RemoveMediaSuccess"
    assert after_removal["__typename"] == "RequestUploadSuccess"
    assert after_their_time["__typename"] == "RequestUploadSuccess"


async def test_a_person_sends_no_more_than_so_many_a_day(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, mai: SignedInPerson
) -> None:
    for _ in range(5):
        opened = await request(client, mai)
        await remove(client, mai, opened["media"]["id"])

    refused = await request(client, mai)
    another = await request(client, await signed_in(client, services, MINJUN))
    clock.advance(hours=7, minutes=31)  # past midnight in Vietnam
    next_day = await request(client, await signed_in(client, services))

    assert refused["code"] == "TOO_MANY_UPLOADS"
    assert refused["message"] == (
        "You have sent as much as you can today: 5 files. Go on tomorrow."
    )
    assert another["__typename"] == "RequestUploadSuccess"
    assert next_day["__typename"] == "RequestUploadSuccess"


async def test_a_person_keeps_no_more_than_so_many_bytes(
    client: httpx.AsyncClient, store: Store, mai: SignedInPerson
) -> None:
    await request(client, mai, byteCount=25_000_000)

    too_much = await request(client, mai, byteCount=15_000_001)
    just_enough = await request(client, mai, byteCount=15_000_000)

    assert too_much["code"] == "TOO_MUCH_MEDIA"
    assert just_enough["__typename"] == "RequestUploadSuccess"
    assert await count(store) == 2


async def at_once(client: httpx.AsyncClient, mai: SignedInPerson, requests: int) -> list[str]:
    results = await asyncio.gather(*(request(client, mai) for _ in range(requests)))
    return sorted(result.get("code", "OPENED") for result in results)


async def test_many_at_once_open_no_more(
    client: httpx.AsyncClient, store: Store, mai: SignedInPerson
) -> None:
    codes = await at_once(client, mai, 8)

    assert codes == ["OPENED"] * 3 + ["TOO_MANY_OPEN_UPLOADS"] * 5
    assert await count(store) == 3


async def test_without_a_transaction_many_at_once_open_more(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    mai: SignedInPerson,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: count, decide, then write."""
    take = AllowanceRepository.take
    all_have_counted = asyncio.Barrier(8)

    async def counted_first(self: AllowanceRepository, *arguments: Any) -> None:  # noqa: ANN401
        await take(self, *arguments)
        await all_have_counted.wait()

    monkeypatch.setattr(AllowanceRepository, "take", counted_first)
    monkeypatch.setattr(AllowanceRepository, "_count_today", nothing)
    monkeypatch.setattr(services.media.uploads, "_idempotency", Unguarded())

    codes = await at_once(client, mai, 8)

    assert codes == ["OPENED"] * 8
    assert await count(store) == 8


class Unguarded:
    """Runs the work as it is, in no transaction."""

    async def once(
        self,
        scope: str,
        operation: str,
        key: str,
        request: Any,  # noqa: ANN401
        work: Callable[[], Awaitable[dict[str, Any]]],
    ) -> dict[str, Any]:
        return await work()


async def nothing(*_: Any) -> None:  # noqa: ANN401
    """Count nothing."""


async def test_what_has_not_arrived_is_not_complete(
    client: httpx.AsyncClient, store: Store, mai: SignedInPerson
) -> None:
    requested = await request(client, mai)

    result = await complete(client, mai, requested["media"]["id"])

    assert result["code"] == "NOT_UPLOADED"
    assert await store[JOBS].count({"kind": "media.process"}) == 0


async def test_complete_twice_is_worked_on_once(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    mai: SignedInPerson,
) -> None:
    requested = await request(client, mai)
    media_id = requested["media"]["id"]
    await put(client, requested["upload"]["url"], jpeg())

    results = await asyncio.gather(*(complete(client, mai, media_id) for _ in range(4)))
    jobs = await store[JOBS].count({"kind": "media.process"})
    await run_jobs(services, clock)
    afterwards = await complete(client, mai, media_id)

    assert [result["media"]["state"] for result in results] == ["PROCESSING"] * 4
    assert jobs == 1
    assert afterwards["media"]["state"] == "READY"


async def test_a_photo_becomes_ready(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, mai: SignedInPerson
) -> None:
    media = await finished(client, services, clock, mai)

    shown = media["shown"]
    assert media["state"] == "READY"
    assert media["refusal"] is None
    assert media["keptUntil"] == "2026-05-02T09:30:00+00:00"
    assert shown["expiresAt"] == "2026-05-01T11:00:00+00:00"
    assert shown["duration"] is None
    assert [(f["size"], f["contentType"], f["width"], f["height"]) for f in shown["files"]] == [
        (size, f"image/{made_as}", 64, 48)
        for size in ("LARGE", "THUMBNAIL")
        for made_as in ("avif", "webp", "jpeg")
    ]


async def test_a_recording_becomes_ready(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, mai: SignedInPerson
) -> None:
    told = {"kind": "AUDIO", "contentType": "audio/mp4"}

    media = await finished(client, services, clock, mai, m4a(), **told)

    (file,) = media["shown"]["files"]
    assert media["shown"]["duration"] == 1_160
    assert (file["size"], file["contentType"], file["width"]) == ("SOUND", "audio/mp4", None)


async def test_the_bytes_decide_what_it_is_and_not_what_was_announced(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, mai: SignedInPerson
) -> None:
    media = await finished(client, services, clock, mai, b"<html>" * 20, contentType="image/png")

    assert media["state"] == "REFUSED"
    assert media["refusal"]["code"] == "UNKNOWN_TYPE"
    assert media["shown"] is None


async def test_a_refusal_speaks_the_reader_s_language(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, mai: SignedInPerson
) -> None:
    media = await finished(client, services, clock, mai, heic())

    in_japanese = await look(client, mai, media["id"], language="ja")

    assert media["refusal"]["code"] == "HEIC"
    assert in_japanese is not None
    assert in_japanese["refusal"]["message"] == (
        "HEICの写真はここでは読み取れません。カメラをJPEG（互換性優先）に設定するか、写真のスクリーンショットを送ってください。"
    )


async def test_another_s_media_is_not_there(
    client: httpx.AsyncClient, services: Services, store: Store, mai: SignedInPerson
) -> None:
    stranger = await signed_in(client, services, MINJUN)
    media_id = await sent_in(client, mai)

    seen = [await look(client, who, media_id) for who in (stranger, None)]
    codes = [
        (await act(client, who, media_id))["code"]
        for act in (complete, remove)
        for who in (stranger, None)
    ]

    assert seen == [None, None]
    assert codes == ["NOT_FOUND", "NOT_SIGNED_IN"] * 2
    assert await store[MEDIA].count({"state": "processing"}) == 1


@pytest.mark.parametrize(
    "media_id", ["", "x", "../../etc/passwd", "a" * 26, "é" * 26, "a" * 10_000]
)
async def test_what_is_no_id_is_not_there(
    client: httpx.AsyncClient, mai: SignedInPerson, media_id: str
) -> None:
    assert await look(client, mai, media_id) is None
    assert (await complete(client, mai, media_id))["code"] == "NOT_FOUND"
    assert (await remove(client, mai, media_id))["code"] == "NOT_FOUND"


async def test_a_key_of_another_person_answers_nothing(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson
) -> None:
    key = new_key()
    stranger = await signed_in(client, services, MINJUN)

    mine = await request(client, mai, idempotencyKey=key)
    theirs = await request(client, stranger, idempotencyKey=key)

    assert mine["media"]["id"] != theirs["media"]["id"]


@pytest.mark.parametrize("content_type", ["image/heic", "image/heif"])
async def test_who_announces_heic_is_told_what_to_do(
    client: httpx.AsyncClient, store: Store, mai: SignedInPerson, content_type: str
) -> None:
    refused = await request(client, mai, contentType=content_type)

    assert refused["code"] == "TYPE_NOT_SUPPORTED"
    assert refused["message"].startswith(
        "Photos in HEIC cannot be read here. Set your camera to JPEG"
    )
    assert await store[MEDIA].count({}) == 0
