"""Sources as documents. A source's secret is sealed; every poll is one write under the source's chain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.feedback.channels.records import Source, SourceKind, SourceState
from api.kit.ids import is_id
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, Store

CHANNEL_SOURCES = CollectionSpec("channel_sources")
CHANNEL_TURNS = CollectionSpec("channel_turns")
"""Documents that transactions write which must not pass each other; they hold nothing else."""


@dataclass(frozen=True, slots=True, repr=False)
class Secrets:
    """`earlier` is good until `earlier_until`, so that a system can be told of a new one in peace."""

    current: str
    earlier: str | None = None
    earlier_until: datetime | None = None

    def at(self, now: datetime) -> list[str]:
        """Return those that verify at a moment."""
        if self.earlier is None or self.earlier_until is None or self.earlier_until <= now:
            return [self.current]
        return [self.current, self.earlier]


class SourceRepository:
    """All queries. Every call joins the open transaction, if there is one."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._sources = store[CHANNEL_SOURCES]
        self._sealer = sealer

    async def add(self, source: Source, secrets: Secrets | None) -> None:
        await self._sources.insert({**_document(source), "secret": self._sealed(source, secrets)})

    async def get(self, source_id: str) -> Source | None:
        document = await self._sources.get(source_id) if is_id(source_id) else None
        return _source(document) if document else None

    async def secrets_of(self, source_id: str) -> Secrets | None:
        """Return the secrets of a source that sends."""
        document = await self._sources.get(source_id) if is_id(source_id) else None
        sealed = document["secret"] if document else None
        if sealed is None:
            return None
        kept = self._sealer.open(sealed, sealed_place(source_id))
        until = kept["earlier_until"]
        return Secrets(
            kept["current"], kept["earlier"], datetime.fromisoformat(until) if until else None
        )

    async def all(self) -> list[Source]:
        """Return every source, the oldest first."""
        return list(map(_source, await self._sources.find({}, sort=[("added_at", 1)])))

    async def names(self) -> dict[str, str]:
        return {source.id: source.name for source in await self.all()}

    async def turn_secret(self, source: Source, secrets: Secrets) -> None:
        await self._sources.update_one(
            {"_id": source.id}, {"$set": {"secret": self._sealed(source, secrets)}}
        )

    async def move(
        self, source_id: str, was: SourceState, fields: Mapping[str, Any]
    ) -> Source | None:
        """Write `fields` while the source is in a state; None when it is not."""
        changed = await self._sources.update_one(
            {"_id": source_id, "state": was.value}, {"$set": fields}
        )
        return _source(changed) if changed else None

    async def polled(self, source: Source, fields: Mapping[str, Any]) -> Source | None:
        """Count a poll, and write what it gave; None when another run counted it, or the chain is over."""
        changed = await self._sources.update_one(
            {
                "_id": source.id,
                "state": SourceState.ACTIVE.value,
                "chain": source.chain,
                "polls": source.polls,
            },
            {"$set": fields, "$inc": {"polls": 1}},
        )
        return _source(changed) if changed else None

    async def heard(self, source_id: str, now: datetime) -> None:
        """Note that a source that sends has sent."""
        await self._sources.update_one({"_id": source_id}, {"$set": {"heard_at": now}})

    async def seal_anew(self) -> int:
        """Seal some secrets anew, as Resealed has it."""
        return await seal_anew(self._sources, self._sealer, "secret", sealed_place)

    def _sealed(self, source: Source, secrets: Secrets | None) -> str | None:
        if secrets is None:
            return None
        until = secrets.earlier_until
        kept = {
            "current": secrets.current,
            "earlier": secrets.earlier,
            "earlier_until": until.isoformat() if until else None,
        }
        return self._sealer.seal(kept, sealed_place(source.id))


def sealed_place(source_id: str) -> str:
    return f"channel source {source_id}"


def _document(source: Source) -> Document:
    return {
        "_id": source.id,
        "name": source.name,
        "kind": source.kind.value,
        "state": source.state.value,
        "url": source.url,
        "added_at": source.added_at,
        "chain": source.chain,
        "polls": source.polls,
        "etag": source.etag,
        "last_modified": source.last_modified,
        "heard_at": source.heard_at,
        "failures": source.failures,
        "failing_since": source.failing_since,
        "failure": source.failure,
    }


def _source(document: Document) -> Source:
    return Source(
        id=document["_id"],
        name=document["name"],
        kind=SourceKind(document["kind"]),
        state=SourceState(document["state"]),
        url=document["url"],
        added_at=document["added_at"],
        chain=document["chain"],
        polls=document["polls"],
        etag=document["etag"],
        last_modified=document["last_modified"],
        heard_at=document["heard_at"],
        failures=document["failures"],
        failing_since=document["failing_since"],
        failure=document["failure"],
    )
