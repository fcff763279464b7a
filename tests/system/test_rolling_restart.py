"""API processes are replaced one after the other, while phones go on asking: nobody gets a failure."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import pytest

from api.collections import COLLECTIONS
from api.kit.store.sqlite import SqliteStore
from notifications.device_repository import DEVICES
from tests.accounts.people import new_key
from tests.conftest import document
from tests.free_ports import free_port
from tests.system.many_processes import ManyProcesses, many_processes

PHONES = 6
LOOKED_AT_EVERY_SECONDS, ANSWERS_WITHIN_SECONDS = 0.1, 1.0
KNOWN_FOR_SECONDS = 2.0
"""What was seen longer ago than that is looked at again before a request is sent: a drain is longer."""
DRAIN_SECONDS = "5"
ANSWERED = "200 False"
"""How the proxy counts an answer without an error."""


class Proxy:
    """What stands before the processes: it asks each now and then whether it is ready, and sends there only."""

    def __init__(self, many: ManyProcesses) -> None:
        self._many = many
        self._ready: list[httpx.AsyncClient] = []
        self._looked_at = -inf
        self._turns = itertools.count()
        self.answers: Counter[str] = Counter()

    async def look_on(self) -> None:
        """Look after the processes until cancelled."""
        while True:
            await self._look()

    async def send(self, operation: str, variables: dict[str, Any]) -> None:
        """Pass a request on, and count what came of it."""
        asked = {"query": document(operation), "variables": variables}
        while not self._ready or monotonic() - self._looked_at > KNOWN_FOR_SECONDS:
            await self._look()
        api = self._ready[next(self._turns) % len(self._ready)]
        try:
            reply = await api.post("/graphql", json=asked)
            self.answers[f"{reply.status_code} {'errors' in reply.json()}"] += 1
        except httpx.TransportError as error:
            self.answers[type(error).__name__] += 1

    async def _look(self) -> None:
        apis, began = self._many.apis, monotonic()
        are_ready = await asyncio.gather(*map(_is_ready, apis))
        self._ready = [api for api, is_ready in zip(apis, are_ready, strict=True) if is_ready]
        self._looked_at = began
        await asyncio.sleep(LOOKED_AT_EVERY_SECONDS)


async def _is_ready(api: httpx.AsyncClient) -> bool:
    with suppress(httpx.TransportError):
        reply = await api.get("/health/ready", timeout=ANSWERS_WITHIN_SECONDS)
        return reply.status_code == 200
    return False


def a_registration() -> dict[str, Any]:
    return {
        "idempotencyKey": new_key(),
        "registration": f"token-{new_key()}",
        "registrationKind": "TOKEN",
        "platform": "ANDROID",
        "language": "vi",
    }


async def ask_on(proxy: Proxy) -> None:
    """Read and write in turn, for ever, as phones do."""
    while True:
        await proxy.send("alerts/AlertHazards", {})
        await proxy.send("accounts/RegisterDevice", {"input": a_registration()})


@asynccontextmanager
async def asked_all_the_time(proxy: Proxy) -> AsyncGenerator[None]:
    """Let phones ask until the block ends; what they have asked is then answered."""
    looking = asyncio.create_task(proxy.look_on())
    phones = [asyncio.create_task(ask_on(proxy)) for _ in range(PHONES)]
    yield
    for task in (looking, *phones):
        task.cancel()
    ended = await asyncio.gather(looking, *phones, return_exceptions=True)
    assert all(isinstance(one, asyncio.CancelledError) for one in ended), ended


async def devices_in(folder: Path) -> int:
    store = SqliteStore(folder / "laocai.db")
    await store.open(COLLECTIONS)
    try:
        return await store[DEVICES].count({})
    finally:
        await store.close()


async def answers_over_restarts(
    folder: Path, ports: list[int], drain_seconds: str, restarts: Sequence[int]
) -> Counter[str]:
    """Replace these processes while phones ask, until one gets a failure; return what they got."""
    allowed = {
        "LAOCAI_DRAIN_SECONDS": drain_seconds,
        "LAOCAI_REQUESTS_PER_MINUTE_PER_ADDRESS": "1000000",
    }
    async with many_processes(folder, ports, 0, **allowed) as many:
        proxy = Proxy(many)
        async with asked_all_the_time(proxy):
            for number in restarts:
                await many.restart(number)
                if set(proxy.answers) != {ANSWERED}:
                    break
    return proxy.answers


@pytest.fixture
def ports() -> list[int]:
    return [free_port() for _ in range(2)]


async def test_no_request_fails_while_processes_are_replaced(
    tmp_path: Path, ports: list[int]
) -> None:
    answers = await answers_over_restarts(tmp_path, ports, DRAIN_SECONDS, (0, 1))

    assert set(answers) == {ANSWERED}
    assert answers.total() > 100
    # The last request of each phone may have been answered to nobody.
    registered = answers.total() // 2
    assert registered - PHONES <= await devices_in(tmp_path) <= registered + PHONES


async def test_without_draining_requests_fail(tmp_path: Path, ports: list[int]) -> None:
    # Control: a process that stops listening at once is still sent requests, now and then.
    answers = await answers_over_restarts(tmp_path, ports, "0", (0, 1) * 5)

    assert set(answers) > {ANSWERED}
