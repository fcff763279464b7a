"""What stands in the way on the roads: who says so, what a map shows, and what a route meets."""

from typing import Any

import httpx
import pytest

from api.accounts.caller import Caller, Grant, Role, Scope, ScopeKind
from api.accounts.errors import NotAllowed
from api.conditions.errors import ChangedMeanwhile
from api.conditions.roads.errors import (
    InvalidBounds,
    InvalidNotes,
    InvalidRoadEvent,
    InvalidRoute,
    RoadEventNotFound,
)
from api.conditions.roads.repository import ROAD_EVENTS
from api.conditions.roads.road_event import Bounds, RoadDirection, RoadEvent, RoadEventKind
from api.conditions.roads.service import NewRoadEvent
from api.context import Services
from api.kit.geo import Position
from tests.accounts.people import new_key
from tests.conftest import MovableClock, send

AGENCY = "so-xay-dung"
CLERK = Caller("a-clerk", grants=frozenset({Grant(Role.CLERK, Scope(ScopeKind.AGENCY, AGENCY))}))
EAST = tuple(Position(22.335, 103.84 + step / 100) for step in range(5))
ROUTE = list(EAST)


def a_new_event(**changes: Any) -> NewRoadEvent:  # noqa: ANN401
    """Return a landslide on a stretch of the route, to the east."""
    said: dict[str, Any] = {
        "agency_id": AGENCY,
        "kind": RoadEventKind.LANDSLIDE,
        "line": EAST[1:3],
        "source": "Sở Xây dựng",
        "road": "QL4D",
        "notes": (("vi", "Sạt lở, đi một làn."),),
    }
    return NewRoadEvent(**{**said, **changes})


async def added(services: Services, **changes: Any) -> RoadEvent:  # noqa: ANN401
    return await services.conditions.roads.add(CLERK, a_new_event(**changes), new_key())


async def test_a_map_shows_what_holds_until_it_is_ended(
    services: Services, client: httpx.AsyncClient
) -> None:
    event = await added(services)
    bounds = {"south": 22.3, "west": 103.8, "north": 22.4, "east": 103.9}

    shown = (await send(client, "conditions/RoadEvents", {"bounds": bounds}))["roadEvents"][
        "events"
    ]
    await services.conditions.roads.end(CLERK, event.id, event.version, new_key())
    after = (await send(client, "conditions/RoadEvents", {"bounds": bounds}))["roadEvents"][
        "events"
    ]

    assert [(it["id"], it["words"], it["road"]) for it in shown] == [
        (event.id, "Landslide on the road", "QL4D")
    ]
    assert after == []


@pytest.mark.parametrize(
    ("bounds", "count"),
    [
        (Bounds(22.33, 103.855, 22.34, 103.856), 1),
        (Bounds(22.33, 103.861, 22.34, 103.9), 0),
        (Bounds(22.336, 103.8, 22.4, 103.9), 0),
    ],
)
async def test_a_map_shows_what_is_on_it(services: Services, bounds: Bounds, count: int) -> None:
    await added(services)

    assert len(await services.conditions.roads.within(bounds)) == count


async def test_an_event_holds_from_its_start_to_its_end(
    services: Services, clock: MovableClock
) -> None:
    await added(services, starts=clock.after(60), ends=clock.after(120))
    bounds = Bounds(22, 103, 23, 104)

    held = [
        len(await services.conditions.roads.within(bounds, clock.after(seconds)))
        for seconds in (0, 60, 119, 120)
    ]

    assert held == [0, 1, 1, 0]


async def test_a_route_meets_events_in_its_order(services: Services) -> None:
    far = await added(services, line=EAST[3:4], kind=RoadEventKind.FOG)
    first = await added(services)
    await added(services, line=(Position(22.34, 103.85),))

    met = await services.conditions.roads.along(ROUTE, 100)

    assert [it.event.id for it in met] == [first.id, far.id]
    assert [round(it.metres_along, -1) for it in met] == [1_030, 3_090]


@pytest.mark.parametrize(
    ("direction", "there", "back"),
    [
        (RoadDirection.BOTH, 1, 1),
        (RoadDirection.FORWARD, 1, 0),
        (RoadDirection.BACKWARD, 0, 1),
    ],
)
async def test_what_concerns_the_other_direction_is_left_out(
    services: Services, direction: RoadDirection, there: int, back: int
) -> None:
    await added(services, direction=direction)
    roads = services.conditions.roads

    assert len(await roads.along(ROUTE, 100)) == there
    assert len(await roads.along(ROUTE[::-1], 100)) == back


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"line": ()}, InvalidRoadEvent),
        ({"line": EAST * 50}, InvalidRoadEvent),
        ({"line": (Position(10.8, 106.7),)}, InvalidRoadEvent),
        ({"source": " "}, InvalidRoadEvent),
        ({"road": "QL\n4D"}, InvalidRoadEvent),
        ({"notes": (("en", "Landslide"),)}, InvalidNotes),
        ({"notes": (("vi", "x" * 501),)}, InvalidNotes),
        ({"notes": (("vi", "a"), ("vi", "b"))}, InvalidNotes),
    ],
)
async def test_an_event_that_cannot_be_is_refused(
    services: Services, change: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await added(services, **change)

    assert await services.store[ROAD_EVENTS].count({}) == 0


async def test_a_clerk_of_another_agency_may_nothing(services: Services) -> None:
    event = await added(services)
    other = Caller("other", grants=frozenset({Grant(Role.CLERK, Scope(ScopeKind.AGENCY, "other"))}))

    with pytest.raises(NotAllowed):
        await services.conditions.roads.add(other, a_new_event(), new_key())
    with pytest.raises(RoadEventNotFound):
        await services.conditions.roads.end(other, event.id, 1, new_key())

    (kept,) = await services.store[ROAD_EVENTS].find({})
    assert (kept["ended_at"], kept["version"]) == (None, event.version)


async def test_who_was_slower_ends_nothing(services: Services) -> None:
    event = await added(services)

    with pytest.raises(ChangedMeanwhile):
        await services.conditions.roads.end(CLERK, event.id, event.version + 1, new_key())

    (kept,) = await services.store[ROAD_EVENTS].find({})
    assert kept["ended_at"] is None


@pytest.mark.parametrize(
    "bounds",
    [Bounds(2, 1, 1, 2), Bounds(float("nan"), 1, 2, 3), Bounds(1, 179, 2, 181)],
)
async def test_a_map_that_cannot_be_is_refused(services: Services, bounds: Bounds) -> None:
    with pytest.raises(InvalidBounds):
        await services.conditions.roads.within(bounds)


@pytest.mark.parametrize(
    ("points", "within"), [(ROUTE[:1], 100.0), (ROUTE * 101, 100.0), (ROUTE, 9.0), (ROUTE, 2_001.0)]
)
async def test_a_route_that_cannot_be_is_refused(
    services: Services, points: list[Position], within: float
) -> None:
    with pytest.raises(InvalidRoute):
        await services.conditions.roads.along(points, within)
