"""Making, changing, resuming and ending a system's own subscriptions."""

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any

from api.health.fhir.errors import (
    InvalidParameter,
    ResourceNotFound,
    SubscriptionRefused,
    TooManySubscriptions,
    VersionChanged,
)
from api.health.fhir.exchange import FHIR_JSON, Resource
from api.health.fhir.finding import moment_of
from api.health.fhir.subscriptions.noting import Noting
from api.health.fhir.subscriptions.records import Subscription, SubscriptionStatus
from api.health.fhir.subscriptions.repository import SubscriptionRepository
from api.health.fhir.systems.access import SystemCaller
from api.health.fhir.systems.repository import SystemRepository
from api.kit.audit_log import AuditEntry, AuditLog
from api.kit.clock import Clock
from api.kit.endpoints import Endpoints
from api.kit.ids import new_id
from api.kit.store import Store
from api.kit.transactions import transact

SUBSCRIPTIONS_AT_MOST = 5
REASON_CHARACTERS_AT_MOST = 200
_ELEMENTS = frozenset(
    {
        "resourceType",
        "id",
        "meta",
        "text",
        "language",
        "status",
        "reason",
        "criteria",
        "channel",
        "end",
        "error",
    }
)
_OF_CHANNEL = frozenset({"type", "endpoint", "payload"})
_SECRET_BYTES = 32


class Subscribing:
    def __init__(
        self,
        store: Store,
        subscriptions: SubscriptionRepository,
        systems: SystemRepository,
        noting: Noting,
        endpoints: Endpoints,
        audit: AuditLog,
        clock: Clock,
    ) -> None:
        self._store = store
        self._subscriptions = subscriptions
        self._systems = systems
        self._noting = noting
        self._endpoints = endpoints
        self._audit = audit
        self._clock = clock

    async def create(self, caller: SystemCaller, sent: Resource) -> Subscription:
        """Make a subscription, active at once. Raises FhirProblem."""
        now = self._clock()
        new = self._read(sent, _blank(caller, now))

        async def work() -> None:
            # Whoever adds one writes the system: of two at once the second counts anew.
            if not await self._systems.hold(caller.system.id):
                raise ResourceNotFound
            if len(await self._subscriptions.of_system(caller.system.id)) >= SUBSCRIPTIONS_AT_MOST:
                raise TooManySubscriptions(most=SUBSCRIPTIONS_AT_MOST)
            await self._subscriptions.add(new)
            await self._note(caller, "fhir.subscribe", new)

        await transact(self._store, work)
        return new

    async def own(self, caller: SystemCaller, subscription_id: str) -> Subscription:
        """Return a subscription of the caller's. Raises ResourceNotFound."""
        one = await self._subscriptions.get(subscription_id)
        if one is None or one.system_id != caller.system.id:
            raise ResourceNotFound
        return one

    async def all(self, caller: SystemCaller) -> list[Subscription]:
        return await self._subscriptions.of_system(caller.system.id)

    async def change(
        self, caller: SystemCaller, subscription_id: str, version: str, sent: Resource
    ) -> Subscription:
        """Change it, and resume it where its status is active again. Raises FhirProblem."""
        if sent.get("id") != subscription_id:
            raise InvalidParameter(name="id", expression="Subscription.id")

        async def work() -> Subscription:
            one = await self.own(caller, subscription_id)
            if str(one.version) != version:
                raise VersionChanged
            changed = replace(self._read(sent, one), changed_at=self._clock())
            is_resumed = changed.status is SubscriptionStatus.ACTIVE
            stored = await self._subscriptions.replace(changed, is_resumed=is_resumed)
            if stored is None:
                raise VersionChanged
            await self._noting.ask(stored, f"version {stored.version}")
            await self._note(caller, "fhir.resubscribe", stored)
            return stored

        return await transact(self._store, work)

    async def remove(self, caller: SystemCaller, subscription_id: str) -> None:
        """End it; what was not delivered is not. Raises ResourceNotFound."""

        async def work() -> None:
            one = await self.own(caller, subscription_id)
            await self._subscriptions.remove(one.id)
            await self._note(caller, "fhir.unsubscribe", one)

        await transact(self._store, work)

    def _read(self, sent: Resource, base: Subscription) -> Subscription:
        """Return `base` as `sent` has it; whatever would be dropped silently is refused."""
        channel = sent["channel"]
        unknown = [
            *(sent.keys() - _ELEMENTS),
            *(f"channel.{it}" for it in channel.keys() - _OF_CHANNEL),
        ]
        if unknown:
            raise _refused(min(unknown))
        if channel["type"] != "rest-hook":
            raise _refused("channel.type")
        if channel.get("payload") not in (None, FHIR_JSON, "application/json"):
            raise _refused("channel.payload")
        endpoint = channel.get("endpoint")
        if not isinstance(endpoint, str) or not self._endpoints.may_be_called(endpoint):
            raise _refused("channel.endpoint")
        reason = sent["reason"]
        if not 0 < len(reason) <= REASON_CHARACTERS_AT_MOST:
            raise _refused("reason")
        self._noting.check(sent["criteria"])
        return replace(
            base,
            status=_status(sent, base),
            reason=reason,
            criteria=sent["criteria"],
            endpoint=endpoint,
            has_payload="payload" in channel,
            ends_at=moment_of("end", sent["end"]) if "end" in sent else None,
        )

    async def _note(self, caller: SystemCaller, action: str, one: Subscription) -> None:
        scope = f"facility:{caller.facility_id}"
        await self._audit.append(AuditEntry(caller.system.id, action, one.id, scope, {}))


def _status(sent: Resource, base: Subscription) -> SubscriptionStatus:
    statuses: dict[Any, SubscriptionStatus] = {
        "requested": SubscriptionStatus.ACTIVE,
        "active": SubscriptionStatus.ACTIVE,
        "off": SubscriptionStatus.OFF,
    }
    if base.status is SubscriptionStatus.ERROR and sent["status"] == "error":
        return SubscriptionStatus.ERROR
    if sent["status"] not in statuses:
        raise _refused("status")
    return statuses[sent["status"]]


def _refused(name: str) -> SubscriptionRefused:
    return SubscriptionRefused(name=name[:64], expression=f"Subscription.{name[:64]}")


def _blank(caller: SystemCaller, now: datetime) -> Subscription:
    return Subscription(
        id=new_id(),
        system_id=caller.system.id,
        facility_id=caller.facility_id,
        status=SubscriptionStatus.ACTIVE,
        reason="",
        criteria="",
        endpoint="",
        has_payload=False,
        ends_at=None,
        secret=secrets.token_urlsafe(_SECRET_BYTES),
        number=0,
        delivered=0,
        failures=0,
        failing_since=None,
        not_before=None,
        created_at=now,
        changed_at=now,
    )
