"""Observations as documents: each for 30 days, by the hour for two years, and the last of each station."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import Enum, auto

from api.conditions.readings.observation import HourOfValues, Observation
from api.conditions.stations.measures import Measure
from api.kit.ids import derived_id
from api.kit.store import CollectionSpec, Document, DuplicateKey, Filter, Index, Store

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

    async def keep(self, observation: Observation) -> Kept:
        """Keep it with all that derives from it, or find that it is there; joins the open transaction."""
        document = _document(observation)
        try:
            await self._observations.insert(document)
        except DuplicateKey:
            return await self._compared(document)
        await self._add_to_hour(observation)
        await self._make_latest(observation)
        return Kept.NEW

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

    async def _compared(self, document: Document) -> Kept:
        known = await self._observations.get(document["_id"])
        is_same = known is not None and known["value"] == document["value"]
        return Kept.KNOWN if is_same else Kept.OTHER_VALUE

    async def _add_to_hour(self, observation: Observation) -> None:
        value = observation.value
        hour = observation.observed_at.replace(minute=0, second=0, microsecond=0)
        hour_id = _id("hour", observation, hour)
        added = await self._hours.update_one(
            {"_id": hour_id},
            {
                "$min": {"least": value},
                "$max": {"most": value},
                "$inc": {"sum": value, "count": 1},
            },
        )
        if added is None:
            await self._hours.insert(
                {
                    "_id": hour_id,
                    "station": observation.station_id,
                    "measure": observation.measure.value,
                    "hour": hour,
                    "least": value,
                    "most": value,
                    "sum": value,
                    "count": 1,
                }
            )

    async def _make_latest(self, observation: Observation) -> None:
        """Put it in place of an earlier one; a late arrival changes nothing."""
        latest = {**_document(observation), "_id": _id("latest", observation)}
        newer = {"value": observation.value, "observed_at": observation.observed_at}
        older = {"_id": latest["_id"], "observed_at": {"$lt": observation.observed_at}}
        if await self._latest.update_one(older, {"$set": newer}) is not None:
            return
        if await self._latest.get(latest["_id"]) is None:
            await self._latest.insert(latest)


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
