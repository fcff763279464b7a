"""Cards of one's own: seen, taken once, re-issued; nobody else's."""

import base64
import threading
from typing import Any

import httpx
import pytest

from api.context import Services
from api.credentials.cards.rotating_code import code_of, step_at
from api.credentials.cards.shown import qr_svg
from api.credentials.records import Credential, CredentialState, RevocationReason
from tests.accounts import phones
from tests.accounts.families import person_id_of
from tests.accounts.people import MINJUN, SignedInPerson, call, new_key, signed_in
from tests.conftest import NOW, MovableClock, send
from tests.credentials.cards import CABLE_CAR, a_card, a_gate, a_scan, keeper_of


@pytest.fixture
async def mai(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await signed_in(client, services)


@pytest.fixture
async def card(services: Services, mai: SignedInPerson) -> Credential:
    return await a_card(services.credentials, holder=await person_id_of(services, mai))


async def a_device(client: httpx.AsyncClient, person: SignedInPerson, name: str) -> str:
    """Return the id of a new device of a person's."""
    registered = await phones.register(client, new_key(), registration=f"fcm-registration-{name}")
    device: str = registered["device"]["id"]
    linked = {"id": device, "secret": registered["secret"], "idempotencyKey": new_key()}
    assert (await call(client, "LinkDevice", linked, person))["__typename"] == "LinkDeviceSuccess"
    return device


async def ask(
    client: httpx.AsyncClient, operation: str, person: SignedInPerson, **values: object
) -> dict[str, Any]:
    """Send a mutation of cards and return its result."""
    data = await send(client, f"credentials/{operation}", {"input": values}, headers=person.headers)
    (result,) = data.values()
    return dict(result)


async def mine(client: httpx.AsyncClient, person: SignedInPerson) -> list[dict[str, Any]]:
    data = await send(client, "credentials/MyCredentials", headers=person.headers)
    return [edge["node"] for edge in data["myCredentials"]["edges"]]


async def test_a_card_is_taken_onto_a_phone_and_opens_a_gate(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, card: Credential
) -> None:
    device = await a_device(client, mai, "mai")
    gate = await a_gate(services.credentials)

    taken = await ask(
        client, "TakeCredential", mai, id=card.id, device=device, idempotencyKey=new_key()
    )
    code = code_of(base64.b64decode(taken["key"]), step_at(NOW))
    scan = await services.credentials.scanning.scan(
        keeper_of(CABLE_CAR), gate.id, a_scan(f"{taken['token']}.{code}")
    )

    assert scan.credential_id == card.id
    (shown,) = await mine(client, mai)
    assert (shown["credential"]["id"], shown["credential"]["state"]) == (card.id, "VALID")
    assert (shown["deviceId"], shown["token"]) == (device, taken["token"])


async def test_the_same_call_again_answers_the_same_and_another_one_nothing(
    client: httpx.AsyncClient, mai: SignedInPerson, card: Credential
) -> None:
    device = await a_device(client, mai, "mai")
    key = new_key()
    first = await ask(client, "TakeCredential", mai, id=card.id, device=device, idempotencyKey=key)

    again = await ask(client, "TakeCredential", mai, id=card.id, device=device, idempotencyKey=key)
    other = await ask(
        client, "TakeCredential", mai, id=card.id, device=device, idempotencyKey=new_key()
    )

    assert again == first
    assert (other["__typename"], other["code"]) == ("CredentialError", "ALREADY_TAKEN")


async def test_after_a_re_issue_the_old_call_gives_no_key_any_more(
    client: httpx.AsyncClient, mai: SignedInPerson, card: Credential
) -> None:
    device, other = await a_device(client, mai, "old"), await a_device(client, mai, "new")
    key = new_key()
    first = await ask(client, "TakeCredential", mai, id=card.id, device=device, idempotencyKey=key)

    await ask(client, "ReissueCredential", mai, id=card.id, idempotencyKey=new_key())
    replayed = await ask(
        client, "TakeCredential", mai, id=card.id, device=device, idempotencyKey=key
    )
    second = await ask(
        client, "TakeCredential", mai, id=card.id, device=other, idempotencyKey=new_key()
    )

    assert replayed["code"] == "ALREADY_TAKEN"
    assert second["key"] != first["key"]
    assert second["credential"]["credential"]["generation"] == 2


async def test_a_re_issue_told_twice_is_one(
    client: httpx.AsyncClient, mai: SignedInPerson, card: Credential
) -> None:
    key = new_key()

    answers = [
        await ask(client, "ReissueCredential", mai, id=card.id, idempotencyKey=key)
        for _ in range(2)
    ]

    assert [one["credential"]["credential"]["generation"] for one in answers] == [2, 2]


async def test_a_card_goes_onto_one_s_own_devices_only(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, card: Credential
) -> None:
    minjun = await signed_in(client, services, MINJUN)
    device = await a_device(client, minjun, "minjun")

    refused = await ask(
        client, "TakeCredential", mai, id=card.id, device=device, idempotencyKey=new_key()
    )

    assert (refused["code"], refused["field"]) == ("NOT_FOUND", "device")
    kept = await services.credentials.issuing.get(card.id)
    assert kept == card


async def test_another_person_s_card_is_not_there(
    client: httpx.AsyncClient, services: Services, card: Credential
) -> None:
    minjun = await signed_in(client, services, MINJUN)
    device = await a_device(client, minjun, "minjun")
    nothing = "a" * 26

    refusals = [
        await ask(
            client, "TakeCredential", minjun, id=card_id, device=device, idempotencyKey=new_key()
        )
        for card_id in (card.id, nothing)
    ]

    assert refusals[0] == refusals[1]
    assert await mine(client, minjun) == []
    assert await services.credentials.issuing.get(card.id) == card


async def test_a_renewed_card_keeps_its_key_and_has_a_new_token(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, card: Credential
) -> None:
    device = await a_device(client, mai, "mai")
    taken = await ask(
        client, "TakeCredential", mai, id=card.id, device=device, idempotencyKey=new_key()
    )
    gate = await a_gate(services.credentials)

    await services.credentials.issuing.renew(card.id, card.valid_until.replace(year=2027), NOW)
    (shown,) = await mine(client, mai)
    code = code_of(base64.b64decode(taken["key"]), step_at(NOW))
    scan = await services.credentials.scanning.scan(
        keeper_of(CABLE_CAR), gate.id, a_scan(f"{shown['token']}.{code}")
    )

    assert shown["credential"]["validUntil"] == "2027-05-31T09:30:00+00:00"
    assert shown["token"] != taken["token"]
    assert scan.faults == ()


async def test_whoever_leaves_leaves_no_card_that_opens_anything(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, card: Credential
) -> None:
    person_id = await person_id_of(services, mai)
    (data,) = [one for one in services.accounts.privacy.holders if one.name == "cards"]
    told = await data.held_of(person_id)

    await data.erase(person_id)
    await data.erase(person_id)

    kept = await services.credentials.issuing.get(card.id)
    assert kept is not None
    assert (kept.holder_id, kept.taken_by, kept.state) == (None, None, CredentialState.REVOKED)
    assert kept.changes[-1].reason is RevocationReason.LEFT
    assert [one["id"] for one in told["cards"]] == [card.id]
    assert (await data.held_of(person_id))["cards"] == []


async def test_moments_are_told_of_a_holder_s_scans(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, clock: MovableClock
) -> None:
    person_id = await person_id_of(services, mai)
    card = await a_card(services.credentials, holder=person_id)
    gate = await a_gate(services.credentials)
    printed = (await services.credentials.staffing.printed(card)).token
    await services.credentials.scanning.scan(
        keeper_of(CABLE_CAR), gate.id, a_scan(printed, confirmed=True)
    )
    (data,) = [one for one in services.accounts.privacy.holders if one.name == "cards"]

    (told,) = (await data.held_of(person_id))["cards"]

    assert told["scans"] == [{"gate": gate.id, "purpose": "ENTRY", "at": clock().isoformat()}]


async def test_a_qr_code_is_drawn_off_the_event_loop(
    services: Services, card: Credential, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn_in: list[threading.Thread] = []

    def drawing(token: str) -> str:
        drawn_in.append(threading.current_thread())
        return qr_svg(token)

    monkeypatch.setattr("api.credentials.staffing.qr_svg", drawing)

    printed = await services.credentials.staffing.printed(card)

    assert printed.svg == qr_svg(printed.token)
    assert threading.current_thread() not in drawn_in
    assert len(drawn_in) == 1
