"""Four API processes and three workers on one store, with a Redis: they act as one product."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from api.collections import COLLECTIONS
from api.kit.clock import system_clock
from api.kit.store import Store
from api.kit.store.sqlite import SqliteStore
from api.settings import Settings
from api.wiring import services_on
from notifications.device_repository import DEVICES
from notifications.recordings import RECORDED_MESSAGES
from tests.accounts.people import new_key
from tests.alerts.messages import SENDER, alert, info
from tests.conftest import document, settings_in
from tests.free_ports import free_port
from tests.kit.conftest import redis
from tests.kit.redis_server import RedisServer
from tests.notifications.factories import a_device, put
from tests.system.many_processes import ManyProcesses, many_processes

__all__ = ["redis"]

PROCESSES = 4
WORKERS = 3
DEVICES_IN_DANGER = 1_500
ALLOWED_A_MINUTE = 40
DEADLINE_SECONDS = 60


@asynccontextmanager
async def opened(folder: Path) -> AsyncGenerator[Store]:
    store = SqliteStore(folder / "laocai.db")
    await store.open(COLLECTIONS)
    try:
        yield store
    finally:
        await store.close()


async def an_agency_key(store: Store, settings: Settings) -> str:
    async with services_on(store, settings, system_clock) as services:
        return (await services.alerts.keys.create("Civil Defence", [SENDER])).key


async def ask(
    api: httpx.AsyncClient, operation: str, variables: dict[str, Any], address: str
) -> httpx.Response:
    return await api.post(
        "/graphql",
        json={"query": document(operation), "variables": variables},
        headers={"x-forwarded-for": address},
    )


def a_warning(identifier: str) -> bytes:
    now = system_clock().replace(microsecond=0)
    until = (now + timedelta(hours=3)).isoformat()
    sent = (now - timedelta(minutes=1)).isoformat()
    return alert(info(expires=until), identifier=identifier, sent=sent)


async def warn(api: httpx.AsyncClient, key: str, identifier: str) -> None:
    reply = await api.post(
        "/cap/v1/alerts",
        content=a_warning(identifier),
        headers={"authorization": f"Bearer {key}", "content-type": "application/cap+xml"},
    )
    assert reply.status_code == 201, reply.text


@asynccontextmanager
async def listening(port: int) -> AsyncGenerator[Callable[[], Any]]:
    """Subscribe to the warnings at one process, and give what hears the next one."""
    url = f"ws://127.0.0.1:{port}/graphql"
    async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")]) as socket:

        async def hear() -> dict[str, Any]:
            async with asyncio.timeout(DEADLINE_SECONDS):
                return dict(json.loads(await socket.recv()))

        await socket.send(json.dumps({"type": "connection_init"}))
        assert (await hear())["type"] == "connection_ack"
        asked = {"query": "subscription { alerts { identifier } }"}
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": asked}))
        # Answered when what was asked for before is listened to.
        await socket.send(json.dumps({"type": "ping"}))
        assert (await hear())["type"] == "pong"
        yield hear


async def answered(many: ManyProcesses, requests: int, address: str) -> Counter[int]:
    """Count the statuses of so many requests, spread over all processes in turn."""
    asked = [
        ask(many.apis[number % len(many.apis)], "alerts/AlertHazards", {}, address)
        for number in range(requests)
    ]
    return Counter(reply.status_code for reply in await asyncio.gather(*asked))


async def test_many_processes_act_as_one(tmp_path: Path, redis: RedisServer) -> None:
    async with opened(tmp_path) as store:
        key = await an_agency_key(store, settings_in(tmp_path))
    ports = [free_port() for _ in range(PROCESSES)]
    settings = {
        "LAOCAI_LIMITS_URL": redis.url,
        "LAOCAI_REQUESTS_PER_MINUTE_PER_ADDRESS": str(ALLOWED_A_MINUTE),
    }

    async with many_processes(tmp_path, ports, 1, **settings) as many:
        await a_warning_reaches_whoever_listens_at_any_process(many, key)
        await one_key_is_one_device_whatever_process_is_asked(many, tmp_path)
        counted = await answered(many, ALLOWED_A_MINUTE + 20, "198.51.100.7")

    assert counted == {200: ALLOWED_A_MINUTE, 429: 20}


async def a_warning_reaches_whoever_listens_at_any_process(many: ManyProcesses, key: str) -> None:
    async with listening(many.ports[0]) as first, listening(many.ports[3]) as last:
        await warn(many.apis[1], key, "flood-of-many")

        heard = [await first(), await last()]

    identifiers = [one["payload"]["data"]["alerts"]["identifier"] for one in heard]
    assert identifiers == ["flood-of-many", "flood-of-many"]


async def one_key_is_one_device_whatever_process_is_asked(
    many: ManyProcesses, folder: Path
) -> None:
    registration = {
        "idempotencyKey": new_key(),
        "registration": "token-of-many-processes",
        "registrationKind": "TOKEN",
        "platform": "ANDROID",
        "language": "vi",
    }

    replies = await asyncio.gather(
        *(
            ask(api, "accounts/RegisterDevice", {"input": registration}, "198.51.100.8")
            for api in many.apis * 2
        )
    )

    answers = [reply.json()["data"]["registerDevice"] for reply in replies]
    assert {answer["device"]["id"] for answer in answers} == {answers[0]["device"]["id"]}
    async with opened(folder) as store:
        assert await store[DEVICES].count({}) == 1


async def test_without_redis_each_process_counts_for_itself(tmp_path: Path) -> None:
    # Control of the limit above.
    ports = [free_port() for _ in range(2)]
    allowed = {"LAOCAI_REQUESTS_PER_MINUTE_PER_ADDRESS": str(ALLOWED_A_MINUTE)}

    async with many_processes(tmp_path, ports, 0, **allowed) as many:
        counted = await answered(many, ALLOWED_A_MINUTE + 20, "198.51.100.7")

    assert counted == {200: ALLOWED_A_MINUTE + 20}


async def test_what_dead_workers_held_goes_to_the_one_that_lives(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        key = await an_agency_key(store, settings_in(tmp_path))
        now = system_clock()
        async with store.transaction():
            await put(store, *(a_device(observed_at=now) for _ in range(DEVICES_IN_DANGER)))
        async with many_processes(tmp_path, [free_port()], WORKERS) as many:
            await warn(many.apis[0], key, "flood-with-deaths")
            recordings = store[RECORDED_MESSAGES]
            await until(recordings.count, 100)
            for worker in many.workers[:-1]:
                await worker.kill()

            await until(recordings.count, DEVICES_IN_DANGER)

        counted = Counter((await recordings.count_by("device_id", {})).values())
        assert counted == {1: DEVICES_IN_DANGER}


async def until(count: Callable[[dict[str, Any]], Any], enough: int) -> None:
    async with asyncio.timeout(DEADLINE_SECONDS):
        while await count({}) < enough:  # noqa: ASYNC110 - another process writes
            await asyncio.sleep(0.05)
