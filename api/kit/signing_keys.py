"""Ed25519 keys that sign tokens (RFC 8037), shared by all processes, changed without a pause.

A new key is published some time before it signs, and the one before it verifies until the last
token it signed has ended, so that whoever caches the published set (RFC 7517) never meets a token
it cannot check. Private halves are sealed in the store.
"""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from api.kit import base64url
from api.kit.clock import Clock
from api.kit.ids import new_id
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, DuplicateKey, Index, Store
from api.kit.transactions import transact

SIGNING_KEYS = CollectionSpec("signing_keys", (Index(("purpose", "number"), unique=True),))

PUBLISHED_BEFORE_SIGNING = timedelta(minutes=5)
"""Longer than anybody caches the published set."""
_READ_AGAIN_AFTER = timedelta(seconds=30)
_UNKNOWN_READ_AGAIN_AFTER = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """A key as it is kept. `verifies_until` is None while no newer key is there."""

    id: str
    number: int
    public: Ed25519PublicKey
    sealed_private: str
    signs_from: datetime
    verifies_until: datetime | None

    def verifies(self, now: datetime) -> bool:
        return self.verifies_until is None or now < self.verifies_until

    def jwk(self) -> dict[str, str]:
        """Return the public half as a JSON Web Key."""
        x = base64url.encoded(self.public.public_bytes_raw())
        return {
            "kty": "OKP",
            "crv": "Ed25519",
            "use": "sig",
            "alg": "EdDSA",
            "kid": self.id,
            "x": x,
        }


class SigningKeys:
    """The keys of one purpose. `verifies_for`: the longest life of what they sign."""

    def __init__(
        self, store: Store, sealer: Sealer, clock: Clock, purpose: str, verifies_for: timedelta
    ) -> None:
        self._store = store
        self._keys = store[SIGNING_KEYS]
        self._sealer = sealer
        self._clock = clock
        self._purpose = purpose
        self._verifies_for = verifies_for
        self._known: tuple[SigningKey, ...] = ()
        self._read_at: datetime | None = None
        self._opened: tuple[str, Ed25519PrivateKey] | None = None

    async def to_sign(self) -> tuple[str, Ed25519PrivateKey]:
        """Return the id and the private half of the key that signs now; the first one is made here."""
        now = self._clock()
        known = await self._current()
        if not known:
            await self._add_first()
            known = await self._read()
        # With a clock that was set back none may be ready: the first one is known everywhere.
        key = [known[0], *(key for key in known if key.signs_from <= now)][-1]
        if self._opened is None or self._opened[0] != key.id:
            raw = base64.b64decode(self._sealer.open(key.sealed_private, _place(key.id)))
            self._opened = key.id, Ed25519PrivateKey.from_private_bytes(raw)
        return self._opened

    async def to_verify(self, key_id: str) -> Ed25519PublicKey | None:
        """Return the public half of a key that still verifies, else None."""
        now = self._clock()
        known = await self._current()
        if all(key.id != key_id for key in known) and self._is_older(_UNKNOWN_READ_AGAIN_AFTER):
            known = await self._read()
        return next((key.public for key in known if key.id == key_id and key.verifies(now)), None)

    async def published(self) -> list[dict[str, str]]:
        """Return every key that verifies now or will sign soon, as JSON Web Keys, oldest first."""
        now = self._clock()
        if not await self._current():
            await self.to_sign()
        return [key.jwk() for key in await self._current() if key.verifies(now)]

    async def kept(self) -> list[SigningKey]:
        """Return every key there is, the oldest first, also those that have ended."""
        return await self._found()

    async def rotate(self) -> SigningKey:
        """Add a key, which signs after PUBLISHED_BEFORE_SIGNING; the others end when it is safe."""
        await self.to_sign()
        signs_from = self._clock() + PUBLISHED_BEFORE_SIGNING

        async def work() -> SigningKey:
            numbers = [key.number for key in await self._found()]
            key = await self._insert(max(numbers) + 1, signs_from)
            await self._keys.update_many(
                {"purpose": self._purpose, "verifies_until": None, "number": {"$lt": key.number}},
                {"$set": {"verifies_until": signs_from + self._verifies_for}},
            )
            return key

        key = await transact(self._store, work)
        await self._read()
        return key

    async def seal_anew(self) -> int:
        """Seal with the current sealing key what an older one sealed; return how many that were."""
        sealed_anew = 0
        for key in await self._found():
            if self._sealer.is_current(key.sealed_private):
                continue
            value = self._sealer.open(key.sealed_private, _place(key.id))
            changed = await self._keys.update_one(
                {"_id": key.id, "sealed_private": key.sealed_private},
                {"$set": {"sealed_private": self._sealer.seal(value, _place(key.id))}},
            )
            sealed_anew += changed is not None
        return sealed_anew

    async def _add_first(self) -> None:
        try:
            await self._insert(1, self._clock())
        except DuplicateKey:
            return  # another process was faster

    async def _insert(self, number: int, signs_from: datetime) -> SigningKey:
        private = Ed25519PrivateKey.generate()
        key_id = new_id()
        raw = base64.b64encode(private.private_bytes_raw()).decode()
        document: Document = {
            "_id": key_id,
            "purpose": self._purpose,
            "number": number,
            "public": base64.b64encode(private.public_key().public_bytes_raw()).decode(),
            "sealed_private": self._sealer.seal(raw, _place(key_id)),
            "signs_from": signs_from,
            "verifies_until": None,
        }
        await self._keys.insert(document)
        return _key(document)

    async def _current(self) -> tuple[SigningKey, ...]:
        return await self._read() if self._is_older(_READ_AGAIN_AFTER) else self._known

    def _is_older(self, age: timedelta) -> bool:
        # A clock that was set back must not keep what was read in the future.
        return self._read_at is None or not timedelta() <= self._clock() - self._read_at < age

    async def _read(self) -> tuple[SigningKey, ...]:
        # Together, once they are there: who asks meanwhile must not take the old ones for new.
        now = self._clock()
        self._known = tuple(await self._found())
        self._read_at = now
        return self._known

    async def _found(self) -> list[SigningKey]:
        found = await self._keys.find({"purpose": self._purpose}, sort=[("number", 1)])
        return [_key(document) for document in found]


def _key(document: dict[str, Any]) -> SigningKey:
    return SigningKey(
        id=document["_id"],
        number=document["number"],
        public=Ed25519PublicKey.from_public_bytes(base64.b64decode(document["public"])),
        sealed_private=document["sealed_private"],
        signs_from=document["signs_from"],
        verifies_until=document["verifies_until"],
    )


def _place(key_id: str) -> str:
    return f"signing_keys/{key_id}"
