"""The job: several runs at one file, files that kill, and what is left when it ends."""

import asyncio
from pathlib import Path

import httpx
import pytest

from api.context import Services
from api.kit.store import Store
from api.media.decoder import Decoder, DecoderKilled, Made
from api.media.errors import FilesUnavailable
from api.media.processing import PROCESS, TRIES_AT_MOST
from api.media.records import MediaKind
from api.media.refusals import Refusal
from api.media.repository import MEDIA
from api.worker import runners_of
from tests.accounts.exporting import run_jobs
from tests.accounts.people import SignedInPerson, signed_in
from tests.conftest import MovableClock
from tests.media.picture_files import jpeg
from tests.media.uploading import files_in, finished, look, remove, sent_in


@pytest.fixture
async def mai(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await signed_in(client, services)


async def process(services: Services, media_id: str) -> None:
    """Run the job as a worker does: again when another one has taken its files away."""
    work = services.media.handlers()[PROCESS]
    try:
        await work({"media": media_id})
    except FilesUnavailable:
        await work({"media": media_id})


async def test_the_bytes_that_were_sent_are_gone_when_it_ends(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    mai: SignedInPerson,
    tmp_path: Path,
) -> None:
    await finished(client, services, clock, mai)
    await finished(client, services, clock, mai, b"<html>" * 50)

    left = files_in(tmp_path)
    contents = [(tmp_path / "media" / name).read_bytes() for name in left]
    assert len(left) == 6
    assert jpeg() not in contents
    assert all(name.startswith("published/") for name in left)


async def test_two_workers_at_one_file_leave_one_set_of_files(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, tmp_path: Path
) -> None:
    media_id = await sent_in(client, mai)

    await asyncio.gather(*(process(services, media_id) for _ in range(2)))

    runs = {name.split("/")[3] for name in files_in(tmp_path)}
    found = await look(client, mai, media_id)
    assert found is not None
    assert found["state"] == "READY"
    assert len(runs) == 1
    assert len(files_in(tmp_path)) == 6


async def test_what_is_removed_while_it_is_worked_on_leaves_nothing(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    mai: SignedInPerson,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    media_id = await sent_in(client, mai)
    decode = Decoder.decode

    async def removed_meanwhile(
        self: Decoder, kind: MediaKind, sent: Path, folder: Path
    ) -> Made | Refusal:
        await services.media.removal.remove_now(media_id)
        return await decode(self, kind, sent, folder)

    monkeypatch.setattr(Decoder, "decode", removed_meanwhile)

    await run_jobs(services, clock)

    assert files_in(tmp_path) == set()
    assert await store[MEDIA].count({}) == 0


async def test_what_is_removed_before_it_is_worked_on_leaves_nothing(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    mai: SignedInPerson,
    tmp_path: Path,
) -> None:
    media_id = await sent_in(client, mai)
    await remove(client, mai, media_id)

    await run_jobs(services, clock)

    assert files_in(tmp_path) == set()


async def test_a_file_that_kills_again_and_again_is_refused(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    mai: SignedInPerson,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tries = 0

    async def kills(*_: object) -> Made:
        nonlocal tries
        tries += 1
        raise DecoderKilled("-9")

    monkeypatch.setattr(Decoder, "decode", kills)
    media_id = await sent_in(client, mai)

    for _ in range(6):
        await run_jobs(services, clock)
        clock.advance(minutes=1)

    found = await look(client, mai, media_id)
    assert found is not None
    assert found["refusal"]["code"] == "TOO_COSTLY"
    assert tries == TRIES_AT_MOST
    assert files_in(tmp_path) == set()


async def test_a_good_file_that_was_killed_once_becomes_ready(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    mai: SignedInPerson,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def kills(*_: object) -> Made:
        raise DecoderKilled("-9")

    media_id = await sent_in(client, mai)
    with monkeypatch.context() as patch:
        patch.setattr(Decoder, "decode", kills)
        await run_jobs(services, clock)

    clock.advance(minutes=1)
    await run_jobs(services, clock)

    found = await look(client, mai, media_id)
    assert found is not None
    assert found["state"] == "READY"


async def test_while_files_are_away_it_is_tried_again_without_end(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    mai: SignedInPerson,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def away(*_: object) -> bool:
        raise FilesUnavailable("EndpointConnectionError")

    media_id = await sent_in(client, mai)
    with monkeypatch.context() as patch:
        patch.setattr(services.media.files, "fetch", away)
        for _ in range(TRIES_AT_MOST + 2):
            await run_jobs(services, clock)
            clock.advance(minutes=1)
    await run_jobs(services, clock)

    found = await look(client, mai, media_id)
    assert found is not None
    assert found["state"] == "READY"


async def test_photos_wait_in_lanes_of_their_own(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, mai: SignedInPerson
) -> None:
    """Whatever is sent in, a warning does not wait behind it."""
    media_id = await sent_in(client, mai)
    others, media, *_ = runners_of(services, clock)

    await others.run_due()
    untouched = await look(client, mai, media_id)
    await media.run_due()

    done = await look(client, mai, media_id)
    assert untouched is not None
    assert done is not None
    assert (untouched["state"], done["state"]) == ("PROCESSING", "READY")
