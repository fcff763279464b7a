"""A sign-in provider on loopback: OpenID Connect with PKCE, that misbehaves as told."""

import asyncio
import base64
import hashlib
import json
import secrets
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode

import jwt
from aiohttp import web
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

Json = dict[str, Any]
PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey
Reply = Callable[[web.Request], Awaitable[web.StreamResponse]]

CLIENT_ID = "laocai-app"
CLIENT_SECRET = "a secret: of ours/+"  # noqa: S105 - a test's, with what Basic must encode
REDIRECT = "vn.laocai.app:/signed-in"

DISCOVERY, AUTHORIZE, TOKEN, KEYS = (
    "/.well-known/openid-configuration",
    "/authorize",
    "/token",
    "/keys",
)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """`kid`: its id in the published set."""

    kid: str
    algorithm: str
    private: PrivateKey

    @classmethod
    def new(cls, kid: str, algorithm: str = "ES256") -> "SigningKey":
        match algorithm:
            case "RS256":
                return cls(kid, algorithm, rsa.generate_private_key(65_537, 2_048))
            case "ES256":
                return cls(kid, algorithm, ec.generate_private_key(ec.SECP256R1()))
            case _:
                return cls(kid, algorithm, ed25519.Ed25519PrivateKey.generate())

    def jwk(self) -> Json:
        public: Any = self.private.public_key()
        writers: Json = {"RS256": RSAAlgorithm, "ES256": ECAlgorithm, "EdDSA": OKPAlgorithm}
        members: Json = writers[self.algorithm].to_jwk(public, as_dict=True)
        members.pop("key_ops", None)
        return {**members, "kid": self.kid, "alg": self.algorithm, "use": "sig"}

    def header(self) -> Json:
        return {"alg": self.algorithm, "kid": self.kid, "typ": "JWT"}

    def sign(self, header: object, claims: object) -> str:
        """Return a token that says exactly this, sound or not."""
        return self.sign_message(f"{encoded(header)}.{encoded(claims)}")

    def sign_message(self, message: str) -> str:
        """Return `message` with its signature behind it."""
        algorithm = jwt.get_algorithm_by_name(self.algorithm)
        return f"{message}.{base64url(algorithm.sign(message.encode(), self.private))}"


@dataclass(slots=True)
class Grant:
    """What a code stands for: the parameters of the authorization request, and who agreed."""

    request: dict[str, str]
    subject: str


