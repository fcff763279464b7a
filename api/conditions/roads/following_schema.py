from datetime import datetime
from typing import Annotated

import strawberry

from api.conditions.condition_error import ConditionError
from api.conditions.roads.followed_route import FollowedRoute as FollowedRouteRecord
from api.conditions.roads.following import FOLLOWED_HOURS_AT_MOST
from api.conditions.roads.schema import EventOnRoute
from api.conditions.roads.service import ROUTE_POINTS_AT_MOST
from api.context import Info
from api.kit.schema_types import Position, PositionInput


@strawberry.type(description="A route that you follow. It is forgotten at its end.")
class FollowedRoute:
    id: strawberry.ID
    points: list[Position]
    until: datetime

    @classmethod
    def of(cls, route: FollowedRouteRecord) -> "FollowedRoute":
        return cls(
            id=strawberry.ID(route.id),
            points=list(map(Position.of, route.line)),
            until=route.until,
        )


@strawberry.input
class FollowRouteInput:
    points: list[PositionInput] = strawberry.field(
        description=f"In the order of travel, 2 to {ROUTE_POINTS_AT_MOST}. Kept until then."
    )
    until: datetime = strawberry.field(description=f"Within {FOLLOWED_HOURS_AT_MOST} hours.")
    idempotency_key: str = strawberry.field(
        description="16 to 128 visible ASCII characters, made anew for each change."
    )


@strawberry.input
class UnfollowRouteInput:
    id: strawberry.ID


@strawberry.type
class FollowRouteSuccess:
    route: FollowedRoute
    events: list[EventOnRoute] = strawberry.field(description="On it now, the first on it first.")


@strawberry.type
class UnfollowRouteSuccess:
    id: strawberry.ID


FollowRouteResult = Annotated[
    FollowRouteSuccess | ConditionError, strawberry.union("FollowRouteResult")
]
UnfollowRouteResult = Annotated[
    UnfollowRouteSuccess | ConditionError, strawberry.union("UnfollowRouteResult")
]


@strawberry.type(description="All that you follow.")
class FollowedRoutes:
    routes: list[FollowedRoute]


@strawberry.type
class FollowingQuery:
    @strawberry.field(description="The routes that you follow now.")
    async def followed_routes(self, info: Info) -> FollowedRoutes:
        following = info.context.services.conditions.following
        found = await following.mine(info.context.caller)
        return FollowedRoutes(routes=list(map(FollowedRoute.of, found)))


@strawberry.type
class FollowingMutation:
    @strawberry.mutation(
        description="Be told of what comes into your way on a route, until a moment. Your devices ring for"
        " what is new, and not again for what is known."
    )
    async def follow_route(self, info: Info, input: FollowRouteInput) -> FollowRouteResult:
        followed = await info.context.services.conditions.following.follow(
            info.context.caller,
            [it.position() for it in input.points],
            input.until,
            input.idempotency_key,
        )
        return FollowRouteSuccess(
            route=FollowedRoute.of(followed.route),
            events=[EventOnRoute.of(it, info) for it in followed.events],
        )

    @strawberry.mutation(description="Follow a route no more; it is forgotten at once.")
    async def unfollow_route(self, info: Info, input: UnfollowRouteInput) -> UnfollowRouteResult:
        await info.context.services.conditions.following.unfollow(info.context.caller, input.id)
        return UnfollowRouteSuccess(id=input.id)
