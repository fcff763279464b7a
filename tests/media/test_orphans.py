"""The nightly net, for files and documents that came too late for their own jobs."""

import os
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from api.context import Services
from api.kit.jobs import JOBS
from api.kit.store import Store
from api.media.files import StoredFile, blurred_run
from api.media.orphans import is_needed
from api.media.records import Blur, BlurBox, Media, MediaKind, MediaState, Original, Upload
from api.media.repository import MEDIA
from tests.accounts.exporting import run_jobs
from tests.accounts.people import SignedInPerson, signed_in
from tests.conftest import NOW, MovableClock
from tests.media.picture_files import jpeg
from tests.media.uploading import finished, put, request, sent_in

LONG_AGO = (NOW - timedelta(days=30)).timestamp()
TONIGHT = timedelta(hours=9, minutes=30)
"""From NOW to two o'clock in Vietnam."""


@pytest.fixture
async def mai(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await signed_in(client, services)


def left_behind(root: Path, name: str, modified_at: float = LONG_AGO) -> Path:
    """Leave a file as a killed process would."""
    file = root / "media" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"left behind")
    os.utime(file, (modified_at, modified_at))
    os.utime(file.parent, (modified_at, modified_at))
    return file


def age(root: Path) -> None:
    """Make everything that is there older than any attempt."""
    for file in (root / "media").rglob("*"):
        os.utime(file, (LONG_AGO, LONG_AGO))


async def night(services: Services, clock: MovableClock) -> None:
    clock.now = NOW + TONIGHT
    await run_jobs(services, clock)


@pytest.mark.parametrize(
    "name",
    [
        f"incoming/{'a' * 26}",
        f"incoming/{'a' * 26}.{'b' * 26}",
        f"published/aa/{'a' * 26}/{'b' * 26}/large.webp",
        "incoming/what is this",
        "published/xx/xxx/y/z",
        f"work/{'a' * 26}/sent",
    ],
)
async def test_what_no_document_names_is_deleted_in_the_night(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    mai: SignedInPerson,
    tmp_path: Path,
    name: str,
) -> None:
    orphan = left_behind(tmp_path, name)
    await request(client, mai)

    await night(services, clock)

    assert not orphan.exists()


async def test_what_is_needed_stays(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    mai: SignedInPerson,
    tmp_path: Path,
) -> None:
    photo = (await finished(client, services, clock, mai))["id"]
    age(tmp_path)
    other_run = left_behind(tmp_path, f"published/{photo[:2]}/{photo}/{'b' * 26}/large.webp")

    await night(services, clock)

    names = sorted(stored.key.rpartition("/")[2] for stored in await all_stored(services))
    assert not other_run.exists()
    assert names == sorted(
        f"{size}.{made_as}"
        for size in ("large", "thumbnail")
        for made_as in ("avif", "jpeg", "webp")
    )


async def all_stored(services: Services) -> list[StoredFile]:
    return [stored async for stored in services.media.files.stored()]


async def test_what_may_be_under_way_is_left_for_the_next_night(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    mai: SignedInPerson,
    tmp_path: Path,
) -> None:
    young = left_behind(
        tmp_path, f"incoming/{'a' * 26}", (NOW + TONIGHT - timedelta(minutes=119)).timestamp()
    )
    await request(client, mai)

    await night(services, clock)
    stayed = young.exists()
    clock.advance(days=1)
    await run_jobs(services, clock)

    assert stayed
    assert not young.exists()
    assert await store[JOBS].count({"kind": "media.sweep", "state": "open"}) == 0


async def test_documents_whose_jobs_were_lost_go_too(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    mai: SignedInPerson,
) -> None:
    requested = await request(client, mai)
    await put(client, requested["upload"]["url"], jpeg())
    photo = await sent_in(client, mai)
    await services.media.library.remove(photo)
    await store[JOBS].delete_many({"kind": {"$ne": "media.sweep"}})

    await night(services, clock)

    assert await store[MEDIA].count({}) == 0
    assert await all_stored(services) == []


async def test_what_a_killed_blur_leaves_in_clear_goes_in_the_night(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    mai: SignedInPerson,
    tmp_path: Path,
) -> None:
    photo = (await finished(client, services, clock, mai))["id"]
    await store[JOBS].delete_many({})
    await services.media.blurring.blur(photo, 0, [BlurBox(0.1, 0.1, 0.2, 0.2)])
    clear = left_behind(tmp_path, f"work/{'b' * 26}/original")

    await night(services, clock)

    assert not clear.exists()


async def test_when_a_blur_ends_the_next_night_is_swept_too(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    mai: SignedInPerson,
) -> None:
    photo = (await finished(client, services, clock, mai))["id"]
    await services.media.blurring.blur(photo, 0, [BlurBox(0.1, 0.1, 0.2, 0.2)])
    await store[JOBS].delete_many({"kind": "media.sweep"})

    await run_jobs(services, clock)

    assert await store[JOBS].count({"kind": "media.sweep", "state": "open"}) == 1


@pytest.mark.parametrize(
    ("original", "needed"),
    [
        (None, {"published/x/first", "published/x/asked for", "sealed/x.o", "sealed/x.p"}),
        (Original("o", "key"), {"published/x/asked for", "sealed/x.o"}),
    ],
)
def test_once_the_original_is_sealed_it_is_needed_in_clear_no_more(
    original: Original | None, needed: set[str]
) -> None:
    upload = Upload(1, "image/jpeg", NOW)
    media = Media(
        "x",
        "mai",
        MediaKind.PHOTO,
        MediaState.BLURRING,
        upload,
        NOW,
        None,
        run="first",
        blur=Blur(2),
        original=original,
    )
    runs = {
        "published/x/first": "first",
        "published/x/asked for": blurred_run("x", 2),
        "sealed/x.o": "o",
        "sealed/x.p": "p",
    }

    kept = {key for key, run in runs.items() if is_needed(StoredFile(key, "x", run, NOW), media)}

    assert kept == needed
