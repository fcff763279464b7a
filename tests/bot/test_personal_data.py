"""Conversations of signed-in people: handed over, and erased here and in the bot."""

import asyncio
from typing import Any

import httpx
import pytest

from api.bot.personal_data import ChatData
from api.bot.repository import CONVERSATIONS, TURNS
from api.context import Services
from api.generated_secrets import bot_secret
from api.kit.personal_data import HolderUnavailable
from api.kit.store import Store
from api.settings import Settings
from tests.accounts.families import person_id_of
from tests.accounts.people import MAI, MINJUN, SignedInPerson, signed_in
from tests.bot.chats import new_key, say
from tests.bot.fake_rasa import FakeRasa
from tests.conftest import MovableClock, send


@pytest.fixture
def chat_data(services: Services) -> ChatData:
    holders = services.accounts.privacy.holders
    return next(holder for holder in holders if isinstance(holder, ChatData))


async def say_as(
    client: httpx.AsyncClient,
    person: SignedInPerson,
    text: str = "hello",
    **fields: Any,  # noqa: ANN401
) -> str:
    """Say something while signed in, and return the conversation."""
    variables = {"input": {"text": text, "idempotencyKey": new_key(), **fields}}
    data = await send(client, "bot/SendChatMessage", variables, headers=person.headers)
    conversation: str = data["sendChatMessage"]["conversation"]["id"]
    return conversation


async def owners(store: Store) -> list[str | None]:
    found = await store[CONVERSATIONS].find({}, sort=[("created_at", 1)])
    return [document["person_id"] for document in found]


async def test_a_conversation_is_of_the_first_who_is_signed_in(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    mai, minjun = await signed_in(client, services, MAI), await signed_in(client, services, MINJUN)
    begun = (await say(client, "hello"))["conversation"]["id"]
    nobodys = await owners(store)

    await say_as(client, mai, conversationId=begun)
    await say_as(client, minjun, conversationId=begun)

    assert nobodys == [None]
    assert await owners(store) == [await person_id_of(services, mai)]


async def test_what_is_kept_is_handed_over(
    client: httpx.AsyncClient, services: Services, chat_data: ChatData
) -> None:
    person = await signed_in(client, services)
    conversation = await say_as(client, person, "Where is the market?")
    await say(client, "somebody else")

    held = await chat_data.held_of(await person_id_of(services, person))

    assert held == [
        {
            "id": conversation,
            "startedAt": "2026-05-01T09:30:00+00:00",
            "keptUntil": "2026-05-31T09:30:00+00:00",
            "answers": [
                {
                    "replies": [{"text": "You said Where is the market?", "links": []}],
                    "language": "en",
                    "answered_by": "bot",
                }
            ],
            "dictated": [],
            "withPeople": [],
            "calls": [],
        }
    ]


async def test_conversations_are_erased_here_and_in_the_bot(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    settings: Settings,
    rasa: FakeRasa,
    chat_data: ChatData,
) -> None:
    person = await signed_in(client, services)
    person_id = await person_id_of(services, person)
    conversation = await say_as(client, person)
    stays = (await say(client, "somebody else"))["conversation"]["id"]

    await chat_data.erase(person_id)
    await chat_data.erase(person_id)

    gone = await say(client, "hello", conversationId=conversation)
    assert rasa.forgotten == [(conversation, f"Bearer {bot_secret(settings)}")]
    assert [found["_id"] for found in await store[CONVERSATIONS].find({})] == [stays]
    assert [turn["conversation_id"] for turn in await store[TURNS].find({})] == [stays]
    assert gone["code"] == "CONVERSATION_NOT_FOUND"
    assert await chat_data.held_of(person_id) == []


@pytest.mark.parametrize("status", [403, 404, 500, 503])
async def test_what_the_bot_does_not_forget_stays_to_be_erased(
    client: httpx.AsyncClient,
    services: Services,
    rasa: FakeRasa,
    chat_data: ChatData,
    status: int,
) -> None:
    person = await signed_in(client, services)
    person_id = await person_id_of(services, person)
    conversation = await say_as(client, person)
    rasa.forgets_with = status

    with pytest.raises(HolderUnavailable):
        await chat_data.erase(person_id)
    closed = await say(client, "hello", conversationId=conversation)
    rasa.forgets_with = 204
    await chat_data.erase(person_id)

    assert closed["code"] == "CONVERSATION_NOT_FOUND"
    assert len(rasa.forgotten) == 2
    assert await chat_data.held_of(person_id) == []


async def test_nothing_is_erased_while_the_bot_answers(
    client: httpx.AsyncClient,
    services: Services,
    rasa: FakeRasa,
    chat_data: ChatData,
    clock: MovableClock,
) -> None:
    """Else the bot would keep what it says afterwards."""
    person = await signed_in(client, services)
    person_id = await person_id_of(services, person)
    conversation = await say_as(client, person)
    rasa.gate.clear()
    rasa.is_asked.clear()
    message = asyncio.create_task(say_as(client, person, conversationId=conversation))
    await rasa.is_asked.wait()

    with pytest.raises(HolderUnavailable):
        await chat_data.erase(person_id)
    rasa.gate.set()
    await message
    clock.advance(seconds=1)
    await chat_data.erase(person_id)

    assert [found for found, _ in rasa.forgotten] == [conversation]
    assert await chat_data.held_of(person_id) == []


class TestWithoutABot:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"bot_url": "http://127.0.0.1:9"})

    async def test_what_it_never_heard_needs_not_be_forgotten(
        self,
        client: httpx.AsyncClient,
        services: Services,
        store: Store,
        rasa: FakeRasa,
        chat_data: ChatData,
    ) -> None:
        person = await signed_in(client, services)
        conversation = await say_as(client, person)
        await say_as(client, person, conversationId=conversation)

        await chat_data.erase(await person_id_of(services, person))

        assert rasa.forgotten == []
        assert await store[CONVERSATIONS].count({}) == 0

    async def test_what_it_may_have_heard_stays_to_be_erased(
        self, client: httpx.AsyncClient, services: Services, store: Store, chat_data: ChatData
    ) -> None:
        person = await signed_in(client, services)
        conversation = await say_as(client, person)
        await store[CONVERSATIONS].update_one({"_id": conversation}, {"$set": {"bot_knows": True}})

        with pytest.raises(HolderUnavailable):
            await chat_data.erase(await person_id_of(services, person))

        assert await store[CONVERSATIONS].count({"person_id": {"$ne": None}}) == 1
