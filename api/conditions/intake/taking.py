"""Takes deliveries in: each item is kept or refused by itself, and the same again changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Protocol

from api.conditions.errors import ConditionProblem
from api.conditions.intake.agency_keys import StationAgency, StationKeys
from api.conditions.intake.errors import ConflictingValue, UnknownStation
from api.conditions.intake.items import SentItem
from api.conditions.readings.observation import Observation
from api.conditions.readings.repository import Kept, ReadingRepository
from api.conditions.stations.service import StationService
from api.conditions.stations.station import Station
from api.kit.clock import Clock
from api.kit.store import Store
from api.kit.transactions import transact

_AT_ONCE = 50
"""Observations a transaction: short ones meet each other less."""


class Outcome(StrEnum):
    """What became of an item."""

    ACCEPTED = auto()
    KNOWN = auto()
    REFUSED = auto()


@dataclass(frozen=True, slots=True)
class Taken:
    """`problem`: of a refused item."""

    outcome: Outcome
    problem: ConditionProblem | None = None


class Watch(Protocol):
    """Who is told of new observations, in their transaction and in order of time."""

    async def observed(self, observations: Sequence[Observation]) -> None: ...


_KEPT = {
    Kept.NEW: Taken(Outcome.ACCEPTED),
    Kept.KNOWN: Taken(Outcome.KNOWN),
    Kept.OTHER_VALUE: Taken(Outcome.REFUSED, ConflictingValue()),
}


class Intake:
    def __init__(
        self,
        store: Store,
        keys: StationKeys,
        stations: StationService,
        readings: ReadingRepository,
        watch: Watch,
        clock: Clock,
    ) -> None:
        self.keys = keys
        self._store = store
        self._stations = stations
        self._readings = readings
        self._watch = watch
        self._clock = clock

    async def take(self, agency: StationAgency, items: Sequence[SentItem]) -> list[Taken]:
        """Return what became of each item, in their order.

        A crash leaves the first of them kept; the delivery may be sent again whole.
        """
        stations, now = await self._stations.in_use(), self._clock()
        taken: dict[int, Taken] = {}
        sound: list[tuple[int, Observation]] = []
        for number, item in enumerate(items):
            try:
                station_id = _station_id(agency, item, stations)
                sound.append((number, item.observation(station_id, now)))
            except ConditionProblem as problem:
                taken[number] = Taken(Outcome.REFUSED, problem)
        sound.sort(key=lambda it: it[1].observed_at)
        for start in range(0, len(sound), _AT_ONCE):
            taken.update(await self._keep(sound[start : start + _AT_ONCE]))
        return [taken[number] for number in range(len(items))]

    async def _keep(self, observations: Sequence[tuple[int, Observation]]) -> dict[int, Taken]:
        seen = [observation for _, observation in observations]

        async def work() -> dict[int, Taken]:
            kept = await self._readings.keep(seen)
            new = [it for it, became in zip(seen, kept, strict=True) if became is Kept.NEW]
            await self._watch.observed(new)
            return {
                number: _KEPT[became]
                for (number, _), became in zip(observations, kept, strict=True)
            }

        return await transact(self._store, work)


def _station_id(agency: StationAgency, item: SentItem, stations: Mapping[str, Station]) -> str:
    """Return the id of a station that the key speaks for. Raises UnknownStation."""
    sent = item.station_id
    if not isinstance(sent, str) or sent not in stations or not agency.speaks_for(sent):
        raise UnknownStation
    return sent
