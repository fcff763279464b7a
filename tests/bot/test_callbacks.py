"""A desk calls back: at a time that it offers, once, and the number goes afterwards."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import httpx
import pytest

from api.bot.handoff.callbacks.repository import CALLBACKS
from api.bot.personal_data import ChatData
from api.context import Services
from api.kit.store import Store
from api.settings import Settings
from api.wiring import sealing_keys_of
from tests.accounts.families import person_id_of
from tests.accounts.people import SignedInPerson, new_key, signed_in
from tests.bot.desks import a_clerk, begun, do
from tests.conftest import MovableClock, send

PHONE = "0912 345 678"
E164 = "+84912345678"
THIS_EVENING, TOMORROW = "2026-05-01T10:00:00+00:00", "2026-05-02T00:30:00+00:00"
DESK = {"desk": "TOURIST_HELP_CENTRE"}


@pytest.fixture
async def clerk(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await a_clerk(client, services, "an")


async def wished(
    client: httpx.AsyncClient,
    conversation_id: str | None,
    person: SignedInPerson | None = None,
    **fields: Any,  # noqa: ANN401
) -> dict[str, Any]:
    values: dict[str, Any] = {
        "conversationId": conversation_id,
        "phone": PHONE,
        "starts": THIS_EVENING,
        "idempotencyKey": new_key(),
        **fields,
    }
    return await do(client, "RequestCallback", values, person)


async def listed(client: httpx.AsyncClient, clerk: SignedInPerson) -> list[dict[str, Any]]:
    data = await send(client, "bot/DeskCallbacks", DESK, headers=clerk.headers)
    return list(data["deskCallbacks"]["callbacks"])


async def closed(
    client: httpx.AsyncClient, clerk: SignedInPerson | None, callback_id: str, **fields: object
) -> dict[str, Any]:
    values = {"id": callback_id, "wasReached": True, "idempotencyKey": new_key(), **fields}
    return await do(client, "CloseCallback", values, clerk)


async def test_desks_tell_when_they_are_open_and_can_call(client: httpx.AsyncClient) -> None:
    """It is Friday, 16:30 in Vietnam."""
    centre, desk_1022 = (await send(client, "bot/ChatDesks"))["chatDesks"]["desks"]

    assert (centre["desk"], centre["isOpen"], centre["opensAt"]) == (
        "TOURIST_HELP_CENTRE",
        True,
        TOMORROW,
    )
    assert centre["callWindows"][:2] == [
        {"starts": THIS_EVENING, "ends": "2026-05-01T14:00:00+00:00"},
        {"starts": TOMORROW, "ends": "2026-05-02T05:00:00+00:00"},
    ]
    assert [one["starts"] for one in desk_1022["callWindows"]] == [
        "2026-05-04T00:30:00+00:00",
        "2026-05-04T05:00:00+00:00",
        "2026-05-05T00:30:00+00:00",
        "2026-05-05T05:00:00+00:00",
    ]


async def test_a_call_is_asked_for_listed_and_made(
    client: httpx.AsyncClient, store: Store, clerk: SignedInPerson, clock: MovableClock
) -> None:
    conversation = await begun(client)

    wish = (await wished(client, conversation))["callback"]
    sealed = await store[CALLBACKS].find({})
    (one,) = await listed(client, clerk)
    done = await closed(client, clerk, wish["id"])

    assert (wish["phone"], wish["state"], wish["deskName"]) == (
        E164,
        "WAITING",
        "Tourist help centre",
    )
    assert E164 not in str(sealed)
    assert (one["id"], one["phone"], one["language"], one["tries"]) == (wish["id"], E164, "en", 0)
    assert done["callback"]["state"] == "REACHED"
    assert await listed(client, clerk) == []
    seen = await send(client, "bot/ChatCallback", {"conversationId": conversation})
    assert seen["chatCallback"]["state"] == "REACHED"
    (kept,) = await store[CALLBACKS].find({})
    assert kept["kept_until"] == clock() + timedelta(hours=24)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"conversationId": "a" * 26}, "CONVERSATION_NOT_FOUND"),
        ({"conversationId": None}, "CONVERSATION_NOT_FOUND"),
        ({"idempotencyKey": "short"}, "INVALID_IDEMPOTENCY_KEY"),
        ({"phone": "115"}, "INVALID_PHONE"),
        ({"phone": "1900 1000"}, "INVALID_PHONE"),
        ({"phone": "my number"}, "INVALID_PHONE"),
        ({"phone": "9" * 5_000}, "INVALID_PHONE"),
        ({"starts": "2026-05-01T12:00:00+07:00"}, "WINDOW_GONE"),
        ({"starts": "2026-05-01T17:30:00+07:00"}, "WINDOW_GONE"),
        ({"starts": THIS_EVENING, "desk": "DESK_1022"}, "WINDOW_GONE"),
    ],
)
async def test_what_cannot_be_done_is_refused(
    client: httpx.AsyncClient, store: Store, fields: dict[str, Any], code: str
) -> None:
    conversation = await begun(client)

    asked: dict[str, Any] = {"conversationId": conversation, **fields}
    refused = await wished(client, asked.pop("conversationId"), None, **asked)

    assert refused["code"] == code
    assert await store[CALLBACKS].count({}) == 0


async def test_landlines_and_numbers_from_abroad_are_called(client: httpx.AsyncClient) -> None:
    conversation = await begun(client)

    phones = [
        (await wished(client, conversation, phone=phone))["callback"]["phone"]
        for phone in ("0214 3820 115", "+33 6 12 34 56 78")
    ]

    assert phones == ["+842143820115", "+33612345678"]


async def test_asked_again_it_takes_the_place_and_a_key_answers_once(
    client: httpx.AsyncClient, clerk: SignedInPerson
) -> None:
    conversation, key = await begun(client), new_key()

    first = [await wished(client, conversation, idempotencyKey=key) for _ in range(2)]
    await wished(client, conversation, starts=TOMORROW)
    reused = await wished(client, conversation, idempotencyKey=key, phone="0987 654 321")

    assert first[0] == first[1]
    assert reused["code"] == "IDEMPOTENCY_KEY_REUSED"
    (one,) = await listed(client, clerk)
    assert one["window"]["starts"] == TOMORROW


async def test_asked_many_times_at_once_there_is_one_call(
    client: httpx.AsyncClient, clerk: SignedInPerson
) -> None:
    conversation = await begun(client)

    await asyncio.gather(*(wished(client, conversation) for _ in range(5)))

    assert len(await listed(client, clerk)) == 1


async def test_who_takes_it_back_is_not_called(
    client: httpx.AsyncClient, store: Store, clerk: SignedInPerson
) -> None:
    conversation = await begun(client)
    wish = (await wished(client, conversation))["callback"]

    taken_back = [
        await do(client, "WithdrawCallback", {"conversationId": conversation}) for _ in range(2)
    ]
    late = await closed(client, clerk, wish["id"])

    assert taken_back[0]["callback"]["state"] == "WITHDRAWN"
    assert taken_back[1]["code"] == "CALLBACK_NOT_FOUND"
    assert late["code"] == "CALLBACK_NOT_FOUND"
    assert [one["state"] for one in await store[CALLBACKS].find({})] == ["withdrawn"]
    assert await listed(client, clerk) == []


async def test_the_third_call_without_an_answer_is_the_last(
    client: httpx.AsyncClient, clerk: SignedInPerson
) -> None:
    wish = (await wished(client, await begun(client)))["callback"]
    keys = [new_key(), new_key(), new_key()]

    tried = [
        (await closed(client, clerk, wish["id"], wasReached=False, idempotencyKey=key))["callback"]
        for key in (keys[0], keys[0], keys[1], keys[2])
    ]

    assert [(one["tries"], one["state"]) for one in tried] == [
        (1, "WAITING"),
        (1, "WAITING"),
        (2, "WAITING"),
        (3, "NOT_REACHED"),
    ]


async def test_of_two_clerks_who_close_it_at_once_one_does(
    client: httpx.AsyncClient, services: Services, clerk: SignedInPerson
) -> None:
    other = await a_clerk(client, services, "binh")
    wish = (await wished(client, await begun(client)))["callback"]

    results = await asyncio.gather(*(closed(client, who, wish["id"]) for who in (clerk, other)))

    assert sorted(result.get("code", "") for result in results) == ["", "CALLBACK_NOT_FOUND"]


async def test_control_without_the_guard_both_close_it(
    client: httpx.AsyncClient,
    services: Services,
    clerk: SignedInPerson,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = await a_clerk(client, services, "binh")
    wish = (await wished(client, await begun(client)))["callback"]
    monkeypatch.setattr("api.bot.handoff.callbacks.repository._IS_WAITING", {})

    results = [await closed(client, who, wish["id"]) for who in (clerk, other)]

    assert [result.get("code") for result in results] == [None, None]


async def test_other_desks_and_other_people_see_no_number(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    wish = (await wished(client, await begun(client)))["callback"]
    mai = await signed_in(client, services)
    other = await a_clerk(client, services, "cuc", "desk-1022")

    codes = [(await closed(client, who, wish["id"]))["code"] for who in (None, mai, other)]

    assert codes == ["NOT_SIGNED_IN", "NOT_ALLOWED", "CALLBACK_NOT_FOUND"]
    assert [one["state"] for one in await store[CALLBACKS].find({})] == ["waiting"]


async def test_numbers_are_told_erased_and_sealed_anew(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    settings: Settings,
    clock: MovableClock,
) -> None:
    mai = await signed_in(client, services)
    await wished(client, await begun(client, person=mai), mai)
    stays = (await wished(client, await begun(client)))["callback"]
    holders = services.accounts.privacy.holders
    data = next(holder for holder in holders if isinstance(holder, ChatData))
    mai_id = await person_id_of(services, mai)
    keys = sealing_keys_of(services, settings, clock)

    ((old, _),) = keys.ids()
    keys.add()
    await keys.seal_all_anew()
    (held,) = await data.held_of(mai_id)
    await data.erase(mai_id)

    assert CALLBACKS.name not in (await keys.uses()).get(old, Counter[str]())
    assert [(one["phone"], one["state"]) for one in held["calls"]] == [(E164, "WAITING")]
    assert [one["_id"] for one in await store[CALLBACKS].find({})] == [stays["id"]]
