"""Tells those who follow a route of what is on it, through a port."""

from collections.abc import Mapping
from typing import Any, Protocol

from typing_extensions import override

from api.conditions.roads.repository import RoadEventRepository
from api.conditions.roads.road_event import RoadEvent
from api.kit.jobs import Handler

TELL = "conditions.road_event"


class RouteFollowers(Protocol):
    """Who is on a route, or about to be. Idempotent by the id and the version of the event."""

    async def tell(self, event: RoadEvent) -> None: ...


class NobodyFollows(RouteFollowers):
    """Stands in until routes are kept that people follow."""

    @override
    async def tell(self, event: RoadEvent) -> None:
        return None


class RoadTelling:
    """The job that hands an event on."""

    def __init__(self, events: RoadEventRepository, followers: RouteFollowers) -> None:
        self._events = events
        self._followers = followers

    def handlers(self) -> dict[str, Handler]:
        return {TELL: self._run}

    async def _run(self, payload: Mapping[str, Any]) -> None:
        event = await self._events.get(payload["event"])
        if event is not None:
            await self._followers.tell(event)
