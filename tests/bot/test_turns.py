import asyncio
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from api.bot.repository import CONVERSATIONS, TURNS, ChatRepository
from api.context import Services
from api.kit.store import Store
from tests.accounts.people import signed_in
from tests.bot.chats import new_key, say, say_as, texts
from tests.bot.fake_rasa import FakeRasa, always
from tests.conftest import MovableClock

LEASE_SECONDS = 13.0
"""The time-out of these tests' settings, and the margin."""
WAITED_FOR_NO_LONGER = pytest.mark.parametrize("bot_timeout_seconds", [3.0])
"""For who waits behind a stuck turn, in real time: as long as the bot may take, and the margin."""


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - the fake bot's state is no event
            await asyncio.sleep(0.01)


async def test_the_same_key_and_message_get_the_same_answer(
    client: httpx.AsyncClient, rasa: FakeRasa
) -> None:
    key = new_key()
    first = await say(client, "hello", key=key)
    rasa.reply = always([{"text": "something else"}])

    second = await say(client, "hello", key=key)

    assert second == first
    assert rasa.texts() == ["hello"]


async def test_a_fallback_is_repeated_as_well(client: httpx.AsyncClient, rasa: FakeRasa) -> None:
    key = new_key()
    rasa.reply = always([])
    first = await say(client, "hello", key=key)
    rasa.reply = always([{"text": "back again"}])

    assert await say(client, "hello", key=key) == first


