"""Forged and unsound ID tokens: whoever brings one is not let in, and nothing changes."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from api.kit.store import Store
from tests.accounts.local_issuer import (
    CLIENT_ID,
    LocalIssuer,
    SigningKey,
    base64url,
    encoded,
)
from tests.accounts.provider.browser import NOTHING, begun, complete, counted, refusal

Json = dict[str, Any]
Forger = Callable[[LocalIssuer, Json], str]


def good(issuer: LocalIssuer, claims: Json) -> str:
    return issuer.key.sign(issuer.key.header(), claims)


def with_header(**changes: object) -> Forger:
    """Sign with the provider's own key, under another header; None leaves a member out."""

    def forge(issuer: LocalIssuer, claims: Json) -> str:
        header = {**issuer.key.header(), **changes}
        return issuer.key.sign({name: it for name, it in header.items() if it is not None}, claims)

    return forge


def with_key_of(algorithm: str, **header: object) -> Forger:
    """Sign with a key of the forger's own, under the provider's key id."""

    def forge(_: LocalIssuer, claims: Json) -> str:
        own = SigningKey.new("first", algorithm)
        return own.sign({**own.header(), **header}, claims)

    return forge


def unsigned(name: str, signature: str = "") -> Forger:
    def forge(_: LocalIssuer, claims: Json) -> str:
        return f"{encoded({'alg': name, 'kid': 'first'})}.{encoded(claims)}.{signature}"

    return forge


def hmac_with(secret: Callable[[LocalIssuer], bytes]) -> Forger:
    def forge(issuer: LocalIssuer, claims: Json) -> str:
        message = f"{encoded({'alg': 'HS256', 'kid': 'first'})}.{encoded(claims)}"
        digest = hmac.new(secret(issuer), message.encode(), hashlib.sha256).digest()
        return f"{message}.{base64url(digest)}"

    return forge


def public_pem(issuer: LocalIssuer) -> bytes:
    public = issuer.key.private.public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def published_x(issuer: LocalIssuer) -> bytes:
    return str(issuer.key.jwk()["x"]).encode()


def with_parts(change: Callable[[list[str]], list[str]]) -> Forger:
    def forge(issuer: LocalIssuer, claims: Json) -> str:
        return ".".join(change(good(issuer, claims).split(".")))

    return forge


def another_person(issuer: LocalIssuer, claims: Json) -> str:
    head, _, signature = good(issuer, claims).split(".")
    return f"{head}.{encoded({**claims, 'sub': 'sub-of-minjun'})}.{signature}"


def on_another_curve(_: LocalIssuer, claims: Json) -> str:
    key = SigningKey("first", "ES384", ec.generate_private_key(ec.SECP384R1()))
    return key.sign(key.header(), claims)


def raw_header(header: object) -> Forger:
    return lambda issuer, claims: issuer.key.sign(header, claims)


def raw_claims(text: bytes) -> Forger:
    def forge(issuer: LocalIssuer, _: Json) -> str:
        return issuer.key.sign_message(f"{encoded(issuer.key.header())}.{base64url(text)}")

    return forge


FORGED: dict[str, Forger] = {
    "alg none": unsigned("none"),
    "alg None": unsigned("None"),
    "alg none, with a signature": unsigned("none", "AAAA"),
    "no alg": with_header(alg=None),
    "alg that is a list": with_header(alg=["ES256"]),
    "HS256 with the public key": hmac_with(public_pem),
    "HS256 with the published x": hmac_with(published_x),
    "HS256 with our secret": hmac_with(lambda _: b"a secret: of ours/+"),
    "HS256 with nothing": hmac_with(lambda _: b""),
    "another key": with_key_of("ES256"),
    "another key and algorithm": with_key_of("RS256"),
    "another curve": on_another_curve,
    "RS512": with_key_of("RS256", alg="RS512"),
    "PS256": with_key_of("RS256", alg="PS256"),
    "unknown kid": with_header(kid="second"),
    "kid that is a path": with_header(kid="../../keys"),
    "kid that is a number": with_header(kid=1),
    "kid that is empty": with_header(kid=""),
    "crit": with_header(crit=["exp"]),
    "crit of nothing": with_header(crit=[]),
    "b64": with_header(b64=False, crit=["b64"]),
    "b64 true": with_header(b64=True),
    "its own key": lambda _, claims: _with_its_own_key(claims),
    "a key elsewhere": with_key_of("ES256", jku="http://127.0.0.1:1/keys"),
    "a header that is a list": raw_header(["alg"]),
    "a header that is a text": raw_header("alg"),
    "a header too long": with_header(more="x" * 2_000),
    "another person": another_person,
    "no signature": with_parts(lambda parts: [*parts[:2], ""]),
    "truncated": with_parts(lambda parts: [*parts[:2], parts[2][:-4]]),
    "two parts": with_parts(lambda parts: parts[:2]),
    "five parts": with_parts(lambda parts: [*parts, "a", "b"]),
    "padded": with_parts(lambda parts: [*parts[:2], f"{parts[2]}=="]),
    "spaced": with_parts(lambda parts: [f" {parts[0]}", *parts[1:]]),
    "empty": lambda _, __: "",
    "not ASCII": lambda _, __: "é.é.é",
    "claims that are a list": raw_claims(b"[]"),
    "claims that are null": raw_claims(b"null"),
    "claims that are no JSON": raw_claims(b"{"),
    "claims that are not UTF-8": raw_claims(b'{"sub": "\xff"}'),
    "claims that are deep": raw_claims(b"[" * 8_000),
}


