"""graphql-transport-ws on a real socket: the protocol, the guard, the bounds."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from api.edge import graphql_websocket
from tests.edge.conftest import DEADLINE_SECONDS, Address, Serving
from tests.edge.probe import INTERNALS

PROTOCOL = Subprotocol("graphql-transport-ws")


@asynccontextmanager
async def connected(
    address: Address,
    *,
    payload: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> AsyncGenerator[ClientConnection]:
    """Connect, and go through connection_init."""
    async with opened(address, headers=headers) as socket:
        message = {"type": "connection_init"} | ({"payload": payload} if payload else {})
        await tell(socket, message)
        assert await heard(socket) == {"type": "connection_ack"}
        yield socket


def opened(address: Address, *, headers: dict[str, str] | None = None) -> connect:
    return connect(address.websocket, subprotocols=[PROTOCOL], additional_headers=headers)


async def tell(socket: ClientConnection, message: object) -> None:
    await socket.send(json.dumps(message))


async def subscribe(socket: ClientConnection, query: str, id: str = "1", **more: Any) -> None:  # noqa: ANN401
    await tell(socket, {"id": id, "type": "subscribe", "payload": {"query": query, **more}})


async def heard(socket: ClientConnection) -> Any:  # noqa: ANN401
    async with asyncio.timeout(DEADLINE_SECONDS):
        return json.loads(await socket.recv())


async def closed_with(socket: ClientConnection) -> int | None:
    """Wait for the server to close, and return its code."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        try:
            while True:
                await socket.recv()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None


async def refusal_of(socket: ClientConnection, query: str, **more: Any) -> tuple[str, list[str]]:  # noqa: ANN401
    await subscribe(socket, query, **more)
    message = await heard(socket)
    return message["type"], [error["extensions"]["code"] for error in message["payload"]]


async def test_a_subscription_yields_and_completes(server: Address) -> None:
    async with connected(server) as socket:
        await subscribe(socket, "subscription($to: Int!) { count(to: $to) }", variables={"to": 2})

        assert await heard(socket) == {
            "id": "1",
            "type": "next",
            "payload": {"data": {"count": 1}},
        }
        assert (await heard(socket))["payload"] == {"data": {"count": 2}}
        assert await heard(socket) == {"id": "1", "type": "complete"}


async def test_queries_and_mutations_run_too(server: Address) -> None:
    async with connected(server) as socket:
        await subscribe(socket, 'mutation { echo(text: "Sa Pa") }')

        assert (await heard(socket))["payload"] == {"data": {"echo": "Sa Pa"}}
        assert (await heard(socket))["type"] == "complete"


async def test_ping_is_answered(server: Address) -> None:
    async with connected(server) as socket:
        await tell(socket, {"type": "ping"})

        assert await heard(socket) == {"type": "pong"}


@pytest.mark.parametrize(
    ("query", "before"),
    [
        ("subscription { count(to: 1) }", ["next", "complete"]),
        ("subscription { wait }", ["next"]),
        ("subscription { refusal }", ["next", "next", "complete"]),
        ("subscription { nothing }", ["error"]),
        ("subscription {", ["error"]),
    ],
)
async def test_ping_is_answered_after_whatever_was_subscribed_to(
    server: Address, query: str, before: list[str]
) -> None:
    async with connected(server) as socket:
        await subscribe(socket, query)
        await tell(socket, {"type": "ping"})

        kinds = [(await heard(socket))["type"] for _ in (*before, "pong")]

    assert sorted(kinds) == sorted([*before, "pong"])


async def test_ping_waits_for_no_subscription_that_was_completed(server: Address) -> None:
    async with connected(server) as socket:
        await subscribe(socket, "subscription { never }")
        await tell(socket, {"type": "complete", "id": "1"})
        await tell(socket, {"type": "ping"})

        assert await heard(socket) == {"type": "pong"}


async def test_ping_waits_for_no_query(server: Address) -> None:
    async with connected(server) as socket:
        await subscribe(socket, "mutation { never }")
        await tell(socket, {"type": "ping"})

        assert await heard(socket) == {"type": "pong"}


@pytest.mark.parametrize(
    ("headers", "payload", "language"),
    [
        ({}, None, "en"),
        ({"accept-language": "ja"}, None, "ja"),
        ({"accept-language": "ja"}, {"language": "vi"}, "vi"),
        ({}, {"acceptLanguage": "zh-CN, en;q=0.5"}, "zh-Hans"),
        ({"accept-language": "ja"}, {"language": 7}, "ja"),
    ],
)
async def test_the_language_comes_from_connection_init_or_the_header(
    server: Address, headers: dict[str, str], payload: dict[str, Any] | None, language: str
) -> None:
    async with connected(server, headers=headers, payload=payload) as socket:
        await subscribe(socket, "subscription { language }")

        assert (await heard(socket))["payload"] == {"data": {"language": language}}


async def test_the_legacy_protocol_is_off(server: Address) -> None:
    async with connect(server.websocket, subprotocols=[Subprotocol("graphql-ws")]) as socket:
        assert socket.subprotocol is None
        assert await closed_with(socket) == 4406


