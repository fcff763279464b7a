"""People who follow a route hear of what comes into their way, once, and that it is over."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from api.accounts.caller import Caller
from api.conditions.roads.errors import (
    FollowedRouteNotFound,
    InvalidFollowing,
    TooManyRoutes,
)
from api.conditions.roads.followed_routes import FOLLOWED_ROUTES
from api.conditions.roads.following import Followed
from api.conditions.roads.road_event import RoadDirection, RoadEventKind
from api.context import Services
from api.kit.geo import Position
from api.kit.job_runner import JobRunner
from api.kit.jobs import JOBS
from notifications.fan_outs import FAN_OUTS
from notifications.quiet_hours import QuietHours
from notifications.worker import OutboxWorker
from tests.accounts.people import new_key
from tests.alerts.composing.officers import a_person
from tests.conditions.test_roads import CLERK, ROUTE, added
from tests.conftest import NOW, MovableClock
from tests.notifications.factories import a_device, put
from tests.notifications.senders import ScriptedSender


async def follows(services: Services, caller: Caller, hours: float = 8) -> Followed:
    until = NOW + timedelta(hours=hours)
    return await services.conditions.following.follow(caller, ROUTE, until, new_key())


async def told(services: Services) -> list[tuple[str, bool]]:
    """Run each job once more; return the titles that were told, and whether without a sound."""
    for job in await services.store[JOBS].find({"kind": "conditions.road_event"}):
        await services.conditions.handlers()["conditions.road_event"](job["payload"])
    found = await services.store[FAN_OUTS].find({}, sort=[("began_at", 1)])
    return [
        (text["title"], it["is_quiet"])
        for it in found
        for text in it["texts"]
        if text["language"] == "en"
    ]


async def run_due(services: Services, clock: MovableClock) -> int:
    """Run the jobs that are due, as the worker does; return how many ran."""
    runner = JobRunner(services.store, clock, services.conditions.handlers())
    return await runner.run_due()


async def test_an_event_on_the_route_is_told_once(services: Services) -> None:
    await follows(services, await a_person(services))
    await added(services)

    await told(services)

    assert await told(services) == [("Landslide on the road", False)]


@pytest.mark.parametrize(
    "change",
    [
        {"line": (Position(22.36, 103.86),)},
        {"direction": RoadDirection.BACKWARD},
        {"starts": NOW + timedelta(hours=9), "ends": NOW + timedelta(hours=10)},
    ],
    ids=["elsewhere", "the other direction", "later"],
)
async def test_what_is_not_in_the_way_is_not_told(
    services: Services, change: dict[str, Any]
) -> None:
    await follows(services, await a_person(services))
    await added(services, **change)

    assert await told(services) == []


async def test_more_of_the_same_makes_no_sound(services: Services, clock: MovableClock) -> None:
    await follows(services, await a_person(services))
    await added(services)
    await told(services)
    clock.advance(minutes=1)
    await added(services, road=None)

    assert await told(services) == [
        ("Landslide on the road", False),
        ("Landslide on the road", True),
    ]


async def test_that_it_is_over_is_told_without_a_sound(
    services: Services, clock: MovableClock
) -> None:
    await follows(services, await a_person(services))
    event = await added(services)
    await told(services)
    clock.advance(minutes=1)

    await services.conditions.roads.end(CLERK, event.id, event.version, new_key())

    await told(services)
    assert await told(services) == [
        ("Landslide on the road", False),
        ("Your route is clear again", True),
    ]


async def test_what_waits_for_quiet_hours_does_not_come_after_its_silent_end(
    services: Services, clock: MovableClock
) -> None:
    driver, sender = await a_person(services), ScriptedSender()
    quiet = QuietHours(time(16), time(17), "Asia/Ho_Chi_Minh")
    phone = replace(a_device(quiet_hours=quiet), person_id=driver.person_id, session_id="session")
    await put(services.store, phone)
    await follows(services, driver)
    event = await added(services, kind=RoadEventKind.FOG)
    worker = OutboxWorker(services.store, clock, sender)
    await told(services)
    await worker.run_due()
    await services.conditions.roads.end(CLERK, event.id, event.version, new_key())
    await told(services)

    await worker.run_due()
    at_night = [one.notice.texts["en"].title for one in sender.sent]
    clock.advance(minutes=31)
    await worker.run_due()

    assert at_night == ["Your route is clear again"]
    assert len(sender.sent) == 1


async def test_an_event_that_ends_by_itself_is_told_to_be_over(
    services: Services, clock: MovableClock
) -> None:
    await follows(services, await a_person(services))
    await added(services, ends=NOW + timedelta(hours=2))
    assert await run_due(services, clock) == 1
    clock.advance(hours=2)

    assert await run_due(services, clock) == 1

    assert await told(services) == [
        ("Landslide on the road", False),
        ("Your route is clear again", True),
    ]


async def test_what_starts_later_is_told_to_who_began_to_follow_before(
    services: Services, clock: MovableClock
) -> None:
    start = NOW + timedelta(hours=1)
    await added(services, starts=start, ends=start + timedelta(days=1))
    await run_due(services, clock)
    followed = await follows(services, await a_person(services))
    clock.advance(hours=1)

    assert await run_due(services, clock) == 1

    assert followed.events == ()
    assert await told(services) == [("Landslide on the road", False)]


async def test_what_is_there_already_is_answered_and_not_pushed(services: Services) -> None:
    event = await added(services, kind=RoadEventKind.FOG)

    followed = await follows(services, await a_person(services))

    assert [it.event.id for it in followed.events] == [event.id]
    assert await told(services) == []


async def test_who_follows_no_more_hears_nothing(services: Services, clock: MovableClock) -> None:
    caller = await a_person(services)
    followed = await follows(services, caller)
    await services.conditions.following.unfollow(caller, followed.route.id)
    await follows(services, caller, hours=1)
    clock.advance(hours=2)
    await added(services)

    assert await told(services) == []


async def test_nobody_ends_the_following_of_somebody_else(services: Services) -> None:
    followed = await follows(services, await a_person(services))

    with pytest.raises(FollowedRouteNotFound):
        await services.conditions.following.unfollow(Caller("stranger"), followed.route.id)

    assert await services.store[FOLLOWED_ROUTES].count({}) == 1


async def test_five_routes_at_most(services: Services) -> None:
    caller = await a_person(services)
    for _ in range(5):
        await follows(services, caller)

    with pytest.raises(TooManyRoutes):
        await follows(services, caller)

    assert len(await services.conditions.following.mine(caller)) == 5


@pytest.mark.parametrize("hours", [0, -1, 72.1])
async def test_a_following_without_a_near_end_is_refused(services: Services, hours: float) -> None:
    with pytest.raises(InvalidFollowing):
        await follows(services, await a_person(services), hours)

    assert await services.store[FOLLOWED_ROUTES].count({}) == 0
