"""Looks a plan over minute by minute, with nothing of the planner's own reckoning.

Ways are reckoned anew from the file of the roads (Bellman and Ford's rounds, where the planner uses
Dijkstra), opening hours are asked of the library for every minute of a visit.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache
from itertools import pairwise
from typing import Any

from api.guide.planner.timetable import ItemKind
from api.guide.planner.trip_plan import PlannedDay, PlannedItem, TripPlan
from api.guide.planner.trip_request import TripRequest
from api.guide.planner.wishes import OUTDOORS, Mobility
from api.kit.formats import VIETNAM_TIME
from api.kit.geo import Position, distance_metres
from api.tourism.closures.closure import Closure
from api.tourism.opening.hours import OpeningHours, OpenState
from api.tourism.records import PlaceCategory, weekday_of
from tests.conftest import ROOT

_FILE = ROOT / "api" / "guide" / "planner" / "data" / "road_graph.json"
_MINUTE = timedelta(minutes=1)
_LOCAL = {"car": (20.0, 5.0), "motorbike": (22.0, 3.0), "foot": (4.0, 0.0)}
_VEHICLES = {Mobility.ON_FOOT: "foot", Mobility.MOTORBIKE: "motorbike"}


def faults(plan: TripPlan, request: TripRequest, closures: tuple[Closure, ...] = ()) -> list[str]:
    """Return what is wrong with a plan."""
    found = [fault for day in plan.days for fault in _of_day(day, request, closures)]
    visited = [item.place.place.id for item in plan.visits if item.place]
    if len(visited) != len(set(visited)):
        found.append("visited twice")
    unwanted = request.avoided | request.underway.is_behind
    found.extend(f"avoided {it}" for it in visited if it in unwanted)
    return found


def _of_day(day: PlannedDay, request: TripRequest, closures: tuple[Closure, ...]) -> Iterator[str]:
    items = day.items
    for before, after in pairwise(items):
        if after.starts < before.ends:
            yield f"overlap at {after.starts}"
    if items and (items[0].starts < day.starts or items[-1].ends > day.ends):
        yield f"outside the day {day.day}"
    if day.starts < request.starts - _MINUTE or day.ends > request.ends:
        yield f"outside the trip {day.day}"
    for item in items:
        if item.kind is ItemKind.VISIT:
            yield from _of_visit(item, closures)
        if item.kind is ItemKind.TRAVEL:
            yield from _of_way(item, day, closures)
    yield from _of_ways(day, request, closures)
    yield from _of_meals(day)


def _of_visit(item: PlannedItem, closures: tuple[Closure, ...]) -> Iterator[str]:
    assert item.place is not None
    place, moment = item.place.place, item.starts
    hours = OpeningHours.of(place.opening_hours) if place.opening_hours else None
    while hours and moment < item.ends:
        if hours.state_at(moment) is OpenState.CLOSED:
            yield f"{place.id} is closed at {moment}"
            break
        moment += _MINUTE
    weekdays = {weekday for market in item.place.markets for weekday in market.weekdays}
    if place.category is PlaceCategory.MARKET and weekdays:
        local = item.starts.astimezone(VIETNAM_TIME)
        if weekday_of(local.date()) not in weekdays:
            yield f"{place.id} has no market on {local:%A}"
    sun = OpeningHours.of("sunrise-sunset")
    if place.category in OUTDOORS and not (
        sun.state_at(item.starts + 5 * _MINUTE) is OpenState.OPEN
        and sun.state_at(item.ends - 5 * _MINUTE) is OpenState.OPEN
    ):
        yield f"{place.id} by night"
    for closure in closures:
        if closure.way_id == place.id and closure.is_in_force(item.starts, item.ends):
            yield f"{place.id} is closed by an editor"


def _of_way(item: PlannedItem, day: PlannedDay, closures: tuple[Closure, ...]) -> Iterator[str]:
    assert item.way is not None
    closed = _closed(day, closures)
    if closed & set(item.way.roads):
        yield f"on closed roads {closed & set(item.way.roads)} at {item.starts}"


def _of_ways(day: PlannedDay, request: TripRequest, closures: tuple[Closure, ...]) -> Iterator[str]:
    """Yield ways for which there is less time than they take, by a reckoning of our own."""
    is_first = day.starts.astimezone(VIETNAM_TIME).date() == request.first_midnight.date()
    at, since = request.begins_at if is_first else request.lodging, day.starts
    driven = timedelta()
    for item in day.items:
        if item.kind is ItemKind.TRAVEL:
            driven += item.ends - item.starts
        if item.kind is not ItemKind.VISIT:
            continue
        assert item.place is not None
        there = item.place.place.position
        needed = reckoned(at, there, request.mobility, _closed(day, closures))
        if (
            needed is None
            or driven < timedelta(minutes=int(needed))
            or item.starts - since < driven
        ):
            yield f"{driven} to {item.place.place.id}, needs {needed}"
        at, since, driven = there, item.ends, timedelta()


def _of_meals(day: PlannedDay) -> Iterator[str]:
    """Yield that nobody eats on a day out that spans the time of lunch."""
    midnight = day.starts.astimezone(VIETNAM_TIME).replace(hour=0, minute=0)
    eleven, half_past_one = midnight + timedelta(hours=11), midnight + timedelta(hours=13.5)
    if not day.items or day.starts > eleven or day.ends < half_past_one:
        return
    eaten = [
        item
        for item in day.items
        if (
            item.kind is ItemKind.MEAL
            and item.starts >= eleven
            and item.ends <= half_past_one
            and item.ends - item.starts == timedelta(hours=1)
        )
        or (item.includes_meal and item.starts <= half_past_one - timedelta(hours=1))
    ]
    if not eaten:
        yield f"no lunch on {day.day}"


def _closed(day: PlannedDay, closures: tuple[Closure, ...]) -> set[str]:
    return {it.way_id for it in closures if it.is_in_force(day.starts, day.ends)}


@cache
def _content() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return content


def reckoned(start: Position, end: Position, mobility: Mobility, closed: set[str]) -> float | None:
    """Return the minutes of a way, None where there is none."""
    if distance_metres(start, end) < 150:
        return 0.0
    vehicle = _VEHICLES.get(mobility, "car")
    speed, more = _LOCAL[vehicle]
    from_node, from_metres = _nearest(start)
    to_node, to_metres = _nearest(end)
    known = _by_road(from_node, vehicle, frozenset(closed))
    ways = (
        [known[to_node] + (from_metres + to_metres) * 1.4 / 1000 / speed * 60]
        if to_node in known
        else []
    )
    if from_node == to_node:
        ways.append(distance_metres(start, end) * 1.4 / 1000 / speed * 60)
    return min(ways) + more if ways else None


def _nearest(position: Position) -> tuple[str, float]:
    measured = (
        (distance_metres(position, Position(node["latitude"], node["longitude"])), node["id"])
        for node in _content()["nodes"]
    )
    metres, node = min(measured)
    return node, metres


@cache
def _by_road(start: str, vehicle: str, closed: frozenset[str]) -> Mapping[str, float]:
    known = {start: 0.0}
    for _ in _content()["nodes"]:
        for edge in _content()["edges"]:
            speed = _content()["speeds"][edge["kind"]][vehicle]
            if speed is None or closed & set(edge["roads"]):
                continue
            minutes = edge["kilometres"] / speed * 60
            for a, b in ((edge["from"], edge["to"]), (edge["to"], edge["from"])):
                if a in known and known[a] + minutes < known.get(b, float("inf")):
                    known[b] = known[a] + minutes
    return known
