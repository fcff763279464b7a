"""The probe schema behind the product's edge: in process, and on a real socket."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from api.context import Services
from api.main import Server, create_app
from api.settings import Settings
from tests.edge.probe import probe_schema

DEADLINE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens."""

    port: int

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def websocket(self) -> str:
        return f"ws://127.0.0.1:{self.port}/graphql"


Connected = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]
Serving = Callable[..., AbstractAsyncContextManager[Address]]


@pytest.fixture
def probe_client(services: Services, settings: Settings) -> Connected:
    """Return a context manager over a client of the probe; keywords override settings."""

    @asynccontextmanager
    async def connected(**overrides: Any) -> AsyncGenerator[httpx.AsyncClient]:  # noqa: ANN401
        app = create_app(settings.model_copy(update=overrides), probe_schema)
        app.state.services = services
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            yield http

    return connected


@pytest.fixture
async def probe(probe_client: Connected) -> AsyncGenerator[httpx.AsyncClient]:
    async with probe_client() as http:
        yield http


@pytest.fixture
def serving(settings: Settings) -> Serving:
    """Return a context manager over a real server of the probe; keywords override settings."""

    @asynccontextmanager
    async def served(**overrides: Any) -> AsyncGenerator[Address]:  # noqa: ANN401
        chosen = settings.model_copy(update={"port": 0, "shutdown_seconds": 2, **overrides})
        server = Server(create_app(chosen, probe_schema), chosen)
        running = asyncio.create_task(server.serve())
        async with asyncio.timeout(DEADLINE_SECONDS):
            while not server.started:  # noqa: ASYNC110 - uvicorn tells by a flag
                await asyncio.sleep(0.01)
        yield Address(server.servers[0].sockets[0].getsockname()[1])
        server.should_exit = True
        async with asyncio.timeout(DEADLINE_SECONDS):
            await running

    return served


@pytest.fixture
async def server(serving: Serving) -> AsyncGenerator[Address]:
    async with serving() as address:
        yield address


def codes(reply: httpx.Response) -> list[str]:
    """Return the codes of a reply's errors."""
    return [error["extensions"]["code"] for error in reply.json()["errors"]]


async def ask_as(address: Address, forwarded_for: str) -> httpx.Response:
    """Ask a server, with an address in X-Forwarded-For."""
    async with httpx.AsyncClient() as client:
        return await client.post(
            f"{address.http}/graphql",
            json={"query": "{ leaf { name } }"},
            headers={"x-forwarded-for": forwarded_for},
        )
