"""A connection lives no longer than what its owner may do."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from api.context import Services
from tests.accounts.people import MINJUN, SignedInPerson, call, signed_in
from tests.conftest import MovableClock, document

SECONDS = 60
ACCESS_CHANGED = 4403


@asynccontextmanager
async def connected(port: int, person: SignedInPerson | None) -> AsyncGenerator[ClientConnection]:
    """Connect as a person, or as nobody, and listen to warnings."""
    payload = dict(person.headers) if person else {}
    url = f"ws://127.0.0.1:{port}/graphql"
    async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")]) as socket:
        await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        assert json.loads(await socket.recv()) == {"type": "connection_ack"}
        yield socket


async def asked(socket: ClientConnection, operation: str) -> Any:  # noqa: ANN401
    """Run a query over the connection and return its data."""
    message = {"id": "q", "type": "subscribe", "payload": {"query": document(operation)}}
    await socket.send(json.dumps(message))
    async with asyncio.timeout(SECONDS):
        answer = json.loads(await socket.recv())
        assert json.loads(await socket.recv()) == {"id": "q", "type": "complete"}
    return answer["payload"]["data"]


async def close_code(socket: ClientConnection) -> int | None:
    async with asyncio.timeout(SECONDS):
        try:
            while True:
                await socket.recv()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None


@pytest.fixture
async def person(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await signed_in(client, services)


async def test_a_connection_knows_who_opened_it(port: int, person: SignedInPerson) -> None:
    async with connected(port, person) as mine, connected(port, None) as nobody_s:
        assert (await asked(mine, "accounts/Me"))["me"]["addresses"][0]["value"] == person.address
        assert (await asked(nobody_s, "accounts/Me"))["me"] is None


@pytest.mark.parametrize("operation", ["SignOut", "SignOutEverywhere"])
async def test_it_ends_with_its_session(
    port: int, client: httpx.AsyncClient, person: SignedInPerson, operation: str
) -> None:
    async with connected(port, person) as socket:
        await call(client, operation, person=person)

        assert await close_code(socket) == ACCESS_CHANGED


async def test_it_ends_when_a_thief_is_noticed(
    port: int, client: httpx.AsyncClient, person: SignedInPerson, clock: MovableClock
) -> None:
    values = {"refreshToken": person.tokens["refreshToken"]}
    await call(client, "RefreshSession", values)
    async with connected(port, person) as socket:
        clock.advance(seconds=61)
        await call(client, "RefreshSession", values)

        assert await close_code(socket) == ACCESS_CHANGED


async def test_it_ends_when_the_session_ended_before_it_was_watched(
    port: int, client: httpx.AsyncClient, person: SignedInPerson, services: Services
) -> None:
    caller = await services.accounts.sessions.caller_of(person.tokens["accessToken"])
    await call(client, "SignOut", person=person)

    async with asyncio.timeout(SECONDS):
        await services.accounts.sessions.until_access_changes(caller)


async def test_it_outlives_other_sessions_and_its_access_token(
    port: int,
    client: httpx.AsyncClient,
    services: Services,
    person: SignedInPerson,
    clock: MovableClock,
) -> None:
    clock.advance(minutes=2)
    elsewhere = await signed_in(client, services)
    somebody = await signed_in(client, services, MINJUN)
    async with connected(port, person) as socket:
        await call(client, "SignOut", person=elsewhere)
        await call(client, "SignOutEverywhere", person=somebody)
        clock.advance(hours=1)

        assert (await asked(socket, "accounts/Me"))["me"] is not None


async def test_nothing_is_left_listening(
    port: int, client: httpx.AsyncClient, services: Services, person: SignedInPerson
) -> None:
    async with connected(port, person):
        pass

    async with asyncio.timeout(SECONDS):
        while services.events.listener_count:  # noqa: ASYNC110 - the server tells nobody
            await asyncio.sleep(0.01)