@pytest.mark.parametrize("change", [{"text": "bye"}, {"language": "ko"}])
async def test_the_same_key_with_another_message_is_refused(
    client: httpx.AsyncClient, rasa: FakeRasa, change: dict[str, str]
) -> None:
    key = new_key()
    await say(client, "hello", key=key)

    result = await say(client, **{"text": "hello", "key": key, **change})

    assert result["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert rasa.texts() == ["hello"]


async def test_a_key_is_scoped_to_its_conversation(
    client: httpx.AsyncClient, rasa: FakeRasa
) -> None:
    key = new_key()
    first, second = await say(client, "hello"), await say(client, "hello")

    one = await say(client, "A", key=key, conversationId=first["conversation"]["id"])
    other = await say(client, "B", key=key, conversationId=second["conversation"]["id"])

    assert texts(one) == ["You said A"]
    assert texts(other) == ["You said B"]


async def test_what_begins_a_conversation_is_scoped_to_its_person(
    client: httpx.AsyncClient, services: Services, rasa: FakeRasa
) -> None:
    key = new_key()
    mai, lan = [await signed_in(client, services, who) for who in ("+84912345678", "+84912345679")]

    hers = await say_as(client, mai, "hello", key)
    again = await say_as(client, mai, "hello", key)
    other = await say_as(client, lan, "hello", key)

    assert again == hers
    assert other["conversation"]["id"] != hers["conversation"]["id"]
    assert rasa.texts() == ["hello", "hello"]


async def test_a_key_is_kept_for_24_hours_and_then_free(
    client: httpx.AsyncClient, rasa: FakeRasa, clock: MovableClock
) -> None:
    key = new_key()
    await say(client, "hello", key=key)
    clock.advance(hours=24, seconds=-1)
    await say(client, "hello", key=key)
    assert rasa.texts() == ["hello"]

    clock.advance(seconds=2)
    await say(client, "another", key=key)

    assert rasa.texts() == ["hello", "another"]


async def test_a_duplicate_while_the_first_runs_waits_for_its_answer(
    client: httpx.AsyncClient, rasa: FakeRasa
) -> None:
    rasa.gate.clear()
    key = new_key()
    duplicates = [asyncio.create_task(say(client, "hello", key=key)) for _ in range(5)]
    await until(lambda: len(rasa.received) == 1)

    rasa.gate.set()
    results = await asyncio.gather(*duplicates)

    assert results == [results[0]] * 5
    assert rasa.texts() == ["hello"]


async def test_messages_of_one_conversation_reach_rasa_one_at_a_time(
    client: httpx.AsyncClient, rasa: FakeRasa
) -> None:
    conversation = (await say(client, "hello"))["conversation"]["id"]

    results = await asyncio.gather(
        *(say(client, f"number {order}", conversationId=conversation) for order in range(6))
    )

    assert rasa.answering_at_most == 1
    assert sorted(texts(result)[0] for result in results) == [
        f"You said number {order}" for order in range(6)
    ]


async def test_messages_of_different_conversations_do_not_wait(
    client: httpx.AsyncClient, rasa: FakeRasa
) -> None:
    rasa.gate.clear()
    talks = [asyncio.create_task(say(client, f"person {order}")) for order in range(6)]

    await until(lambda: rasa.answering == 6)
    rasa.gate.set()

    assert all(result["answeredBy"] == "BOT" for result in await asyncio.gather(*talks))


async def test_who_dies_while_asking_is_replaced_after_the_lease(
    client: httpx.AsyncClient, rasa: FakeRasa, store: Store, clock: MovableClock
) -> None:
    key = new_key()
    conversation = (await say(client, "hello"))["conversation"]["id"]
    clock.advance(seconds=1)
    message = {"text": "again", "key": key, "conversationId": conversation}
    await say(client, **message)
    await _as_if_killed_while_asking(store, conversation, clock)

    clock.advance(seconds=LEASE_SECONDS)
    result = await say(client, **message)

    assert texts(result) == ["You said again"]
    assert rasa.texts() == ["hello", "again", "again"]


async def test_a_dead_owner_does_not_hold_up_the_next_message_beyond_the_lease(
    client: httpx.AsyncClient, store: Store, clock: MovableClock
) -> None:
    conversation = (await say(client, "hello"))["conversation"]["id"]
    clock.advance(seconds=1)
    await say(client, "again", conversationId=conversation)
    await _as_if_killed_while_asking(store, conversation, clock)

    clock.advance(seconds=LEASE_SECONDS)
    result = await say(client, "next", conversationId=conversation)

    assert texts(result) == ["You said next"]


@WAITED_FOR_NO_LONGER
async def test_a_message_behind_a_stuck_one_is_refused_and_its_key_stays_free(
    client: httpx.AsyncClient, rasa: FakeRasa, store: Store, clock: MovableClock
) -> None:
    conversation = (await say(client, "hello"))["conversation"]["id"]
    await store[CONVERSATIONS].update_one(
        {"_id": conversation}, {"$set": {"busy_with": "x", "busy_until": clock.after(60)}}
    )
    message = {"text": "next", "key": new_key(), "conversationId": conversation}
    turns = await store[TURNS].count({})

    refused = await say(client, **message)

    assert refused["code"] == "CONVERSATION_BUSY"
    assert await store[TURNS].count({}) == turns
    clock.advance(seconds=61)
    assert texts(await say(client, **message)) == ["You said next"]


@WAITED_FOR_NO_LONGER
async def test_a_duplicate_of_a_stuck_message_is_told_so(
    client: httpx.AsyncClient, store: Store, clock: MovableClock
) -> None:
    conversation = (await say(client, "hello"))["conversation"]["id"]
    clock.advance(seconds=1)
    message = {"text": "again", "key": new_key(), "conversationId": conversation}
    await say(client, **message)
    await _as_if_killed_while_asking(store, conversation, clock)

    result = await say(client, **message)

    assert result["code"] == "MESSAGE_IN_PROGRESS"


async def test_of_two_who_take_over_only_one_may(
    services: Services, store: Store, clock: MovableClock, client: httpx.AsyncClient
) -> None:
    await say(client, "hello")
    document = (await store[TURNS].find({}))[0]
    await _as_if_killed_while_asking(store, document["conversation_id"], clock)
    repository = ChatRepository(store, timedelta(seconds=LEASE_SECONDS), services.sealer)
    turn = await repository.turn(document["_id"])
    assert turn is not None
    clock.advance(seconds=LEASE_SECONDS)

    taken = await asyncio.gather(*(repository.take_over(turn, clock()) for _ in range(20)))

    assert sum(one is not None for one in taken) == 1


async def _as_if_killed_while_asking(store: Store, conversation: str, clock: MovableClock) -> None:
    """Leave what a process leaves that dies between asking Rasa and keeping the answer."""
    leased_until = clock.after(LEASE_SECONDS)
    turn = await store[TURNS].find_one(
        {"conversation_id": conversation}, sort=(("kept_until", -1),)
    )
    assert turn is not None
    await store[TURNS].update_one(
        {"_id": turn["_id"]}, {"$set": {"answer": None, "leased_until": leased_until}}
    )
    await store[CONVERSATIONS].update_one(
        {"_id": conversation},
        {"$set": {"busy_with": turn["owner"], "busy_until": leased_until}},
    )


async def test_answers_are_kept_sealed_and_sealed_anew(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    said = await say(client, "the quotation 0417", key="the-same-message-0417")
    (sealed,) = await store[TURNS].find({})

    again = await say(client, "the quotation 0417", key="the-same-message-0417")

    assert texts(said) == ["You said the quotation 0417"]
    assert "quotation 0417" not in str(sealed["answer"])
    assert again == said
    assert [type(one).__name__ for one in services.chat.resealed] == ["ChatRepository"]
