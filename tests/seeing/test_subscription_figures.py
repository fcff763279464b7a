"""What goes on over WebSocket is counted while it goes on, however it ends."""

import asyncio
import json

import pytest
from fastapi import FastAPI
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from api.context import Services
from api.kit.seeing import Seeing
from api.main import create_app
from api.settings import Settings
from tests.conftest import document
from tests.seeing.figures import Figures

SECONDS = 60
OPEN, CONNECTIONS = "laocai_subscriptions_open", "laocai_websocket_connections_open"


@pytest.fixture
def app(services: Services, settings: Settings, seeing: Seeing) -> FastAPI:
    built = create_app(settings, seeing=seeing)
    built.state.services = services
    return built


async def connected(port: int) -> ClientConnection:
    url = f"ws://127.0.0.1:{port}/graphql"
    socket = await connect(url, subprotocols=[Subprotocol("graphql-transport-ws")], proxy=None)
    await socket.send(json.dumps({"type": "connection_init"}))
    assert json.loads(await socket.recv())["type"] == "connection_ack"
    return socket


async def subscribe(socket: ClientConnection, id: str, query: str) -> None:
    await socket.send(json.dumps({"id": id, "type": "subscribe", "payload": {"query": query}}))


async def until(figures: Figures, name: str, value: float, **labels: str) -> None:
    async with asyncio.timeout(SECONDS):
        while figures.of(name, **labels) != value:  # noqa: ASYNC110 - the server is looked at
            await asyncio.sleep(0.01)


async def test_a_subscription_counts_until_it_is_completed_or_its_phone_is_gone(
    port: int, seeing: Seeing
) -> None:
    figures, alerts = Figures(seeing.registry), document("alerts/Alerts")
    socket = await connected(port)

    await subscribe(socket, "1", alerts)
    await subscribe(socket, "2", alerts)
    await until(figures, OPEN, 2, operation="Alerts")
    await socket.send(json.dumps({"id": "1", "type": "complete"}))
    await until(figures, OPEN, 1, operation="Alerts")
    assert figures.of(CONNECTIONS) == 1
    await socket.close()

    await until(figures, OPEN, 0, operation="Alerts")
    await until(figures, CONNECTIONS, 0)


async def test_one_that_is_refused_was_never_open(port: int, seeing: Seeing) -> None:
    figures = Figures(seeing.registry)
    socket = await connected(port)

    await subscribe(socket, "1", "subscription {")
    answer = json.loads(await socket.recv())
    await socket.close()

    assert answer["type"] == "error"
    assert figures.values(OPEN, "operation") == frozenset()
    await until(figures, CONNECTIONS, 0)
