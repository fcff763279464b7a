"""Keys of the door: of civic apps, which may report, and of agencies' systems, which also act for their agency.

Only a hash of a key is kept. Each is made and ended by the province, and both stand in the audit log.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from api.feedback.agencies.agency import AgencyLibrary
from api.feedback.open311.errors import InvalidKeyName, KeyNotFound, KeyRefused
from api.kit.audit_log import AuditEntry, AuditLog
from api.kit.clock import Clock
from api.kit.hashed_keys import HashedKeys
from api.kit.ids import is_id, new_id
from api.kit.store import CollectionSpec, Document, Store
from api.kit.transactions import transact

API_KEYS = CollectionSpec("feedback_api_keys")
OPERATOR = "operator"
"""Who acts at the command line; the system's own log says which person that was."""
NAME_CHARACTERS_AT_MOST = 100

_KEYS = HashedKeys("laocai-311")
_SCOPE = "province"
_NAME = re.compile(rf"[^\x00-\x1f\x7f]{{1,{NAME_CHARACTERS_AT_MOST}}}")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """`agency_id`: for whom it acts; None for a civic app, which may report and nothing else."""

    id: str
    name: str
    agency_id: str | None
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, repr=False)
class NewApiKey:
    """A key in the clear: shown once, kept nowhere."""

    holder: ApiKey
    key: str


class ApiKeys:
    def __init__(
        self, store: Store, agencies: AgencyLibrary, audit: AuditLog, clock: Clock
    ) -> None:
        self._store = store
        self._keys = store[API_KEYS]
        self._agencies = agencies
        self._audit = audit
        self._clock = clock

    async def create(self, actor: str, name: str, agency_id: str | None) -> NewApiKey:
        """Make a key, in the name of an administrator or the operator. Raises InvalidKeyName."""
        name = name.strip()
        is_known = agency_id is None or agency_id in self._agencies.agencies
        if not is_known or _NAME.fullmatch(name) is None:
            raise InvalidKeyName(most=NAME_CHARACTERS_AT_MOST)
        holder = ApiKey(new_id(), name, agency_id, self._clock(), None)
        key, secret_hash = _KEYS.made(holder.id)

        async def work() -> None:
            await self._keys.insert(_document(holder, secret_hash))
            await self._note(actor, "open311_key.made", holder)

        await transact(self._store, work)
        return NewApiKey(holder, key)

    async def all(self) -> list[ApiKey]:
        """Return all keys, ended ones too, the oldest first."""
        return list(map(_holder, await self._keys.find({}, sort=[("created_at", 1)])))

    async def revoke(self, actor: str, key_id: str) -> ApiKey:
        """End a key at once; ending it twice keeps the first time. Raises KeyNotFound."""

        async def work() -> Document:
            ended = await self._keys.update_one(
                {"_id": key_id, "revoked_at": None}, {"$set": {"revoked_at": self._clock()}}
            )
            if ended is not None:
                await self._note(actor, "open311_key.ended", _holder(ended))
            found = ended or (await self._keys.get(key_id) if is_id(key_id) else None)
            if found is None:
                raise KeyNotFound
            return found

        return _holder(await transact(self._store, work))

    async def holder_of(self, key: str | None) -> ApiKey:
        """Return whose key this is. Raises KeyRefused, also for None."""
        shown = key or ""
        key_id = _KEYS.id_in(shown)
        document = await self._keys.get(key_id) if key_id else None
        is_right = _KEYS.is_right(shown, document["secret_hash"] if document else None)
        if document is None or not is_right or document["revoked_at"] is not None:
            raise KeyRefused
        return _holder(document)

    async def acts_for(self, system_id: str, agency_id: str) -> bool:
        """Tell whether the key holds and acts for this agency; joins the open transaction."""
        document = await self._keys.get(system_id)
        is_held = document is not None and document["revoked_at"] is None
        return is_held and document is not None and document["agency_id"] == agency_id

    async def _note(self, actor: str, action: str, holder: ApiKey) -> None:
        details = {"agency": holder.agency_id}
        await self._audit.append(AuditEntry(actor, action, holder.id, _SCOPE, details))


def _document(holder: ApiKey, secret_hash: str) -> Document:
    return {
        "_id": holder.id,
        "name": holder.name,
        "agency_id": holder.agency_id,
        "secret_hash": secret_hash,
        "created_at": holder.created_at,
        "revoked_at": None,
    }


def _holder(document: Document) -> ApiKey:
    return ApiKey(
        id=document["_id"],
        name=document["name"],
        agency_id=document["agency_id"],
        created_at=document["created_at"],
        revoked_at=document["revoked_at"],
    )
