"""Takes events on the road in from agencies' systems: the latest that was said of each holds."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from api.conditions.errors import ConditionProblem
from api.conditions.intake.agency_keys import StationAgency
from api.conditions.intake.errors import InTheFuture, RoadsNotAllowed
from api.conditions.intake.items import AHEAD_AT_MOST
from api.conditions.intake.taking import Outcome, Taken
from api.conditions.roads.errors import InvalidRoadEvent
from api.conditions.roads.feed import SentRoadEvent
from api.conditions.roads.repository import RoadEventRepository
from api.conditions.roads.road_event import RoadEvent
from api.conditions.roads.service import DAYS_AT_MOST, POINTS_AT_MOST, Communes
from api.conditions.roads.telling_jobs import ask_to_tell
from api.kit.clock import Clock
from api.kit.ids import derived_id
from api.kit.jobs import Jobs
from api.kit.store import DuplicateKey, Store, WriteConflict
from api.kit.transactions import transact


class RoadFeedIntake:
    def __init__(
        self,
        store: Store,
        events: RoadEventRepository,
        communes: Communes,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._store = store
        self._events = events
        self._communes = communes
        self._jobs = jobs
        self._clock = clock

    async def take(self, agency: StationAgency, items: Sequence[SentRoadEvent]) -> list[Taken]:
        """Return what became of each item, in their order. Raises RoadsNotAllowed.

        A crash leaves the first of them kept; the delivery may be sent again whole.
        """
        roads_of = agency.roads_of
        if roads_of is None:
            raise RoadsNotAllowed
        now = self._clock()
        read = await asyncio.to_thread(
            lambda: [self._read(it, roads_of, agency.name, now) for it in items]
        )
        return [
            Taken(Outcome.REFUSED, it) if isinstance(it, ConditionProblem) else await self._keep(it)
            for it in read
        ]

    def _read(
        self, item: SentRoadEvent, roads_of: str, source: str, now: datetime
    ) -> RoadEvent | ConditionProblem:
        """Return it checked. Looks for communes: thousands of points take a second, so in a thread."""
        try:
            updated = item.updated
            if updated - now > AHEAD_AT_MOST:
                raise InTheFuture
            event = item.new(roads_of, source).event(now)
            if not any(self._communes.at(it) for it in event.line):
                raise InvalidRoadEvent(points=POINTS_AT_MOST, days=DAYS_AT_MOST)
            return replace(
                event,
                id=derived_id("road event of a feed", roads_of, item.sent_id),
                sent_at=updated,
                ended_at=now if item.is_ended else None,
            )
        except ConditionProblem as problem:
            return problem

    async def _keep(self, event: RoadEvent) -> Taken:
        async def work() -> Taken:
            kept = await self._events.get(event.id)
            if kept is None:
                return await self._add(event)
            if kept.sent_at is None or event.sent_at is None or event.sent_at <= kept.sent_at:
                return Taken(Outcome.KNOWN)
            # What was ended once, here or by the sender, stays ended: a new event has a new id.
            changed = replace(
                event,
                ended_at=kept.ended_at or event.ended_at,
                starts=min(kept.starts, event.starts),
                version=kept.version,
            )
            stored = await self._events.replace(changed)
            if stored is None:
                raise WriteConflict(event.id)
            await ask_to_tell(self._jobs, stored, self._clock())
            return Taken(Outcome.ACCEPTED)

        return await transact(self._store, work)

    async def _add(self, event: RoadEvent) -> Taken:
        try:
            await self._events.add(event)
        except DuplicateKey as error:
            raise WriteConflict(event.id) from error
        await ask_to_tell(self._jobs, event, self._clock())
        return Taken(Outcome.ACCEPTED)
