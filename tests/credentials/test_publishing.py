"""Keys and status lists over REST: whole, what has changed, not modified, and not there."""

import asyncio

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import FastAPI

from api.context import Services
from api.credentials.records import TOURIST_PASSES, RevocationReason
from api.credentials.service import CredentialService
from api.credentials.status import publishing
from api.credentials.status.publishing import Publishing
from api.credentials.status.repository import STATUS_CHANGES, StatusRepository
from api.credentials.status.status_list import Status, read_delta, read_list
from api.kit.store import Store
from tests.conftest import NOW, MovableClock
from tests.credentials.cards import a_card

PATH = f"/credentials/v1/status/{TOURIST_PASSES.tag}.0"


@pytest.fixture
def service(services: Services) -> CredentialService:
    return services.credentials


async def keys_of(service: CredentialService) -> dict[str, Ed25519PublicKey]:
    published = [jwk["kid"] for jwk in await service.keys.published()]
    found = {key_id: await service.keys.to_verify(key_id) for key_id in published}
    return {key_id: key for key_id, key in found.items() if key}


async def revoked(service: CredentialService, count: int) -> list[int]:
    """Issue and revoke cards; return their places."""
    places: list[int] = []
    for _ in range(count):
        card = await a_card(service)
        await service.issuing.revoke(card.id, RevocationReason.LOST, NOW)
        places.append(card.generation.index)
    return places


async def test_the_keys_are_published(
    client: httpx.AsyncClient, service: CredentialService
) -> None:
    reply = await client.get("/credentials/v1/keys.json")

    assert reply.json() == {"keys": await service.keys.published()}
    assert reply.headers["cache-control"] == "public, max-age=60"


async def test_a_list_tells_whose_cards_are_stopped(
    client: httpx.AsyncClient, service: CredentialService
) -> None:
    (place,) = await revoked(service, 1)
    paused = await a_card(service)
    await service.issuing.suspend(paused.id, NOW)

    reply = await client.get(PATH)

    assert reply.headers["content-type"] == "application/statuslist+jwt"
    signed = read_list(reply.text, await keys_of(service))
    assert (signed.uri, signed.list.version) == (f"http://127.0.0.1:8000{PATH}", 2)
    assert [signed.list.status(at) for at in (place, paused.generation.index, 9)] == [
        Status.INVALID,
        Status.SUSPENDED,
        Status.VALID,
    ]


async def test_what_is_not_modified_is_not_sent_again(
    client: httpx.AsyncClient, service: CredentialService, clock: MovableClock
) -> None:
    await revoked(service, 1)
    first = await client.get(PATH)
    tag = {"if-none-match": first.headers["etag"]}

    same = await client.get(PATH, headers=tag)
    await revoked(service, 1)
    changed = await client.get(PATH, headers=tag)
    clock.advance(seconds=60)
    later = await client.get(PATH, headers={"if-none-match": changed.headers["etag"]})

    assert (same.status_code, same.content, same.headers["etag"]) == (
        304,
        b"",
        tag["if-none-match"],
    )
    assert changed.status_code == 200
    # Signed anew, for a gate has to know that nothing has changed until now.
    assert later.status_code == 200


async def test_a_delta_tells_what_has_changed_since(
    client: httpx.AsyncClient, service: CredentialService
) -> None:
    places = await revoked(service, 3)
    keys = await keys_of(service)

    whole = await client.get(f"{PATH}?since=1")
    none = await client.get(f"{PATH}?since=3")

    assert whole.headers["content-type"] == "application/statuslist-delta+jwt"
    delta = read_delta(whole.text, keys).delta
    assert (delta.since, delta.version) == (1, 3)
    assert delta.changes == dict.fromkeys(places[1:], Status.INVALID)
    assert read_delta(none.text, keys).delta.changes == {}


@pytest.mark.parametrize("since", ["4", "-1", "x", "99999999999999", "01"])
async def test_where_no_delta_helps_the_whole_list_is_sent(
    client: httpx.AsyncClient, service: CredentialService, since: str
) -> None:
    await revoked(service, 3)

    reply = await client.get(f"{PATH}?since={since}")

    assert (reply.status_code, reply.headers["content-type"]) == (200, "application/statuslist+jwt")


@pytest.mark.parametrize("name", ["nobody.0", f"{TOURIST_PASSES.tag}.1", TOURIST_PASSES.tag, "."])
async def test_a_list_that_is_not_there(
    client: httpx.AsyncClient, service: CredentialService, name: str
) -> None:
    await revoked(service, 1)

    reply = await client.get(f"/credentials/v1/status/{name}")

    assert (reply.status_code, reply.json()["code"]) == (404, "NOT_FOUND")


async def test_a_new_process_knows_what_the_old_ones_kept_and_told(
    service: CredentialService,
    store: Store,
    clock: MovableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(publishing, "SNAPSHOT_EVERY", 5)
    monkeypatch.setattr(publishing, "CHANGES_IN_A_DELTA_AT_MOST", 3)
    places = await revoked(service, 7)
    (list_id,) = await service.publishing.list_ids(TOURIST_PASSES.tag)
    await service.publishing.whole(list_id)
    places += await revoked(service, 1)
    another = Publishing(StatusRepository(store), service.keys, "http://test", clock)

    published = await another.whole(list_id)

    assert published is not None
    signed = read_list(published.token, await keys_of(service))
    assert signed.list.version == 8
    assert {signed.list.status(place) for place in places} == {Status.INVALID}
    kept = await store[STATUS_CHANGES].find({}, sort=[("version", 1)])
    assert [change["version"] for change in kept] == [5, 6, 7, 8]
    assert await another.since(list_id, 4) is None
    assert await another.since(list_id, 5) is not None


async def test_a_process_that_slept_misses_nothing_that_is_told_no_more(
    service: CredentialService,
    store: Store,
    clock: MovableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(publishing, "SNAPSHOT_EVERY", 5)
    monkeypatch.setattr(publishing, "CHANGES_IN_A_DELTA_AT_MOST", 3)
    sleeper = Publishing(StatusRepository(store), service.keys, "http://test", clock)
    places = await revoked(service, 1)
    (list_id,) = await service.publishing.list_ids(TOURIST_PASSES.tag)
    await sleeper.whole(list_id)
    places += await revoked(service, 9)
    await service.publishing.whole(list_id)
    places += await revoked(service, 1)

    published = await sleeper.whole(list_id)

    assert published is not None
    signed = read_list(published.token, await keys_of(service))
    assert signed.list.version == 11
    assert {signed.list.status(place) for place in places} == {Status.INVALID}


async def test_versions_have_no_gap_though_many_change_at_once(
    service: CredentialService, store: Store
) -> None:
    cards = [await a_card(service) for _ in range(8)]

    await asyncio.gather(
        *(service.issuing.revoke(card.id, RevocationReason.LOST, NOW) for card in cards)
    )

    kept = await store[STATUS_CHANGES].find({}, sort=[("version", 1)])
    assert [change["version"] for change in kept] == list(range(1, 9))


@pytest.mark.own_file
async def test_without_the_store_lists_are_unavailable(
    app: FastAPI, client: httpx.AsyncClient, store: Store
) -> None:
    await store.close()

    replies = [await client.get(path) for path in (PATH, "/credentials/v1/keys.json")]

    assert [reply.status_code for reply in replies] == [503, 503]
    await store.open(())
