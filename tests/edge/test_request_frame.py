"""Trace ids, log lines, security headers, CORS, tickets and health."""

from datetime import timedelta

import httpx
import pytest
import structlog

from api.context import Services
from api.kit.store import StoreUnavailable
from tests.conftest import MovableClock
from tests.edge.conftest import Connected

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


async def traced(client: httpx.AsyncClient, traceparent: str) -> tuple[str, str]:
    reply = await client.post(
        "/graphql", json={"query": "{ trace }"}, headers={"traceparent": traceparent}
    )
    return reply.json()["data"]["trace"], reply.headers["trace-id"]


@pytest.mark.parametrize(
    "traceparent",
    [f"00-{TRACE}-00f067aa0ba902b7-01", f"cc-{TRACE}-00f067aa0ba902b7-01-what-comes-later"],
)
async def test_a_well_formed_traceparent_is_followed(
    probe: httpx.AsyncClient, traceparent: str
) -> None:
    assert await traced(probe, traceparent) == (TRACE, TRACE)


@pytest.mark.parametrize(
    "traceparent",
    [
        "",
        "nonsense",
        f"ff-{TRACE}-00f067aa0ba902b7-01",
        f"00-{TRACE.upper()}-00f067aa0ba902b7-01",
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE}-00f067aa0ba902b7-01-more",
        f"00-{TRACE}-00f067aa0ba902b7",
        "00-" + "a" * 5_000,
    ],
)
async def test_any_other_traceparent_gets_a_new_trace(
    probe: httpx.AsyncClient, traceparent: str
) -> None:
    seen, header = await traced(probe, traceparent)

    assert seen == header
    assert seen != TRACE
    assert len(bytes.fromhex(seen)) == 16


async def test_a_request_is_logged_without_what_it_carries(probe: httpx.AsyncClient) -> None:
    body = {
        "query": "query Near($text: String!) { echo(text: $text) }",
        "variables": {"text": "22.3364"},
        "operationName": "Near",
    }
    with structlog.testing.capture_logs() as events:
        await probe.post("/graphql", json=body, headers={"authorization": "Bearer secret"})

    (event,) = [event for event in events if event["event"] == "request"]
    assert event.pop("duration_ms") >= 0
    assert event == {
        "event": "request",
        "log_level": "info",
        "method": "POST",
        "path": "/graphql",
        "status": 200,
        "operation": "Near",
    }


async def test_the_name_in_the_document_is_logged_when_no_other_is_given(
    probe: httpx.AsyncClient,
) -> None:
    with structlog.testing.capture_logs() as events:
        await probe.post("/graphql", json={"query": "query Near { language }"})

    assert [event["operation"] for event in events if event["event"] == "request"] == ["Near"]


async def test_what_is_no_name_is_not_logged_as_one(probe: httpx.AsyncClient) -> None:
    body = {"query": "{ language }", "operationName": "x\n2026 forged line"}
    with structlog.testing.capture_logs() as events:
        await probe.post("/graphql", json=body)

    assert [event["operation"] for event in events if event["event"] == "request"] == [None]


async def test_every_answer_has_security_headers(probe: httpx.AsyncClient) -> None:
    for reply in (
        await probe.post("/graphql", json={"query": "{ language }"}),
        await probe.get("/nowhere"),
        await probe.get("/health/live"),
    ):
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["x-frame-options"] == "DENY"
        assert reply.headers["referrer-policy"] == "no-referrer"
        assert reply.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in reply.headers["content-security-policy"]
        assert reply.headers["trace-id"]


async def test_transport_security_is_announced_behind_tls_only(probe_client: Connected) -> None:
    async with probe_client() as plain, probe_client(public_url="https://api.example") as tls:
        without = await plain.get("/health/live")
        with_tls = await tls.get("/health/live")

    assert "strict-transport-security" not in without.headers
    assert with_tls.headers["strict-transport-security"] == "max-age=31536000"


PREFLIGHT = {
    "access-control-request-method": "POST",
    "access-control-request-headers": "content-type,accept-language",
}


async def test_web_apps_of_other_origins_need_the_setting(probe_client: Connected) -> None:
    origin = "https://app.example"
    async with probe_client() as closed, probe_client(cors_origins=[origin]) as opened:
        refused = await closed.options("/graphql", headers={"origin": origin, **PREFLIGHT})
        allowed = await opened.options("/graphql", headers={"origin": origin, **PREFLIGHT})
        stranger = await opened.options(
            "/graphql", headers={"origin": "https://evil.example", **PREFLIGHT}
        )
        reply = await opened.post(
            "/graphql", json={"query": "{ language }"}, headers={"origin": origin}
        )

    assert "access-control-allow-origin" not in refused.headers
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == origin
    assert "access-control-allow-origin" not in stranger.headers
    assert reply.headers["access-control-allow-origin"] == origin
    assert reply.headers["access-control-expose-headers"] == (
        "trace-id, retry-after, tus-resumable, upload-offset, upload-length, upload-expires"
    )


async def conversation(client: httpx.AsyncClient, authorization: str) -> str | None:
    reply = await client.post(
        "/graphql", json={"query": "{ conversation }"}, headers={"authorization": authorization}
    )
    found: str | None = reply.json()["data"]["conversation"]
    return found


async def test_a_ticket_names_the_bots_conversation_until_it_expires(
    probe: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    token = services.tickets.issue("conversation-1", timedelta(minutes=5))

    assert await conversation(probe, f"Bearer {token}") == "conversation-1"
    assert await conversation(probe, f"bearer {token}") == "conversation-1"

    clock.advance(seconds=299)
    assert await conversation(probe, f"Bearer {token}") == "conversation-1"

    clock.advance(seconds=1)
    assert await conversation(probe, f"Bearer {token}") is None


async def test_any_other_bearer_is_anonymous(probe: httpx.AsyncClient, services: Services) -> None:
    token = services.tickets.issue("conversation-1", timedelta(minutes=5))
    header, claims, signature = token.split(".")

    for authorization in (
        "",
        "Bearer",
        "Bearer ",
        "Bearer nonsense",
        f"Basic {token}",
        f"Bearer {header}.{claims}.",
        f"Bearer {header}.{claims}.{signature[::-1]}",
        f"Bearer eyJhbGciOiJub25lIn0.{claims}.",
        "Bearer " + "a." * 5_000,
    ):
        assert await conversation(probe, authorization) is None


async def test_health_tells_live_from_ready(
    probe: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise StoreUnavailable("secret")

    ready = await probe.get("/health/ready")
    monkeypatch.setattr(type(services.store), "ping", fail)
    unready = await probe.get("/health/ready")
    live = await probe.get("/health/live")

    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})
    assert (unready.status_code, unready.json()) == (
        503,
        {"status": "unready", "reason": "STORE_UNAVAILABLE"},
    )
    assert (live.status_code, live.json()) == (200, {"status": "live"})


async def test_an_error_outside_graphql_is_masked_with_its_trace(
    probe: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(type(services.store), "ping", fail)
    with structlog.testing.capture_logs() as events:
        reply = await probe.get("/health/ready", headers={"accept-language": "ko"})

    (error,) = reply.json()["errors"]
    assert (reply.status_code, error["message"]) == (500, "예기치 않은 오류가 발생했습니다.")
    assert error["extensions"] == {"code": "INTERNAL", "traceId": reply.headers["trace-id"]}
    assert "secret" not in reply.text
    assert "unexpected error" in [event["event"] for event in events]
