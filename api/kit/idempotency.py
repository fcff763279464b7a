"""Nothing sent twice happens twice (design, section 5).

The key's record and the work's writes share one transaction: either both are there or neither,
so a crash between them cannot leave a key that answers for work that was lost.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from enum import StrEnum, auto
from typing import Any

from api.kit.clock import Clock
from api.kit.errors import N_, DomainError
from api.kit.ids import derived_id
from api.kit.store import CollectionSpec, Document, DuplicateKey, Index, Store
from api.kit.transactions import transact

IDEMPOTENCY_KEYS = CollectionSpec(
    "idempotency_keys", (Index(("scope",)), Index(("kept_until",), expire_after_seconds=0))
)
KEPT_FOR = timedelta(hours=48)
_KEY = re.compile(r"[!-~]{16,128}")


class IdempotencyErrorCode(StrEnum):
    """Stable across releases: clients switch on it."""

    INVALID_IDEMPOTENCY_KEY = auto()
    IDEMPOTENCY_KEY_REUSED = auto()


class IdempotencyProblem(DomainError):
    """Any refusal that comes from the key, not from what was asked."""


class InvalidIdempotencyKey(IdempotencyProblem):
    code = IdempotencyErrorCode.INVALID_IDEMPOTENCY_KEY
    message = N_(
        "The idempotency key must have 16 to 128 letters, digits or signs, without spaces."
    )


class IdempotencyKeyReused(IdempotencyProblem):
    code = IdempotencyErrorCode.IDEMPOTENCY_KEY_REUSED
    message = N_("This idempotency key was already used for another request.")


def fingerprint_of(request: Mapping[str, Any], key: str) -> str:
    """Return a digest under which two requests of equal JSON are equal, whatever their key order.

    Keyed with the idempotency key, which is kept nowhere: what was asked may be a name or a number,
    and whoever reads the store could try all numbers.
    """
    canonical = json.dumps(request, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hmac.new(key.encode(), canonical.encode(), hashlib.sha256).hexdigest()


def check_key(key: str) -> None:
    """Raise InvalidIdempotencyKey unless `key` is 16 to 128 visible ASCII characters."""
    if not _KEY.fullmatch(key):
        raise InvalidIdempotencyKey


class Idempotency:
    """Remembers for 48 h what each key was answered."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._records = store[IDEMPOTENCY_KEYS]
        self._clock = clock

    async def once(
        self,
        scope: str,
        operation: str,
        key: str,
        request: Mapping[str, Any],
        work: Callable[[], Awaitable[dict[str, Any]]],
    ) -> dict[str, Any]:
        """Return what `work` returned the first time this key came, running it only then.

        `scope` names the caller, so that one person's key never answers another. What `work` returns
        holds ids and moments, never what tells of a person: nobody seals it. A refusal raised by
        `work` leaves no trace: the key is free again. Raises InvalidIdempotencyKey, or
        IdempotencyKeyReused when `request` differs from the first one.
        """
        check_key(key)
        record_id = derived_id("idempotency", scope, operation, key)
        fingerprint = fingerprint_of(request, key)

        async def first_time() -> dict[str, Any]:
            if kept := await self._kept_or_claimed(record_id, scope, fingerprint):
                return _replayed(kept, fingerprint)
            result = await work()
            await self._records.update_one({"_id": record_id}, {"$set": {"result": result}})
            return result

        return await transact(self._store, first_time)

    async def count(self, scope: str) -> int:
        """Return how many keys of a caller are remembered."""
        return await self._records.count({"scope": _scope_id(scope)})

    async def forget(self, scope: str) -> None:
        """Remove what the keys of a caller were answered; every key is free again."""
        await self._records.delete_many({"scope": _scope_id(scope)})

    async def _kept_or_claimed(
        self, record_id: str, scope: str, fingerprint: str
    ) -> Document | None:
        """Claim the key, or return its record. First, so that two at once collide here, not after the work.

        Looked up only when it cannot be claimed: every step of a transaction keeps others waiting.
        """
        try:
            await self._records.insert(
                {
                    "_id": record_id,
                    "scope": _scope_id(scope),
                    "fingerprint": fingerprint,
                    "result": None,
                    "kept_until": self._clock() + KEPT_FOR,
                }
            )
        except DuplicateKey:
            return await self._records.get(record_id)
        return None


def _scope_id(scope: str) -> str:
    return derived_id("idempotency scope", scope)


def _replayed(kept: Document, fingerprint: str) -> dict[str, Any]:
    if kept["fingerprint"] != fingerprint:
        raise IdempotencyKeyReused
    result: dict[str, Any] = kept["result"]
    return result
