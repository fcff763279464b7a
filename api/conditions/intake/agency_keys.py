"""The agencies whose systems may send observations: a bearer key each, of which only a hash is kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.conditions.intake.errors import (
    AgencyKeyNotFound,
    InvalidAgencyKey,
    KeyMissing,
    KeyRefused,
)
from api.kit.clock import Clock
from api.kit.hashed_keys import HashedKeys
from api.kit.ids import new_id
from api.kit.store import CollectionSpec, Document, Store

STATION_KEYS = CollectionSpec("station_keys")

_KEYS = HashedKeys("laocai-station")
_PREFIXES_AT_MOST = 50
_NAME_CHARACTERS_AT_MOST = 200
_SCOPE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_STATION_PREFIX = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")


@dataclass(frozen=True, slots=True)
class StationAgency:
    """Who holds a key. `prefixes`: of the ids of stations it speaks for. Times are aware UTC.

    `roads_of`: the agency for which it sends events on the road; None: it sends none.
    """

    key_id: str
    name: str
    prefixes: tuple[str, ...]
    created_at: datetime
    revoked_at: datetime | None
    roads_of: str | None = None

    def speaks_for(self, station_id: str) -> bool:
        return station_id.startswith(self.prefixes)


@dataclass(frozen=True, slots=True)
class NewStationKey:
    """A key in the clear: shown once, kept nowhere."""

    agency: StationAgency
    key: str


class StationKeys:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._keys = store[STATION_KEYS]
        self._clock = clock

    async def create(
        self, name: str, prefixes: Sequence[str], roads_of: str | None = None
    ) -> NewStationKey:
        """Make a key. Raises InvalidAgencyKey."""
        name = name.strip()
        is_sound = 0 < len(name) <= _NAME_CHARACTERS_AT_MOST and all(
            map(_STATION_PREFIX.fullmatch, prefixes)
        )
        is_for_something = bool(prefixes) or roads_of is not None
        is_scope = roads_of is None or _SCOPE_ID.fullmatch(roads_of) is not None
        if not (is_sound and is_for_something and is_scope) or len(prefixes) > _PREFIXES_AT_MOST:
            raise InvalidAgencyKey
        agency = StationAgency(
            new_id(), name, tuple(sorted(set(prefixes))), self._clock(), None, roads_of
        )
        key, secret_hash = _KEYS.made(agency.key_id)
        await self._keys.insert(
            {
                "_id": agency.key_id,
                "name": agency.name,
                "prefixes": list(agency.prefixes),
                "secret_hash": secret_hash,
                "created_at": agency.created_at,
                "revoked_at": None,
                "roads_of": roads_of,
            }
        )
        return NewStationKey(agency, key)

    async def list(self) -> list[StationAgency]:
        """Return all agencies, revoked ones too, oldest first."""
        found = await self._keys.find({}, sort=[("created_at", 1)])
        return [_agency(document) for document in found]

    async def revoke(self, key_id: str) -> StationAgency:
        """End a key at once; revoking twice keeps the first time. Raises AgencyKeyNotFound."""
        revoked = await self._keys.update_one(
            {"_id": key_id, "revoked_at": None}, {"$set": {"revoked_at": self._clock()}}
        )
        document = revoked or await self._keys.get(key_id)
        if document is None:
            raise AgencyKeyNotFound
        return _agency(document)

    async def holder_of(self, key: str | None) -> StationAgency:
        """Return whose key this is. Raises KeyMissing for None, KeyRefused when it is nobody's."""
        if key is None:
            raise KeyMissing
        key_id = _KEYS.id_in(key)
        document = await self._keys.get(key_id) if key_id else None
        is_right = _KEYS.is_right(key, document["secret_hash"] if document else None)
        if document is None or not is_right or document["revoked_at"] is not None:
            raise KeyRefused
        return _agency(document)


def _agency(document: Document) -> StationAgency:
    return StationAgency(
        key_id=document["_id"],
        name=document["name"],
        prefixes=tuple(document["prefixes"]),
        created_at=document["created_at"],
        revoked_at=document["revoked_at"],
        roads_of=document["roads_of"],
    )
