"""Observations as documents: each for 30 days, by the hour for two years, and the last of each station."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from enum import Enum, auto

from api.conditions.readings.observation import HourOfValues, Observation
from api.conditions.stations.measures import Measure
from api.kit.ids import derived_id
from api.kit.store import CollectionSpec, Document, Filter, Index, Store

VALUES_KEPT_FOR = timedelta(days=30)
HOURS_KEPT_FOR = timedelta(days=731)

OBSERVATIONS = CollectionSpec(
    "condition_observations",
    (
        Index(("station", "measure", "observed_at")),
        Index(("observed_at",), expire_after_seconds=int(VALUES_KEPT_FOR.total_seconds())),
    ),
)
HOURS = CollectionSpec(
    "condition_hours",
    (
        Index(("station", "measure", "hour")),
        Index(("hour",), expire_after_seconds=int(HOURS_KEPT_FOR.total_seconds())),
    ),
)
LATEST = CollectionSpec("condition_latest", (Index(("station",)),))


class Kept(Enum):
    """What became of an observation."""

    NEW = auto()
    KNOWN = auto()
    OTHER_VALUE = auto()
    """There is another value of this moment, which stays."""


class ReadingRepository:
    """All queries on observations."""

    def __init__(self, store: Store) -> None:
        self._observations = store[OBSERVATIONS]
        self._hours = store[HOURS]
        self._latest = store[LATEST]

    async def keep(self, observations: Sequence[Observation]) -> list[Kept]:
        """Keep those that are new, with all that derives from them; joins the open transaction.

        Returns what became of each. In few steps, however many there are: meanwhile nobody else writes.
        """
        documents = [_document(it) for it in observations]
        known = await self._observations.get_many([it["_id"] for it in documents])
        kept = [_compared(document, known) for document in documents]
        new = [number for number, became in enumerate(kept) if became is Kept.NEW]
        if not new:
            return kept
        await self._observations.insert_many([documents[number] for number in new])
        await self._derive([observations[number] for number in new])
        return kept

    async def _derive(self, new: Sequence[Observation]) -> None:
        for hour_id, of_hour in _grouped(new, _hour_id).items():
            await self._add_to_hour(hour_id, of_hour)
        for latest_id, of_station in _grouped(new, _latest_id).items():
            await self._make_latest(latest_id, max(of_station, key=lambda it: it.observed_at))

    async def latest(self, station_ids: Collection[str]) -> dict[tuple[str, Measure], Observation]:
        """Return the last observations of these stations, however old."""
        found = await self._latest.find({"station": {"$in": sorted(station_ids)}})
        read = map(_observation, found)
        return {(it.station_id, it.measure): it for it in read}

    async def values(
        self, station_id: str, measure: Measure, start: datetime, end: datetime, limit: int
    ) -> list[Observation]:
        """Return what was observed from `start` until before `end`, the first first."""
        found = await self._observations.find(
            _between("observed_at", station_id, measure, start, end),
            sort=[("observed_at", 1)],
            limit=limit,
        )
        return list(map(_observation, found))

    async def hours(
        self, station_id: str, measure: Measure, start: datetime, end: datetime, limit: int
    ) -> list[HourOfValues]:
        """Return the hours that begin from `start` until before `end`, the first first."""
        found = await self._hours.find(
            _between("hour", station_id, measure, start, end), sort=[("hour", 1)], limit=limit
        )
        return list(map(_hour, found))

    async def _add_to_hour(self, hour_id: str, observations: Sequence[Observation]) -> None:
        """Add observations of one hour, one station and one measure."""
        values = [it.value for it in observations]
        added = {"sum": sum(values), "count": len(values)}
        extremes = {"least": min(values), "most": max(values)}
        changes = {
            "$min": {"least": extremes["least"]},
            "$max": {"most": extremes["most"]},
            "$inc": added,
        }
        if await self._hours.update_one({"_id": hour_id}, changes) is None:
            first = observations[0]
            said = {
                "station": first.station_id,
                "measure": first.measure.value,
                "hour": _hour_of(first),
            }
            await self._hours.insert({"_id": hour_id, **said, **extremes, **added})

    async def _make_latest(self, latest_id: str, observation: Observation) -> None:
        """Put it in place of an earlier one; a late arrival changes nothing."""
        newer = {"value": observation.value, "observed_at": observation.observed_at}
        older = {"_id": latest_id, "observed_at": {"$lt": observation.observed_at}}
        if await self._latest.update_one(older, {"$set": newer}) is not None:
            return
        if await self._latest.get(latest_id) is None:
            await self._latest.insert({**_document(observation), "_id": latest_id})


def _compared(document: Document, known: dict[str, Document]) -> Kept:
    """Tell what becomes of a document beside those that are there, and count it among them."""
    there = known.setdefault(document["_id"], document)
    if there is document:
        return Kept.NEW
    return Kept.KNOWN if there["value"] == document["value"] else Kept.OTHER_VALUE


def _grouped(
    observations: Sequence[Observation], key: Callable[[Observation], str]
) -> dict[str, list[Observation]]:
    groups: dict[str, list[Observation]] = defaultdict(list)
    for observation in observations:
        groups[key(observation)].append(observation)
    return groups


def _hour_of(observation: Observation) -> datetime:
    return observation.observed_at.replace(minute=0, second=0, microsecond=0)


def _hour_id(observation: Observation) -> str:
    return _id("hour", observation, _hour_of(observation))


def _latest_id(observation: Observation) -> str:
    return _id("latest", observation)


def _id(what: str, observation: Observation, *moment: datetime) -> str:
    parts = (observation.station_id, observation.measure.value)
    return derived_id("condition", what, *parts, *(it.isoformat() for it in moment))


def _between(
    field: str, station_id: str, measure: Measure, start: datetime, end: datetime
) -> Filter:
    return {
        "station": station_id,
        "measure": measure.value,
        field: {"$gte": start, "$lt": end},
    }


def _document(observation: Observation) -> Document:
    return {
        "_id": _id("value", observation, observation.observed_at),
        "station": observation.station_id,
        "measure": observation.measure.value,
        "value": observation.value,
        "observed_at": observation.observed_at,
    }


def _observation(document: Document) -> Observation:
    return Observation(
        station_id=document["station"],
        measure=Measure(document["measure"]),
        value=document["value"],
        observed_at=document["observed_at"],
    )


def _hour(document: Document) -> HourOfValues:
    return HourOfValues(
        hour=document["hour"],
        least=document["least"],
        most=document["most"],
        mean=document["sum"] / document["count"],
        count=document["count"],
    )
