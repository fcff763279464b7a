"""Who is let in: keys that are registered, assertions that are good once, tokens that end."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import RSAAlgorithm

from api.context import Services
from api.health.errors import FacilityNotFound
from api.health.fhir.rest import TOKENS_FROM_ONE_ADDRESS
from api.health.fhir.systems.access import JWT_BEARER
from api.health.fhir.systems.errors import (
    InvalidKeySet,
    InvalidScopes,
    InvalidSystemName,
    SystemNotFound,
)
from api.health.fhir.systems.key_sets import KEYS_AT_MOST, key_set_of
from api.health.fhir.systems.repository import FHIR_SYSTEMS
from api.kit import base64url
from api.kit.store import Store
from tests.conftest import MovableClock
from tests.health.fhir.hospital import (
    BASE,
    SCOPES,
    TOKEN_URL,
    Hospital,
    a_hospital,
    ec_key,
    jwk_of,
    key_set,
    public_pem,
    refused,
    rsa_key,
)
from tests.health.places import FACILITY

INVALID_CLIENT = (400, "invalid_client")


def outcome(reply: httpx.Response) -> tuple[int, str]:
    return reply.status_code, reply.json()["error"]


def unsigned(header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
    parts = [base64url.encoded(json.dumps(part).encode()) for part in (header, claims)]
    return ".".join([*parts, ""])


async def test_a_token_is_for_five_minutes_and_what_was_asked(hospital: Hospital) -> None:
    reply = await hospital.ask_token(scope="system/Appointment.rs openid system/Patient.r")

    answer = reply.json()
    claims = jwt.decode(answer.pop("access_token"), options={"verify_signature": False})
    assert answer == {
        "token_type": "bearer",
        "expires_in": 300,
        "scope": "system/Appointment.rs",
    }
    assert reply.headers["cache-control"] == "no-store"
    assert (claims["iss"], claims["aud"], claims["sub"]) == (BASE, BASE, hospital.id)
    assert claims["exp"] - claims["iat"] == 300


async def test_es384_is_as_good(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    hospital = await a_hospital(client, services, clock, key=ec_key())

    assert (await hospital.send("GET", "Appointment")).status_code == 200


async def test_a_token_ends(hospital: Hospital, clock: MovableClock) -> None:
    clock.advance(seconds=299)
    in_time = await hospital.send("GET", "Appointment")
    clock.advance(seconds=1)

    late = await hospital.send("GET", "Appointment")

    assert in_time.status_code == 200
    assert refused(late) == (401, "login", "TOKEN_MISSING")
    assert late.headers["www-authenticate"] == 'Bearer realm="fhir"'


async def test_a_revoked_systems_token_ends_at_once(hospital: Hospital, services: Services) -> None:
    await services.health.fhir.registry.revoke(hospital.id)

    reply = await hospital.send("GET", "Appointment")

    assert refused(reply) == (401, "login", "TOKEN_MISSING")
    assert outcome(await hospital.ask_token()) == INVALID_CLIENT
    with pytest.raises(SystemNotFound):
        await services.health.fhir.registry.revoke(hospital.id)


async def test_a_bad_token_is_refused_where_none_is_needed_too(hospital: Hospital) -> None:
    hospital.token = "nonsense"  # noqa: S105 - no secret

    reply = await hospital.send("GET", f"Organization/{FACILITY}")

    assert refused(reply) == (401, "login", "TOKEN_MISSING")


async def test_scopes_bound_what_a_token_does(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    reader = await a_hospital(client, services, clock, scope="system/Appointment.r")
    tried = {
        "read": ("GET", "Appointment/abc"),
        "search": ("GET", "Appointment"),
        "find": ("GET", "Appointment/$find"),
        "hold": ("POST", "Appointment/$hold"),
        "book": ("POST", "Appointment/$book"),
        "update": ("PUT", "Appointment/abc"),
        "subscribe": ("POST", "Subscription"),
        "unsubscribe": ("DELETE", "Subscription/abc"),
    }

    found = {
        name: (await reader.send(method, path)).status_code
        for name, (method, path) in tried.items()
    }

    assert found == {**dict.fromkeys(tried, 403), "read": 404}


async def test_an_assertion_is_good_once(hospital: Hospital) -> None:
    assertion = hospital.assertion()

    first = await hospital.ask_token(assertion)
    again = await hospital.ask_token(assertion)

    assert first.status_code == 200
    assert outcome(again) == INVALID_CLIENT


async def test_of_uses_at_once_one_counts(hospital: Hospital) -> None:
    assertion = hospital.assertion()

    replies = await asyncio.gather(*(hospital.ask_token(assertion) for _ in range(5)))

    assert sorted(reply.status_code for reply in replies) == [200, 400, 400, 400, 400]


async def test_assertions_that_prove_nothing(hospital: Hospital, clock: MovableClock) -> None:
    now = int(clock().timestamp())
    good = jwt.decode(hospital.assertion(), options={"verify_signature": False})
    header = {"kid": "first", "typ": "JWT"}
    hs256 = jwt.api_jws.PyJWS()
    forged_input = unsigned({**header, "alg": "HS256"}, good).removesuffix(".")
    forged = hs256.get_algorithm_by_name("HS256").sign(forged_input.encode(), public_pem(rsa_key()))
    other = Hospital(hospital.client, clock, hospital.id, rsa_key(3072))
    assertions = {
        "none": unsigned({**header, "alg": "none"}, good),
        "HS256 with the public key": f"{forged_input}.{base64url.encoded(forged)}",
        "another key": other.assertion(),
        "unknown kid": hospital.assertion({"kid": "second"}),
        "no kid": jwt.encode(good, rsa_key(), "RS384"),
        "empty kid": hospital.assertion({"kid": ""}),
        "kid is a number": unsigned({**header, "alg": "RS384", "kid": 1}, good),
        "RS256": jwt.encode(good, rsa_key(), "RS256", headers=header),
        "another audience": hospital.assertion(aud=BASE),
        "audiences": hospital.assertion(aud=[TOKEN_URL, "http://elsewhere"]),
        "another issuer": hospital.assertion(iss="else"),
        "nobody": hospital.assertion(iss="x" * 26, sub="x" * 26),
        "no sub": hospital.assertion(sub=None),
        "expired": hospital.assertion(exp=now - 31),
        "lives too long": hospital.assertion(exp=now + 331),
        "exp is a text": unsigned(header, {**good, "exp": "soon"}),
        "exp is huge": hospital.assertion(exp=10**40),
        "exp is on no calendar": hospital.assertion(exp=10**18),
        "exp was on no calendar": hospital.assertion(exp=-(10**18)),
        "no exp": hospital.assertion(exp=None),
        "no jti": hospital.assertion(jti=None),
        "long jti": hospital.assertion(jti="x" * 257),
        "half a character": hospital.assertion(jti="\ud800"),
        "not yet": hospital.assertion(nbf=now + 60),
        "huge": "x" * 9000,
        "not a token": "a.b.c",
        "not ASCII": "é",
    }

    found = {name: outcome(await hospital.ask_token(it)) for name, it in assertions.items()}

    assert found == dict.fromkeys(assertions, INVALID_CLIENT)


async def test_forms_that_ask_for_no_token(hospital: Hospital) -> None:
    complete = {
        "grant_type": "client_credentials",
        "scope": SCOPES,
        "client_assertion_type": JWT_BEARER,
    }
    bodies: dict[str, tuple[str, str]] = {
        "nothing": ("", "invalid_request"),
        "NUL": ("%00=%00", "invalid_request"),
        "not ASCII": ("scope=é", "invalid_request"),
        "many fields": ("&".join(["a=b"] * 100), "invalid_request"),
        "twice": ("&".join(["scope=a", "scope=b"]), "invalid_request"),
    }
    others = [
        await hospital.ask_token(grant_type="password"),
        await hospital.ask_token(client_assertion_type="saml"),
        await hospital.ask_token(scope="system/Patient.r"),
        await hospital.client.post("/fhir/token", json=complete),
    ]

    raw = {
        name: outcome(
            await hospital.client.post(
                "/fhir/token",
                content=body.encode(),
                headers={"content-type": "application/x-www-form-urlencoded"},
            )
        )
        for name, (body, _) in bodies.items()
    }

    assert raw == {name: (400, error) for name, (_, error) in bodies.items()}
    assert [outcome(reply) for reply in others] == [
        (400, "unsupported_grant_type"),
        (400, "invalid_request"),
        (400, "invalid_scope"),
        (400, "invalid_request"),
    ]


async def test_asking_is_bounded(hospital: Hospital) -> None:
    replies = [
        await hospital.client.post("/fhir/token") for _ in range(TOKENS_FROM_ONE_ADDRESS.times)
    ]

    assert replies[0].status_code == 400
    assert replies[-1].status_code == 429
    assert int(replies[-1].headers["retry-after"]) > 0


async def test_registering_is_noted(hospital: Hospital, services: Services) -> None:
    page = await services.audit.entries(10, None, subject=hospital.id)

    (row,) = page.items
    assert row.entry is not None
    assert (row.entry.actor, row.entry.action) == ("cli", "fhir_system.add")
    assert row.entry.details == {
        "facility": f"facility:{FACILITY}",
        "scopes": SCOPES,
        "keys": 1,
    }


async def test_only_sound_systems_are_registered(services: Services, store: Store) -> None:
    registry, keys = services.health.fhir.registry, key_set(jwk_of(rsa_key(), "first"))

    with pytest.raises(FacilityNotFound):
        await registry.add("nowhere", "HIS", keys)
    with pytest.raises(InvalidSystemName):
        await registry.add(FACILITY, " ", keys)
    with pytest.raises(InvalidScopes):
        await registry.add(FACILITY, "HIS", keys, ["patient/*.read"])

    assert await store[FHIR_SYSTEMS].count({}) == 0


def test_key_sets_that_are_none() -> None:
    good = jwk_of(rsa_key(), "a")
    private: dict[str, str] = json.loads(RSAAlgorithm.to_jwk(rsa_key()))
    p256 = jwk_of(ec.generate_private_key(ec.SECP256R1()), "a")
    sets = {
        "not JSON": "{",
        "deep": "[" * 30_000,
        "huge": " " * 40_000,
        "no keys": "{}",
        "none": key_set(),
        "too many": key_set(*(jwk_of(rsa_key(), f"k{n}") for n in range(KEYS_AT_MOST + 1))),
        "same kid": key_set(good, good),
        "no kid": key_set({**good, "kid": None}),
        "kid with a space": key_set({**good, "kid": "a b"}),
        "private": key_set({**private, "kid": "a"}),
        "symmetric": key_set({"kty": "oct", "k": "c2VjcmV0", "kid": "a"}),
        "small": key_set(jwk_of(rsa_key(1024), "a")),
        "P-256": key_set(p256),
        "another algorithm": key_set({**good, "alg": "RS256"}),
        "for encrypting": key_set({**good, "use": "enc"}),
        "broken": key_set({**good, "n": "@"}),
        "kty is a list": key_set({**good, "kty": ["RSA"]}),
    }

    accepted: list[str] = []
    for name, text in sets.items():
        try:
            key_set_of(text)
        except InvalidKeySet:
            continue
        accepted.append(name)

    assert accepted == []
    assert set(key_set_of(key_set(good, jwk_of(ec_key(), "b")))) == {"a", "b"}
