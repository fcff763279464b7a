"""The same through S3, which moto stands in for on loopback; what moto does not enforce is read in the policy."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from api.context import Services
from api.kit.store import Store
from api.media.files import StoredFile
from api.media.repository import MEDIA
from api.media.s3_files import S3Files
from tests.accounts.exporting import run_jobs
from tests.accounts.families import person_id_of
from tests.accounts.people import Answer, SignedInPerson
from tests.conftest import NOW, MovableClock
from tests.media.bucket.buckets import BUCKET, REGION, keys
from tests.media.picture_files import MARK, exif, gradient, jpeg, saved
from tests.media.uploading import complete, local, look, put, remove, request, url_of


async def post(outside: httpx.AsyncClient, upload: Answer, data: bytes) -> httpx.Response:
    fields = {field["name"]: field["value"] for field in upload["fields"]}
    return await outside.post(upload["url"], data=fields, files={"file": ("x.jpg", data)})


async def ready(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    outside: httpx.AsyncClient,
    person: SignedInPerson,
    data: bytes,
) -> Answer:
    requested = await request(client, person, data)
    posted = await post(outside, requested["upload"], data)
    assert posted.status_code == 204, posted.text
    await complete(client, person, requested["media"]["id"])
    await run_jobs(services, clock)
    found = await look(client, person, requested["media"]["id"])
    assert found is not None
    return found


async def test_the_policy_allows_one_key_one_type_and_one_length(
    client: httpx.AsyncClient, mai: SignedInPerson, s3_url: str
) -> None:
    requested = await request(client, mai, byteCount=4_170_417, contentType="image/png")

    upload = requested["upload"]
    fields = {field["name"]: field["value"] for field in upload["fields"]}
    policy = json.loads(base64.b64decode(fields["policy"]))
    assert upload["method"] == "POST"
    assert upload["url"] == f"{s3_url}/{BUCKET}"
    assert fields["key"] == f"incoming/{requested['media']['id']}"
    assert fields["Content-Type"] == "image/png"
    assert ["content-length-range", 4_170_417, 4_170_417] in policy["conditions"]
    assert {"Content-Type": "image/png"} in policy["conditions"]
    assert {"bucket": BUCKET} in policy["conditions"]
    assert {"key": f"incoming/{requested['media']['id']}"} in policy["conditions"]
    assert "starts-with" not in json.dumps(policy)


async def test_a_photo_goes_the_whole_way(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    outside: httpx.AsyncClient,
    mai: SignedInPerson,
    bucket: Any,  # noqa: ANN401
) -> None:
    sent = saved(gradient(), "JPEG", exif=exif())

    media = await ready(client, services, clock, outside, mai, sent)

    sent_on = await client.get(local(url_of(media)))
    shown = await outside.get(sent_on.headers["location"])
    stored = keys(bucket)
    asked = parse_qs(urlsplit(sent_on.headers["location"]).query)
    assert media["state"] == "READY"
    assert sent_on.status_code == 307
    assert sent_on.headers["cache-control"] == "no-store"
    assert asked["X-Amz-Expires"] == ["300"]
    assert shown.status_code == 200
    assert shown.headers["content-type"] == "image/webp"
    assert shown.headers["content-disposition"] == 'inline; filename="large.webp"'
    assert MARK not in shown.content
    assert len(stored) == 6
    assert all(key.startswith(f"published/{media['id']}/") for key in stored)


@pytest.mark.parametrize("sent", [jpeg() + b"x" * 5_000, jpeg()[:-1]])
async def test_another_length_is_found_when_it_is_said_to_be_complete(
    client: httpx.AsyncClient,
    store: Store,
    outside: httpx.AsyncClient,
    mai: SignedInPerson,
    bucket: Any,  # noqa: ANN401
    sent: bytes,
) -> None:
    """S3 refuses it by the policy; a stand-in that does not is no way around."""
    requested = await request(client, mai)
    await post(outside, requested["upload"], sent)

    result = await complete(client, mai, requested["media"]["id"])

    assert result["code"] in ("SIZE_DIFFERS", "NOT_UPLOADED")
    assert keys(bucket) == []
    assert await store[MEDIA].count({"state": "awaiting"}) == 1


async def test_what_grew_after_it_was_complete_is_refused(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    outside: httpx.AsyncClient,
    mai: SignedInPerson,
    bucket: Any,  # noqa: ANN401
) -> None:
    requested = await request(client, mai)
    media_id = requested["media"]["id"]
    await post(outside, requested["upload"], jpeg())
    await complete(client, mai, media_id)
    bucket.put_object(Bucket=BUCKET, Key=f"incoming/{media_id}", Body=jpeg() + bytes(10_000_000))

    await run_jobs(services, clock)

    found = await look(client, mai, media_id)
    assert found is not None
    assert found["refusal"]["code"] == "SIZE_DIFFERS"
    assert keys(bucket) == []


async def test_our_own_door_takes_nothing_then(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson
) -> None:
    requested = await request(client, mai)
    media_id = requested["media"]["id"]
    media = await services.media.uploads.find(await person_id_of(services, mai), media_id)
    assert media is not None
    library: Any = services.media.library
    url = library._signer.upload_link(media)

    reply = await put(client, url, jpeg())

    assert (reply.status_code, reply.json()["code"]) == (403, "LINK_REFUSED")


async def test_what_is_removed_leaves_the_bucket_empty(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    outside: httpx.AsyncClient,
    mai: SignedInPerson,
    bucket: Any,  # noqa: ANN401
) -> None:
    media = await ready(client, services, clock, outside, mai, jpeg())

    await remove(client, mai, media["id"])
    reply = await client.get(local(url_of(media)))
    await run_jobs(services, clock)

    assert reply.status_code == 403
    assert keys(bucket) == []


async def test_what_comes_after_its_owner_has_left_is_swept(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    outside: httpx.AsyncClient,
    mai: SignedInPerson,
    bucket: Any,  # noqa: ANN401
) -> None:
    requested = await request(client, mai)
    await services.media.data.erase(await person_id_of(services, mai))
    await post(outside, requested["upload"], jpeg())
    too_late = keys(bucket)

    clock.now = datetime.now(UTC) + timedelta(days=1)
    await run_jobs(services, clock)

    assert too_late == [f"incoming/{requested['media']['id']}"]
    assert keys(bucket) == []


async def test_more_than_a_page_of_keys_is_listed(
    services: Services,
    bucket: Any,  # noqa: ANN401
) -> None:
    for number in range(5):
        bucket.put_object(Bucket=BUCKET, Key=f"incoming/{number}", Body=b"x")
    files: Any = services.media.files
    listed = files._client.list_objects_v2

    def by_two(**asked: Any) -> Any:  # noqa: ANN401
        return listed(**asked, MaxKeys=2)

    files._client.list_objects_v2 = by_two
    found = [stored async for stored in files.stored()]
    for stored in found:
        await files.delete(stored)

    assert sorted(stored.key for stored in found) == [f"incoming/{number}" for number in range(5)]
    assert keys(bucket) == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:9"])
async def test_a_bucket_that_is_away_is_told(
    client: httpx.AsyncClient, services: Services, store: Store, mai: SignedInPerson, url: str
) -> None:
    requested = await request(client, mai)
    away = S3Files(BUCKET, region=REGION, url=url)
    uploads: Any = services.media.uploads
    uploads._files = away

    result = await complete(client, mai, requested["media"]["id"])

    await away.close()
    assert result["code"] == "MEDIA_UNAVAILABLE"
    assert await store[MEDIA].count({"state": "awaiting"}) == 1


def test_a_bucket_without_a_region_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")

    with pytest.raises(ValueError, match="LAOCAI_AWS_REGION"):
        S3Files(BUCKET, region=None, url=None)


@pytest.mark.parametrize(
    ("key", "media_id", "run"),
    [
        (f"incoming/{'a' * 26}", "a" * 26, ""),
        (f"incoming/{'a' * 26}.{'b' * 26}", "a" * 26, ""),
        (f"published/{'a' * 26}/{'b' * 26}/large.webp", "a" * 26, "b" * 26),
        ("incoming/../../etc/passwd", "", ""),
        ("incoming/", "", ""),
        (f"published/{'a' * 26}/large.webp", "", ""),
        (f"else/{'a' * 26}", "", ""),
    ],
)
def test_a_key_tells_whose_file_it_is(key: str, media_id: str, run: str) -> None:
    stored = StoredFile.at(key, NOW)

    assert (stored.media_id, stored.run) == (media_id, run)
