"""How long it takes from one place to another: by the road graph, without the roads that are closed.

A place is joined to its nearest junction, as the crow flies times a detour, at the speed of a local road.
Places joined to the same junction are also joined directly. Nothing else is: else one could step over a
closed road. Conditions such as night or fog are not counted in.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from math import ceil, inf

from api.guide.planner.road_graph import Junction, RoadGraph, Stretch, Vehicle
from api.kit.geo import Position, distance_metres
from api.tourism.records import Texts

UNREACHABLE = 100_000
"""Minutes between what no road joins: more than any trip has."""

DETOUR = 1.4
ON_FOOT_AT_MOST = 90
"""Minutes people walk between two places at most."""
DRIVE_AT_MOST = 360
_LOCAL_SPEED = {Vehicle.CAR: 20.0, Vehicle.MOTORBIKE: 22.0, Vehicle.FOOT: 4.0}
_GETTING_STARTED = {Vehicle.CAR: 5.0, Vehicle.MOTORBIKE: 3.0, Vehicle.FOOT: 0.0}
"""Minutes to park, to pay, to find the way."""
_SAME_SPOT_METRES = 150.0


@dataclass(frozen=True, slots=True)
class Ride:
    """A way between two places. `roads`: codes of the roads and passes used, in order."""

    minutes: int
    roads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TownPassed:
    """A town on a way, that many minutes after it began."""

    names: Texts
    minutes: int


@dataclass(frozen=True, slots=True)
class TravelTimes:
    """Minutes between points, by index, and the ways taken."""

    minutes: tuple[tuple[int, ...], ...]
    _ways: "_Ways | None"

    def towns(self, start: int, end: int) -> tuple["TownPassed", ...]:
        """Return the towns on the way between two points, in order; none when the way is not known."""
        return self._ways.towns(start, end) if self._ways else ()

    def ride(self, start: int, end: int) -> Ride:
        minutes = self.minutes[start][end]
        return Ride(minutes, self._ways.roads(start, end) if self._ways else ())


@dataclass(frozen=True, slots=True)
class _Access:
    junction: str
    minutes: float


@dataclass(frozen=True, slots=True)
class _Way:
    minutes: float
    before: Stretch | None


@dataclass(frozen=True, slots=True)
class _Ways:
    junctions: Mapping[str, Junction]
    accesses: tuple[_Access, ...]
    reached: dict[str, dict[str, _Way]]

    def roads(self, start: int, end: int) -> tuple[str, ...]:
        """Return the codes of the roads between two points, in the order in which they are used."""
        found = [
            road
            for _, way in self._backwards(start, end)
            if way.before
            for road in sorted(way.before.roads, reverse=True)
        ]
        return tuple(dict.fromkeys(reversed(found)))

    def towns(self, start: int, end: int) -> tuple[TownPassed, ...]:
        access = self.accesses[start].minutes
        passed = [
            TownPassed(self.junctions[junction].names, round(access + way.minutes))
            for junction, way in self._backwards(start, end)
            if self.junctions[junction].is_town
        ]
        return tuple(reversed(passed))

    def _backwards(self, start: int, end: int) -> Iterable[tuple[str, _Way]]:
        """Yield the junctions of a way from its end, with how each is reached."""
        source, junction = self.accesses[start].junction, self.accesses[end].junction
        while way := self.reached[source].get(junction):
            yield junction, way
            if way.before is None:
                return
            junction = way.before.start if way.before.end == junction else way.before.end


def travel_times(
    graph: RoadGraph, points: Sequence[Position], vehicle: Vehicle, closed: Collection[str]
) -> TravelTimes:
    """Return the times between all points. `closed`: ids of the stretches nobody can pass."""
    accesses = tuple(_access(graph, point, vehicle) for point in points)
    neighbours = _neighbours(graph, vehicle, closed)
    sources = {access.junction for access in accesses}
    reached = {source: _reached(source, neighbours) for source in sources}
    ways = _Ways(graph.junctions, accesses, reached)
    return TravelTimes(
        tuple(
            tuple(_minutes(points, ways, vehicle, a, b) for b in range(len(points)))
            for a in range(len(points))
        ),
        ways,
    )


def nearest_junction(graph: RoadGraph, position: Position) -> tuple[Junction, float]:
    """Return the junction nearest to a position, and how many metres it is away."""
    measured = ((distance_metres(position, it.position), it.id) for it in graph.junctions.values())
    metres, junction_id = min(measured)
    return graph.junctions[junction_id], metres


def _access(graph: RoadGraph, point: Position, vehicle: Vehicle) -> _Access:
    junction, metres = nearest_junction(graph, point)
    return _Access(junction.id, _local_minutes(metres, vehicle))


def _minutes(points: Sequence[Position], ways: _Ways, vehicle: Vehicle, a: int, b: int) -> int:
    if a == b or (metres := distance_metres(points[a], points[b])) < _SAME_SPOT_METRES:
        return 0
    start, end = ways.accesses[a], ways.accesses[b]
    on_roads = ways.reached[start.junction].get(end.junction)
    by_road = start.minutes + on_roads.minutes + end.minutes if on_roads else inf
    direct = _local_minutes(metres, vehicle) if start.junction == end.junction else inf
    fastest = min(by_road, direct) + _GETTING_STARTED[vehicle]
    most = ON_FOOT_AT_MOST if vehicle is Vehicle.FOOT else DRIVE_AT_MOST
    return ceil(fastest) if fastest <= most else UNREACHABLE


def _local_minutes(metres: float, vehicle: Vehicle) -> float:
    return metres * DETOUR / 1000 / _LOCAL_SPEED[vehicle] * 60


_Neighbours = dict[str, list[tuple[float, str, Stretch]]]


def _neighbours(graph: RoadGraph, vehicle: Vehicle, closed: Collection[str]) -> _Neighbours:
    found: _Neighbours = {junction_id: [] for junction_id in graph.junctions}
    for stretch, minutes in _passable(graph, vehicle, closed):
        found[stretch.start].append((minutes, stretch.end, stretch))
        found[stretch.end].append((minutes, stretch.start, stretch))
    return found


def _passable(
    graph: RoadGraph, vehicle: Vehicle, closed: Collection[str]
) -> Iterable[tuple[Stretch, float]]:
    for stretch in graph.stretches:
        minutes = graph.minutes(stretch, vehicle)
        if minutes is not None and stretch.id not in closed:
            yield stretch, minutes


def _reached(source: str, neighbours: _Neighbours) -> dict[str, _Way]:
    """Return the fastest way to every junction that can be reached (Dijkstra's algorithm)."""
    settled: dict[str, _Way] = {}
    waiting: list[tuple[float, str, int, Stretch | None]] = [(0.0, source, 0, None)]
    order = 0
    while waiting:
        minutes, junction, _, before = heappop(waiting)
        if junction in settled:
            continue
        settled[junction] = _Way(minutes, before)
        for more, neighbour, stretch in neighbours[junction]:
            if neighbour not in settled:
                order += 1
                heappush(waiting, (minutes + more, neighbour, order, stretch))
    return settled