@dataclass(slots=True)
class LocalIssuer:
    """`subject` is who sits at the browser.

    `replies` takes the place of what a path answers; `metadata` and `claims` change what is said,
    None leaves it out; `forge` makes the token of the claims. `gate`, while closed, holds all
    answers back. `asked` counts requests by path, `forms` are those the token endpoint got.
    """

    clock: Callable[[], datetime]
    url: str = ""
    subject: str = "sub-of-mai"
    key: SigningKey = field(default_factory=lambda: SigningKey.new("first"))
    metadata: Json = field(default_factory=dict[str, Any])
    claims: Json = field(default_factory=dict[str, Any])
    forge: Callable[[Json], str] | None = None
    replies: dict[str, Reply] = field(default_factory=dict[str, Reply])
    asked: Counter[str] = field(default_factory=Counter[str])
    forms: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    _grants: dict[str, Grant] = field(default_factory=dict[str, Grant])

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked[request.path] += 1
        await self.gate.wait()
        usual: dict[str, Reply] = {
            DISCOVERY: self._discovery,
            AUTHORIZE: self._authorize,
            TOKEN: self._token,
            KEYS: self._keys,
        }
        return await self.replies.get(request.path, usual[request.path])(request)

    def id_claims(self, grant: Grant, access_token: str) -> Json:
        """Return what a good ID token says."""
        now = int(self.clock().timestamp())
        return {
            "iss": self.url,
            "aud": CLIENT_ID,
            "sub": grant.subject,
            "iat": now,
            "exp": now + 300,
            "nonce": grant.request["nonce"],
            "at_hash": half_hash(access_token, self.key.algorithm),
            "email": "mai@example.com",
            "email_verified": True,
            "phone_number": "+84912345678",
        }

    async def _discovery(self, _: web.Request) -> web.StreamResponse:
        document = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}{AUTHORIZE}?tenant=1",
            "token_endpoint": f"{self.url}{TOKEN}",
            "jwks_uri": f"{self.url}{KEYS}",
            "response_types_supported": ["code"],
            "authorization_response_iss_parameter_supported": True,
        }
        return web.json_response(changed(document, self.metadata))

    async def _authorize(self, request: web.Request) -> web.StreamResponse:
        asked = dict(request.query)
        code = secrets.token_urlsafe(16)
        self._grants[code] = Grant(asked, self.subject)
        response = {"code": code, "state": asked["state"], "iss": self.url}
        location = f"{asked['redirect_uri']}?{urlencode(response)}"
        return web.Response(status=302, headers={"location": location})

    async def _token(self, request: web.Request) -> web.StreamResponse:
        form = dict(parse_qsl(await request.text()))
        self.forms.append(form)
        if not _is_authentic(request, form):
            return web.json_response({"error": "invalid_client"}, status=401)
        grant = self._grants.pop(form["code"], None)
        if grant is None or not _fits(grant, form):
            return web.json_response({"error": "invalid_grant"}, status=400)
        access_token = secrets.token_urlsafe(16)
        claims = changed(self.id_claims(grant, access_token), self.claims)
        forge = self.forge
        said = forge(claims) if forge else self.key.sign(self.key.header(), claims)
        tokens = {"access_token": access_token, "token_type": "Bearer", "id_token": said}
        return web.json_response(tokens)

    async def _keys(self, _: web.Request) -> web.StreamResponse:
        return web.json_response({"keys": [self.key.jwk()]})


def _is_authentic(request: web.Request, form: dict[str, str]) -> bool:
    given = request.headers.get("authorization")
    if given is None:
        return form.get("client_id") == CLIENT_ID
    basic = base64.b64decode(given.removeprefix("Basic ")).decode()
    login, _, password = basic.partition(":")
    return (unquote_plus(login), unquote_plus(password)) == (CLIENT_ID, CLIENT_SECRET)


def _fits(grant: Grant, form: dict[str, str]) -> bool:
    challenge = create_s256_code_challenge(form["code_verifier"])
    return (
        form["grant_type"] == "authorization_code"
        and form["redirect_uri"] == grant.request["redirect_uri"]
        and grant.request["code_challenge_method"] == "S256"
        and challenge == grant.request["code_challenge"]
    )


def half_hash(text: str, algorithm: str) -> str:
    """Return `at_hash` (OpenID Connect Core 1.0, section 3.1.3.6)."""
    digest = (hashlib.sha512 if algorithm == "EdDSA" else hashlib.sha256)(text.encode()).digest()
    return base64url(digest[: len(digest) // 2])


def changed(members: Json, changes: Json) -> Json:
    both = {**members, **changes}
    return {name: value for name, value in both.items() if value is not None}


def encoded(value: object) -> str:
    return base64url(json.dumps(value).encode())


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def always(body: object, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    """Return a reply of bytes or JSON that never changes."""

    async def reply(_: web.Request) -> web.StreamResponse:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return web.Response(
            body=content, status=status, headers=headers, content_type="application/json"
        )

    return reply


@asynccontextmanager
async def running_issuer(clock: Callable[[], datetime]) -> AsyncGenerator[LocalIssuer]:
    issuer = LocalIssuer(clock)
    issuer.gate.set()
    app = web.Application()
    for path in (DISCOVERY, AUTHORIZE, KEYS):
        app.router.add_get(path, issuer.answer)
    app.router.add_post(TOKEN, issuer.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    issuer.url = f"http://{host}:{port}"
    try:
        yield issuer
    finally:
        issuer.gate.set()
        await runner.cleanup()
