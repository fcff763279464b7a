"""People follow a route for a while, and hear of what comes into their way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from api.accounts.caller import Caller
from api.accounts.errors import NotSignedIn
from api.conditions.roads.along import EventOnRoute
from api.conditions.roads.errors import FollowedRouteNotFound, InvalidFollowing, TooManyRoutes
from api.conditions.roads.followed_route import WITHIN_METRES, FollowedRoute, ToldEvent
from api.conditions.roads.followed_routes import ROUTES_AT_MOST, FollowedRouteRepository
from api.conditions.roads.service import RoadEventService
from api.kit.clock import Clock
from api.kit.geo import Position
from api.kit.idempotency import Idempotency
from api.kit.ids import is_id

FOLLOWED_HOURS_AT_MOST = 72


class Accounts(Protocol):
    """Accounts of people, held while something is added to them."""

    async def hold(self, person_id: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Followed:
    """A route, and what is on it already."""

    route: FollowedRoute
    events: tuple[EventOnRoute, ...]


class Following:
    def __init__(
        self,
        routes: FollowedRouteRepository,
        events: RoadEventService,
        accounts: Accounts,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._routes = routes
        self._events = events
        self._accounts = accounts
        self._idempotency = idempotency
        self._clock = clock

    async def follow(
        self, caller: Caller, points: Sequence[Position], until: datetime, key: str
    ) -> Followed:
        """Follow a route until then. What is on it now counts as told.

        Raises NotSignedIn, InvalidRoute, InvalidFollowing, TooManyRoutes, IdempotencyProblem.
        """
        person_id, now = caller.person(), self._clock()
        _check_until(until, now)
        on_it = await self._events.along(points, WITHIN_METRES)

        async def work() -> dict[str, Any]:
            if not await self._accounts.hold(person_id):
                raise NotSignedIn
            route = await self._routes.add(person_id, points, until.astimezone(UTC), now)
            if route is None:
                raise TooManyRoutes(most=ROUTES_AT_MOST)
            for one in on_it:
                told = ToldEvent(one.event.id, one.event.kind, one.metres_along)
                await self._routes.note(route, told)
            return {"route": route.id}

        line = [[it.latitude, it.longitude] for it in points]
        asked = {"line": line, "until": until.isoformat()}
        result = await self._idempotency.once(person_id, "followRoute", key, asked, work)
        route = await self._routes.get(result["route"])
        if route is None or route.person_id != person_id:
            raise FollowedRouteNotFound
        # Once more: what came while it was added was told to nobody who follows it.
        return Followed(route, tuple(await self._events.along(points, WITHIN_METRES)))

    async def mine(self, caller: Caller) -> list[FollowedRoute]:
        """Return the routes that the caller follows now. Raises NotSignedIn."""
        now = self._clock()
        return [it for it in await self._routes.of_person(caller.person()) if it.until > now]

    async def unfollow(self, caller: Caller, route_id: str) -> None:
        """Forget a route at once. Raises NotSignedIn, FollowedRouteNotFound."""
        person_id = caller.person()
        if not is_id(route_id) or not await self._routes.remove(route_id, person_id):
            raise FollowedRouteNotFound


def _check_until(until: datetime, now: datetime) -> None:
    is_sound = until.tzinfo is not None and (
        now < until <= now + timedelta(hours=FOLLOWED_HOURS_AT_MOST)
    )
    if not is_sound:
        raise InvalidFollowing(hours=FOLLOWED_HOURS_AT_MOST)
