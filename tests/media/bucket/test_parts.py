"""Uploads in parts to a bucket, for which moto stands in on loopback."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from api.context import Services
from api.media.resumable.multipart import PART_BYTES, sizes_of
from tests.accounts.exporting import run_jobs
from tests.accounts.people import Answer, SignedInPerson
from tests.conftest import MovableClock, send
from tests.media.bucket.buckets import keys, uploads_under_way
from tests.media.sound_files import wav
from tests.media.uploading import complete, look, remove, request

SENT = wav(seconds=120)
RECORDING = {"kind": "AUDIO", "contentType": "audio/wav", "isResumable": True}


async def parts_of(
    client: httpx.AsyncClient, person: SignedInPerson, upload: Answer
) -> list[Answer]:
    asked = {"id": upload["media"]["id"]}
    data = await send(client, "media/ResumeUpload", asked, headers=person.headers)
    return list(data["media"]["upload"]["parts"])


async def put_part(outside: httpx.AsyncClient, part: Answer) -> httpx.Response:
    start = (part["number"] - 1) * PART_BYTES
    return await outside.put(part["url"], content=SENT[start : start + part["byteCount"]])


@pytest.fixture
async def upload(client: httpx.AsyncClient, mai: SignedInPerson) -> Answer:
    return await request(client, mai, SENT, **RECORDING)


def test_parts_are_of_one_length_but_for_the_last() -> None:
    assert list(sizes_of(2 * PART_BYTES + 7)) == [(1, PART_BYTES), (2, PART_BYTES), (3, 7)]
    assert list(sizes_of(PART_BYTES)) == [(1, PART_BYTES)]
    assert list(sizes_of(1)) == [(1, 1)]


async def test_each_part_has_an_address_for_exactly_its_length(upload: Answer) -> None:
    parts = upload["upload"]["parts"]
    asked = parse_qs(urlsplit(str(parts[0]["url"])).query)

    assert upload["upload"]["method"] == "PARTS"
    assert [(part["number"], part["byteCount"]) for part in parts] == list(sizes_of(len(SENT)))
    assert "content-length" in asked["X-Amz-SignedHeaders"][0].split(";")
    assert not any(part["hasArrived"] for part in parts)


async def test_a_recording_in_parts_goes_the_whole_way(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    outside: httpx.AsyncClient,
    mai: SignedInPerson,
    bucket: Any,  # noqa: ANN401
    upload: Answer,
) -> None:
    last = upload["upload"]["parts"][-1]
    assert (await put_part(outside, last)).status_code == 200
    after = await parts_of(client, mai, upload)
    for part in after:
        if not part["hasArrived"]:
            assert (await put_part(outside, part)).status_code == 200

    completed = await complete(client, mai, upload["media"]["id"])
    await run_jobs(services, clock)

    found = await look(client, mai, upload["media"]["id"])
    assert found is not None
    assert [part["hasArrived"] for part in after] == [False] * (len(after) - 1) + [True]
    assert completed["media"]["state"] == "PROCESSING"
    assert found["state"] == "READY"
    assert uploads_under_way(bucket) == []
    assert all(key.startswith("published/") for key in keys(bucket))


async def test_a_file_with_a_part_missing_is_not_complete(
    client: httpx.AsyncClient,
    outside: httpx.AsyncClient,
    mai: SignedInPerson,
    bucket: Any,  # noqa: ANN401
    upload: Answer,
) -> None:
    for part in upload["upload"]["parts"][1:]:
        await put_part(outside, part)

    result = await complete(client, mai, upload["media"]["id"])

    assert result["code"] == "NOT_UPLOADED"
    assert len(uploads_under_way(bucket)) == 1
    assert keys(bucket) == []


async def test_the_parts_of_a_removed_upload_go_with_it(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    outside: httpx.AsyncClient,
    mai: SignedInPerson,
    bucket: Any,  # noqa: ANN401
    upload: Answer,
) -> None:
    await put_part(outside, upload["upload"]["parts"][0])

    await remove(client, mai, upload["media"]["id"])
    await run_jobs(services, clock)

    assert uploads_under_way(bucket) == []
    assert keys(bucket) == []
