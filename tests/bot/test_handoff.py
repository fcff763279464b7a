"""A chat is put into a desk's queue, answered by one clerk, and ended."""

import asyncio
from contextlib import aclosing
from datetime import timedelta
from typing import Any

import httpx
import pytest

from api.bot.handoff import repository
from api.bot.handoff.errors import ClerkBusy
from api.bot.handoff.lapse import CLERK_GONE_AFTER, PERSON_GONE_AFTER
from api.bot.handoff.records import LaterKind
from api.bot.handoff.repository import HandoffRepository
from api.bot.handoff.service import LAPSE_JOB
from api.context import Services
from api.kit.events import EVENTS
from api.kit.store import Store
from tests.accounts.people import new_key
from tests.bot.chats import say, texts
from tests.bot.desks import a_clerk, asked, begun, do
from tests.bot.fake_rasa import FakeRasa, always
from tests.conftest import MovableClock, send, send_raw


async def test_a_conversation_is_queued_once(client: httpx.AsyncClient) -> None:
    conversation = await begun(client)

    first = await asked(client, conversation)
    second = await asked(client, conversation)

    assert first == second
    assert (first["handoff"]["desk"], first["handoff"]["place"]) == ("TOURIST_HELP_CENTRE", 1)
    assert first["handoff"]["waitMinutes"] is None


async def test_asked_many_times_at_once_it_is_queued_once(client: httpx.AsyncClient) -> None:
    conversation = await begun(client)

    results = await asyncio.gather(*(asked(client, conversation) for _ in range(5)))

    assert len({result["handoff"]["id"] for result in results}) == 1


async def test_a_key_begins_one_also_after_that_has_ended(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    conversation, key = await begun(client), new_key()
    handoff = (await asked(client, conversation, idempotencyKey=key))["handoff"]
    clerk = await a_clerk(client, services, "an")
    await do(client, "TakeHandoff", {"id": handoff["id"]}, clerk)
    await do(client, "EndHandoff", {"id": handoff["id"]}, clerk)

    again = await asked(client, conversation, idempotencyKey=key)
    other = await asked(client, conversation, idempotencyKey=key, desk="DESK_1022")

    assert (again["handoff"]["id"], again["handoff"]["state"]) == (handoff["id"], "ENDED")
    assert other["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert await store[repository.HANDOFFS].count({}) == 1
    assert (await asked(client, conversation))["handoff"]["id"] != handoff["id"]


async def test_a_refused_key_is_free_again(
    client: httpx.AsyncClient, clock: MovableClock, store: Store
) -> None:
    conversation, key = await begun(client), new_key()
    clock.advance(hours=12)

    refused = await asked(client, conversation, idempotencyKey=key)
    kept = await store[repository.HANDOFFS].count({})
    clock.advance(hours=8)
    again = await asked(client, conversation, idempotencyKey=key)

    assert (refused["code"], kept) == ("DESK_CLOSED", 0)
    assert again["handoff"]["state"] == "WAITING"


async def test_events_name_nothing_that_opens_a_conversation(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    conversation = await begun(client)
    handoff = (await asked(client, conversation))["handoff"]
    clerk = await a_clerk(client, services, "an")
    await do(client, "TakeHandoff", {"id": handoff["id"]}, clerk)
    await say(client, "hello", conversationId=conversation)

    events = await store[EVENTS].find({"topic": repository.CHANGES})
    await HandoffRepository(store, services.sealer, services.events).forget(conversation)

    assert len(events) == 3
    assert conversation not in str(events)
    assert await store[EVENTS].count({"topic": repository.CHANGES}) == 0


async def test_the_second_in_the_queue_has_place_two(
    client: httpx.AsyncClient, clock: MovableClock
) -> None:
    await asked(client, await begun(client))
    clock.advance(seconds=1)

    second = await asked(client, await begun(client))

    assert second["handoff"]["place"] == 2


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"conversationId": "a" * 26}, "CONVERSATION_NOT_FOUND"),
        ({"conversationId": "../x"}, "CONVERSATION_NOT_FOUND"),
        ({"conversationId": None}, "CONVERSATION_NOT_FOUND"),
        ({"idempotencyKey": "short"}, "INVALID_IDEMPOTENCY_KEY"),
    ],
)
async def test_bad_input_is_refused(
    client: httpx.AsyncClient, fields: dict[str, Any], code: str
) -> None:
    assert (await asked(client, await begun(client), **fields))["code"] == code


