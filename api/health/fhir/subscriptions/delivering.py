"""Delivering events to a subscription's endpoint: one run at a time, in order, each until it is taken.

A run is a job. It holds a lease on the subscription, sends the first event that was not taken, notes
that, and goes on until there is none. A run that is killed is run again by the jobs, and sends again
what was not noted: at least once, under the same number. What another run holds is looked at again
when its lease ends, so that an event which comes while a run lets go waits for no further one.
"""

import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import structlog

from api.health.fhir.exchange import FHIR_JSON
from api.health.fhir.subscriptions.noting import DELIVER, Noting
from api.health.fhir.subscriptions.records import (
    Subscription,
    SubscriptionEvent,
)
from api.health.fhir.subscriptions.repository import SubscriptionRepository
from api.health.fhir.subscriptions.resources import notification
from api.health.fhir.subscriptions.signatures import (
    EVENT_NUMBER,
    SIGNATURE,
    SUBSCRIPTION,
    signature,
)
from api.health.fhir.systems.repository import SystemRepository
from api.health.fhir.terms import Terms
from api.kit.clock import Clock
from api.kit.endpoints import Endpoints
from api.kit.ids import derived_id
from api.kit.jobs import Handler, Jobs
from api.kit.store import Store
from api.kit.transactions import transact

LEASE: Final = timedelta(seconds=60)
"""Longer than a call of an endpoint may take; renewed with every event."""
GIVEN_UP_AFTER: Final = timedelta(hours=24)
FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(minutes=15)
_DOUBLINGS_AT_MOST = 12

log = structlog.get_logger()


class Delivering:
    def __init__(
        self,
        store: Store,
        terms: Terms,
        subscriptions: SubscriptionRepository,
        systems: SystemRepository,
        noting: Noting,
        endpoints: Endpoints,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._store = store
        self._terms = terms
        self._subscriptions = subscriptions
        self._systems = systems
        self._noting = noting
        self._endpoints = endpoints
        self._jobs = jobs
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {DELIVER: self.deliver}

    async def deliver(self, payload: Mapping[str, Any]) -> None:
        """Send what is new of a subscription, in order, until nothing is or the endpoint fails."""
        subscription_id, run = payload["subscription"], payload["run"]
        now = self._clock()
        leased = await self._subscriptions.lease(subscription_id, run, now, now + LEASE)
        if leased is None:
            await self._look_again(subscription_id, run)
        while leased is not None and await self._is_wanted(leased):
            event = await self._subscriptions.next_event(leased)
            if event is None:
                if await self._subscriptions.let_go(leased, run):
                    return
                now = self._clock()
                leased = await self._subscriptions.lease(subscription_id, run, now, now + LEASE)
            elif await self._sent(leased, event):
                until = self._clock() + LEASE
                leased = await self._subscriptions.took(leased, run, event.number, until)
            else:
                await self._failed(leased, run)
                return

    async def _look_again(self, subscription_id: str, run: str) -> None:
        """Have a look when the run ends that holds the subscription."""
        until = await self._subscriptions.lease_end(subscription_id)
        if until is None:
            return
        later = derived_id(DELIVER, run, until.isoformat())
        await self._jobs.enqueue(
            DELIVER, {"subscription": subscription_id, "run": later}, id=later, run_at=until
        )

    async def _is_wanted(self, one: Subscription) -> bool:
        """Tell whether there is still somebody to be told; what is over was let go of with its lease."""
        system = await self._systems.get(one.system_id)
        is_over = one.ends_at is not None and one.ends_at <= self._clock()
        return system is not None and system.revoked_at is None and not is_over

    async def _sent(self, one: Subscription, event: SubscriptionEvent) -> bool:
        body = notification(self._terms, one, event)
        headers = {
            SUBSCRIPTION: one.id,
            EVENT_NUMBER: str(event.number),
            SIGNATURE: signature(one.secret, one.id, event.number, body, self._clock()),
            **({"content-type": FHIR_JSON} if body else {}),
        }
        return await self._endpoints.post(one.endpoint, headers, body)

    async def _failed(self, one: Subscription, run: str) -> None:
        """Try again after a pause, or give up after a day."""
        now, failures = self._clock(), one.failures + 1
        since = one.failing_since or now
        fields: dict[str, Any] = {
            "failures": failures,
            "failing_since": since,
            "not_before": now + pause_after(failures),
        }

        async def work() -> None:
            stored = await self._subscriptions.failed(one, run, fields)
            if stored is None:
                return
            if now - since < GIVEN_UP_AFTER:
                await self._noting.ask(stored, f"after {since.isoformat()} {failures}")
                return
            await self._subscriptions.give_up(stored, now)
            log.warning("subscription given up", subscription=one.id, failures=failures)

        await transact(self._store, work)


def pause_after(failures: int) -> timedelta:
    """Return 2.5 to 5 s after the first failure, doubling up to a quarter of an hour."""
    doubled: int = 2 ** min(failures - 1, _DOUBLINGS_AT_MOST)
    longest = min(FIRST_PAUSE * doubled, LONGEST_PAUSE)
    return longest * random.uniform(0.5, 1)  # noqa: S311 - jitter, not a secret
