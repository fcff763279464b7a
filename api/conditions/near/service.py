"""What the stations around a position say: the nearest that says anything, of each kind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.conditions.readings.observation import Observation
from api.conditions.readings.repository import ReadingRepository
from api.conditions.stations.measures import SCALES, Measure, StationKind
from api.conditions.stations.service import StationService
from api.conditions.stations.station import Station
from api.kit.clock import Clock
from api.kit.geo import Position, distance_metres

REACH_METRES: Mapping[StationKind, float] = {
    StationKind.RAIN: 40_000,
    StationKind.RIVER: 30_000,
    StationKind.LANDSLIDE: 10_000,
    StationKind.AIR: 30_000,
    StationKind.RADIATION: 50_000,
    StationKind.WASTEWATER: 10_000,
    StationKind.FIRE: 30_000,
    StationKind.PARKING: 3_000,
    StationKind.TRAFFIC: 5_000,
}
"""Further away, a station says nothing about a place."""
CAR_PARKS_AT_MOST = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """The last value of a station. `age_seconds` may be a little below 0: clocks differ."""

    observation: Observation
    age_seconds: int
    is_stale: bool


@dataclass(frozen=True, slots=True)
class StationReadings:
    """A station, how far away it is, and what it said last, in the order of measures."""

    station: Station
    distance_metres: float
    readings: tuple[Reading, ...]

    @property
    def is_known(self) -> bool:
        """Tell whether it says anything about now."""
        return any(not it.is_stale for it in self.readings)

    def reading(self, measure: Measure) -> Reading | None:
        return next((it for it in self.readings if it.observation.measure is measure), None)


@dataclass(frozen=True, slots=True)
class Conditions:
    """Around a place. None: no station of the kind is near."""

    weather: StationReadings | None
    river: StationReadings | None
    air: StationReadings | None
    parking: tuple[StationReadings, ...]


class NearService:
    def __init__(self, stations: StationService, readings: ReadingRepository, clock: Clock) -> None:
        self._stations = stations
        self._readings = readings
        self._clock = clock

    async def around(self, position: Position) -> Conditions:
        """Return what is known around a position."""
        in_use = (await self._stations.in_use()).values()
        kinds = (StationKind.RAIN, StationKind.RIVER, StationKind.AIR, StationKind.PARKING)
        near = [
            (it, away)
            for it in in_use
            if it.kind in kinds
            and (away := distance_metres(position, it.position)) <= REACH_METRES[it.kind]
        ]
        found = await self._read(near)
        parking = [it for it in found if it.station.kind is StationKind.PARKING]
        return Conditions(
            weather=_best(found, StationKind.RAIN),
            river=_best(found, StationKind.RIVER),
            air=_best(found, StationKind.AIR),
            parking=tuple(parking[:CAR_PARKS_AT_MOST]),
        )

    async def every_station(self) -> list[StationReadings]:
        """Return what each station in use said last, by its id."""
        return await self._read([(it, 0.0) for it in (await self._stations.in_use()).values()])

    async def of_station(self, station: Station) -> StationReadings:
        """Return what a station said last."""
        return (await self._read([(station, 0.0)]))[0]

    async def _read(self, near: list[tuple[Station, float]]) -> list[StationReadings]:
        """Return them with what they said last, the nearest first."""
        now = self._clock()
        latest = await self._readings.latest([station.id for station, _ in near])
        found: list[StationReadings] = []
        for station, away in sorted(near, key=lambda it: (it[1], it[0].id)):
            said = [latest[station.id, it] for it in SCALES if (station.id, it) in latest]
            readings = tuple(
                Reading(it, int((now - it.observed_at).total_seconds()), it.is_stale(now))
                for it in said
            )
            found.append(StationReadings(station, away, readings))
        return found


def _best(found: Iterable[StationReadings], kind: StationKind) -> StationReadings | None:
    """Return the nearest station that says anything about now, else the nearest."""
    of_kind = [it for it in found if it.station.kind is kind]
    return next((it for it in of_kind if it.is_known), next(iter(of_kind), None))