async def test_connection_init_must_come_in_time(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert timedelta(seconds=10) == graphql_websocket.INIT_WITHIN
    monkeypatch.setattr(graphql_websocket, "INIT_WITHIN", timedelta(milliseconds=50))
    async with serving() as address, opened(address) as socket:
        assert await closed_with(socket) == 4408


async def test_nothing_runs_before_connection_init(server: Address) -> None:
    async with opened(server) as socket:
        await subscribe(socket, "{ language }")

        assert await closed_with(socket) == 4401


async def test_an_id_is_used_once_at_a_time(server: Address) -> None:
    async with connected(server) as socket:
        await subscribe(socket, "subscription { wait }")
        await heard(socket)
        await subscribe(socket, "subscription { wait }")

        assert await closed_with(socket) == 4409


@pytest.mark.parametrize(
    "message",
    [
        "nonsense",
        "null",
        "[]",
        '"text"',
        "{}",
        '{"type": 1}',
        '{"type": "start"}',
        '{"type": "' + "x" * 500 + '"}',
        '{"type": "subscribe"}',
        '{"type": "subscribe", "id": 1, "payload": {"query": "{ language }"}}',
        '{"type": "subscribe", "id": "", "payload": {"query": "{ language }"}}',
        '{"type": "subscribe", "id": "' + "x" * 65 + '", "payload": {}}',
        '{"type": "subscribe", "id": "1", "payload": []}',
        '{"type": "complete", "id": []}',
        "[" * 5_000,
        '{"type": "\\ud800"}',
    ],
)
async def test_a_malformed_message_closes_the_connection_as_the_protocol_says(
    server: Address, message: str
) -> None:
    async with connected(server) as socket:
        await socket.send(message)

        assert await closed_with(socket) == 4400


async def test_bytes_are_refused(server: Address) -> None:
    async with connected(server) as socket:
        await socket.send(b'{"type": "ping"}')

        assert await closed_with(socket) == 4400


async def test_connection_init_takes_an_object_once(server: Address) -> None:
    async with opened(server) as socket:
        await tell(socket, {"type": "connection_init", "payload": None})
        assert await heard(socket) == {"type": "connection_ack"}
        await tell(socket, {"type": "connection_init"})
        assert await closed_with(socket) == 4429

    async with opened(server) as socket:
        await tell(socket, {"type": "connection_init", "payload": []})
        assert await closed_with(socket) == 4400


async def test_a_frame_too_large_closes_the_connection(server: Address) -> None:
    async with connected(server) as socket:
        await socket.send('{"type": "ping", "payload": "' + "x" * 65_536 + '"}')

        assert await closed_with(socket) == 1009


EXPONENTIAL = "subscription { ...A0 } " + " ".join(
    f"fragment A{n} on Subscription {{ ...A{n + 1} ...A{n + 1} }}" for n in range(20)
)


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({}, "MISSING_QUERY"),
        ({"query": 1}, "INVALID_REQUEST"),
        ({"query": "{ language }", "variables": []}, "INVALID_REQUEST"),
        ({"query": "{ language }", "operationName": 1}, "INVALID_REQUEST"),
        ({"query": "{ a" * 30}, "NESTING_TOO_DEEP"),
        ({"query": EXPONENTIAL}, "TOO_MANY_SELECTIONS"),
        ({"query": "{ language", "variables": None}, "DOCUMENT_UNREADABLE"),
        ({"query": "{ language : }"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "subscription { nonsense }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "subscription($to: Int!) { count(to: $to) }"}, "BAD_USER_INPUT"),
        ({"query": "{ language }", "operationName": "B"}, "OPERATION_NOT_FOUND"),
        ({"extensions": {"persistedQuery": {"sha256Hash": "0"}}}, "PERSISTED_QUERY_NOT_FOUND"),
    ],
)
async def test_what_cannot_run_is_refused_and_the_connection_lives_on(
    server: Address, payload: dict[str, Any], code: str
) -> None:
    async with connected(server) as socket:
        await tell(socket, {"id": "1", "type": "subscribe", "payload": payload})
        refusal = await heard(socket)
        await subscribe(socket, "{ language }", id="1")
        answer = await heard(socket)

    assert refusal["type"] == "error"
    assert [error["extensions"]["code"] for error in refusal["payload"]] == [code]
    assert answer["payload"] == {"data": {"language": "en"}}


async def test_a_bug_in_a_subscription_is_masked(server: Address) -> None:
    async with connected(server) as socket:
        await subscribe(socket, "subscription { bug }")
        assert (await heard(socket))["payload"] == {"data": {"bug": 1}}
        message = await heard(socket)

    (error,) = message["payload"]["errors"]
    assert error["message"] == "Unexpected error."
    assert error["extensions"]["code"] == "INTERNAL"
    assert INTERNALS not in json.dumps(message)


async def test_an_expected_refusal_in_a_subscription_keeps_its_code(server: Address) -> None:
    async with connected(server, payload={"language": "fr"}) as socket:
        await subscribe(socket, "subscription { refusal }")
        await heard(socket)
        (error,) = (await heard(socket))["payload"]["errors"]

    assert error["message"] == "Demandez de 1 à 7 éléments à la fois."
    assert error["extensions"] == {"code": "CLOSED_TODAY"}


async def test_a_connection_has_so_many_subscriptions_and_no_more(serving: Serving) -> None:
    async with serving(subscriptions_per_connection=2) as address, connected(address) as socket:
        for name in ("1", "2"):
            await subscribe(socket, "subscription { wait }", id=name)
            await heard(socket)

        assert await refusal_of(socket, "{ language }", id="3") == (
            "error",
            ["TOO_MANY_SUBSCRIPTIONS"],
        )
        await tell(socket, {"id": "1", "type": "complete"})
        await subscribe(socket, "{ language }", id="4")
        assert (await heard(socket))["payload"] == {"data": {"language": "en"}}


async def test_browsers_of_other_origins_need_the_setting(serving: Serving) -> None:
    async with serving(cors_origins=["https://app.example"]) as address:
        async with connected(address, headers={"origin": "https://app.example"}):
            pass
        async with connected(address, headers={"origin": address.http}):
            pass
        with pytest.raises(InvalidStatus, match="403"):
            async with opened(address, headers={"origin": "https://evil.example"}):
                pass
