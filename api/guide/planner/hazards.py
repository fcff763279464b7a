"""What bars places and roads for a time: warnings of authorities, closures by editors, closed stretches."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from functools import cache
from math import ceil

from api.alerts.bulletins import Bulletin
from api.alerts.cap_message import ResponseType, Severity, Urgency
from api.alerts.open_alerts import Alert
from api.conditions.roads.road_event import KIND_WORDS, RoadEvent
from api.guide.planner.road_graph import RoadGraph, Stretch
from api.guide.planner.told import Named, Told
from api.kit.area import Circle
from api.kit.errors import N_
from api.kit.geo import Position, distance_metres
from api.tourism.closures.closure import Closure, WayKind
from api.tourism.records import Place
from locales import AVAILABLE, translator

AVOIDED_SEVERITIES = frozenset({Severity.EXTREME, Severity.SEVERE})
"""Milder warnings are told by `activeAlerts`; they bar nothing."""

_SAMPLE_METRES = 1_000.0
"""The graph knows no bends: a road counts as within an area when its straight line comes this near."""

_OFF_THE_GRAPH_METRES = 3_000.0
"""What lies farther from any road of the graph is on a lane that no plan uses."""


class BarCode(StrEnum):
    """Why something is left out."""

    UNDER_ALERT = auto()
    CLOSED = auto()
    ROAD_CLOSED = auto()


@dataclass(frozen=True, slots=True)
class Hazard:
    """Bars places and stretches of road, by id, from `starts` until `ends` (None: no end is known).

    `why` tells it of a place or a road as such. `roads`: codes of the roads that it bars or cuts.
    """

    starts: datetime
    ends: datetime | None
    places: frozenset[str]
    stretches: frozenset[str]
    roads: frozenset[str]
    why: Told
    alert_id: str | None = None
    closure_id: str | None = None
    road_event_id: str | None = None

    def holds(self, start: datetime, end: datetime) -> bool:
        """Tell whether it holds at some moment from `start` to `end`."""
        return self.starts < end and (self.ends is None or self.ends > start)


def hazards_of(
    alerts: Sequence[Alert],
    closures: Sequence[Closure],
    events: Sequence[RoadEvent],
    places: Sequence[Place],
    graph: RoadGraph,
) -> tuple[Hazard, ...]:
    """Return what bars any of the places or roads. Takes up to a second: run it in a thread."""
    of_alerts = (_of_alert(alert, bulletin, places, graph) for alert, bulletin in _dangers(alerts))
    of_closures = [_of_closure(closure, graph) for closure in closures]
    of_events = (_of_event(event, graph) for event in events)
    news = (it for it in of_events if not any(_says_as_much(other, it) for other in of_closures))
    found = (*of_alerts, *of_closures, *news)
    return tuple(hazard for hazard in found if hazard.places or hazard.stretches)


def _dangers(alerts: Sequence[Alert]) -> Iterable[tuple[Alert, Bulletin]]:
    for alert in alerts:
        for bulletin in alert.bulletins:
            responses = {it for info in bulletin.infos for it in info.response_types}
            is_over = responses == {ResponseType.ALL_CLEAR} or bulletin.urgency is Urgency.PAST
            if bulletin.severity in AVOIDED_SEVERITIES and not is_over:
                yield alert, bulletin


def _of_alert(
    alert: Alert, bulletin: Bulletin, places: Sequence[Place], graph: RoadGraph
) -> Hazard:
    barred, covered = _covered(bulletin, places, graph)
    headlines = bulletin.by_language(lambda info: info.headline or info.event)
    return Hazard(
        starts=bulletin.effective,
        ends=bulletin.expires,
        places=covered,
        stretches=frozenset(stretch.id for stretch in barred),
        roads=_roads(barred),
        why=Told(
            BarCode.UNDER_ALERT,
            N_("A warning is in force there: {warning}"),
            {"warning": Named(headlines)},
        ),
        alert_id=alert.record.id,
    )


def _of_closure(closure: Closure, graph: RoadGraph) -> Hazard:
    barred = _closed_stretches(closure, graph) if closure.way is WayKind.ROAD else ()
    is_place = closure.way is WayKind.PLACE
    return Hazard(
        starts=closure.starts,
        ends=closure.until,
        places=frozenset({closure.way_id}) if is_place else frozenset(),
        stretches=frozenset(stretch.id for stretch in barred),
        roads=frozenset({closure.way_id}) if barred else frozenset(),
        why=Told(BarCode.CLOSED, N_("It is closed: {reason}"), {"reason": Named(closure.reason)}),
        closure_id=closure.id,
    )


def _of_event(event: RoadEvent, graph: RoadGraph) -> Hazard:
    """Return what a closed stretch bars, in either direction: the graph knows no sides of a road."""
    barred = _stretches_of_event(event, graph)
    words = KIND_WORDS[event.kind]
    reason = dict(event.notes) or {it: translator(it)(words) for it in AVAILABLE}
    return Hazard(
        starts=event.starts,
        ends=event.until,
        places=frozenset(),
        stretches=frozenset(stretch.id for stretch in barred),
        roads=frozenset({event.road}) if event.road and barred else _roads(barred),
        why=Told(BarCode.CLOSED, N_("It is closed: {reason}"), {"reason": Named(reason)}),
        road_event_id=event.id,
    )


def _says_as_much(closure: Hazard, event: Hazard) -> bool:
    """Tell whether a closure bars all that an event does, for as long: it is said once then."""
    lasts = closure.ends is None or (event.ends is not None and closure.ends >= event.ends)
    return lasts and closure.starts <= event.starts and closure.stretches >= event.stretches


def _stretches_of_event(event: RoadEvent, graph: RoadGraph) -> tuple[Stretch, ...]:
    """Return the stretches near its line, of its road where it names one that the graph knows."""
    around = _circle_around(event.line)
    if event.road is not None and (found := _near(event.road, around, graph)):
        return found
    measured = [(_metres(graph, it, around.centre), it) for it in graph.stretches]
    reach = max(around.radius_metres, min(metres for metres, _ in measured))
    if reach > around.radius_metres + _OFF_THE_GRAPH_METRES:
        return ()
    return tuple(stretch for metres, stretch in measured if metres <= reach)


def _circle_around(line: Sequence[Position]) -> Circle:
    latitudes, longitudes = [it.latitude for it in line], [it.longitude for it in line]
    centre = Position(
        (min(latitudes) + max(latitudes)) / 2, (min(longitudes) + max(longitudes)) / 2
    )
    return Circle(centre, max(distance_metres(centre, it) for it in line))


def _closed_stretches(closure: Closure, graph: RoadGraph) -> tuple[Stretch, ...]:
    return _near(closure.way_id, closure.area, graph)


def _near(road: str, area: Circle | None, graph: RoadGraph) -> tuple[Stretch, ...]:
    """Return the stretches of a closed road, or those near the closed part: at least the nearest one."""
    of_road = [stretch for stretch in graph.stretches if road in stretch.roads]
    if area is None or not of_road:
        return tuple(of_road)
    measured = [(_metres(graph, stretch, area.centre), stretch) for stretch in of_road]
    nearest = min(metres for metres, _ in measured)
    reach = max(area.radius_metres, nearest)
    return tuple(stretch for metres, stretch in measured if metres <= reach)


def _metres(graph: RoadGraph, stretch: Stretch, position: Position) -> float:
    return min(distance_metres(position, sample) for sample in _samples(graph, stretch))


def _covered(
    bulletin: Bulletin, places: Sequence[Place], graph: RoadGraph
) -> tuple[tuple[Stretch, ...], frozenset[str]]:
    """Return the stretches that a warning touches and the ids of the places that it covers, asked all at once."""
    samples = [(it, sample) for it in graph.stretches for sample in _samples(graph, it)]
    positions = [*(sample for _, sample in samples), *(place.position for place in places)]
    answers = bulletin.reach.area.covers_each(positions)
    touched = {it.id for (it, _), answer in zip(samples, answers, strict=False) if answer}
    of_places = zip(places, answers[len(samples) :], strict=True)
    return (
        tuple(it for it in graph.stretches if it.id in touched),
        frozenset(place.id for place, answer in of_places if answer),
    )


def _samples(graph: RoadGraph, stretch: Stretch) -> tuple[Position, ...]:
    start, end = graph.junctions[stretch.start].position, graph.junctions[stretch.end].position
    return _between(start, end)


@cache
def _between(start: Position, end: Position) -> tuple[Position, ...]:
    parts = max(1, ceil(distance_metres(start, end) / _SAMPLE_METRES))
    return tuple(
        Position(
            start.latitude + (end.latitude - start.latitude) * part / parts,
            start.longitude + (end.longitude - start.longitude) * part / parts,
        )
        for part in range(parts + 1)
    )


def _roads(stretches: Sequence[Stretch]) -> frozenset[str]:
    return frozenset(code for stretch in stretches for code in stretch.roads)
