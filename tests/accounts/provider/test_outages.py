"""A provider that is down, slow, or answers rubbish: said so within seconds, and nothing is lost."""

import gzip
import json
from typing import Any

import httpx
import pytest
import structlog
from aiohttp import web

from api.accounts.sign_in import provider_http
from api.kit.store import Store
from tests.accounts.local_issuer import (
    DISCOVERY,
    KEYS,
    TOKEN,
    LocalIssuer,
    Reply,
    SigningKey,
    always,
)
from tests.accounts.provider.browser import NOTHING, begun, complete, counted, refusal, start
from tests.conftest import MovableClock

HUGE = b'{"keys": [], "more": "' + b"x" * provider_http.BYTES_AT_MOST + b'"}'


def broken_off() -> Reply:
    async def reply(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    return reply


def endless() -> Reply:
    async def reply(request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse()
        await stream.prepare(request)
        while not (request.transport is None or request.transport.is_closing()):
            await stream.write(b" " * 65_536)
        return stream

    return reply


RUBBISH: dict[str, Reply] = {
    "broken off": broken_off(),
    "endless": endless(),
    "500": always({}, 500),
    "404": always(b"<html>", 404),
    "no content": always(b"", 204),
    "a way elsewhere": always({}, 302, {"location": "/authorize"}),
    "no JSON": always(b"<html>"),
    "not UTF-8": always(b"\xff\xfe"),
    "a list": always([]),
    "null": always(None),
    "nothing in it": always({}),
    "deep": always(b"[" * 100_000),
    "huge": always(HUGE),
    "packed": always(gzip.compress(HUGE), headers={"content-encoding": "gzip"}),
}


def unavailable(result: dict[str, Any]) -> tuple[str, int]:
    return refusal(result), result["retryAfter"]


@pytest.mark.parametrize("kind", RUBBISH)
@pytest.mark.parametrize("path", [DISCOVERY, TOKEN, KEYS])
async def test_rubbish_is_no_answer(
    client: httpx.AsyncClient,
    issuer: LocalIssuer,
    store: Store,
    clock: MovableClock,
    path: str,
    kind: str,
) -> None:
    response = await begun(client)
    clock.advance(minutes=9, seconds=50)
    if path == DISCOVERY:
        clock.advance(minutes=60)  # what was read to begin with holds no more
        response = {}
    issuer.replies[path] = RUBBISH[kind]

    result = await (complete(client, response) if response else start(client))

    assert unavailable(result) == ("PROVIDER_UNAVAILABLE", 10)
    assert await counted(store) == NOTHING


async def test_a_provider_that_is_down_is_asked_once_in_ten_seconds(
    client: httpx.AsyncClient, issuer: LocalIssuer, clock: MovableClock
) -> None:
    issuer.replies[DISCOVERY] = always({}, 503)
    first = await start(client)
    clock.advance(seconds=4)
    second = await start(client)
    clock.advance(seconds=6)
    del issuer.replies[DISCOVERY]

    third = await start(client)

    assert unavailable(first) == ("PROVIDER_UNAVAILABLE", 10)
    assert unavailable(second) == ("PROVIDER_UNAVAILABLE", 6)
    assert third["__typename"] == "StartProviderSignInSuccess"
    assert issuer.asked[DISCOVERY] == 2


@pytest.mark.parametrize("path", [DISCOVERY, TOKEN])
async def test_nobody_waits_for_a_slow_provider(
    client: httpx.AsyncClient,
    issuer: LocalIssuer,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
) -> None:
    response = await begun(client) if path == TOKEN else {}
    monkeypatch.setattr(provider_http, "SECONDS", 0.05)
    issuer.gate.clear()

    result = await (complete(client, response) if response else start(client))

    assert unavailable(result) == ("PROVIDER_UNAVAILABLE", 10)
    assert await counted(store) == NOTHING


async def test_an_attempt_outlives_a_provider_that_was_away(
    client: httpx.AsyncClient, issuer: LocalIssuer, store: Store
) -> None:
    response = await begun(client)
    issuer.replies[TOKEN] = always({}, 503)
    away = await complete(client, response)
    del issuer.replies[TOKEN]

    result = await complete(client, response)

    assert refusal(away) == "PROVIDER_UNAVAILABLE"
    assert result["__typename"] == "CompleteProviderSignInSuccess"
    assert await counted(store) == (1, 1, 1)


async def test_the_code_is_not_spent_while_the_keys_are_away(
    client: httpx.AsyncClient, issuer: LocalIssuer
) -> None:
    response = await begun(client)
    issuer.replies[KEYS] = always({}, 503)

    away = await complete(client, response)

    assert refusal(away) == "PROVIDER_UNAVAILABLE"
    assert issuer.asked[TOKEN] == 0


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"error": "invalid_grant"}, 400, "PROVIDER_REFUSED"),
        ({"error": "invalid_client"}, 401, "PROVIDER_UNAVAILABLE"),
        ({"error": "unauthorized_client"}, 400, "PROVIDER_UNAVAILABLE"),
        ({"error": ["invalid_grant"]}, 400, "PROVIDER_UNAVAILABLE"),
        ({"error": "invalid_grant"}, 503, "PROVIDER_UNAVAILABLE"),
        ({"error": "invalid_grant"}, 200, "PROVIDER_UNAVAILABLE"),
        ({"id_token": "a.b.c"}, 200, "PROVIDER_UNAVAILABLE"),
        ({"id_token": 1, "access_token": "x"}, 200, "PROVIDER_UNAVAILABLE"),
    ],
    ids=str,
)
async def test_what_the_token_endpoint_may_say(
    client: httpx.AsyncClient,
    issuer: LocalIssuer,
    store: Store,
    body: dict[str, Any],
    status: int,
    code: str,
) -> None:
    response = await begun(client)
    issuer.replies[TOKEN] = always(body, status)

    assert refusal(await complete(client, response)) == code
    assert await counted(store) == NOTHING


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://elsewhere.example"},
        {"issuer": None},
        {"authorization_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": "http://elsewhere.example/token"},
        {"token_endpoint": "https://10.0.0.1/token"},
        {"token_endpoint": "file:///etc/passwd"},
        {"jwks_uri": "http://169.254.169.254/latest"},
        {"jwks_uri": "https://user@elsewhere.example/keys"},
        {"jwks_uri": 1},
        {"token_endpoint_auth_methods_supported": "client_secret_basic"},
        {"authorization_response_iss_parameter_supported": "true"},
    ],
    ids=str,
)
async def test_a_discovery_document_that_leads_elsewhere_is_not_followed(
    client: httpx.AsyncClient, issuer: LocalIssuer, metadata: dict[str, Any]
) -> None:
    issuer.metadata = metadata

    assert refusal(await start(client)) == "PROVIDER_UNAVAILABLE"


