"""Travel times by our model of the roads, or by an OSRM server where one is configured.

OSRM (project-osrm.org) knows every bend, but neither closures nor walking distances that people like: so
it is asked for cars and motorbikes on trips without closed roads. When it does not answer in time
the model does, and the plan says so. Timetables of buses and trains (GTFS) are not used: the province has
published none.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from math import ceil

import httpx
import structlog
from pydantic import BaseModel, ValidationError

from api.guide.planner.composition import Sources
from api.guide.planner.explanations import NoteCode
from api.guide.planner.preparation import (
    BEGINNING,
    END,
    FIRST_STOP,
    LODGING,
    Times,
    Trip,
    model_times,
)
from api.guide.planner.road_graph import RoadGraph
from api.guide.planner.told import Told
from api.guide.planner.travel_times import UNREACHABLE, TravelTimes
from api.guide.planner.trip_plan import TravelSource
from api.guide.planner.trip_request import TripRequest
from api.guide.planner.wishes import Mobility
from api.kit.errors import N_
from api.kit.geo import Position

log = structlog.get_logger()

SECONDS_AT_MOST = 2.0
_BYTES_AT_MOST = 4 * 1024 * 1024
_GETTING_STARTED_MINUTES = 5

_BY_MODEL = Told(
    NoteCode.TRAVEL_BY_MODEL,
    N_("Travel times come from a model of the roads; fog, rain and traffic can make them longer."),
)
_BY_OSRM = Told(
    NoteCode.TRAVEL_BY_OSRM,
    N_("Travel times come from a map of the roads; fog, rain and traffic can make them longer."),
)
_UNREACHABLE = Told(
    NoteCode.OSRM_UNREACHABLE,
    N_(
        "The route server does not answer: travel times come from a model of the roads, and are less exact."
    ),
)
_IGNORES_CLOSURES = Told(
    NoteCode.OSRM_IGNORES_CLOSURES,
    N_("Roads are closed, so travel times come from a model of the roads that knows of it."),
)


class _Table(BaseModel):
    """The answer of OSRM's table service, version 1. `durations`: seconds, None for no way."""

    code: str
    durations: list[list[float | None]]


class TravelSources:
    """`osrm_url`: of a server with the road network of the province, None for none."""

    def __init__(self, graph: RoadGraph, http: httpx.AsyncClient, osrm_url: str | None) -> None:
        self._graph = graph
        self._http = http
        self._osrm_url = None if osrm_url is None else osrm_url.rstrip("/")

    def model(self, request: TripRequest) -> Times:
        return model_times(self._graph, request)

    async def refined(self, trip: Trip) -> tuple[Trip, Sources]:
        """Return the trip with the best times there are, and what a reader is told of them."""
        if self._osrm_url is None or trip.request.mobility is Mobility.ON_FOOT:
            return trip, Sources(TravelSource.MODEL, _BY_MODEL)
        if any(hazard.stretches for hazard in trip.hazards):
            return trip, Sources(TravelSource.MODEL, _IGNORES_CLOSURES)
        minutes = await self._table(self._osrm_url, trip)
        if minutes is None:
            return trip, Sources(TravelSource.MODEL, _UNREACHABLE)
        return _with_times(trip, minutes), Sources(TravelSource.OSRM, _BY_OSRM)

    async def _table(self, url: str, trip: Trip) -> list[list[int]] | None:
        """Return minutes between the ends of the days and the reachable candidates; None for no answer."""
        places = [trip.candidates[index].place.position for index in trip.reachable]
        points = [trip.request.lodging, trip.request.begins_at, trip.request.ends_at, *places]
        where = ";".join(f"{it.longitude:.6f},{it.latitude:.6f}" for it in points)
        try:
            async with asyncio.timeout(SECONDS_AT_MOST):
                reply = await self._http.get(
                    f"{url}/table/v1/driving/{where}", timeout=SECONDS_AT_MOST
                )
            return _minutes(reply, points)
        except (
            httpx.HTTPError,
            httpx.InvalidURL,
            TimeoutError,
            ValidationError,
            ValueError,
        ) as error:
            log.warning("route server gave no times", error=type(error).__name__)
            return None


def _minutes(reply: httpx.Response, points: Sequence[Position]) -> list[list[int]]:
    if not reply.is_success or len(reply.content) > _BYTES_AT_MOST:
        raise ValueError(reply.status_code)
    table = _Table.model_validate_json(reply.content)
    rows = table.durations
    if table.code != "Ok" or [len(row) for row in rows] != [len(points)] * len(points):
        raise ValueError(table.code)
    return [
        [0 if a == b else _whole(seconds) for b, seconds in enumerate(row)]
        for a, row in enumerate(rows)
    ]


def _whole(seconds: float | None) -> int:
    if seconds is None or not 0 <= seconds < UNREACHABLE:
        return UNREACHABLE
    return ceil(seconds / 60) + _GETTING_STARTED_MINUTES


def _with_times(trip: Trip, minutes: list[list[int]]) -> Trip:
    """Return the trip with these times; candidates that were not asked for are out of reach."""
    asked = [LODGING, BEGINNING, END, *(FIRST_STOP + index for index in trip.reachable)]
    order = {point: number for number, point in enumerate(asked)}
    points = range(FIRST_STOP + len(trip.candidates))
    matrix = tuple(
        tuple(
            minutes[order[a]][order[b]] if a in order and b in order else UNREACHABLE
            for b in points
        )
        for a in points
    )
    times = TravelTimes(matrix, None)
    whole = replace(trip.whole, matrices=(matrix,) * len(trip.whole.matrices))
    return replace(
        trip,
        times=(times,) * len(trip.times),
        at_once=times,
        unhindered=times,
        whole=whole,
    )
