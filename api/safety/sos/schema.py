"""Calls for help: for whoever calls, and for the rescue desks."""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Annotated, Any

import strawberry

from api.context import Info
from api.kit.schema_types import Position, PositionInput
from api.safety.contract_enums import SosKind, SosOutcome, SosState
from api.safety.safety_error import SafetyError, emergency_numbers_for
from api.safety.schema_inputs import SafetyDeviceInput
from api.safety.sos.desk import changes_of
from api.safety.sos.records import Sos as SosRecord
from api.safety.sos.records import SosStep as StepRecord
from api.safety.sos.schema_inputs import (
    AcknowledgeSosInput,
    AddSosPositionInput,
    EndSosInput,
    RaiseSosInput,
    RespondToSosInput,
    TakeBackSosInput,
)
from api.safety.tracks import TrackPoint as PointRecord
from api.tourism.emergency.schema import EmergencyNumber

Device = Annotated[
    SafetyDeviceInput | None,
    strawberry.argument(description="Of whoever is not signed in and called from a device."),
]
DeskId = Annotated[
    strawberry.ID,
    strawberry.argument(description="rescue, or of a commune such as rescue-03006."),
]


@strawberry.type(description="Where a phone was.")
class TrackPoint:
    position: Position
    accuracy: float = strawberry.field(description="In metres.")
    battery: int | None = strawberry.field(description="In percent.")
    captured_at: datetime

    @classmethod
    def of(cls, record: PointRecord) -> "TrackPoint":
        return cls(
            position=Position.of(record.position),
            accuracy=record.accuracy_metres,
            battery=record.battery_percent,
            captured_at=record.captured_at,
        )


@strawberry.type(description="When a call for help came into a state.")
class SosStep:
    state: SosState
    at: datetime

    @classmethod
    def of(cls, record: StepRecord) -> "SosStep":
        return cls(state=record.state, at=record.at)


@strawberry.interface(description="What is told of a call for help, to the caller and the desks.")
class SosFacts:
    id: strawberry.ID
    code: str
    kind: SosKind
    state: SosState
    raised_at: datetime
    state_since: datetime
    eta_minutes: int | None = strawberry.field(description="As the responder said at stateSince.")
    may_be_cancelled_until: datetime | None = strawberry.field(
        description="Whoever called may still take it back; null: not any more."
    )
    says_safe_at: datetime | None = strawberry.field(
        description="When the caller said to be safe; a responder decides whether it ends."
    )
    steps: list[SosStep]


@strawberry.type(description="A call for help of yours.")
class Sos(SosFacts):
    points: int = strawberry.field(description="How many positions have arrived.")

    @classmethod
    def of(cls, record: SosRecord) -> "Sos":
        return cls(points=record.points, **_facts(record))


@strawberry.type(
    description="A call for help as a rescue desk sees it. Each reading is in the audit log."
)
class DeskSos(SosFacts):
    commune_code: strawberry.ID | None = strawberry.field(description="Null: outside the province.")
    point: TrackPoint | None = strawberry.field(
        description="The newest; null: not known, or forgotten."
    )
    note: str | None
    number: str | None = strawberry.field(description="Of the phone that sent an SMS.")
    is_by_sms: bool = strawberry.field(description="It came by SMS first.")
    outcome: SosOutcome | None = strawberry.field(
        description="Null in ENDED: nobody ended it, and it was forgotten."
    )

    @classmethod
    def of(cls, record: SosRecord) -> "DeskSos":
        content, code = record.content, record.commune_code
        return cls(
            commune_code=strawberry.ID(code) if code else None,
            point=TrackPoint.of(content.point) if content and content.point else None,
            note=content.note if content else None,
            number=content.number if content else None,
            is_by_sms=record.is_by_sms,
            outcome=record.outcome,
            **_facts(record),
        )


@strawberry.type
class DeskSosList:
    calls: list[DeskSos]
    false_alarms: int = strawberry.field(
        description="How many were taken back, or ended as false alarms. Nobody is refused for them."
    )


@strawberry.type
class SosTrack:
    points: list[TrackPoint] = strawberry.field(description="The first one first.")


@strawberry.type
class RaiseSosSuccess:
    emergency_numbers: list[EmergencyNumber] = strawberry.field(
        description="Whom to call besides; show them before anything else."
    )
    sos: Sos


@strawberry.type
class AddSosPositionSuccess:
    emergency_numbers: list[EmergencyNumber]
    sos: Sos


@strawberry.type
class TakeBackSosSuccess:
    sos: Sos


@strawberry.type
class AcknowledgeSosSuccess:
    sos: DeskSos


@strawberry.type
class RespondToSosSuccess:
    sos: DeskSos


@strawberry.type
class EndSosSuccess:
    sos: DeskSos


RaiseSosResult = Annotated[RaiseSosSuccess | SafetyError, strawberry.union("RaiseSosResult")]
AddSosPositionResult = Annotated[
    AddSosPositionSuccess | SafetyError, strawberry.union("AddSosPositionResult")
]
TakeBackSosResult = Annotated[
    TakeBackSosSuccess | SafetyError, strawberry.union("TakeBackSosResult")
]
AcknowledgeSosResult = Annotated[
    AcknowledgeSosSuccess | SafetyError, strawberry.union("AcknowledgeSosResult")
]
RespondToSosResult = Annotated[
    RespondToSosSuccess | SafetyError, strawberry.union("RespondToSosResult")
]
EndSosResult = Annotated[EndSosSuccess | SafetyError, strawberry.union("EndSosResult")]


