"""What a desk and a person hear of each other over a WebSocket."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from api.context import Services
from tests.accounts.people import SignedInPerson, new_key, signed_in
from tests.bot.chats import say
from tests.bot.desks import a_clerk, asked, begun, do
from tests.conftest import document

DEADLINE_SECONDS = 60
Json = dict[str, Any]
Hear = Callable[[], Awaitable[Json]]


@pytest.fixture
async def clerk(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await a_clerk(client, services, "an")


@asynccontextmanager
async def listening(
    port: int, operation: str, variables: Json, person: SignedInPerson | None = None
) -> AsyncGenerator[Hear]:
    """Subscribe, and give what hears the next message."""
    url = f"ws://127.0.0.1:{port}/graphql"
    async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")]) as socket:
        payload = {"authorization": person.headers["authorization"]} if person else {}
        await socket.send(json.dumps({"type": "connection_init", "payload": payload}))

        async def hear() -> Json:
            async with asyncio.timeout(DEADLINE_SECONDS):
                return dict(json.loads(await socket.recv()))

        assert (await hear())["type"] == "connection_ack"
        wanted = {"query": document(f"bot/{operation}"), "variables": variables}
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": wanted}))
        yield hear


def told(message: Json) -> Any:  # noqa: ANN401 - what the one field holds
    (value,) = message["payload"]["data"].values()
    return value


async def test_the_person_follows_the_desk_and_goes_on_after_a_cursor(
    client: httpx.AsyncClient, clerk: SignedInPerson, port: int
) -> None:
    conversation = await begun(client)
    other = await begun(client, "somebody else")
    handoff = (await asked(client, conversation))["handoff"]
    heard: list[Json] = []

    async with listening(port, "ChatReplies", {"conversationId": conversation}) as hear:
        heard.append(told(await hear()))
        await asked(client, other)
        await do(client, "TakeHandoff", {"id": handoff["id"]}, clerk)
        heard.append(told(await hear()))
        await say(client, "Good day.", conversationId=conversation)
        words = {"id": handoff["id"], "text": "How can I help?", "idempotencyKey": new_key()}
        await do(client, "SendHandoffMessage", words, clerk)
        heard.append(told(await hear()))
    await do(client, "EndHandoff", {"id": handoff["id"]}, clerk)
    missed = {"conversationId": conversation, "after": heard[-1]["cursor"]}
    async with listening(port, "ChatReplies", missed) as hear:
        heard.append(told(await hear()))

    assert [(it["kind"], it["text"], it["place"]) for it in heard] == [
        ("QUEUED", None, 1),
        ("ANSWERED", None, None),
        ("AGENT", "How can I help?", None),
        ("ENDED", None, None),
    ]
    assert {it["deskName"] for it in heard} == {"Tourist help centre"}


async def test_the_desk_follows_its_queue(
    client: httpx.AsyncClient, clerk: SignedInPerson, port: int
) -> None:
    first = (await asked(client, await begun(client)))["handoff"]["id"]
    desk = {"desk": "TOURIST_HELP_CENTRE"}

    async with listening(port, "HandoffQueueChanged", desk, clerk) as hear:
        before = told(await hear())
        await asked(client, await begun(client), desk="DESK_1022")
        await do(client, "TakeHandoff", {"id": first}, clerk)
        after = told(await hear())

    assert [(one["id"], one["state"], one["isMine"]) for one in before] == [
        (first, "WAITING", False)
    ]
    assert [(one["id"], one["state"], one["isMine"]) for one in after] == [(first, "OPEN", True)]


@pytest.mark.parametrize(
    ("operation", "variables", "code"),
    [
        ("ChatReplies", {"conversationId": "a" * 26}, "CONVERSATION_NOT_FOUND"),
        ("HandoffQueueChanged", {"desk": "TOURIST_HELP_CENTRE"}, "NOT_ALLOWED"),
    ],
)
async def test_who_has_no_business_there_follows_nothing(
    client: httpx.AsyncClient,
    services: Services,
    port: int,
    operation: str,
    variables: Json,
    code: str,
) -> None:
    mai = await signed_in(client, services)

    async with listening(port, operation, variables, mai) as hear:
        message = await hear()

    payload: Any = message["payload"]
    first = (payload if message["type"] == "error" else payload["errors"])[0]
    assert first["extensions"]["code"] == code
