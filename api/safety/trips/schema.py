"""Trips that alarm when nobody comes back: for trekkers, and for the rescue desks. In the contract a trip is a trek."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from api.context import Info
from api.kit.schema_types import Position, PositionInput
from api.safety.contract_enums import AlarmStage, TripState
from api.safety.safety_error import SafetyError, emergency_numbers_for
from api.safety.schema_inputs import KEY, TrackPointInput
from api.safety.sos.schema import DeskId, TrackPoint
from api.safety.tracks import TrackPoint as PointRecord
from api.safety.trips.dangers import Danger
from api.safety.trips.records import Trip
from api.safety.trips.service import (
    CONTACTS_AT_MOST,
    GRACE_AT_LEAST,
    NAME_CHARACTERS_AT_MOST,
    OPEN_TRIPS_AT_MOST,
    POINTS_AT_MOST,
    TITLE_CHARACTERS_AT_MOST,
    NewTrip,
)
from api.safety.trips.texts import WARNED_ON_THE_WAY
from api.tourism.emergency.schema import EmergencyNumber


@strawberry.type(description="Somebody who is told when you are not back.")
class TrekContact:
    name: str
    number: str


@strawberry.type(description="A warning in force on the way.")
class TrekDanger:
    alert_id: strawberry.ID
    headline: str = strawberry.field(description="In the best language we have for the reader.")

    @classmethod
    def of(cls, record: Danger, language: str) -> "TrekDanger":
        info = record.bulletin.info_for(language)
        return cls(alert_id=strawberry.ID(record.alert_id), headline=info.headline or info.event)


@strawberry.interface(
    description="What is told of a trek to the trekker, and to a desk once it is overdue."
)
class TrekFacts:
    id: strawberry.ID
    title: str | None = strawberry.field(description="Null: forgotten, as are route and contacts.")
    called: str | None
    trail_id: strawberry.ID | None
    route: list[Position]
    people: int
    names: list[str]
    contacts: list[TrekContact]
    due_at: datetime
    grace_minutes: int
    stage: AlarmStage


@strawberry.type(description="A trek of yours.")
class Trek(TrekFacts):
    state: TripState
    check_ins: int = strawberry.field(description="How many have arrived.")
    record: strawberry.Private[Trip]

    @strawberry.field(description="Warnings in force on the way until it is due back.")
    async def dangers(self, info: Info) -> list[TrekDanger]:
        found = await info.context.services.safety.dangers.of(self.record)
        return [TrekDanger.of(one, info.context.language) for one in found]

    @classmethod
    def of(cls, record: Trip) -> "Trek":
        return cls(state=record.state, check_ins=record.points, record=record, **_facts(record))


@strawberry.type(description="An overdue trek at a rescue desk. Each reading is in the audit log.")
class DeskTrek(TrekFacts):
    check_ins: list[TrackPoint]

    @classmethod
    def of(cls, record: Trip, track: list[PointRecord]) -> "DeskTrek":
        return cls(check_ins=list(map(TrackPoint.of, track)), **_facts(record))


@strawberry.type
class MyTreks:
    treks: list[Trek]


@strawberry.type
class DeskTreks:
    treks: list[DeskTrek]


@strawberry.input
class TrekContactInput:
    name: str = strawberry.field(description=f"At most {NAME_CHARACTERS_AT_MOST} characters.")
    number: str = strawberry.field(description="A mobile number.")


@strawberry.input
class PlanTrekInput:
    title: str = strawberry.field(
        description=f"Told to the contacts; at most {TITLE_CHARACTERS_AT_MOST} characters, no links."
    )
    called: str = strawberry.field(description="By what the contacts know you.")
    trail_id: strawberry.ID | None = strawberry.field(
        default=None, description="A trail of ours; else points."
    )
    points: list[PositionInput] = strawberry.field(
        default_factory=list[PositionInput], description=f"Of your way, at most {POINTS_AT_MOST}."
    )
    people: int
    names: list[str] = strawberry.field(
        default_factory=list[str],
        description="Of those who go, if you want a rescuer to know them.",
    )
    contacts: list[TrekContactInput] = strawberry.field(
        description=f"1 to {CONTACTS_AT_MOST}, told by SMS when you are not back."
    )
    contacts_agreed: bool = strawberry.field(
        description="You have asked the contacts, and they agree to be told by SMS, with your name, the"
        " title and the time; their numbers are kept, sealed, for 90 days."
    )
    due_at: datetime
    grace_minutes: int = strawberry.field(
        default=60, description=f"After dueAt, until contacts are told; {GRACE_AT_LEAST} or more."
    )
    idempotency_key: str = strawberry.field(description=f"{KEY} trek.")

    def new_trip(self, language: str) -> NewTrip:
        """Return it. Raises InvalidPosition."""
        return NewTrip(
            title=self.title,
            called=self.called,
            trail_id=self.trail_id,
            points=tuple(point.position() for point in self.points),
            people=self.people,
            names=tuple(self.names),
            contacts=tuple((one.name, one.number) for one in self.contacts),
            contacts_agreed=self.contacts_agreed,
            due_at=self.due_at,
            grace_minutes=self.grace_minutes,
            language=language,
        )


@strawberry.input
class CheckInTrekInput:
    id: strawberry.ID
    point: TrackPointInput
    idempotency_key: str = strawberry.field(description=f"{KEY} check-in.")


@strawberry.input
class ExtendTrekInput:
    id: strawberry.ID
    due_at: datetime
    idempotency_key: str = strawberry.field(description=f"{KEY} extension.")


@strawberry.input
class CloseTrekInput:
    id: strawberry.ID


@strawberry.type
class PlanTrekSuccess:
    emergency_numbers: list[EmergencyNumber]
    trek: Trek
    warnings_note: str = strawberry.field(
        description="That warnings on the way come from now on, in the reader's language: show it."
    )


@strawberry.type
class CheckInTrekSuccess:
    trek: Trek


@strawberry.type
class ExtendTrekSuccess:
    trek: Trek


@strawberry.type
class CloseTrekSuccess:
    trek: Trek


PlanTrekResult = Annotated[PlanTrekSuccess | SafetyError, strawberry.union("PlanTrekResult")]
CheckInTrekResult = Annotated[
    CheckInTrekSuccess | SafetyError, strawberry.union("CheckInTrekResult")
]
ExtendTrekResult = Annotated[ExtendTrekSuccess | SafetyError, strawberry.union("ExtendTrekResult")]
CloseTrekResult = Annotated[CloseTrekSuccess | SafetyError, strawberry.union("CloseTrekResult")]


@strawberry.type
class TripsQuery:
    @strawberry.field(description="Your treks, the newest first.")
    async def my_treks(self, info: Info) -> MyTreks:
        found = await info.context.services.safety.trips.of(info.context.caller)
        return MyTreks(treks=list(map(Trek.of, found)))

    @strawberry.field(
        description="Overdue treks, the longest overdue first; the reading is audited."
    )
    async def desk_treks(self, info: Info, desk_id: DeskId) -> DeskTreks:
        trips = info.context.services.safety.trips
        found = await trips.overdue(info.context.caller, desk_id)
        return DeskTreks(treks=[DeskTrek.of(trip, track) for trip, track in found])


@strawberry.type
class TripsMutation:
    @strawberry.mutation(
        description="Plan a trek: when you are not back, your contacts are told, then the rescue desk. At most"
        f" {OPEN_TRIPS_AT_MOST} at a time. Until you close it, you agree to warnings for places on the way; they come"
        " to all devices on which you are signed in, wherever these are."
    )
    async def plan_trek(self, info: Info, input: PlanTrekInput) -> PlanTrekResult:
        trip = await info.context.services.safety.trips.plan(
            info.context.caller, input.new_trip(info.context.language), input.idempotency_key
        )
        return PlanTrekSuccess(
            emergency_numbers=emergency_numbers_for(info),
            trek=Trek.of(trip),
            warnings_note=info.context.translate(WARNED_ON_THE_WAY),
        )

    @strawberry.mutation(
        description="Say where you are; only a desk reads it, once you are overdue."
    )
    async def check_in_trek(self, info: Info, input: CheckInTrekInput) -> CheckInTrekResult:
        trip = await info.context.services.safety.trips.check_in(
            info.context.caller, input.id, input.point.point(), input.idempotency_key
        )
        return CheckInTrekSuccess(trek=Trek.of(trip))

    @strawberry.mutation(description="You need longer; contacts who were told are told that too.")
    async def extend_trek(self, info: Info, input: ExtendTrekInput) -> ExtendTrekResult:
        trip = await info.context.services.safety.trips.extend(
            info.context.caller, input.id, input.due_at, input.idempotency_key
        )
        return ExtendTrekSuccess(trek=Trek.of(trip))

    @strawberry.mutation(description="You are back; contacts who were told are told that too.")
    async def close_trek(self, info: Info, input: CloseTrekInput) -> CloseTrekResult:
        trips = info.context.services.safety.trips
        return CloseTrekSuccess(trek=Trek.of(await trips.close(info.context.caller, input.id)))


def _facts(record: Trip) -> dict[str, Any]:
    content = record.content
    trail_id = content.trail_id if content else None
    contacts = content.contacts if content else ()
    return {
        "id": strawberry.ID(record.id),
        "title": content.title if content else None,
        "called": content.called if content else None,
        "trail_id": strawberry.ID(trail_id) if trail_id else None,
        "route": [Position.of(one) for one in (content.route if content else ())],
        "people": record.people,
        "names": list(content.names) if content else [],
        "contacts": [TrekContact(name=one.name, number=one.number) for one in contacts],
        "due_at": record.due_at,
        "grace_minutes": record.grace_minutes,
        "stage": record.stage,
    }
