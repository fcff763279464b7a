"""Warnings are passed on in communes: signed, once each, until they are taken or over."""

import json

import httpx
import pytest

from api.alerts.relays.passing import NOTICE, SIGNATURE
from api.alerts.relays.records import RelayState
from api.alerts.relays.repository import RELAYS
from api.context import Services
from api.kit.audit_log import AUDIT_ROWS
from api.kit.stamped_signatures import NotTheirs, check_stamped
from api.kit.store import Store
from api.worker import runners_of
from tests.accounts.people import SignedInPerson, new_key
from tests.accounts.staff import noted
from tests.alerts.conftest import Door, Phones
from tests.alerts.messages import SA_PA_CODE, alert, info, reference
from tests.alerts.relays.conftest import IN_SA_PA, SENT_LATER, SEVERE, add, outcomes
from tests.conftest import send
from tests.health.fhir.receiver import Receiver


async def test_a_warning_is_passed_on_signed_and_once(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    door: Door,
    phones: Phones,
    receiver: Receiver,
    administrator: SignedInPerson,
) -> None:
    added = await add(client, administrator, receiver.url)
    await door.accepts(alert(SEVERE))

    for _ in range(3):
        await phones.deliver()

    (came,) = receiver.received
    body = json.loads(came.body)
    assert (body["title"], body["commune"], body["severity"]) == ("Lũ quét", SA_PA_CODE, "Severe")
    assert body["body"].startswith("Lên chỗ cao ngay.")
    assert came.headers[NOTICE] == body["noticeId"]
    signed = (came.headers[SIGNATURE], [added["secret"]], came.body, phones.clock())
    check_stamped(*signed, characters_at_most=200)
    with pytest.raises(NotTheirs):
        check_stamped(signed[0], ["another"], *signed[2:], characters_at_most=200)
    (outcome,) = await outcomes(store, services)
    assert (outcome.state, outcome.attempts) == (RelayState.TAKEN, 1)


async def test_relays_hold_up_nothing_else_in_the_worker(
    client: httpx.AsyncClient,
    services: Services,
    door: Door,
    phones: Phones,
    receiver: Receiver,
    administrator: SignedInPerson,
) -> None:
    await add(client, administrator, receiver.url)
    await door.accepts(alert(SEVERE))
    *others, relays, _clinics = runners_of(services, phones.clock)

    for runner in others:
        await runner.run_due()
    before = list(receiver.received)
    await relays.run_due()

    assert (before, len(receiver.received)) == ([], 1)


async def test_a_relay_that_fails_is_tried_again_until_it_takes_it(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    door: Door,
    phones: Phones,
    receiver: Receiver,
    administrator: SignedInPerson,
) -> None:
    await add(client, administrator, receiver.url)
    receiver.status = 503
    await door.accepts(alert(SEVERE))
    await phones.deliver()
    phones.clock.advance(seconds=5)
    await phones.deliver()
    failing = await outcomes(store, services)
    receiver.status = 200
    phones.clock.advance(seconds=10)

    await phones.deliver()

    assert [(one.state, one.attempts) for one in failing] == [(RelayState.WAITING, 2)]
    (taken,) = await outcomes(store, services)
    assert (taken.state, taken.attempts) == (RelayState.TAKEN, 3)
    assert len({came.headers[NOTICE] for came in receiver.received}) == 1


async def test_what_was_taken_back_is_passed_on_no_more(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    door: Door,
    phones: Phones,
    receiver: Receiver,
    administrator: SignedInPerson,
) -> None:
    await add(client, administrator, receiver.url)
    receiver.status = 503
    await door.accepts(alert(SEVERE))
    await phones.deliver()
    await door.accepts(
        alert(identifier="c", msg_type="Cancel", references=reference(), sent=SENT_LATER)
    )
    receiver.status = 200
    phones.clock.advance(seconds=5)

    await phones.deliver()

    titles = [json.loads(came.body)["title"] for came in receiver.received]
    assert titles == ["Lũ quét", "Đã gỡ cảnh báo: Lũ quét"]
    (outcome,) = await outcomes(store, services)
    assert (outcome.state, outcome.attempts) == (RelayState.EXPIRED, 1)


async def test_only_those_of_the_commune_and_the_level_are_sent_it(
    client: httpx.AsyncClient,
    door: Door,
    phones: Phones,
    receiver: Receiver,
    administrator: SignedInPerson,
) -> None:
    await add(client, administrator, receiver.url, commune="02839")
    await add(client, administrator, receiver.url, leastLevel="EXTREME")
    await add(client, administrator, receiver.url, leastLevel="SEVERE", language="en")
    english = info("en", event="Flash flood", areas=IN_SA_PA)
    await door.accepts(alert(info(areas=IN_SA_PA), english))

    await phones.deliver()

    assert [json.loads(came.body)["title"] for came in receiver.received] == ["Flash flood"]


async def test_telegram_is_sent_a_message_for_its_chat(
    client: httpx.AsyncClient,
    door: Door,
    phones: Phones,
    receiver: Receiver,
    administrator: SignedInPerson,
) -> None:
    await add(client, administrator, receiver.url, kind="TELEGRAM", chat="@sapa_canhbao")
    await door.accepts(alert(SEVERE))

    await phones.deliver()

    (came,) = receiver.received
    body = json.loads(came.body)
    assert body["chat_id"] == "@sapa_canhbao"
    assert body["text"].startswith("Lũ quét\n\nLên chỗ cao ngay.")
    assert body.keys() == {"chat_id", "text"}


@pytest.mark.parametrize(
    "changes",
    [
        {"name": " "},
        {"name": "a" * 101},
        {"name": "two\nlines"},
        {"commune": "99999"},
        {"url": "ftp://relay.example/"},
        {"url": "https://10.0.0.1/"},
        {"kind": "TELEGRAM"},
        {"chat": "@of_no_telegram"},
    ],
)
async def test_what_is_no_relay_is_refused(
    client: httpx.AsyncClient, store: Store, administrator: SignedInPerson, changes: dict[str, str]
) -> None:
    refused = await add(client, administrator, **{"url": "https://relay.example/", **changes})

    assert refused["code"] == "INVALID_RELAY"
    assert await store[RELAYS].count({}) == 0


async def test_it_is_added_once_shown_without_its_address_and_removed(
    client: httpx.AsyncClient, services: Services, store: Store, administrator: SignedInPerson
) -> None:
    url, key = "https://relay.example/key-0417", new_key()
    first = await add(client, administrator, url, key)
    again = await add(client, administrator, url, key)
    shown = await send(client, "alerts/Relays", {}, headers=administrator.headers)
    removing = {"input": {"id": first["relay"]["id"]}}

    removed = await send(client, "alerts/RemoveRelay", removing, headers=administrator.headers)
    gone = await send(client, "alerts/RemoveRelay", removing, headers=administrator.headers)

    assert again == first
    assert shown["relays"]["relays"] == [first["relay"]]
    assert removed["removeRelay"]["__typename"] == "RemoveRelaySuccess"
    assert gone["removeRelay"]["code"] == "NOT_FOUND"
    assert await store[RELAYS].count({}) == 0
    for action in ("alert.relay.add", "alert.relay.remove"):
        (entry,) = await noted(services, action)
        assert entry.subject == first["relay"]["id"]
    assert "key-0417" not in str(await store[AUDIT_ROWS].find({}))