@strawberry.type
class SosQuery:
    @strawberry.field(description="A call for help of yours.")
    async def sos(self, info: Info, id: strawberry.ID, device: Device = None) -> Sos:
        raising = info.context.services.safety.raising
        shown = device.shown() if device else None
        return Sos.of(await raising.mine(info.context.caller, shown, id))

    @strawberry.field(description="Calls for help at a rescue desk; the reading is audited.")
    async def desk_sos(
        self,
        info: Info,
        desk_id: DeskId,
        near: Annotated[
            PositionInput | None,
            strawberry.argument(description="The nearest first; else the newest."),
        ] = None,
        with_ended: bool = False,
    ) -> DeskSosList:
        position = near.position() if near else None
        found = await info.context.services.safety.desk.listed(
            info.context.caller, desk_id, position, with_ended=with_ended
        )
        return DeskSosList(
            calls=list(map(DeskSos.of, found.calls)), false_alarms=found.false_alarms
        )

    @strawberry.field(description="Where whoever called has been; the reading is audited.")
    async def desk_sos_track(self, info: Info, desk_id: DeskId, id: strawberry.ID) -> SosTrack:
        desk = info.context.services.safety.desk
        track = await desk.track(info.context.caller, desk_id, id)
        return SosTrack(points=list(map(TrackPoint.of, track)))


@strawberry.type
class SosMutation:
    @strawberry.mutation(
        description="Call for help. While a call of yours is open, this one goes into it; none is too many."
    )
    async def raise_sos(self, info: Info, input: RaiseSosInput) -> RaiseSosResult:
        shown = input.device.shown() if input.device else None
        sos = await info.context.services.safety.raising.raise_sos(
            info.context.caller, shown, input.new_sos(), input.idempotency_key
        )
        return RaiseSosSuccess(emergency_numbers=emergency_numbers_for(info), sos=Sos.of(sos))

    @strawberry.mutation(description="Say where you are now.")
    async def add_sos_position(
        self, info: Info, input: AddSosPositionInput
    ) -> AddSosPositionResult:
        shown = input.device.shown() if input.device else None
        sos = await info.context.services.safety.raising.add_position(
            info.context.caller, shown, input.id, input.point.point(), input.idempotency_key
        )
        numbers = emergency_numbers_for(info)
        return AddSosPositionSuccess(emergency_numbers=numbers, sos=Sos.of(sos))

    @strawberry.mutation(
        description="Cancel a call within 15 seconds; later, tell the desk that you are safe."
    )
    async def take_back_sos(self, info: Info, input: TakeBackSosInput) -> TakeBackSosResult:
        shown = input.device.shown() if input.device else None
        raising = info.context.services.safety.raising
        sos = await raising.take_back(info.context.caller, shown, input.id)
        return TakeBackSosSuccess(sos=Sos.of(sos))

    @strawberry.mutation(description="Say that a call was seen; whoever called sees it at once.")
    async def acknowledge_sos(self, info: Info, input: AcknowledgeSosInput) -> AcknowledgeSosResult:
        sos = await info.context.services.safety.desk.acknowledge(
            info.context.caller, input.seen(), input.idempotency_key
        )
        return AcknowledgeSosSuccess(sos=DeskSos.of(sos))

    @strawberry.mutation(description="Say that help is on its way.")
    async def respond_to_sos(self, info: Info, input: RespondToSosInput) -> RespondToSosResult:
        sos = await info.context.services.safety.desk.respond(
            info.context.caller, input.seen(), input.eta_minutes, input.idempotency_key
        )
        return RespondToSosSuccess(sos=DeskSos.of(sos))

    @strawberry.mutation(description="End a call for help.")
    async def end_sos(self, info: Info, input: EndSosInput) -> EndSosResult:
        sos = await info.context.services.safety.desk.end(
            info.context.caller, input.seen(), input.outcome, input.idempotency_key
        )
        return EndSosSuccess(sos=DeskSos.of(sos))


@strawberry.type
class SosSubscription:
    @strawberry.subscription(
        description="A call for help of yours: now, and each time that something changes."
    )
    async def sos_changed(
        self, info: Info, id: strawberry.ID, device: Device = None
    ) -> AsyncGenerator[Sos]:
        services = info.context.services
        shown = device.shown() if device else None
        changes = changes_of(
            services.safety.raising, services.events, info.context.caller, shown, id
        )
        async for sos in changes:
            yield Sos.of(sos)

    @strawberry.subscription(
        description="Calls for help at a rescue desk: those that are open, then each one that is new, moves or"
        " changes. Showing one first is audited."
    )
    async def desk_sos_changed(self, info: Info, desk_id: DeskId) -> AsyncGenerator[DeskSos]:
        async for sos in info.context.services.safety.desk.changes(info.context.caller, desk_id):
            yield DeskSos.of(sos)


def _facts(record: SosRecord) -> dict[str, Any]:
    is_open_to_cancel = record.state is SosState.RAISED
    return {
        "id": strawberry.ID(record.id),
        "code": record.code,
        "kind": record.kind,
        "state": record.state,
        "raised_at": record.raised_at,
        "state_since": record.state_since,
        "eta_minutes": record.eta_minutes,
        "may_be_cancelled_until": record.may_be_cancelled_until if is_open_to_cancel else None,
        "says_safe_at": record.says_safe_at,
        "steps": list(map(SosStep.of, record.steps)),
    }