async def test_documents_are_read_once_while_they_hold(
    client: httpx.AsyncClient, issuer: LocalIssuer, clock: MovableClock
) -> None:
    for _ in range(3):
        assert (await complete(client, await begun(client)))["isNew"] in (True, False)
    before = dict(issuer.asked)
    clock.advance(minutes=60)

    await complete(client, await begun(client))

    assert (before[DISCOVERY], before[KEYS]) == (1, 1)
    assert (issuer.asked[DISCOVERY], issuer.asked[KEYS]) == (2, 2)


async def test_a_new_key_of_the_provider_is_found(
    client: httpx.AsyncClient, issuer: LocalIssuer, clock: MovableClock
) -> None:
    await complete(client, await begun(client))
    clock.advance(seconds=10)
    issuer.key = SigningKey.new("second", "RS256")

    result = await complete(client, await begun(client))

    assert result["__typename"] == "CompleteProviderSignInSuccess"
    assert issuer.asked[KEYS] == 2


async def test_unknown_keys_are_looked_for_once_in_ten_seconds(
    client: httpx.AsyncClient, issuer: LocalIssuer, store: Store, clock: MovableClock
) -> None:
    issuer.replies[KEYS] = always({"keys": [SigningKey.new("other").jwk()]})
    results = [await complete(client, await begun(client)) for _ in range(3)]
    at_first = issuer.asked[KEYS]
    clock.advance(seconds=10)

    results += [await complete(client, await begun(client)) for _ in range(3)]

    assert [refusal(result) for result in results] == ["PROVIDER_REFUSED"] * 6
    assert (at_first, issuer.asked[KEYS]) == (1, 2)
    assert await counted(store) == NOTHING


async def test_keys_that_we_cannot_use_do_not_hide_those_that_we_can(
    client: httpx.AsyncClient, issuer: LocalIssuer
) -> None:
    good = issuer.key.jwk()
    issuer.replies[KEYS] = always(
        {
            "keys": [
                {"kty": "oct", "kid": "first", "k": "c2VjcmV0"},
                {"kty": "AKP", "kid": "first", "alg": "ML-DSA-44", "pub": "AA"},
                {"kty": "EC", "kid": "first", "crv": "P-256", "x": "AA", "y": "AA"},
                {"kty": "RSA", "kid": "first", "n": "AQAB", "e": "AQAB"},
                {"kty": "RSA", "kid": "first"},
                {**good, "use": "enc"},
                {**good, "alg": "ES384"},
                {**good, "x": 1},
                {},
                good,
            ]
        }
    )

    result = await complete(client, await begun(client))

    assert result["__typename"] == "CompleteProviderSignInSuccess"


async def test_the_log_tells_why_and_nothing_of_the_person(
    client: httpx.AsyncClient, issuer: LocalIssuer
) -> None:
    response = await begun(client)
    issuer.replies[TOKEN] = always({"error": "invalid_client", "hint": response["code"]}, 401)

    with structlog.testing.capture_logs() as lines:
        await complete(client, response)

    events = [line["event"] for line in lines if "provider" in line["event"]]
    assert events == [
        "sign-in provider refuses us: check the LAOCAI_OIDC_ settings",
        "sign-in provider unavailable",
    ]
    assert not any(secret in json.dumps(lines, default=str) for secret in response.values())