def _with_its_own_key(claims: Json) -> str:
    own = SigningKey.new("first")
    return own.sign({**own.header(), "jwk": own.jwk()}, claims)


async def test_the_forger_could_make_a_good_one(
    client: httpx.AsyncClient, issuer: LocalIssuer
) -> None:
    issuer.forge = lambda claims: good(issuer, claims)

    result = await complete(client, await begun(client))

    assert result["__typename"] == "CompleteProviderSignInSuccess"


@pytest.mark.parametrize("kind", FORGED)
async def test_a_forged_token_opens_nothing(
    client: httpx.AsyncClient, issuer: LocalIssuer, store: Store, kind: str
) -> None:
    issuer.forge = lambda claims: FORGED[kind](issuer, claims)

    result = await complete(client, await begun(client))

    assert refusal(result) == "PROVIDER_REFUSED"
    assert await counted(store) == NOTHING


NOW = 1_777_627_800  # 2026-05-01T09:30:00Z

WRONG_CLAIMS: list[Json] = [
    {"iss": "https://elsewhere.example"},
    {"iss": None},
    {"iss": 1},
    {"aud": "another-app"},
    {"aud": ["another-app"]},
    {"aud": []},
    {"aud": None},
    {"aud": [CLIENT_ID, "another-app"]},
    {"aud": [CLIENT_ID, "another-app"], "azp": "another-app"},
    {"aud": [CLIENT_ID, 1], "azp": CLIENT_ID},
    {"azp": "another-app"},
    {"azp": ""},
    {"azp": [CLIENT_ID]},
    {"exp": NOW - 60},
    {"exp": None},
    {"exp": str(NOW + 300)},
    {"exp": True},
    {"exp": float("nan")},
    {"exp": float("inf")},
    {"iat": NOW + 61},
    {"iat": None},
    {"iat": str(NOW)},
    {"nbf": NOW + 61},
    {"nonce": "another"},
    {"nonce": None},
    {"nonce": ""},
    {"nonce": ["another"]},
    {"at_hash": "another"},
    {"at_hash": ""},
    {"at_hash": 1},
    {"sub": None},
    {"sub": ""},
    {"sub": 1},
    {"sub": "x" * 256},
    {"sub": "mai\u0000"},
    {"sub": "mai\n"},
    {"sub": "má"},
    {"sub": "\ud800"},
    {"sub": ["sub-of-mai"]},
    {"more": "x" * 20_000},
]


@pytest.mark.parametrize("claims", WRONG_CLAIMS, ids=lambda claims: ascii(claims)[:60])
async def test_wrong_claims_open_nothing(
    client: httpx.AsyncClient, issuer: LocalIssuer, store: Store, claims: Json
) -> None:
    issuer.claims = claims

    result = await complete(client, await begun(client))

    assert refusal(result) == "PROVIDER_REFUSED"
    assert await counted(store) == NOTHING


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": [CLIENT_ID]},
        {"aud": [CLIENT_ID, "another-app"], "azp": CLIENT_ID},
        {"azp": CLIENT_ID},
        {"exp": NOW - 59},
        {"iat": NOW + 60},
        {"at_hash": None},
        {"sub": "x" * 255},
        {"acr": 1, "more": {"nested": [None]}},
    ],
    ids=str,
)
async def test_what_the_standard_allows_is_read(
    client: httpx.AsyncClient, issuer: LocalIssuer, claims: Json
) -> None:
    issuer.claims = claims

    result = await complete(client, await begun(client))

    assert result["__typename"] == "CompleteProviderSignInSuccess"


async def test_a_token_without_kid_needs_the_only_key(
    client: httpx.AsyncClient, issuer: LocalIssuer
) -> None:
    issuer.forge = lambda claims: with_header(kid=None)(issuer, claims)

    result = await complete(client, await begun(client))

    assert result["__typename"] == "CompleteProviderSignInSuccess"


async def test_a_token_of_an_earlier_attempt_is_refused(
    client: httpx.AsyncClient, issuer: LocalIssuer, store: Store
) -> None:
    kept: list[str] = []

    def keep(claims: Json) -> str:
        kept.append(good(issuer, claims))
        return kept[0]

    issuer.forge = keep
    first = await complete(client, await begun(client))
    issuer.claims = {"at_hash": None}

    replayed = await complete(client, await begun(client))

    assert first["__typename"] == "CompleteProviderSignInSuccess"
    assert refusal(replayed) == "PROVIDER_REFUSED"
    assert await counted(store) == (1, 1, 1)
