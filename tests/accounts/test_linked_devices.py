"""Devices of people: linked with the device's secret, for as long as the session lasts."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from api.accounts.sign_in.session_repository import EndReason
from api.accounts.sign_in.sessions import Sessions
from api.context import Services
from api.kit.store import Store
from notifications.device_repository import DEVICES
from tests.accounts.families import caller_of, person_id_of, refusal
from tests.accounts.people import MAI, MINJUN, Answer, SignedInPerson, call, new_key, signed_in
from tests.accounts.phones import UNKNOWN, credentials, device, register, update
from tests.conftest import MovableClock, send

OTHER_PHONE = "fcm-registration-of-the-second-phone"


async def link(
    client: httpx.AsyncClient,
    person: SignedInPerson | None,
    shown: dict[str, str],
    *,
    key: str | None = None,
) -> Answer:
    return await call(client, "LinkDevice", {**shown, "idempotencyKey": key or new_key()}, person)


async def devices(client: httpx.AsyncClient, person: SignedInPerson) -> list[Answer]:
    data = await send(client, "accounts/MyDevices", headers=person.headers)
    found: list[Answer] = data["me"]["devices"]
    return found


async def a_linked_device(
    client: httpx.AsyncClient,
    person: SignedInPerson,
    **changes: Any,  # noqa: ANN401
) -> dict[str, Any]:
    """Return what registering answered."""
    registered = await register(client, new_key(), **changes)
    result = await link(client, person, credentials(registered))
    assert result["__typename"] == "LinkDeviceSuccess", result
    return registered


async def links(store: Store) -> list[tuple[str | None, str | None]]:
    found = await store[DEVICES].find({}, sort=[("created_at", 1)])
    return [(document["person_id"], document["session_id"]) for document in found]


async def test_who_shows_the_secret_has_the_device(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)
    registered = await register(client)

    result = await link(client, person, credentials(registered))

    assert result == {"__typename": "LinkDeviceSuccess", "device": registered["device"]}
    assert await devices(client, person) == [registered["device"]]


async def test_neither_secret_nor_registration_is_shown(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)
    registered = await a_linked_device(client, person)

    shown = json.dumps(await devices(client, person))

    assert registered["secret"] not in shown
    assert "fcm-registration" not in shown


async def test_the_same_key_links_once(client: httpx.AsyncClient, services: Services) -> None:
    person = await signed_in(client, services)
    registered, other = await register(client), await register(client, registration=OTHER_PHONE)
    key = new_key()

    first = await link(client, person, credentials(registered), key=key)
    again = await link(client, person, credentials(registered), key=key)
    another = await link(client, person, credentials(other), key=key)

    assert again == first
    assert refusal(another) == "IDEMPOTENCY_KEY_REUSED"


async def test_a_wrong_secret_links_nothing(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    person = await signed_in(client, services)
    registered = await register(client)

    wrong = await link(client, person, {**credentials(registered), "secret": "0" * 64})
    unknown = await link(client, person, UNKNOWN)
    strange = await link(client, person, {"id": "\u202e", "secret": "x" * 5_000})

    assert [refusal(each) for each in (wrong, unknown, strange)] == ["DEVICE_NOT_FOUND"] * 3
    assert wrong["message"] == unknown["message"]
    assert await links(store) == [(None, None)]


async def test_nobody_in_particular_has_no_devices(client: httpx.AsyncClient, store: Store) -> None:
    registered = await register(client)

    linked = await link(client, None, credentials(registered))
    unlinked = await call(client, "UnlinkDevice", {"id": registered["device"]["id"]})

    assert [refusal(linked), refusal(unlinked)] == ["NOT_SIGNED_IN", "NOT_SIGNED_IN"]
    assert await links(store) == [(None, None)]


async def test_a_device_is_unlinked_from_anywhere(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, store: Store
) -> None:
    person = await signed_in(client, services, app="Phone")
    registered = await a_linked_device(client, person)
    clock.advance(minutes=2)
    elsewhere = await signed_in(client, services, app="Browser")

    unlinked = await call(client, "UnlinkDevice", {"id": registered["device"]["id"]}, elsewhere)
    again = await call(client, "UnlinkDevice", {"id": registered["device"]["id"]}, elsewhere)

    assert unlinked == {"__typename": "UnlinkDeviceSuccess", "id": registered["device"]["id"]}
    assert refusal(again) == "NOT_FOUND"
    assert await devices(client, elsewhere) == []
    assert await device(client, registered) == registered["device"]


async def test_another_persons_device_cannot_be_unlinked(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    mai = await signed_in(client, services, MAI)
    minjun = await signed_in(client, services, MINJUN)
    registered = await a_linked_device(client, mai)
    before = await links(store)

    ids = [registered["device"]["id"], "a" * 26, "", "\u202e", "x" * 5_000]
    results = [await call(client, "UnlinkDevice", {"id": each}, minjun) for each in ids]

    assert [refusal(result) for result in results] == ["NOT_FOUND"] * 5
    assert await links(store) == before


async def test_a_device_is_of_whoever_linked_it_last(
    client: httpx.AsyncClient, services: Services
) -> None:
    mai = await signed_in(client, services, MAI)
    minjun = await signed_in(client, services, MINJUN)
    registered = await a_linked_device(client, mai)

    await link(client, minjun, credentials(registered))

    assert await devices(client, mai) == []
    assert await devices(client, minjun) == [registered["device"]]


async def test_registering_anew_makes_it_nobodys(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    person = await signed_in(client, services)
    registered = await a_linked_device(client, person)

    anew = await register(client, new_key())

    assert anew["device"]["id"] == registered["device"]["id"]
    assert await links(store) == [(None, None)]
    assert await devices(client, person) == []


async def test_a_change_of_the_device_keeps_the_link(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)
    registered = await a_linked_device(client, person)

    await update(client, registered, language="fr", registration=OTHER_PHONE)

    assert [each["language"] for each in await devices(client, person)] == ["fr"]


async def test_with_a_session_its_devices_are_parted(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, store: Store
) -> None:
    here = await signed_in(client, services, app="Phone")
    await a_linked_device(client, here)
    clock.advance(minutes=2)
    there = await signed_in(client, services, app="Tablet")
    tablet = await a_linked_device(client, there, registration=OTHER_PHONE)

    await call(client, "SignOut", None, here)

    caller = await caller_of(services, there)
    assert await devices(client, there) == [tablet["device"]]
    assert await links(store) == [
        (None, None),
        (caller.person_id, caller.session_id),
    ]


async def test_signing_out_everywhere_parts_all_devices(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    person = await signed_in(client, services, MAI)
    await a_linked_device(client, person)
    await a_linked_device(client, person, registration=OTHER_PHONE)

    await call(client, "SignOutEverywhere", None, person)

    assert await links(store) == [(None, None)] * 2


async def test_a_stolen_sessions_devices_are_parted(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, store: Store
) -> None:
    person = await signed_in(client, services)
    await a_linked_device(client, person)
    stolen = {"refreshToken": person.tokens["refreshToken"]}
    await call(client, "RefreshSession", stolen)
    clock.advance(seconds=61)

    reused = await call(client, "RefreshSession", stolen)

    assert refusal(reused) == "SESSION_ENDED"
    assert await links(store) == [(None, None)]


async def test_a_session_that_ran_out_reaches_no_device(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    person = await signed_in(client, services)
    await a_linked_device(client, person)
    person_id = await person_id_of(services, person)

    before = await services.accounts.device_links.reached(person_id)
    clock.advance(days=60)
    after = await services.accounts.device_links.reached(person_id)

    assert len(before) == 1
    assert after == []


async def test_whoever_is_erased_leaves_no_device(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    mai = await signed_in(client, services, MAI)
    minjun = await signed_in(client, services, MINJUN)
    await a_linked_device(client, mai)
    his = await a_linked_device(client, minjun, registration=OTHER_PHONE)

    mai_id = await person_id_of(services, mai)
    await services.accounts.sessions.end_everywhere(mai_id, EndReason.ERASED)

    assert [each["_id"] for each in await store[DEVICES].find({})] == [his["device"]["id"]]


async def test_a_session_does_not_end_unless_its_devices_are_parted(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person = await signed_in(client, services)
    await a_linked_device(client, person)
    before = await links(store)

    async def crash(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Sessions, "_announce", crash)
    with pytest.raises(RuntimeError):
        await services.accounts.sessions.end_own(await caller_of(services, person))

    assert await links(store) == before
    assert await devices(client, person) != []


async def test_a_link_beside_the_end_of_its_session_reaches_nothing(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)
    person_id = await person_id_of(services, person)
    registered = await register(client)

    await asyncio.gather(
        *(link(client, person, credentials(registered)) for _ in range(5)),
        call(client, "SignOut", None, person),
        *(link(client, person, credentials(registered)) for _ in range(5)),
    )

    assert await services.accounts.device_links.reached(person_id) == []