async def test_a_closed_desk_says_when_it_opens(
    client: httpx.AsyncClient, clock: MovableClock
) -> None:
    conversation = await begun(client)
    clock.advance(hours=1)  # Friday, 17:30 in Vietnam

    refused = await asked(client, conversation, desk="DESK_1022")

    assert refused["code"] == "DESK_CLOSED"
    assert "2026-05-04 07:30" in refused["message"]


async def test_what_is_written_goes_to_the_desk_and_not_into_the_store(
    client: httpx.AsyncClient, rasa: FakeRasa, services: Services, store: Store
) -> None:
    conversation = await begun(client)
    handoff = (await asked(client, conversation))["handoff"]
    rasa.reply = always([])

    answer = await say(client, "my passport is gone", conversationId=conversation)

    assert answer["answeredBy"] == "PERSON"
    assert len(answer["replies"]) == 1
    assert rasa.received[-1]["metadata"]["with_person"] is True
    kept = await store[repository.HANDOFF_MESSAGES].find({})
    assert "passport" not in str(kept)
    clerk = await a_clerk(client, services, "an")
    taken = await do(client, "TakeHandoff", {"id": handoff["id"]}, clerk)
    assert "my passport is gone" in [one["text"] for one in taken["messages"]]


async def test_emergencies_are_answered_by_the_bot_first(
    client: httpx.AsyncClient, rasa: FakeRasa
) -> None:
    conversation = await begun(client)
    await asked(client, conversation)
    rasa.reply = always([{"text": "Call 115."}])

    answer = await say(client, "he does not breathe", conversationId=conversation)

    assert texts(answer)[0] == "Call 115."
    assert answer["answeredBy"] == "PERSON"


async def test_a_broken_bot_is_no_failure(client: httpx.AsyncClient, rasa: FakeRasa) -> None:
    conversation = await begun(client)
    await asked(client, conversation)
    rasa.reply = always({}, status=500)

    answer = await say(client, "are you there", conversationId=conversation)

    assert answer["answeredBy"] == "PERSON"


async def test_a_repeated_message_is_kept_once(
    client: httpx.AsyncClient, store: Store, services: Services
) -> None:
    conversation = await begun(client)
    await asked(client, conversation)

    kept = [await services.handoffs.passed_on(conversation, "m" * 26, "once") for _ in range(2)]

    assert kept == [True, True]
    assert await store[repository.HANDOFF_MESSAGES].count({"kind": "person"}) == 1


async def test_of_two_clerks_who_take_at_once_one_wins(
    client: httpx.AsyncClient, services: Services
) -> None:
    handoff = (await asked(client, await begun(client)))["handoff"]
    clerks = [await a_clerk(client, services, name) for name in ("an", "binh")]

    results = await asyncio.gather(
        *(do(client, "TakeHandoff", {"id": handoff["id"]}, clerk) for clerk in clerks)
    )

    assert sorted(result.get("code", "") for result in results) == ["", "HANDOFF_TAKEN"]


