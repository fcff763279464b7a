"""Tells those who follow a route of what comes into their way, and that it is over."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from api.conditions.roads.along import EventOnRoute, Route
from api.conditions.roads.followed_route import WITHIN_METRES, FollowedRoute, ToldEvent
from api.conditions.roads.followed_routes import FollowedRouteRepository
from api.conditions.roads.repository import RoadEventRepository
from api.conditions.roads.road_event import KIND_WORDS, Bounds, RoadEvent, RoadEventKind
from api.conditions.roads.telling_jobs import TELL
from api.kit.area import METRES_PER_DEGREE
from api.kit.clock import Clock
from api.kit.errors import N_
from api.kit.ids import derived_id
from api.kit.jobs import Handler
from locales import AVAILABLE, translator
from notifications.notice import Notice, Priority, Text
from notifications.service import Notifications

_AT_ONCE = 100
_WORTH_TELLING = timedelta(hours=6)
_NEAR_DEGREES = 1.2 * WITHIN_METRES / METRES_PER_DEGREE
_STOPS = frozenset({RoadEventKind.CLOSURE, RoadEventKind.LANDSLIDE})
_OVER = N_("Your route is clear again")
_ON_ROAD = N_("On {road}, on the route that you follow.")
_ON_ROUTE = N_("On the route that you follow.")


class RoadTelling:
    """The job for each moment of an event. A run after a crash tells nobody twice."""

    def __init__(
        self,
        events: RoadEventRepository,
        routes: FollowedRouteRepository,
        notifications: Notifications,
        clock: Clock,
    ) -> None:
        self._events = events
        self._routes = routes
        self._notifications = notifications
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {TELL: self._run}

    async def _run(self, payload: Mapping[str, Any]) -> None:
        event = await self._events.get(payload["event"])
        if event is None:
            return
        bounds = Bounds.around(event.line).widened(_NEAR_DEGREES, _NEAR_DEGREES)
        after = ""
        while routes := await self._routes.near(bounds, self._clock(), after, _AT_ONCE):
            met = await asyncio.to_thread(_met, routes, event)
            for route, found in met:
                await self._tell(route, found)
            after = routes[-1].id

    async def _tell(self, route: FollowedRoute, found: EventOnRoute) -> None:
        event, now = found.event, self._clock()
        last, is_over = route.last_told(event), event.until is not None and event.until <= now
        if is_over:
            if last is None or last.is_over:
                return
        elif event.starts > route.until or (last is not None and last.kind is event.kind):
            return
        notice = _notice(route, found, now, is_over=is_over)
        if last is not None:
            # What waits for quiet hours to end would come after this, which may make no sound and not wait.
            earlier = _notice_id(route, event, last.kind, is_over=last.is_over)
            await self._notifications.withdraw([earlier])
        await self._notifications.tell(notice, route.person_id)
        told = ToldEvent(event.id, event.kind, found.metres_along, is_over)
        await self._routes.note(route, told)


def _met(routes: list[FollowedRoute], event: RoadEvent) -> list[tuple[FollowedRoute, EventOnRoute]]:
    return [
        (route, found)
        for route in routes
        for found in Route(route.line).met([event], WITHIN_METRES)
    ]


def _notice(route: FollowedRoute, found: EventOnRoute, now: datetime, *, is_over: bool) -> Notice:
    event = found.event
    is_loud = not is_over and not route.knows_of_such(found)
    stops = is_loud and event.kind in _STOPS
    return Notice(
        id=_notice_id(route, event, event.kind, is_over=is_over),
        thread=derived_id("road event", event.id),
        texts={language: _text(event, language, is_over=is_over) for language in AVAILABLE},
        priority=Priority.SEVERE if stops else Priority.NORMAL,
        overrides_quiet_hours=stops,
        expires_at=min(route.until, now + _WORTH_TELLING),
        data={"type": "roadEvent", "event": event.id},
        is_quiet=not is_loud,
    )


def _notice_id(
    route: FollowedRoute, event: RoadEvent, kind: RoadEventKind, *, is_over: bool
) -> str:
    """Return one for all routes of a person: who follows two that meet it hears of it once."""
    return derived_id("road event", event.id, "over" if is_over else kind.value, route.person_id)


def _text(event: RoadEvent, language: str, *, is_over: bool) -> Text:
    translate = translator(language)
    title = translate(_OVER if is_over else KIND_WORDS[event.kind])
    if event.road is None:
        return Text(title, translate(_ON_ROUTE))
    return Text(title, translate(_ON_ROAD).format(road=event.road))
