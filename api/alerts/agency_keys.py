"""The agencies that may post warnings: a bearer key each, of which only a hash is kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.alerts.cap_values import IDENTIFIER_CHARACTERS_AT_MOST
from api.alerts.errors import AgencyKeyNotFound, InvalidAgencyKey, KeyMissing, KeyRefused
from api.kit.clock import Clock
from api.kit.hashed_keys import HashedKeys
from api.kit.ids import new_id
from api.kit.store import CollectionSpec, Document, Store

AGENCY_KEYS = CollectionSpec("agency_keys")
AGENCY_TURNS = CollectionSpec("agency_turns")
"""Written by every transaction that adds something to an agency, so that limits hold."""

_KEYS = HashedKeys("laocai-cap")
_SENDERS_AT_MOST = 50
_NAME_CHARACTERS_AT_MOST = 200
_SENDER = re.compile(rf"[^\s,<&]{{1,{IDENTIFIER_CHARACTERS_AT_MOST}}}")


@dataclass(frozen=True, slots=True)
class Agency:
    """Who holds a key. `senders`: the CAP senders it may speak as. Times are aware UTC.

    `is_signature_required`: its messages are refused unless a certificate of its own signed them.
    """

    key_id: str
    name: str
    senders: frozenset[str]
    created_at: datetime
    revoked_at: datetime | None
    is_signature_required: bool = False


@dataclass(frozen=True, slots=True)
class NewAgencyKey:
    """A key in the clear: shown once, kept nowhere."""

    agency: Agency
    key: str


class AgencyKeys:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._keys = store[AGENCY_KEYS]
        self._turns = store[AGENCY_TURNS]
        self._clock = clock

    async def create(
        self, name: str, senders: Sequence[str], *, is_signature_required: bool = False
    ) -> NewAgencyKey:
        """Make a key. Raises InvalidAgencyKey."""
        name = name.strip()
        is_sound = 0 < len(name) <= _NAME_CHARACTERS_AT_MOST and all(
            map(_SENDER.fullmatch, senders)
        )
        if not is_sound or not 0 < len(senders) <= _SENDERS_AT_MOST:
            raise InvalidAgencyKey
        agency = Agency(
            new_id(), name, frozenset(senders), self._clock(), None, is_signature_required
        )
        key, secret_hash = _KEYS.made(agency.key_id)
        await self._keys.insert(
            {
                "_id": agency.key_id,
                "name": agency.name,
                "senders": sorted(agency.senders),
                "secret_hash": secret_hash,
                "created_at": agency.created_at,
                "revoked_at": None,
                "is_signature_required": agency.is_signature_required,
            }
        )
        return NewAgencyKey(agency, key)

    async def list(self) -> list[Agency]:
        """Return all agencies, revoked ones too, oldest first."""
        return [
            _agency(document) for document in await self._keys.find({}, sort=[("created_at", 1)])
        ]

    async def get(self, key_id: str) -> Agency | None:
        document = await self._keys.get(key_id)
        return _agency(document) if document else None

    async def require_signature(self, key_id: str, *, is_required: bool) -> Agency:
        """Say whether the agency's messages must be signed. Raises AgencyKeyNotFound."""
        document = await self._keys.update_one(
            {"_id": key_id}, {"$set": {"is_signature_required": is_required}}
        )
        if document is None:
            raise AgencyKeyNotFound
        return _agency(document)

    async def take_turn(self, key_id: str) -> None:
        """Make this transaction collide with every other that adds to the agency.

        Raises AgencyKeyNotFound for one that is not there, or was revoked.
        """
        agency = await self.get(key_id)
        if agency is None or agency.revoked_at is not None:
            raise AgencyKeyNotFound
        await self._turns.upsert({"_id": key_id, "turn": new_id()})

    async def revoke(self, key_id: str) -> Agency:
        """End a key at once; revoking twice keeps the first time. Raises AgencyKeyNotFound."""
        revoked = await self._keys.update_one(
            {"_id": key_id, "revoked_at": None}, {"$set": {"revoked_at": self._clock()}}
        )
        document = revoked or await self._keys.get(key_id)
        if document is None:
            raise AgencyKeyNotFound
        return _agency(document)

    async def holder_of(self, key: str | None) -> Agency:
        """Return whose key this is.

        Raises KeyRefused when no agency has it, or no agency has any key; KeyMissing for None.
        """
        if key is None:
            if await self._keys.find_one({"revoked_at": None}) is None:
                raise KeyRefused
            raise KeyMissing
        key_id = _KEYS.id_in(key)
        document = await self._keys.get(key_id) if key_id else None
        is_right = _KEYS.is_right(key, document["secret_hash"] if document else None)
        if document is None or not is_right or document["revoked_at"] is not None:
            raise KeyRefused
        return _agency(document)


def _agency(document: Document) -> Agency:
    return Agency(
        key_id=document["_id"],
        name=document["name"],
        senders=frozenset(document["senders"]),
        created_at=document["created_at"],
        revoked_at=document["revoked_at"],
        is_signature_required=document.get("is_signature_required", False),
    )
