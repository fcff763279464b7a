"""Forged access tokens: whoever brings one is nobody."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from api.context import Services
from api.kit.signing_keys import PUBLISHED_BEFORE_SIGNING
from tests.accounts.people import MAI, SignedInPerson, call, me, signed_in
from tests.conftest import MovableClock, send, send_raw


@dataclass(slots=True)
class Forger:
    """Has a good token, the published keys, and even the key that signs."""

    good: str
    key_id: str
    private: Ed25519PrivateKey
    claims: dict[str, Any]

    def signed(self, private: Ed25519PrivateKey | None = None, **header: object) -> str:
        headers = {"kid": self.key_id, "typ": "at+jwt", **header}
        return jwt.encode(self.claims, private or self.private, algorithm="EdDSA", headers=headers)

    def saying(self, **claims: object) -> str:
        """Return a token of ours that says something else; None leaves a claim out."""
        said = {**self.claims, **claims}
        headers = {"kid": self.key_id, "typ": "at+jwt"}
        kept = {name: value for name, value in said.items() if value is not None}
        return jwt.encode(kept, self.private, algorithm="EdDSA", headers=headers)


@pytest.fixture
async def person(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await signed_in(client, services)


@pytest.fixture
async def forger(person: SignedInPerson, services: Services) -> Forger:
    good = person.tokens["accessToken"]
    key_id, private = await services.accounts.access_keys.to_sign()
    claims = jwt.decode(good, options={"verify_signature": False})
    return Forger(good, key_id, private, claims)


async def who(client: httpx.AsyncClient, token: str) -> Any:  # noqa: ANN401
    data = await send(client, "accounts/Me", headers={"authorization": f"Bearer {token}"})
    return data["me"]


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def raw_public(private: Ed25519PrivateKey) -> bytes:
    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


async def test_the_forger_could_make_a_good_one(client: httpx.AsyncClient, forger: Forger) -> None:
    assert await who(client, forger.good) is not None
    assert await who(client, forger.signed()) is not None
    assert await who(client, forger.saying()) is not None


async def test_another_signature_is_nobody_s(client: httpx.AsyncClient, forger: Forger) -> None:
    head, body, signature = forger.good.split(".")
    payload = encoded({**forger.claims, "sub": "a" * 26})
    nothing = encoded({"alg": "none", "typ": "at+jwt", "kid": forger.key_id})
    public = raw_public(forger.private)
    hs256 = {"alg": "HS256", "typ": "at+jwt", "kid": forger.key_id}

    forged = {
        "alg none": f"{nothing}.{body}.",
        "alg none, signed": f"{nothing}.{body}.{signature}",
        "another key": forger.signed(Ed25519PrivateKey.generate()),
        "HS256 with the public key": _hmac_signed(hs256, forger.claims, public),
        "HS256 with the published x": _hmac_signed(
            hs256, forger.claims, base64.urlsafe_b64encode(public).rstrip(b"=")
        ),
        "another payload": f"{head}.{payload}.{signature}",
        "no signature": f"{head}.{body}.",
        "two parts": f"{head}.{body}",
        "truncated": forger.good[:-10],
        "five parts": f"{forger.good}.a.b",
        "empty": "",
    }

    assert {name: await who(client, token) for name, token in forged.items()} == dict.fromkeys(
        forged
    )


async def test_another_header_is_nobody_s(client: httpx.AsyncClient, forger: Forger) -> None:
    forged = {
        "unknown kid": forger.signed(kid="a" * 26),
        "kid that is a path": forger.signed(kid="../../keys.json"),
        "crit": forger.signed(crit=["b64"], b64=True),
        "crit of our own": forger.signed(crit=["x"], x=1),
        "another type": forger.signed(typ="JWT"),
        "a ticket's type": forger.signed(typ=None),
        "its own key": forger.signed(
            Ed25519PrivateKey.generate(), jwk={"kty": "OKP", "crv": "Ed25519", "x": "AA"}
        ),
        "a key elsewhere": forger.signed(
            Ed25519PrivateKey.generate(), jku="http://127.0.0.1:1/keys"
        ),
    }

    assert {name: await who(client, token) for name, token in forged.items()} == dict.fromkeys(
        forged
    )


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"iss": ["http://127.0.0.1:8000"]},
        {"aud": "bot"},
        {"aud": ["laocai-api", "bot"]},
        {"sub": "a" * 26},
        {"sid": "a" * 26},
        {"exp": 1},
        {"exp": "9999999999"},
        {"exp": 1e18},
        {"exp": True},
        {"iat": 9_999_999_999},
        {"iat": "0"},
        {"exp": None},
        {"iat": None},
        {"iss": None},
        {"aud": None},
        {"sub": None},
        {"sid": None},
        {"jti": None},
        {"sub": 1},
        {"sid": ["a"]},
    ],
    ids=str,
)
async def test_another_claim_is_nobody_s(
    client: httpx.AsyncClient, forger: Forger, claims: dict[str, Any]
) -> None:
    assert await who(client, _said(forger, claims)) is None


def _said(forger: Forger, claims: dict[str, Any]) -> str:
    # The library refuses to write some of these; a forger would not ask it.
    head = encoded({"alg": "EdDSA", "typ": "at+jwt", "kid": forger.key_id})
    said = {**forger.claims, **claims}
    body = encoded({name: value for name, value in said.items() if value is not None})
    signature = forger.private.sign(f"{head}.{body}".encode())
    return f"{head}.{body}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


async def test_a_huge_token_is_nobody_s(client: httpx.AsyncClient, forger: Forger) -> None:
    assert await who(client, forger.saying(more="x" * 2_000)) is None


async def test_a_token_ends_on_the_second(
    client: httpx.AsyncClient, person: SignedInPerson, clock: MovableClock
) -> None:
    clock.advance(minutes=9, seconds=59, milliseconds=999)
    in_time = await me(client, person)
    clock.advance(milliseconds=1)

    assert in_time is not None
    assert await me(client, person) is None


async def test_what_needs_somebody_says_so(client: httpx.AsyncClient) -> None:
    result = await call(client, "SignOut", language="vi")

    assert result == {
        "__typename": "AccountError",
        "code": "NOT_SIGNED_IN",
        "message": "Vui lòng đăng nhập trước.",
        "retryAfter": None,
    }


async def test_the_published_keys_check_a_token(
    client: httpx.AsyncClient, person: SignedInPerson
) -> None:
    published = (await client.get("/.well-known/jwks.json")).json()["keys"]

    (key,) = published
    token = person.tokens["accessToken"]
    claims = jwt.decode(
        token,
        jwt.PyJWK(key),
        algorithms=["EdDSA"],
        audience="laocai-api",
        options={"verify_exp": False, "verify_iat": False},
    )
    assert claims["iss"] == "http://127.0.0.1:8000"
    assert jwt.get_unverified_header(token) == {"alg": "EdDSA", "kid": key["kid"], "typ": "at+jwt"}
    assert key.keys() == {"kty", "crv", "use", "alg", "kid", "x"}


async def test_keys_change_without_anybody_noticing(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    person = await signed_in(client, services)
    (old,) = await services.accounts.access_keys.published()
    new = await services.accounts.access_keys.rotate()

    during = await services.accounts.access_keys.published()
    clock.advance(seconds=PUBLISHED_BEFORE_SIGNING.total_seconds())
    later = await signed_in(client, services, MAI)
    both = [await me(client, person), await me(client, later)]
    clock.advance(minutes=10)
    after = await services.accounts.access_keys.published()

    assert [key["kid"] for key in during] == [old["kid"], new.id]
    assert jwt.get_unverified_header(later.tokens["accessToken"])["kid"] == new.id
    assert None not in both
    assert [key["kid"] for key in after] == [new.id]


async def test_a_wrong_token_does_not_stop_what_needs_none(client: httpx.AsyncClient) -> None:
    reply = await send_raw(
        client, "tourism/MarketsOn", {"date": "2026-11-29"}, headers={"authorization": "Bearer x"}
    )

    assert reply.status_code == 200
    assert "errors" not in reply.json()


def _hmac_signed(header: dict[str, Any], claims: dict[str, Any], secret: bytes) -> str:
    signed = f"{encoded(header)}.{encoded(claims)}"
    digest = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"
