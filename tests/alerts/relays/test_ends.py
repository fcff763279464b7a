"""Relays that were told of a warning are told when it no longer holds, once each, and never before it."""

import json
from datetime import timedelta

import httpx
import pytest

from api.alerts.relays.records import RelayState
from api.alerts.relays.repository import RELAY_OUTCOMES
from api.context import Services
from api.kit.store import Store
from tests.accounts.people import SignedInPerson
from tests.alerts.conftest import Door, Phones
from tests.alerts.messages import alert, area, geocode, info, reference
from tests.alerts.relays.conftest import IN_SA_PA, SENT_LATER, SEVERE, add, outcomes
from tests.health.fhir.receiver import Receiver

ELSEWHERE_CODE = "02839"
ELSEWHERE = area(geocode("VN-COMMUNE", ELSEWHERE_CODE))
CANCEL = alert(identifier="end", msg_type="Cancel", references=reference(), sent=SENT_LATER)
LIFTED = "Đã gỡ cảnh báo: Lũ quét"
CHANGED = "Cảnh báo đã thay đổi: Lũ quét"


def update(*infos: str, identifier: str = "end") -> bytes:
    return alert(
        *infos, identifier=identifier, msg_type="Update", references=reference(), sent=SENT_LATER
    )


def bodies(receiver: Receiver) -> list[dict[str, str]]:
    return [json.loads(came.body) for came in receiver.received]


def titles(receiver: Receiver) -> list[str]:
    return [body["title"] for body in bodies(receiver)]


async def test_a_cancel_is_passed_on_once_to_whom_the_warning_was(
    client: httpx.AsyncClient,
    door: Door,
    phones: Phones,
    receiver: Receiver,
    administrator: SignedInPerson,
) -> None:
    await add(client, administrator, receiver.url)
    await add(client, administrator, receiver.url, leastLevel="EXTREME")
    await add(client, administrator, receiver.url, commune=ELSEWHERE_CODE)
    await door.accepts(alert(SEVERE))
    await phones.deliver()
    await door.accepts(CANCEL)

    for _ in range(3):
        await phones.deliver()

    assert titles(receiver) == ["Lũ quét", LIFTED]
    warned, lifted = bodies(receiver)
    assert (lifted["type"], lifted["alertId"]) == ("alertCancelled", warned["alertId"])
    assert lifted["thread"] == warned["thread"]


async def test_a_cancel_is_tried_again_until_it_is_taken(
    client: httpx.AsyncClient,
    door: Door,
    phones: Phones,
    receiver: Receiver,
    administrator: SignedInPerson,
) -> None:
    await add(client, administrator, receiver.url, kind="TELEGRAM", chat="@sapa_canhbao")
    await door.accepts(alert(SEVERE))
    await phones.deliver()
    receiver.status = 503
    await door.accepts(CANCEL)
    await phones.deliver()
    receiver.status = 200
    phones.clock.advance(seconds=5)

    for _ in range(2):
        await phones.deliver()

    texts = [json.loads(came.body)["text"] for came in receiver.received]
    assert [text.startswith(LIFTED) for text in texts] == [False, True, True]


@pytest.mark.parametrize(
    ("end", "title"),
    [
        (update(info(areas=ELSEWHERE)), CHANGED),
        (update(info(event="Sương muối", areas=IN_SA_PA, severity="Minor")), "Sương muối"),
        (update(info(areas=IN_SA_PA, severity="Minor")), "Lũ quét"),
        (update(info(event="Đã an toàn", response_type="AllClear", areas=ELSEWHERE)), "Đã an toàn"),
        (update(info(event="Đã an toàn", response_type="AllClear", areas="")), "Đã an toàn"),
    ],
    ids=["moves away", "of another event", "grows milder", "all clear elsewhere", "of no place"],
)
async def test_whoever_was_told_hears_what_has_become_of_it(
    client: httpx.AsyncClient,
    door: Door,
    phones: Phones,
    receiver: Receiver,
    administrator: SignedInPerson,
    end: bytes,
    title: str,
) -> None:
    await add(client, administrator, receiver.url)
    await door.accepts(alert(SEVERE))
    await phones.deliver()

    await door.accepts(end)
    for _ in range(2):
        await phones.deliver()

    assert titles(receiver) == ["Lũ quét", title]
    warned, ended = bodies(receiver)
    assert ended["thread"] == warned["thread"]


async def test_an_event_that_an_update_drops_is_closed_and_the_other_goes_on(
    client: httpx.AsyncClient,
    door: Door,
    phones: Phones,
    receiver: Receiver,
    administrator: SignedInPerson,
) -> None:
    await add(client, administrator, receiver.url, leastLevel="MODERATE")
    slide = info(event="Sạt lở", severity="Moderate", areas=IN_SA_PA)
    await door.accepts(alert(SEVERE, slide))
    await phones.deliver()

    await door.accepts(update(slide))
    await phones.deliver()

    assert sorted(titles(receiver)[:2]) == ["Lũ quét", "Sạt lở"]
    assert sorted(titles(receiver)[2:]) == [CHANGED, "Sạt lở"]
    threads = {(one["title"], one["thread"]) for one in bodies(receiver) if one["title"] != CHANGED}
    assert len(threads) == 2


async def test_the_end_waits_while_the_warning_is_on_its_way(
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
    (tried,) = await outcomes(store, services)
    now = phones.clock()
    relays = services.relays.repository
    in_hand = (tried.notice_id, tried.relay_id)
    assert await relays.begin_try(*in_hand, now, now + timedelta(seconds=15))
    receiver.status = 200
    await door.accepts(CANCEL)

    await phones.deliver()
    before = titles(receiver)
    await relays.tried(*in_hand, RelayState.TAKEN)
    phones.clock.advance(seconds=10)
    await phones.deliver()

    assert (before, titles(receiver)) == (["Lũ quét"], ["Lũ quét", LIFTED])
    kept = await store[RELAY_OUTCOMES].find({"relay_id": tried.relay_id})
    assert [one["state"] for one in kept] == ["taken", "taken"]


async def test_what_ended_as_a_try_began_is_not_sent_any_more(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    door: Door,
    phones: Phones,
    receiver: Receiver,
    administrator: SignedInPerson,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    relays = services.relays.repository
    begin_try = relays.begin_try

    async def cancelled_by_then(*tried: object) -> bool:
        await door.accepts(CANCEL)
        return await begin_try(*tried)  # type: ignore[arg-type]

    await add(client, administrator, receiver.url)
    await door.accepts(alert(SEVERE))
    with monkeypatch.context() as patched:
        patched.setattr(relays, "begin_try", cancelled_by_then)
        await phones.deliver()

    assert "Lũ quét" not in titles(receiver)
    (outcome,) = await outcomes(store, services)
    assert outcome.state is RelayState.EXPIRED
