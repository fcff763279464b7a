from datetime import date, datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.health.appointments.booking import Wish as HowToCome
from api.health.appointments.records import Appointment as AppointmentRecord
from api.health.appointments.records import AppointmentStatus
from api.health.appointments.schema import Appointment
from api.health.directory.records import HealthcareService as ServiceRecord
from api.health.directory.records import Payment
from api.health.directory.schema import Facility, HealthcareService
from api.health.health_error import HealthError
from api.health.waitlist.joining import DAYS_AHEAD_AT_MOST, WISHES_AT_MOST, Wanted
from api.health.waitlist.offer_times import ANSWERED_WITHIN
from api.health.waitlist.wish import MISSED_AT_MOST, PartOfDay, Wish, WishState

_KEY = "16 to 128 visible ASCII characters, made anew for each change."
_MINUTES = int(ANSWERED_WITHIN.total_seconds() // 60)

strawberry.enum(PartOfDay, description="MORNING: before 12:00 in Vietnam.")
strawberry.enum(
    WishState,
    name="WaitlistState",
    description="OFFERED: a place is held for you. LAPSED: the last day went by, or"
    f" {MISSED_AT_MOST} offers did without an answer.",
)


@strawberry.type(
    description="What you wait for. In FHIR an Appointment of status `waitlist`, whose"
    " `requestedPeriod` is `from` to `to`."
)
class WaitlistEntry:
    id: strawberry.ID
    patient_id: strawberry.ID | None = strawberry.field(
        description="One of your dependants; null: yourself."
    )
    specialty: str = strawberry.field(description="Its code.")
    first: date = strawberry.field(name="from")
    last: date = strawberry.field(name="to")
    part_of_day: PartOfDay
    state: WishState
    status: AppointmentStatus | None = strawberry.field(
        description="As in FHIR: WAITLIST, or CANCELLED; null once it is filled."
    )
    joined_at: datetime
    missed_offers: int
    record: strawberry.Private[Wish]

    @classmethod
    def of(cls, record: Wish) -> "WaitlistEntry":
        dependant = record.dependant_id
        return cls(
            id=strawberry.ID(record.id),
            patient_id=None if dependant is None else strawberry.ID(dependant),
            specialty=record.specialty,
            first=record.first,
            last=record.last,
            part_of_day=record.part_of_day,
            state=record.state,
            status=record.fhir_status,
            joined_at=record.joined_at,
            missed_offers=record.missed,
            record=record,
        )

    @strawberry.field
    async def facility(self, info: Info) -> Facility:
        library = info.context.services.health.places.library
        return Facility.of(library.facility(self.record.facility_id))

    @strawberry.field(description="Null: any of the specialty.")
    async def service(self, info: Info) -> HealthcareService | None:
        if self.record.service_id is None:
            return None
        load = info.context.services.health.places.directory.services
        found: ServiceRecord | None = await info.context.loader(load).load(self.record.service_id)
        return HealthcareService.of(found) if found else None

    @strawberry.field(
        description=f"With OFFERED: the place that is held for you, for {_MINUTES} minutes."
    )
    async def offer(self, info: Info) -> Appointment | None:
        if self.record.offer is None:
            return None
        reading = info.context.services.health.booking.reading
        found: AppointmentRecord | None = await reading.find(info.context.caller, self.record.offer)
        return Appointment.of(found) if found else None

    @strawberry.field(
        description="How many wait for this specialty of the facility and came earlier."
    )
    async def ahead_of_you(self, info: Info) -> int:
        return await info.context.services.health.waiting.joining.ahead_of(self.record)


@strawberry.input(description="Name a service, or a facility and a specialty.")
class JoinWaitlistInput:
    service_id: strawberry.ID | None = None
    facility_id: strawberry.ID | None = None
    specialty: str | None = strawberry.field(default=None, description="Its code.")
    patient_id: strawberry.ID | None = strawberry.field(
        default=None, description="One of your dependants; null: yourself."
    )
    first: date = strawberry.field(name="from", description="A day in Vietnam.")
    last: date = strawberry.field(
        name="to", description=f"The last day, at most {DAYS_AHEAD_AT_MOST} days ahead."
    )
    part_of_day: PartOfDay = PartOfDay.WHOLE_DAY
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.input
class LeaveWaitlistInput:
    id: strawberry.ID
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.input
class TakeOfferInput:
    appointment_id: strawberry.ID = strawberry.field(description="Of the offer.")
    reason: str | None = strawberry.field(
        default=None, description="For the practitioner alone, as in bookAppointment."
    )
    payment: Payment
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.input
class DeclineOfferInput:
    appointment_id: strawberry.ID = strawberry.field(description="Of the offer.")
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.type
class JoinWaitlistSuccess:
    entry: WaitlistEntry


@strawberry.type
class LeaveWaitlistSuccess:
    entry: WaitlistEntry


@strawberry.type
class TakeOfferSuccess:
    appointment: Appointment


@strawberry.type
class DeclineOfferSuccess:
    appointment: Appointment = strawberry.field(description="The offer, which is cancelled.")


JoinWaitlistResult = Annotated[
    JoinWaitlistSuccess | HealthError, strawberry.union("JoinWaitlistResult")
]
LeaveWaitlistResult = Annotated[
    LeaveWaitlistSuccess | HealthError, strawberry.union("LeaveWaitlistResult")
]
TakeOfferResult = Annotated[TakeOfferSuccess | HealthError, strawberry.union("TakeOfferResult")]
DeclineOfferResult = Annotated[
    DeclineOfferSuccess | HealthError, strawberry.union("DeclineOfferResult")
]


@strawberry.type(description="What you wait and waited for.")
class MyWaitlist:
    entries: list[WaitlistEntry] = strawberry.field(description="The newest first.")


@strawberry.type
class WaitlistQuery:
    @strawberry.field(description="What you wait for; what is over is kept for 30 days.")
    async def my_waitlist(self, info: Info) -> MyWaitlist:
        found = await info.context.services.health.waiting.joining.mine(info.context.caller)
        return MyWaitlist(entries=list(map(WaitlistEntry.of, found)))


@strawberry.type
class WaitlistMutation:
    @strawberry.mutation(
        description="Wait for a place. Those that become free are offered first come, first served,"
        f" each for {_MINUTES} minutes. At most {WISHES_AT_MOST} at once; needs the consent HEALTH for"
        " the patient."
    )
    async def join_waitlist(self, info: Info, input: JoinWaitlistInput) -> JoinWaitlistResult:
        wanted = Wanted(
            service_id=input.service_id,
            facility_id=input.facility_id,
            specialty=input.specialty,
            dependant_id=input.patient_id,
            first=input.first,
            last=input.last,
            part_of_day=input.part_of_day,
            language=info.context.language,
        )
        wish = await info.context.services.health.waiting.joining.join(
            info.context.caller, wanted, input.idempotency_key
        )
        return JoinWaitlistSuccess(entry=WaitlistEntry.of(wish))

    @strawberry.mutation(description="Wait no more; what is offered to you goes to the next.")
    async def leave_waitlist(self, info: Info, input: LeaveWaitlistInput) -> LeaveWaitlistResult:
        wish = await info.context.services.health.waiting.joining.leave(
            info.context.caller, input.id, input.idempotency_key
        )
        return LeaveWaitlistSuccess(entry=WaitlistEntry.of(wish))

    @strawberry.mutation(description="Book the place that is offered to you.")
    async def take_offer(self, info: Info, input: TakeOfferInput) -> TakeOfferResult:
        how = HowToCome(input.reason, input.payment, info.context.language)
        taken = await info.context.services.health.waiting.answering.take(
            info.context.caller, input.appointment_id, how, input.idempotency_key
        )
        return TakeOfferSuccess(appointment=Appointment.of(taken))

    @strawberry.mutation(
        description="Let the offered place go to the next; you go on waiting for others."
    )
    async def decline_offer(self, info: Info, input: DeclineOfferInput) -> DeclineOfferResult:
        declined = await info.context.services.health.waiting.answering.decline(
            info.context.caller, input.appointment_id, input.idempotency_key
        )
        return DeclineOfferSuccess(appointment=Appointment.of(declined))