async def test_without_the_guard_both_clerks_take_it(
    client: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    handoff = (await asked(client, await begun(client)))["handoff"]
    clerks = [await a_clerk(client, services, name) for name in ("an", "binh")]
    monkeypatch.setattr("api.bot.handoff.desk._WAITING", {})

    results = [await do(client, "TakeHandoff", {"id": handoff["id"]}, clerk) for clerk in clerks]

    assert [result.get("code") for result in results] == [None, None]


async def test_a_clerk_holds_one_at_a_time(client: httpx.AsyncClient, services: Services) -> None:
    ids = [(await asked(client, await begun(client)))["handoff"]["id"] for _ in range(2)]
    clerk = await a_clerk(client, services, "an")

    results = await asyncio.gather(*(do(client, "TakeHandoff", {"id": one}, clerk) for one in ids))

    assert sorted(result.get("code", "") for result in results) == ["", ClerkBusy.code.name]


async def test_other_desks_see_nothing(client: httpx.AsyncClient, services: Services) -> None:
    handoff = (await asked(client, await begun(client)))["handoff"]
    other = await a_clerk(client, services, "cuc", "desk-1022")
    rescuer = await a_clerk(client, services, "dung", "rescue")

    assert (await do(client, "TakeHandoff", {"id": handoff["id"]}, other))["code"] == (
        "HANDOFF_NOT_FOUND"
    )
    assert (await do(client, "EndHandoff", {"id": handoff["id"]}, rescuer))["code"] == "NOT_ALLOWED"
    assert (await do(client, "EndHandoff", {"id": handoff["id"]}))["code"] == "NOT_SIGNED_IN"
    desk = {"desk": "TOURIST_HELP_CENTRE"}
    reply = await send_raw(client, "bot/HandoffQueue", desk, headers=other.headers)
    assert reply.status_code == 200
    assert reply.json()["errors"]


async def test_the_person_hears_the_desk_and_grades_it_once(
    client: httpx.AsyncClient, services: Services
) -> None:
    conversation = await begun(client)
    handoff = (await asked(client, conversation))["handoff"]
    clerk = await a_clerk(client, services, "an")
    await do(client, "TakeHandoff", {"id": handoff["id"]}, clerk)
    words = {"id": handoff["id"], "text": "How can I help?", "idempotencyKey": new_key()}
    for _ in range(2):
        await do(client, "SendHandoffMessage", words, clerk)
    early = await do(client, "RateHandoff", {"conversationId": conversation, "grade": 5})
    await do(client, "EndHandoff", {"id": handoff["id"]}, clerk)

    async with aclosing(services.handoffs.later(conversation, 0)) as later, asyncio.timeout(20):
        heard = [(await anext(later))[0] for _ in range(4)]
    async with (
        aclosing(services.handoffs.later(conversation, heard[1].number)) as later,
        asyncio.timeout(20),
    ):
        resumed = (await anext(later))[0]

    kinds = [entry.kind for entry in heard]
    assert kinds == [LaterKind.QUEUED, LaterKind.ANSWERED, LaterKind.AGENT, LaterKind.ENDED]
    assert resumed == heard[2]
    assert early["code"] == "HANDOFF_NOT_FOUND"
    graded = [
        await do(client, "RateHandoff", {"conversationId": conversation, "grade": grade})
        for grade in (6, 4, 5)
    ]
    assert [one.get("code") for one in graded] == ["INVALID_GRADE", None, "ALREADY_RATED"]


async def test_after_the_hand_back_the_bot_answers(
    client: httpx.AsyncClient, services: Services
) -> None:
    conversation = await begun(client)
    handoff = (await asked(client, conversation))["handoff"]
    clerk = await a_clerk(client, services, "an")
    await do(client, "TakeHandoff", {"id": handoff["id"]}, clerk)

    await do(client, "ReturnHandoffToBot", {"id": handoff["id"]}, clerk)

    assert (await say(client, "again", conversationId=conversation))["answeredBy"] == "BOT"


async def test_who_vanishes_loses_it_and_who_leaves_is_ended(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    conversation = await begun(client)
    handoff = (await asked(client, conversation))["handoff"]
    clerk = await a_clerk(client, services, "an")
    await do(client, "TakeHandoff", {"id": handoff["id"]}, clerk)
    look = services.handoff_lapse.handlers()[LAPSE_JOB]
    payload = {"handoff_id": handoff["id"], "round": 1}

    clock.advance(seconds=CLERK_GONE_AFTER.total_seconds())
    await look(payload)
    returned = await send(client, "bot/ChatHandoff", {"conversationId": conversation})
    other = await a_clerk(client, services, "binh")
    await do(client, "TakeHandoff", {"id": handoff["id"]}, other)
    clock.advance(seconds=PERSON_GONE_AFTER.total_seconds())
    await look(payload)

    ended = await send(client, "bot/ChatHandoff", {"conversationId": conversation})
    assert returned["chatHandoff"]["state"] == "WAITING"
    assert ended["chatHandoff"]["state"] == "ENDED"


async def test_words_go_a_day_after_the_end(
    client: httpx.AsyncClient, services: Services, store: Store, clock: MovableClock
) -> None:
    conversation = await begun(client)
    handoff = (await asked(client, conversation))["handoff"]
    clerk = await a_clerk(client, services, "an")
    await do(client, "TakeHandoff", {"id": handoff["id"]}, clerk)
    await say(client, "bye", conversationId=conversation)

    await do(client, "EndHandoff", {"id": handoff["id"]}, clerk)

    kept = [
        *await store[repository.HANDOFF_MESSAGES].find({}),
        *await store[repository.HANDOFFS].find({}),
    ]
    assert {one["kept_until"] for one in kept} == {clock() + timedelta(hours=24)}
