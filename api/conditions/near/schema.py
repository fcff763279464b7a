from datetime import datetime
from enum import StrEnum, auto
from typing import Annotated

import strawberry

from api.conditions.near.service import Reading as ReadingRecord
from api.conditions.near.service import StationReadings
from api.conditions.near.words import (
    AIR_WORDS,
    FLOOD_WORDS,
    UNKNOWN_WORDS,
    AirBand,
    FloodAlarm,
)
from api.conditions.stations.measures import SCALES, Measure
from api.conditions.stations.schema import Station
from api.context import Info
from api.kit.schema_types import PositionInput

strawberry.enum(AirBand, description="A band of Vietnam's air quality index.")
strawberry.enum(FloodAlarm, description="How high a river stands against its flood alarm levels.")


@strawberry.enum(description="Whether a value says anything about now.")
class ReadingState(StrEnum):
    KNOWN = auto()
    UNKNOWN = auto()


@strawberry.type(description="The last value of a station.")
class Reading:
    measure: Measure
    state: ReadingState = strawberry.field(
        description="UNKNOWN: the value is too old; do not show it as how things are."
    )
    value: float = strawberry.field(description="In its unit.")
    unit: str = strawberry.field(description="Code of UN/CEFACT Recommendation 20.")
    observed_at: datetime
    age: int = strawberry.field(description="Seconds since it was observed.")

    @classmethod
    def of(cls, reading: ReadingRecord) -> "Reading":
        seen = reading.observation
        return cls(
            measure=seen.measure,
            state=ReadingState.UNKNOWN if reading.is_stale else ReadingState.KNOWN,
            value=seen.value,
            unit=SCALES[seen.measure].unit,
            observed_at=seen.observed_at,
            age=max(0, reading.age_seconds),
        )


@strawberry.type(description="What a station near says.")
class NearStation:
    station: Station
    distance: float = strawberry.field(description="Metres.")
    readings: list[Reading]

    @classmethod
    def of(cls, found: StationReadings, info: Info) -> "NearStation":
        return cls(
            station=Station.of(found.station, info),
            distance=found.distance_metres,
            readings=list(map(Reading.of, found.readings)),
        )


@strawberry.type(description="How a river near stands.")
class RiverCondition:
    near: NearStation
    alarm: FloodAlarm | None = strawberry.field(
        description="Null: not known right now, or the river has no alarm levels."
    )
    words: str = strawberry.field(description="For the reader, in the reader's language.")

    @classmethod
    def of(cls, found: StationReadings, info: Info) -> "RiverCondition":
        level = found.reading(Measure.WATER_LEVEL)
        is_known = level is not None and not level.is_stale
        alarm = (
            FloodAlarm.of(level.observation.value, found.station.alarm_levels)
            if level is not None and is_known
            else None
        )
        words = UNKNOWN_WORDS if alarm is None else FLOOD_WORDS[alarm]
        return cls(
            near=NearStation.of(found, info), alarm=alarm, words=info.context.translate(words)
        )


@strawberry.type(description="How the air near is.")
class AirCondition:
    near: NearStation
    band: AirBand | None = strawberry.field(description="Null: not known right now.")
    words: str = strawberry.field(description="For the reader, in the reader's language.")

    @classmethod
    def of(cls, found: StationReadings, info: Info) -> "AirCondition":
        index = found.reading(Measure.AIR_QUALITY_INDEX)
        is_known = index is not None and not index.is_stale
        band = AirBand.of(index.observation.value) if index is not None and is_known else None
        words = UNKNOWN_WORDS if band is None else AIR_WORDS[band]
        return cls(near=NearStation.of(found, info), band=band, words=info.context.translate(words))


@strawberry.type(description="What the stations around a place say.")
class Conditions:
    weather: NearStation | None = strawberry.field(description="Null: no station is near.")
    river: RiverCondition | None = strawberry.field(description="Null: no station is near.")
    air: AirCondition | None = strawberry.field(description="Null: no station is near.")
    parking: list[NearStation] = strawberry.field(description="Car parks, the nearest first.")


@strawberry.type(description="A value that was observed.")
class Observation:
    observed_at: datetime
    value: float = strawberry.field(description="In its unit.")


@strawberry.type(description="What all values of an hour come to.")
class HourOfObservations:
    hour: datetime = strawberry.field(description="Its beginning.")
    least: float = strawberry.field(description="In its unit.")
    most: float = strawberry.field(description="In its unit.")
    mean: float = strawberry.field(description="In its unit.")
    count: int


@strawberry.type(description="What a station observed, the first first.")
class ObservationHistory:
    unit: str = strawberry.field(description="Code of UN/CEFACT Recommendation 20.")
    values: list[Observation] = strawberry.field(
        description="Each value; empty where hours were asked."
    )
    hours: list[HourOfObservations] = strawberry.field(
        description="By the hour; empty where values were asked."
    )
    is_whole: bool = strawberry.field(description="False: more follows behind the last.")


_FROM = strawberry.argument(name="from", description="With its offset from UTC.")
_TO = strawberry.argument(description="Behind the last moment.")
_BY_HOUR = strawberry.argument(
    description="True: by the hour, kept for two years, 200 days at a time. False: each value, kept"
    " for 30 days."
)


@strawberry.type
class NearQuery:
    @strawberry.field(
        description="What the stations around a place say: the nearest that says anything about now."
    )
    async def conditions(self, info: Info, near: PositionInput) -> Conditions:
        found = await info.context.services.conditions.near.around(near.position())
        return Conditions(
            weather=NearStation.of(found.weather, info) if found.weather else None,
            river=RiverCondition.of(found.river, info) if found.river else None,
            air=AirCondition.of(found.air, info) if found.air else None,
            parking=[NearStation.of(it, info) for it in found.parking],
        )

    @strawberry.field(description="The last values of a station; null: there is no such station.")
    async def station_readings(self, info: Info, station_id: strawberry.ID) -> NearStation | None:
        conditions = info.context.services.conditions
        station = await conditions.stations.station(station_id)
        if station is None:
            return None
        return NearStation.of(await conditions.near.of_station(station), info)

    @strawberry.field(description="What a station observed in a period.")
    async def observations(
        self,
        info: Info,
        station_id: strawberry.ID,
        measure: Measure,
        from_: Annotated[datetime, _FROM],
        to: Annotated[datetime, _TO],
        by_hour: Annotated[bool, _BY_HOUR] = False,
    ) -> ObservationHistory:
        history = info.context.services.conditions.history
        asked = history.hours if by_hour else history.values
        found = await asked(station_id, measure, from_, to)
        return ObservationHistory(
            unit=SCALES[measure].unit,
            values=[Observation(observed_at=it.observed_at, value=it.value) for it in found.values],
            hours=[
                HourOfObservations(
                    hour=it.hour, least=it.least, most=it.most, mean=it.mean, count=it.count
                )
                for it in found.hours
            ],
            is_whole=found.is_whole,
        )
