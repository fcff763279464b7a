"""What other slices do with media: they ask for it, hold it, show it, and let go."""

import asyncio

import httpx
import pytest

from api.context import Services
from api.kit.store import Store
from api.kit.transactions import transact
from api.media.errors import MediaNotFound, MediaNotReady, OtherKind
from api.media.records import MediaFormat, MediaKind
from api.media.repository import MEDIA
from tests.accounts.exporting import run_jobs
from tests.accounts.families import person_id_of
from tests.accounts.people import MINJUN, SignedInPerson, signed_in
from tests.conftest import MovableClock
from tests.media.uploading import finished, local, look, remove, sent_in

REVIEW = "review:1"


@pytest.fixture
async def mai(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await signed_in(client, services)


@pytest.fixture
async def photo(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, mai: SignedInPerson
) -> str:
    return str((await finished(client, services, clock, mai))["id"])


async def days_later(services: Services, clock: MovableClock, days: float = 1) -> None:
    """Let time pass, and the worker work twice: what is removed queues a job of its own."""
    clock.advance(days=days)
    await run_jobs(services, clock)


async def test_what_is_ready_comes_in_the_order_asked_for(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    mai: SignedInPerson,
    photo: str,
) -> None:
    second = str((await finished(client, services, clock, mai))["id"])
    owner_id = await person_id_of(services, mai)

    found = await services.media.library.ready(owner_id, [second, photo], MediaKind.PHOTO)

    assert [media.id for media in found] == [second, photo]


async def test_what_is_another_s_is_not_there(
    client: httpx.AsyncClient, services: Services, photo: str
) -> None:
    stranger = await person_id_of(services, await signed_in(client, services, MINJUN))

    for media_id in (photo, "a" * 26, "no id"):
        with pytest.raises(MediaNotFound):
            await services.media.library.ready(stranger, [media_id], MediaKind.PHOTO)


async def test_what_is_of_another_kind_or_not_ready_is_told(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, photo: str
) -> None:
    owner_id = await person_id_of(services, mai)
    waiting = await sent_in(client, mai)

    with pytest.raises(OtherKind):
        await services.media.library.ready(owner_id, [photo], MediaKind.AUDIO)
    with pytest.raises(MediaNotReady):
        await services.media.library.ready(owner_id, [photo, waiting], MediaKind.PHOTO)


async def test_links_lead_to_every_file(
    client: httpx.AsyncClient, services: Services, photo: str
) -> None:
    links = (await services.media.library.links([photo, "a" * 26]))[photo]

    urls = [url for _, url in links.files]
    replies = [await client.get(local(url)) for url in urls]
    assert (
        set(links.large)
        == set(links.thumbnail)
        == set(MediaFormat)
        - {
            MediaFormat.M4A,
            MediaFormat.MP3,
            MediaFormat.OGG,
            MediaFormat.WAV,
            MediaFormat.MP4,
        }
    )
    assert (links.width, links.height, links.sound) == (64, 48, {})
    assert len(urls) == 6
    assert [reply.status_code for reply in replies] == [200] * 6


async def test_what_nobody_holds_goes_after_a_day(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    mai: SignedInPerson,
    photo: str,
) -> None:
    await days_later(services, clock)

    assert await services.media.library.links([photo]) == {}
    assert await store[MEDIA].count({}) == 0
    assert [stored async for stored in services.media.files.stored()] == []


async def test_what_is_held_stays(services: Services, clock: MovableClock, photo: str) -> None:
    await services.media.library.hold(photo, REVIEW)
    await services.media.library.hold(photo, REVIEW)

    await days_later(services, clock, days=400)

    assert set(await services.media.library.links([photo])) == {photo}


async def test_what_the_last_holder_lets_go_goes_a_day_later(
    services: Services, clock: MovableClock, photo: str
) -> None:
    library = services.media.library
    for holder in (REVIEW, "tour:1"):
        await library.hold(photo, holder)
    await days_later(services, clock, days=7)

    await library.release(photo, REVIEW)
    await days_later(services, clock, days=2)
    while_one_holds = await library.links([photo])
    await library.release(photo, "tour:1")
    await library.release(photo, "tour:1")
    await days_later(services, clock, days=0.9)
    until_a_day_later = await library.links([photo])
    await days_later(services, clock, days=0.2)

    assert set(while_one_holds) == set(until_a_day_later) == {photo}
    assert await library.links([photo]) == {}


async def test_what_is_held_again_in_time_stays(
    services: Services, clock: MovableClock, photo: str
) -> None:
    library = services.media.library
    await library.hold(photo, REVIEW)
    await library.release(photo, REVIEW)

    await library.hold(photo, "tour:1")
    await days_later(services, clock, days=3)

    assert set(await library.links([photo])) == {photo}


async def test_a_stranger_s_release_lets_nothing_go(
    services: Services, clock: MovableClock, photo: str
) -> None:
    library = services.media.library
    await library.hold(photo, REVIEW)

    await library.release(photo, "another")
    await library.release("a" * 26, REVIEW)
    await days_later(services, clock, days=3)

    assert set(await library.links([photo])) == {photo}


async def test_holding_joins_the_open_transaction(
    services: Services, store: Store, clock: MovableClock, photo: str
) -> None:
    async def fails_after_holding() -> None:
        await services.media.library.hold(photo, REVIEW)
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        await transact(store, fails_after_holding)
    await days_later(services, clock)

    assert await services.media.library.links([photo]) == {}


async def test_what_is_gone_cannot_be_held(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, photo: str
) -> None:
    await remove(client, mai, photo)

    with pytest.raises(MediaNotFound):
        await services.media.library.hold(photo, REVIEW)


async def test_an_owner_removes_what_others_hold(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    mai: SignedInPerson,
    photo: str,
) -> None:
    await services.media.library.hold(photo, REVIEW)

    await remove(client, mai, photo)
    at_once = await services.media.library.links([photo])
    await run_jobs(services, clock)
    await services.media.library.release(photo, REVIEW)

    assert at_once == {}
    assert await look(client, mai, photo) is None
    assert await store[MEDIA].count({}) == 0
    assert [stored async for stored in services.media.files.stored()] == []


async def test_those_who_moderate_remove_it_in_their_transaction(
    services: Services, store: Store, photo: str
) -> None:
    library = services.media.library

    async def fails_after_removing() -> None:
        await library.remove(photo)
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        await transact(store, fails_after_removing)
    still_there = await library.links([photo])
    await library.remove(photo)
    await library.remove(photo)

    assert set(still_there) == {photo}
    assert await library.links([photo]) == {}


async def test_expiry_and_a_holder_at_the_same_moment_do_not_both_win(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, mai: SignedInPerson
) -> None:
    photos = [str((await finished(client, services, clock, mai))["id"]) for _ in range(6)]
    clock.advance(days=1)

    async def holds(photo: str) -> bool:
        try:
            await services.media.library.hold(photo, REVIEW)
        except MediaNotFound:
            return False
        return True

    held, _ = await asyncio.gather(
        asyncio.gather(*map(holds, photos)),
        asyncio.gather(*map(services.media.removal.expire, photos)),
    )
    await run_jobs(services, clock)

    links = await services.media.library.links(photos)
    assert [photo in links for photo in photos] == held
