from typing import Annotated

import strawberry

from api.accounts.caller import PROVINCE, Role
from api.conditions.condition_error import ConditionError
from api.conditions.stations.measures import Measure, StationKind
from api.conditions.stations.station import Station as StationRecord
from api.context import Info
from api.kit.pagination import After, Connection, First
from api.kit.schema_types import LocalizedText, Position, PositionInput

_KEY = "16 to 128 visible ASCII characters, made anew for each change."

strawberry.enum(StationKind, description="What a station is there for.")
strawberry.enum(Measure, description="What a station measures.")


@strawberry.type(description="Something that measures.")
class Station:
    id: strawberry.ID
    kind: StationKind
    name: LocalizedText
    position: Position
    source: str = strawberry.field(description="Who measures.")
    river: str | None
    alarm_levels: list[float] = strawberry.field(
        description="Of a river: báo động 1 to 3 in metres, as far as there are."
    )
    spaces: int | None = strawberry.field(description="Of a car park: all of them.")

    @classmethod
    def of(cls, station: StationRecord, info: Info) -> "Station":
        return cls(
            id=strawberry.ID(station.id),
            kind=station.kind,
            name=LocalizedText.needed(station.names, info.context.language),
            position=Position.of(station.position),
            source=station.source,
            river=station.river,
            alarm_levels=list(station.alarm_levels),
            spaces=station.spaces,
        )


@strawberry.input
class AddStationInput:
    id: strawberry.ID = strawberry.field(
        description="2 to 64 small letters, digits, dots and hyphens; keys go by its beginning."
    )
    kind: StationKind
    name: str = strawberry.field(description="In Vietnamese.")
    name_in_english: str | None = None
    position: PositionInput
    source: str = strawberry.field(description="Who measures.")
    river: str | None = None
    alarm_levels: list[float] = strawberry.field(default_factory=list[float])
    spaces: int | None = None
    idempotency_key: str = strawberry.field(description=_KEY)

    def station(self) -> StationRecord:
        """Return it checked. Raises InvalidStation, InvalidPosition."""
        english = {} if self.name_in_english is None else {"en": self.name_in_english}
        return StationRecord(
            id=self.id,
            kind=self.kind,
            names={"vi": self.name, **english},
            position=self.position.position(),
            source=self.source,
            alarm_levels=tuple(self.alarm_levels),
            river=self.river,
            spaces=self.spaces,
        )


@strawberry.input
class RetireStationInput:
    id: strawberry.ID
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.type
class AddStationSuccess:
    station: Station


@strawberry.type
class RetireStationSuccess:
    station: Station


AddStationResult = Annotated[
    AddStationSuccess | ConditionError, strawberry.union("AddStationResult")
]
RetireStationResult = Annotated[
    RetireStationSuccess | ConditionError, strawberry.union("RetireStationResult")
]


@strawberry.type
class StationsQuery:
    @strawberry.field(description="The stations in use, by id.")
    async def stations(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[Station]:
        page = await info.context.services.conditions.stations.page(first, after)
        return Connection[Station].of(page, lambda it: Station.of(it, info))


@strawberry.type
class StationsMutation:
    @strawberry.mutation(description="Add a station. For administrators.")
    async def add_station(self, info: Info, input: AddStationInput) -> AddStationResult:
        info.context.caller.require(Role.ADMINISTRATOR, PROVINCE)  # before the input is looked at
        added = await info.context.services.conditions.stations.added_by(
            info.context.caller, input.station(), input.idempotency_key
        )
        return AddStationSuccess(station=Station.of(added, info))

    @strawberry.mutation(description="Take a station out of use. For administrators.")
    async def retire_station(self, info: Info, input: RetireStationInput) -> RetireStationResult:
        retired = await info.context.services.conditions.stations.retired_by(
            info.context.caller, input.id, input.idempotency_key
        )
        return RetireStationSuccess(station=Station.of(retired, info))
