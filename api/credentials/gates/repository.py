"""All questions that gates ask of the store."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from api.accounts.caller import Scope
from api.credentials.gates.records import Gate, OldListPolicy, OldListRule
from api.credentials.records import Audience
from api.kit.geo import Position
from api.kit.ids import is_id
from api.kit.store import CollectionSpec, Document, Index, Store, WriteConflict

GATES = CollectionSpec("gates", (Index(("scope", "added_at")), Index(("added_by",))))


class GateRepository:
    def __init__(self, store: Store) -> None:
        self._gates = store[GATES]

    async def get(self, gate_id: str) -> Gate | None:
        document = await self._gates.get(gate_id) if is_id(gate_id) else None
        return _gate(document) if document else None

    async def get_many(self, gate_ids: Collection[str]) -> dict[str, Gate]:
        """Return those of these gates that there are, by id."""
        found = await self._gates.get_many(list(gate_ids))
        return {gate_id: _gate(document) for gate_id, document in found.items()}

    async def of_scope(self, scope: Scope, after: Sequence[Any] | None, limit: int) -> list[Gate]:
        """Return the gates of a scope, the newest first, also those that are retired."""
        found = await self._gates.find(
            {"scope": str(scope)}, sort=[("added_at", -1)], after=after, limit=limit
        )
        return list(map(_gate, found))

    async def add(self, gate: Gate) -> None:
        await self._gates.insert(_document(gate))

    async def replace(self, gate: Gate) -> Gate:
        """Put it in place of its version. Raises WriteConflict when somebody was faster."""
        stored = await self._gates.replace_if_version(_document(gate), gate.version)
        if stored is None:
            raise WriteConflict
        return _gate(stored)

    async def added_by(self, person_id: str) -> list[Gate]:
        found = await self._gates.find({"added_by": person_id}, sort=[("added_at", 1)])
        return list(map(_gate, found))

    async def forget_staff(self, person_id: str) -> None:
        """Make what somebody added nobody's."""
        await self._gates.update_many(
            {"added_by": person_id}, {"$set": {"added_by": None}, "$inc": {"version": 1}}
        )


def _document(gate: Gate) -> Document:
    position = gate.position
    return {
        "_id": gate.id,
        "names": dict(gate.names),
        "scope": str(gate.scope),
        "audience": str(gate.audience),
        "place_id": gate.place_id,
        "position": [position.latitude, position.longitude] if position else None,
        "max_age_seconds": int(gate.policy.max_age.total_seconds()),
        "rule": gate.policy.rule.value,
        "added_at": gate.added_at,
        "added_by": gate.added_by,
        "secret_digest": gate.secret_digest,
        "retired_at": gate.retired_at,
        "version": gate.version,
    }


def _gate(document: Document) -> Gate:
    return Gate(
        id=document["_id"],
        names=document["names"],
        scope=Scope.of(document["scope"]),
        audience=Audience.of(document["audience"]),
        place_id=document["place_id"],
        position=Position(*document["position"]) if document["position"] else None,
        policy=OldListPolicy(
            timedelta(seconds=document["max_age_seconds"]), OldListRule(document["rule"])
        ),
        added_at=document["added_at"],
        added_by=document["added_by"],
        secret_digest=document["secret_digest"],
        retired_at=document["retired_at"],
        version=document["version"],
    )
