"""How many requests one address and one person may send, and how they are told."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from fastapi import FastAPI

from api.context import Services
from api.edge.request_limits import CALLS_FOR_HELP, documents_that_call_for_help
from api.main import create_app
from api.settings import Settings
from tests.accounts.people import SignedInPerson, signed_in
from tests.conftest import OPERATIONS, MovableClock, document, send_raw
from tests.edge.conftest import Connected, Serving, codes
from tests.edge.test_websocket import connected, heard, refusal_of, subscribe
from tests.safety.rescue import a_call_input

LEAF = {"query": "{ leaf { name } }"}
PROXIES = [ip_network("127.0.0.0/8")]


async def statuses(client: httpx.AsyncClient, *addresses: str, **headers: str) -> list[int]:
    """Send a request from each address, and return the statuses."""
    return [
        (
            await client.post(
                "/graphql", json=LEAF, headers={"x-forwarded-for": address, **headers}
            )
        ).status_code
        for address in addresses
    ]


async def test_a_refusal_says_when_to_ask_again(probe_client: Connected) -> None:
    async with probe_client(requests_per_minute_per_address=1) as client:
        await client.post("/graphql", json=LEAF)

        refused = await client.post("/graphql", json=LEAF, headers={"accept-language": "ko"})

    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "61"
    assert refused.json() == {
        "errors": [
            {
                "message": "요청이 너무 많습니다. 61초 후에 다시 시도해 주세요.",
                "extensions": {"code": "TOO_MANY_REQUESTS", "retryAfter": 61},
            }
        ]
    }


async def test_whoever_waited_is_answered_again(
    probe_client: Connected, clock: MovableClock
) -> None:
    async with probe_client(requests_per_minute_per_address=1) as client:
        before = await statuses(client, "", "")
        clock.advance(seconds=61)

        assert (before, await statuses(client, "")) == ([200, 429], [200])


async def test_addresses_are_counted_apart_and_ipv6_by_its_64(probe_client: Connected) -> None:
    async with probe_client(requests_per_minute_per_address=1, trusted_proxies=PROXIES) as client:
        assert await statuses(client, "203.0.113.7", "203.0.113.8", "203.0.113.7") == [
            200,
            200,
            429,
        ]
        assert await statuses(client, "2001:db8:1:2::a", "2001:db8:1:2:ffff::b") == [200, 429]
        assert await statuses(client, "2001:db8:1:3::a") == [200]


async def test_requests_that_are_refused_for_what_they_are_count_too(
    probe_client: Connected,
) -> None:
    async with probe_client(requests_per_minute_per_address=2) as client:
        replies = [
            await client.get("/graphql"),
            await client.post("/graphql", content=b"x"),
            await client.post("/graphql", json=LEAF),
        ]

    assert [reply.status_code for reply in replies] == [405, 415, 429]


async def test_health_is_never_refused(probe_client: Connected) -> None:
    async with probe_client(requests_per_minute_per_address=1) as client:
        await statuses(client, "", "")

        assert (await client.get("/health/ready")).status_code == 200


async def test_the_bots_requests_count_for_their_conversation(
    probe_client: Connected, services: Services
) -> None:
    one, other = (
        f"Bearer {services.tickets.issue(name, timedelta(minutes=5))}" for name in ("one", "other")
    )
    async with probe_client(
        requests_per_minute_per_address=1, requests_per_minute_per_person=2
    ) as client:
        assert await statuses(client, "", "", "", authorization=one) == [200, 200, 429]
        assert await statuses(client, "", authorization=other) == [200]
        assert await statuses(client, "", "") == [200, 429]


@pytest.fixture
def strict_app(services: Services, settings: Settings) -> FastAPI:
    built = create_app(
        settings.model_copy(
            update={"requests_per_minute_per_person": 3, "trusted_proxies": PROXIES}
        )
    )
    built.state.services = services
    return built


async def asked_by(app: FastAPI, person: SignedInPerson, address: str) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        headers = {**person.headers, "x-forwarded-for": address}
        return await send_raw(client, "accounts/Me", headers=headers)


async def test_a_person_is_counted_from_wherever_they_ask(
    strict_app: FastAPI, client: httpx.AsyncClient, services: Services
) -> None:
    mai = await signed_in(client, services)
    minjun = await signed_in(client, services, "minjun@example.com")

    replies = [await asked_by(strict_app, mai, f"203.0.113.{n}") for n in range(4)]

    assert [reply.status_code for reply in replies] == [200, 200, 200, 429]
    assert codes(replies[3]) == ["TOO_MANY_REQUESTS"]
    assert (await asked_by(strict_app, minjun, "203.0.113.0")).status_code == 200


async def test_subscriptions_count_like_requests(serving: Serving) -> None:
    async with serving(requests_per_minute_per_address=2) as address:
        async with connected(address) as socket:
            await subscribe(socket, "subscription { wait }", "1")
            await heard(socket)
            async with httpx.AsyncClient() as http:
                await http.post(f"{address.http}/graphql", json=LEAF)

            await subscribe(socket, "subscription { wait }", "2")
            refused = await heard(socket)

        async with connected(address) as another:
            again = await refusal_of(another, "subscription { wait }")

    assert (refused["id"], refused["type"]) == ("2", "error")
    assert refused["payload"][0]["extensions"] == {
        "code": "TOO_MANY_REQUESTS",
        "retryAfter": refused["payload"][0]["extensions"]["retryAfter"],
    }
    assert 50 <= refused["payload"][0]["extensions"]["retryAfter"] <= 61
    assert again == ("error", ["TOO_MANY_REQUESTS"])


def a_call_for_help() -> dict[str, Any]:
    return {"query": document("safety/RaiseSos"), "variables": {"input": a_call_input()}}


@pytest.fixture
async def busy(services: Services, settings: Settings) -> AsyncGenerator[httpx.AsyncClient]:
    """The product, for somebody whose address may send two requests a minute and has sent them."""
    app = create_app(settings.model_copy(update={"requests_per_minute_per_address": 2}))
    app.state.services = services
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        for _ in range(2):
            await send_raw(client, "alerts/AlertHazards")
        yield client


async def test_a_call_for_help_gets_through_where_nothing_else_does(
    busy: httpx.AsyncClient, client: httpx.AsyncClient, services: Services
) -> None:
    mai = await signed_in(client, services)

    called = await busy.post("/graphql", json=a_call_for_help(), headers=mai.headers)

    assert called.json()["data"]["raiseSos"]["__typename"] == "RaiseSosSuccess"
    assert (await send_raw(busy, "alerts/AlertHazards")).status_code == 429


def test_the_last_release_s_text_calls_for_help_too(tmp_path: Path) -> None:
    (tmp_path / "operations" / "safety").mkdir(parents=True)
    (tmp_path / "operations" / "safety" / "RaiseSos.graphql").write_text("now", encoding="utf-8")
    (tmp_path / "released").mkdir()
    released = {"safety/RaiseSos": "before", "alerts/AlertHazards": "something else"}
    (tmp_path / "released" / "operations.json").write_bytes(orjson.dumps(released))

    found = documents_that_call_for_help(tmp_path / "operations")

    assert found == {"now", "before"}


@pytest.mark.parametrize("operation", CALLS_FOR_HELP)
def test_what_calls_for_help_is_published(operation: str) -> None:
    assert document(operation) in documents_that_call_for_help(OPERATIONS)


async def test_calls_for_help_have_an_allowance_too(busy: httpx.AsyncClient) -> None:
    replies = [await busy.post("/graphql", json=a_call_for_help()) for _ in range(3)]

    assert [reply.status_code for reply in replies] == [200, 200, 429]


@pytest.mark.parametrize(
    "disguised",
    [
        {"query": "mutation RaiseSos { __typename }"},
        {"query": "{ alerts { edges { node { id } } } }", "operationName": "RaiseSos"},
        {**a_call_for_help(), "extensions": {"padding": "x" * 9_000}},
    ],
    ids=["by its name", "by what is asked for", "too long"],
)
async def test_what_only_looks_like_a_call_for_help_waits(
    busy: httpx.AsyncClient, disguised: dict[str, Any]
) -> None:
    refused = await busy.post("/graphql", json=disguised)

    assert refused.status_code == 429
    assert codes(refused) == ["TOO_MANY_REQUESTS"]


async def test_a_person_in_danger_is_not_counted(
    strict_app: FastAPI, client: httpx.AsyncClient, services: Services
) -> None:
    mai = await signed_in(client, services)
    for number in range(4):
        await asked_by(strict_app, mai, f"203.0.113.{number}")
    transport = httpx.ASGITransport(strict_app)

    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        called = await http.post("/graphql", json=a_call_for_help(), headers=mai.headers)

    assert called.json()["data"]["raiseSos"]["__typename"] == "RaiseSosSuccess"
