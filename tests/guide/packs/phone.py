"""An app's side of offline packs, written from docs/guide.md and not from the code that makes them."""

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import jwt

from tests.conftest import send


@dataclass(frozen=True, slots=True)
class Held:
    """A pack as a phone keeps it: the lines as they came, by key."""

    head: Mapping[str, Any]
    lines: Mapping[str, bytes]

    @property
    def items(self) -> dict[str, dict[str, Any]]:
        return {key: json.loads(line) for key, line in self.lines.items()}

    def version(self) -> str:
        """Work out the version from what is held."""
        area = self.head["area"]
        named = f"{self.head['format']} {area['kind']} {area['id']} {self.head['language']}\n"
        digest = hashlib.sha256(named.encode())
        for key in sorted(self.lines):
            digest.update(f"{key} {hashlib.sha256(self.lines[key]).hexdigest()}\n".encode())
        return digest.hexdigest()


def read(content: bytes) -> Held:
    head, *lines = gzip.decompress(content).splitlines()
    return Held(json.loads(head), {json.loads(line)["key"]: line for line in lines})


def lay_over(held: Held, change: Held) -> Held:
    """Apply a change to what it was made for."""
    assert change.head["since"] == held.version()
    removed = set(change.head["removed"])
    kept = {key: line for key, line in held.lines.items() if key not in removed}
    return Held(change.head, {**kept, **change.lines})


async def ask(
    client: httpx.AsyncClient, *, language: str = "en", **asked: str | None
) -> dict[str, Any]:
    answer = await send(client, "guide/OfflinePack", asked, language=language)
    pack: dict[str, Any] = answer["offlinePack"]
    return pack


async def fetch(client: httpx.AsyncClient, pack: Mapping[str, Any]) -> bytes:
    """Fetch the bytes and check them as a phone does: size, hash and signature."""
    download = pack["download"]
    reply = await client.get(download["url"])
    assert reply.status_code == 200, reply.text
    assert len(reply.content) == download["byteCount"]
    assert hashlib.sha256(reply.content).hexdigest() == download["sha256"]
    claims = await signed(client, download["signature"])
    assert (claims["sha256"], claims["version"]) == (download["sha256"], pack["version"])
    return reply.content


async def signed(client: httpx.AsyncClient, signature: str) -> dict[str, Any]:
    """Return what the signature says. Raises jwt.InvalidTokenError."""
    keys = jwt.PyJWKSet.from_dict((await client.get("/v1/packs/keys.json")).json())
    key = keys[jwt.get_unverified_header(signature)["kid"]]
    claims: dict[str, Any] = jwt.decode(
        signature,
        key,
        algorithms=["EdDSA"],
        audience="laocai-pack",
        options={"verify_exp": False, "verify_iat": False},
    )
    return claims
