"""Hiding parts of a photo that lies in a bucket."""

from typing import Any

import httpx

from api.context import Services
from api.media.records import BlurBox
from tests.accounts.exporting import run_jobs
from tests.accounts.people import SignedInPerson
from tests.conftest import MovableClock
from tests.media.bucket.buckets import BUCKET, keys
from tests.media.bucket.test_forms import ready
from tests.media.picture_files import jpeg
from tests.media.uploading import local, look, url_of

BOX = BlurBox(0.1, 0.1, 0.5, 0.5)


async def test_old_files_are_gone_from_the_bucket_and_the_original_lies_encrypted(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    outside: httpx.AsyncClient,
    mai: SignedInPerson,
    bucket: Any,  # noqa: ANN401
) -> None:
    before = await ready(client, services, clock, outside, mai, jpeg())
    old = set(keys(bucket))
    sent_on = await client.get(local(url_of(before)))
    address = sent_on.headers["location"]

    await services.media.blurring.blur(before["id"], 0, [BOX])
    await run_jobs(services, clock)

    after = await look(client, mai, before["id"])
    left = set(keys(bucket))
    (sealed,) = [key for key in left if key.startswith("sealed/")]
    body = bucket.get_object(Bucket=BUCKET, Key=sealed)["Body"].read()
    assert after is not None
    assert after["state"] == "READY"
    assert not old & left
    assert len(left) == 7
    assert (await outside.get(address)).status_code in (403, 404)  # as the bucket has it
    assert b"JFIF" not in body


async def test_with_the_photo_its_original_goes_from_the_bucket(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    outside: httpx.AsyncClient,
    mai: SignedInPerson,
    bucket: Any,  # noqa: ANN401
) -> None:
    photo = await ready(client, services, clock, outside, mai, jpeg())
    await services.media.blurring.blur(photo["id"], 0, [BOX])
    await run_jobs(services, clock)
    await services.media.blurring.blur(photo["id"], 1, [])
    await run_jobs(services, clock)
    twice = len(keys(bucket))

    await services.media.removal.remove_now(photo["id"])

    assert twice == 7
    assert keys(bucket) == []
