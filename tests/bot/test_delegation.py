"""What the bot may ask for a person: while it answers their message, and nothing more."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest
from aiohttp import web

from api.accounts.caller import Caller, Grant, Role, Scope, ScopeKind
from api.bot.repository import TURNS
from api.bot.words import CHAT_WORDS
from api.context import Services
from api.kit.store import Store
from api.kit.tickets import Ticket
from tests.accounts.people import MINJUN, SignedInPerson, grant, signed_in
from tests.bot.chats import new_key
from tests.bot.fake_rasa import FakeRasa
from tests.conftest import MovableClock, send

Json = dict[str, Any]
NONE_YET: Json = {"dependants": []}
LAMP = "The lamp at our gate is broken."
OPERATIONS = {
    "accounts/MyDependants": {},
    "accounts/Me": {},
    "bot/KeepChatWords": {"input": {"text": LAMP}},
}


@dataclass
class AskingBot:
    """Asks `operation` under the ticket of each message, while it answers it."""

    client: httpx.AsyncClient
    operation: str = "accounts/MyDependants"
    signed_in: list[bool] = field(default_factory=list[bool])
    tickets: list[str] = field(default_factory=list[str])
    answers: list[Any] = field(default_factory=list[Any])

    async def reply(self, _: web.Request, message: Json) -> web.StreamResponse:
        self.signed_in.append(message["metadata"]["signed_in"])
        self.tickets.append(message["metadata"]["ticket"])
        self.answers.append(await self.ask(self.tickets[-1]))
        return web.json_response([{"text": "Here you are."}])

    async def ask(self, ticket: str, operation: str = "", **variables: Any) -> Any:  # noqa: ANN401
        name = operation or self.operation
        headers = {"authorization": f"Bearer {ticket}"}
        data = await send(self.client, name, variables or OPERATIONS[name], headers=headers)
        (answer,) = data.values()
        return answer


@pytest.fixture
def bot(client: httpx.AsyncClient, rasa: FakeRasa) -> AskingBot:
    asking = AskingBot(client)
    rasa.reply = asking.reply
    return asking


@pytest.fixture
async def mai(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await signed_in(client, services)


async def said(client: httpx.AsyncClient, person: SignedInPerson | None, **fields: str) -> str:
    """Say something as a person, and return the id of the conversation."""
    variables = {"input": {"text": "hello", "idempotencyKey": new_key(), **fields}}
    headers = person.headers if person else None
    result = (await send(client, "bot/SendChatMessage", variables, headers=headers))[
        "sendChatMessage"
    ]
    assert result["answeredBy"] == "BOT"
    return str(result["conversation"]["id"])


async def test_while_it_answers_the_bot_asks_as_the_person(
    client: httpx.AsyncClient, bot: AskingBot, mai: SignedInPerson
) -> None:
    await said(client, mai)

    assert bot.signed_in == [True]
    assert bot.answers == [NONE_YET]


async def test_for_somebody_who_is_not_signed_in_it_asks_as_nobody(
    client: httpx.AsyncClient, bot: AskingBot
) -> None:
    await said(client, None)

    assert bot.signed_in == [False]
    assert bot.answers == [None]


async def test_after_the_answer_its_ticket_is_nobodys(
    client: httpx.AsyncClient, bot: AskingBot, mai: SignedInPerson, store: Store
) -> None:
    await said(client, mai)

    assert await bot.ask(bot.tickets[0]) is None
    (turn,) = await store[TURNS].find({})
    assert (turn["ticket_id"], turn["session_id"]) == (None, None)


async def test_when_whoever_answers_has_died_the_ticket_ends_with_the_lease(
    client: httpx.AsyncClient,
    bot: AskingBot,
    mai: SignedInPerson,
    rasa: FakeRasa,
    clock: MovableClock,
) -> None:
    ask = bot.ask
    asked: list[Any] = []

    async def reply(_: web.Request, message: Json) -> web.StreamResponse:
        ticket = message["metadata"]["ticket"]
        asked.append(await ask(ticket))
        clock.advance(seconds=30)
        asked.append(await ask(ticket))
        return web.json_response([{"text": "Here you are."}])

    rasa.reply = reply
    await said(client, mai)

    assert asked == [NONE_YET, None]


async def test_in_another_persons_conversation_it_asks_as_nobody(
    client: httpx.AsyncClient, services: Services, bot: AskingBot, mai: SignedInPerson
) -> None:
    minjun = await signed_in(client, services, MINJUN)
    conversation = await said(client, mai)

    await said(client, minjun, conversationId=conversation)

    assert bot.signed_in == [True, False]
    assert bot.answers == [NONE_YET, None]


async def test_a_conversation_begun_by_nobody_becomes_theirs_who_signs_in(
    client: httpx.AsyncClient, bot: AskingBot, mai: SignedInPerson
) -> None:
    conversation = await said(client, None)

    await said(client, mai, conversationId=conversation)

    assert bot.answers == [None, NONE_YET]


async def test_who_signed_out_meanwhile_is_nobody(
    client: httpx.AsyncClient, bot: AskingBot, mai: SignedInPerson, services: Services
) -> None:
    await send(client, "accounts/SignOutEverywhere", {}, headers=mai.headers)

    await said(client, mai)

    assert bot.answers == [None]


async def test_what_the_bot_has_no_business_with_it_asks_as_nobody(
    client: httpx.AsyncClient, bot: AskingBot, mai: SignedInPerson
) -> None:
    bot.operation = "accounts/Me"

    await said(client, mai)

    assert bot.answers == [None]


async def test_it_holds_none_of_the_persons_roles(
    client: httpx.AsyncClient, bot: AskingBot, mai: SignedInPerson, services: Services
) -> None:
    await grant(services, mai, Grant(Role.CLERK, Scope(ScopeKind.AGENCY, "so-y-te")))
    seen: list[Caller] = []
    caller_of = services.delegation.caller_of

    async def noted(ticket: Ticket, document: str) -> Caller:
        seen.append(await caller_of(ticket, document))
        return seen[-1]

    object.__setattr__(services.delegation, "caller_of", noted)
    await said(client, mai)

    assert [caller.grants for caller in seen] == [frozenset()]
    assert seen[0].person_id is not None


async def test_dictated_words_are_sealed_and_read_in_their_conversation_only(
    client: httpx.AsyncClient, bot: AskingBot, mai: SignedInPerson, store: Store
) -> None:
    bot.operation = "bot/KeepChatWords"
    await said(client, mai)
    words_id = bot.answers[0]["words"]["id"]
    await said(client, None)

    mine = await bot.ask(bot.tickets[0], "bot/ChatWords", id=words_id)
    others = await bot.ask(bot.tickets[1], "bot/ChatWords", id=words_id)

    assert mine == {"id": words_id, "text": LAMP}
    assert others is None
    kept = await store[CHAT_WORDS].find({})
    assert "lamp at our gate" not in str(kept)


async def test_dictated_words_are_gone_after_an_hour(
    client: httpx.AsyncClient,
    bot: AskingBot,
    mai: SignedInPerson,
    services: Services,
    clock: MovableClock,
) -> None:
    bot.operation = "bot/KeepChatWords"
    conversation = await said(client, mai)
    clock.advance(minutes=61)

    ticket = services.tickets.issue(conversation, timedelta(minutes=1))

    assert await bot.ask(ticket, "bot/ChatWords", id=bot.answers[0]["words"]["id"]) is None


async def test_only_the_bot_keeps_words(
    client: httpx.AsyncClient, mai: SignedInPerson, store: Store
) -> None:
    variables = {"input": {"text": LAMP}}

    answer = await send(client, "bot/KeepChatWords", variables, headers=mai.headers)

    assert answer["keepChatWords"]["code"] == "NOT_IN_CONVERSATION"
    assert await store[CHAT_WORDS].count({}) == 0
