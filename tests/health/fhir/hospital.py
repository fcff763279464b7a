"""A hospital's own system, scripted: it proves itself, asks, and checks every answer against the models."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fhir.resources.R4B import get_fhir_model_class
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from api.context import Services
from api.health.fhir.exchange import FHIR_JSON, Resource
from api.health.fhir.r4 import NOT_IN_R4
from api.health.fhir.systems.access import JWT_BEARER
from api.kit.ids import new_id
from tests.conftest import MovableClock
from tests.health.places import FACILITY

BASE = "http://127.0.0.1:8000/fhir"
TOKEN_URL = f"{BASE}/token"
SCOPES = "system/Appointment.cruds system/Subscription.cruds"
CCCD = "010190000011"
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """Made once: it takes a tenth of a second."""
    return rsa.generate_private_key(65537, bits)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP384R1())


def jwk_of(key: PrivateKey, kid: str) -> dict[str, Any]:
    """Return the public half."""
    public = key.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        text = RSAAlgorithm.to_jwk(public)
    else:
        text = ECAlgorithm.to_jwk(public)
    members: dict[str, Any] = json.loads(text)
    return {**{name: it for name, it in members.items() if name != "key_ops"}, "kid": kid}


def key_set(*keys: Mapping[str, Any]) -> str:
    return json.dumps({"keys": list(keys)})


def public_pem(key: PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def checked(resource: Any) -> Resource:  # noqa: ANN401 - whatever was answered
    """Return an answer that is a resource of R4, as the models and 4.0.1 have it."""
    assert resource["resourceType"] not in NOT_IN_R4
    get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    found: Resource = resource
    return found


@dataclass
class Hospital:
    """`client` reaches the door; `id` is that of the registered system."""

    client: httpx.AsyncClient
    clock: MovableClock
    id: str
    key: PrivateKey = field(default_factory=rsa_key)
    kid: str = "first"
    token: str | None = None

    def assertion(
        self,
        headers: Mapping[str, Any] | None = None,
        **claims: Any,  # noqa: ANN401
    ) -> str:
        """Return a good assertion, but for the claims that are given."""
        usual = {
            "iss": self.id,
            "sub": self.id,
            "aud": TOKEN_URL,
            "exp": int(self.clock.after(240).timestamp()),
            "jti": new_id(),
        }
        algorithm = "RS384" if isinstance(self.key, rsa.RSAPrivateKey) else "ES384"
        said = {name: value for name, value in {**usual, **claims}.items() if value is not None}
        return jwt.encode(
            said, self.key, algorithm=algorithm, headers={"kid": self.kid, **(headers or {})}
        )

    async def ask_token(self, assertion: str | None = None, **fields: str) -> httpx.Response:
        form = {
            "grant_type": "client_credentials",
            "scope": SCOPES,
            "client_assertion_type": JWT_BEARER,
            "client_assertion": assertion or self.assertion(),
            **fields,
        }
        return await self.client.post("/fhir/token", data=form)

    async def sign_in(self, scope: str = SCOPES) -> "Hospital":
        reply = await self.ask_token(scope=scope)
        assert reply.status_code == 200, reply.text
        self.token = reply.json()["access_token"]
        return self

    async def send(
        self,
        method: str,
        path: str,
        body: Any = None,  # noqa: ANN401 - any JSON value
        *,
        headers: Mapping[str, str] | None = None,
        query: Any = None,  # noqa: ANN401 - as httpx takes it
    ) -> httpx.Response:
        """Send a request; whatever comes back is a resource of R4, or nothing."""
        given = {"content-type": FHIR_JSON} if body is not None else {}
        if self.token is not None:
            given["authorization"] = f"Bearer {self.token}"
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        reply = await self.client.request(
            method,
            f"/fhir/{path}",
            params=query,
            content=content,
            headers={**given, **(headers or {})},
        )
        assert reply.status_code < 500, reply.text
        if reply.content:
            assert reply.headers["content-type"] == f"{FHIR_JSON}; charset=utf-8"
            checked(reply.json())
        return reply

    async def get(self, path: str, **query: Any) -> Resource:  # noqa: ANN401
        reply = await self.send("GET", path, query=query or None)
        assert reply.status_code == 200, reply.text
        found: Resource = reply.json()
        return found

    async def follow(self, url: str) -> Resource:
        parts = urlsplit(url)
        assert url.startswith(BASE)
        return await self.get(f"{parts.path.removeprefix('/fhir/')}?{parts.query}")

    async def operate(
        self, operation: str, *parameters: Resource, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        body = {"resourceType": "Parameters", "parameter": list(parameters)}
        return await self.send("POST", f"Appointment/{operation}", body, headers=headers)


async def a_hospital(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    facility: str = FACILITY,
    *,
    key: PrivateKey | None = None,
    scope: str = SCOPES,
) -> Hospital:
    """Register a system of a facility and sign it in."""
    own = key or rsa_key()
    system = await services.health.fhir.registry.add(facility, "HIS", key_set(jwk_of(own, "first")))
    return await Hospital(client, clock, system.id, own).sign_in(scope)


def a_patient(number: str = CCCD, name: str = "Giàng A Páo") -> Resource:
    return {
        "resourceType": "Patient",
        "identifier": [{"system": f"{BASE}/sid/cccd", "value": number}],
        "name": [{"text": name}],
    }


def refused(reply: httpx.Response) -> tuple[int, str, str]:
    """Return the status, the issue type and our code of a refusal."""
    issue = reply.json()["issue"][0]
    return reply.status_code, issue["code"], issue["details"]["coding"][0]["code"]


def ids_of(bundle: Resource) -> list[str]:
    return [entry["resource"]["id"] for entry in bundle.get("entry", [])]


def next_of(bundle: Resource) -> str | None:
    links = {link["relation"]: link["url"] for link in bundle["link"]}
    found: str | None = links.get("next")
    return found
