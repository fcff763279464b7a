"""Subscriptions and their events as documents.

Who delivers holds a lease on the subscription; every step of a delivery is one write under it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from api.health.fhir.subscriptions.records import (
    Subscription,
    SubscriptionEvent,
    SubscriptionStatus,
)
from api.kit.ids import is_id
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, Index, Store

FHIR_SUBSCRIPTIONS = CollectionSpec(
    "fhir_subscriptions", (Index(("facility_id",)), Index(("system_id",)))
)
FHIR_EVENTS = CollectionSpec(
    "fhir_events",
    (Index(("subscription_id", "number")), Index(("kept_until",), expire_after_seconds=0)),
)
EVENTS_KEPT_FOR = timedelta(days=7)
_OURS = frozenset({"number", "delivered", "failures", "failing_since", "not_before"})
"""What deliveries write, and no change of the subscription."""


class SubscriptionRepository:
    """All queries. Every call joins the open transaction, if there is one."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._subscriptions = store[FHIR_SUBSCRIPTIONS]
        self._events = store[FHIR_EVENTS]
        self._sealer = sealer

    async def add(self, one: Subscription) -> None:
        await self._subscriptions.insert(
            {**self._document(one), "lease": None, "lease_until": one.created_at}
        )

    async def get(self, subscription_id: str) -> Subscription | None:
        known = is_id(subscription_id)
        document = await self._subscriptions.get(subscription_id) if known else None
        return self._subscription(document) if document else None

    async def of_system(self, system_id: str) -> list[Subscription]:
        """Return the subscriptions of a system in the order of their ids."""
        found = await self._subscriptions.find({"system_id": system_id}, sort=[("_id", 1)])
        return list(map(self._subscription, found))

    async def of_facility(self, facility_id: str) -> list[Subscription]:
        """Return what may be told of a facility: whatever is not off."""
        asked = {
            "facility_id": facility_id,
            "status": {"$in": [SubscriptionStatus.ACTIVE.value, SubscriptionStatus.ERROR.value]},
        }
        found = await self._subscriptions.find(asked, sort=[("_id", 1)])
        return list(map(self._subscription, found))

    async def replace(self, one: Subscription, *, is_resumed: bool) -> Subscription | None:
        """Put what its system says in place of its version; None when somebody was faster.

        `is_resumed`: the endpoint is tried again at once.
        """
        fields = {name: value for name, value in self._document(one).items() if name not in _OURS}
        if is_resumed:
            fields |= {"failures": 0, "failing_since": None, "not_before": None}
        wanted = {"_id": fields.pop("_id"), "version": fields.pop("version")}
        stored = await self._subscriptions.update_one(
            wanted, {"$set": fields, "$inc": {"version": 1}}
        )
        return self._subscription(stored) if stored else None

    async def remove(self, subscription_id: str) -> None:
        await self._subscriptions.delete_one({"_id": subscription_id})
        await self._events.delete_many({"subscription_id": subscription_id})

    async def note(
        self, one: Subscription, appointment_id: str, version: int, now: datetime, *, is_new: bool
    ) -> int:
        """Add an event under the next number, and return that; 0 when the subscription is gone."""
        counted = await self._subscriptions.update_one({"_id": one.id}, {"$inc": {"number": 1}})
        if counted is None:
            return 0
        number: int = counted["number"]
        await self._events.insert(
            {
                "_id": f"{one.id}.{number:012d}",
                "subscription_id": one.id,
                "number": number,
                "appointment_id": appointment_id,
                "version": version,
                "is_new": is_new,
                "at": now,
                "kept_until": now + EVENTS_KEPT_FOR,
            }
        )
        return number

    async def next_event(self, one: Subscription) -> SubscriptionEvent | None:
        """Return the first event that the endpoint has not taken."""
        behind = {"subscription_id": one.id, "number": {"$gt": one.delivered}}
        document = await self._events.find_one(behind, sort=[("number", 1)])
        return _event(document) if document else None

    async def lease(
        self, subscription_id: str, run: str, now: datetime, until: datetime
    ) -> Subscription | None:
        """Take an active subscription that is due; None when it is not, or another run has it."""
        due = {"$or": [{"not_before": None}, {"not_before": {"$lte": now}}]}
        free = {"$or": [{"lease": None}, {"lease": run}, {"lease_until": {"$lte": now}}]}
        wanted = {
            "_id": subscription_id,
            "status": SubscriptionStatus.ACTIVE.value,
            "$and": [due, free],
        }
        taken = await self._subscriptions.update_one(
            wanted, {"$set": {"lease": run, "lease_until": until}}
        )
        return self._subscription(taken) if taken else None

    async def lease_end(self, subscription_id: str) -> datetime | None:
        """Return until when somebody has an active subscription, None when nobody has."""
        document = await self._subscriptions.get(subscription_id)
        is_leased = document is not None and document["lease"] is not None
        if document is None or not is_leased or document["status"] != SubscriptionStatus.ACTIVE:
            return None
        until: datetime = document["lease_until"]
        return until

    async def took(
        self, one: Subscription, run: str, number: int, until: datetime
    ) -> Subscription | None:
        """Note that the endpoint took an event; None when the lease was lost or it is active no more."""
        fields = {
            "delivered": number,
            "failures": 0,
            "failing_since": None,
            "not_before": None,
            "lease_until": until,
        }
        return await self._under_lease(one, run, fields)

    async def failed(
        self, one: Subscription, run: str, fields: Mapping[str, Any]
    ) -> Subscription | None:
        """Note a failure, and let go; None when the lease was lost or it is active no more."""
        return await self._under_lease(one, run, {**fields, "lease": None})

    async def give_up(self, one: Subscription, now: datetime) -> None:
        """Try an active subscription no more, until its system says so."""
        await self._subscriptions.update_one(
            {"_id": one.id, "status": SubscriptionStatus.ACTIVE.value},
            {
                "$set": {"status": SubscriptionStatus.ERROR.value, "changed_at": now},
                "$inc": {"version": 1},
            },
        )

    async def let_go(self, one: Subscription, run: str) -> bool:
        """Let go when no event came since `one` was read; False when one did, or the lease was lost."""
        held = {"_id": one.id, "lease": run, "number": one.number}
        return await self._subscriptions.update_one(held, {"$set": {"lease": None}}) is not None

    async def seal_anew(self) -> int:
        """Seal some secrets anew, as Resealed has it."""
        return await seal_anew(self._subscriptions, self._sealer, "secret", _place)

    async def _under_lease(
        self, one: Subscription, run: str, fields: Mapping[str, Any]
    ) -> Subscription | None:
        held = {"_id": one.id, "lease": run, "status": SubscriptionStatus.ACTIVE.value}
        stored = await self._subscriptions.update_one(held, {"$set": dict(fields)})
        return self._subscription(stored) if stored else None

    def _document(self, one: Subscription) -> Document:
        return {
            "_id": one.id,
            "system_id": one.system_id,
            "facility_id": one.facility_id,
            "status": one.status.value,
            "reason": one.reason,
            "criteria": one.criteria,
            "endpoint": one.endpoint,
            "has_payload": one.has_payload,
            "ends_at": one.ends_at,
            "secret": self._sealer.seal(one.secret, _place(one.id)),
            "number": one.number,
            "delivered": one.delivered,
            "failures": one.failures,
            "failing_since": one.failing_since,
            "not_before": one.not_before,
            "created_at": one.created_at,
            "changed_at": one.changed_at,
            "version": one.version,
        }

    def _subscription(self, document: Document) -> Subscription:
        apart = {"_id", "status", "secret", "lease", "lease_until"}
        fields = {name: value for name, value in document.items() if name not in apart}
        return Subscription(
            id=document["_id"],
            status=SubscriptionStatus(document["status"]),
            secret=self._sealer.open(document["secret"], _place(document["_id"])),
            **fields,
        )


def _event(document: Document) -> SubscriptionEvent:
    apart = {"_id", "kept_until"}
    fields = {name: value for name, value in document.items() if name not in apart}
    return SubscriptionEvent(**fields)


def _place(subscription_id: str) -> str:
    return f"fhir_subscriptions/{subscription_id}/secret"
