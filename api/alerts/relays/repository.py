"""Relays and outcomes as documents. Where a relay is reached is sealed: the address may hold a key."""

from collections.abc import Sequence
from datetime import datetime

from api.alerts.relays.records import (
    Relay,
    RelayFailure,
    RelayKind,
    RelayOutcome,
    RelayState,
    Target,
)
from api.kit.ids import derived_id, is_id
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, DuplicateKey, Index, Store, Update
from notifications.preferences import WarningLevel

KEPT_SECONDS = 30 * 24 * 3600

RELAYS = CollectionSpec("relays", (Index(("commune",)),))
RELAY_OUTCOMES = CollectionSpec(
    "relay_outcomes",
    (Index(("notice_id",)), Index(("expires_at",), expire_after_seconds=KEPT_SECONDS)),
)


class RelayRepository:
    """All queries. Every call joins the open transaction, if there is one."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._relays = store[RELAYS]
        self._outcomes = store[RELAY_OUTCOMES]
        self._sealer = sealer

    async def add(self, relay: Relay, target: Target) -> None:
        sealed = {"url": target.url, "secret": target.secret, "chat": target.chat}
        await self._relays.insert(
            {**_document(relay), "target": self._sealer.seal(sealed, _place(relay.id))}
        )

    async def get(self, relay_id: str) -> tuple[Relay, Target] | None:
        document = await self._relays.get(relay_id) if is_id(relay_id) else None
        if document is None:
            return None
        kept = self._sealer.open(document["target"], _place(relay_id))
        return _relay(document), Target(kept["url"], kept["secret"], kept["chat"])

    async def all(self) -> list[Relay]:
        """Return every relay, the first added first."""
        return list(map(_relay, await self._relays.find({}, sort=[("added_at", 1)])))

    async def in_communes(self, communes: frozenset[str]) -> list[Relay]:
        found = await self._relays.find({"commune": {"$in": sorted(communes)}})
        return list(map(_relay, found))

    async def told(self, notice_ids: Sequence[str]) -> list[Relay]:
        """Return the relays, as far as they are still here, that may have taken one of these notices."""
        outcomes = await self._outcomes_of(notice_ids)
        relay_ids = sorted({one.relay_id for one in outcomes if one.attempts})
        found = await self._relays.get_many(relay_ids)
        return list(map(_relay, found.values()))

    async def remove(self, relay_id: str) -> bool:
        return await self._relays.delete_one({"_id": relay_id}) is not None

    async def begin(self, notice_id: str, relay: Relay, expires_at: datetime) -> bool:
        """Note that a notice is to go to a relay; False when that was noted before."""
        try:
            await self._outcomes.insert(
                {
                    "_id": _outcome_id(notice_id, relay.id),
                    "notice_id": notice_id,
                    "relay_id": relay.id,
                    "name": relay.name,
                    "kind": relay.kind.value,
                    "commune": relay.commune,
                    "state": RelayState.WAITING.value,
                    "attempts": 0,
                    "tried_at": None,
                    "in_hand_until": None,
                    "failure": None,
                    "expires_at": expires_at,
                }
            )
        except DuplicateKey:
            return False
        return True

    async def is_waiting(self, notice_id: str, relay_id: str) -> bool:
        document = await self._outcomes.get(_outcome_id(notice_id, relay_id))
        return document is not None and document["state"] == RelayState.WAITING.value

    async def begin_try(
        self, notice_id: str, relay_id: str, now: datetime, in_hand_until: datetime
    ) -> bool:
        """Note that a try begins; False when nothing is to be tried any more."""
        change: Update = {
            "$set": {"tried_at": now, "in_hand_until": in_hand_until},
            "$inc": {"attempts": 1},
        }
        return await self._while_waiting(notice_id, relay_id, change)

    async def tried(
        self, notice_id: str, relay_id: str, state: RelayState, failure: RelayFailure | None = None
    ) -> None:
        """Note how a try ended, unless it was settled meanwhile."""
        ended = {
            "state": state.value,
            "in_hand_until": None,
            "failure": failure.value if failure else None,
        }
        await self._while_waiting(notice_id, relay_id, {"$set": ended})

    async def expire(self, notice_id: str, relay_id: str) -> None:
        await self.tried(notice_id, relay_id, RelayState.EXPIRED)

    async def outcomes_of(self, notice_ids: Sequence[str]) -> list[RelayOutcome]:
        """Return what became of these notices, by commune and name."""
        found = await self._outcomes_of(notice_ids)
        return sorted(found, key=lambda one: (one.commune, one.name, one.relay_id))

    async def outcomes_at(self, relay_id: str, notice_ids: Sequence[str]) -> list[RelayOutcome]:
        """Return what became of these notices at one relay, in their order."""
        places = [_outcome_id(notice_id, relay_id) for notice_id in notice_ids]
        found = await self._outcomes.get_many(places)
        return [_outcome(found[place]) for place in places if place in found]

    async def seal_anew(self) -> int:
        """Seal some targets anew, as Resealed has it."""
        return await seal_anew(self._relays, self._sealer, "target", _place)

    async def _outcomes_of(self, notice_ids: Sequence[str]) -> list[RelayOutcome]:
        found = await self._outcomes.find({"notice_id": {"$in": list(notice_ids)}})
        return list(map(_outcome, found))

    async def _while_waiting(self, notice_id: str, relay_id: str, change: Update) -> bool:
        waiting = {"_id": _outcome_id(notice_id, relay_id), "state": RelayState.WAITING.value}
        return await self._outcomes.update_one(waiting, change) is not None


def _document(relay: Relay) -> Document:
    return {
        "_id": relay.id,
        "kind": relay.kind.value,
        "name": relay.name,
        "commune": relay.commune,
        "language": relay.language,
        "least": relay.least.value,
        "added_at": relay.added_at,
    }


def _relay(document: Document) -> Relay:
    return Relay(
        id=document["_id"],
        kind=RelayKind(document["kind"]),
        name=document["name"],
        commune=document["commune"],
        language=document["language"],
        least=WarningLevel(document["least"]),
        added_at=document["added_at"],
    )


def _outcome(document: Document) -> RelayOutcome:
    return RelayOutcome(
        notice_id=document["notice_id"],
        relay_id=document["relay_id"],
        name=document["name"],
        kind=RelayKind(document["kind"]),
        commune=document["commune"],
        state=RelayState(document["state"]),
        attempts=document["attempts"],
        tried_at=document["tried_at"],
        in_hand_until=document.get("in_hand_until"),
        failure=RelayFailure(failure) if (failure := document.get("failure")) else None,
    )


def _outcome_id(notice_id: str, relay_id: str) -> str:
    return derived_id("relay", notice_id, relay_id)


def _place(relay_id: str) -> str:
    return f"relays/{relay_id}"
