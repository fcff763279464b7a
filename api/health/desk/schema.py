from datetime import date, datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.health.appointments.records import AppointmentStatus
from api.health.desk.day_lists import DayFilter
from api.health.desk.desk_patient import DeskPatient
from api.health.desk.mutations_schema import CallingMutation
from api.health.desk.sessions import DELAY_MINUTES_AT_MOST, REASON_CHARACTERS_AT_MOST
from api.health.desk.sessions import DeskSession as SessionRecord
from api.health.directory.schema import HealthcareService, Practitioner
from api.health.health_error import HealthError
from api.health.queue.check_in_code import CheckInCode
from api.health.schedules.records import SessionState
from api.kit.pagination import After, Connection, First

_KEY = "16 to 128 visible ASCII characters, made anew for each"


@strawberry.type(description="How many patients of a session are in a state.")
class PatientCount:
    status: AppointmentStatus
    patients: int


@strawberry.type(description="A session of a day, for the desk. No name is in it.")
class DeskSession:
    id: strawberry.ID
    start: datetime
    end: datetime
    is_open: bool = strawberry.field(description="False: takes no more patients.")
    closed_because: str | None
    delay_minutes: int = strawberry.field(description="As declared, or as the calls show.")
    delay_reason: str | None
    counts: list[PatientCount]
    record: strawberry.Private[SessionRecord]

    @classmethod
    def of(cls, record: SessionRecord) -> "DeskSession":
        session, queue = record.session, record.queue
        return cls(
            id=strawberry.ID(session.id),
            start=session.start,
            end=session.end,
            is_open=session.state is SessionState.OPEN,
            closed_because=queue.closed_because,
            delay_minutes=session.delay_minutes,
            delay_reason=queue.declared.reason if queue.declared else None,
            counts=[
                PatientCount(status=status, patients=count)
                for status, count in sorted(record.counts.items())
            ],
            record=record,
        )

    @strawberry.field
    async def service(self, info: Info) -> HealthcareService:
        return await HealthcareService.loaded(info, self.record.session.service_id)

    @strawberry.field(description="Null: whoever is there.")
    async def practitioner(self, info: Info) -> Practitioner | None:
        return await Practitioner.loaded(info, self.record.session.practitioner_id)


@strawberry.type(description="The sessions of a facility on a day.")
class DeskDay:
    sessions: list[DeskSession] = strawberry.field(description="By time.")


@strawberry.type(description="Who is in the queue of a session, in the order of calls.")
class DeskQueue:
    called: list[DeskPatient] = strawberry.field(
        description="With the practitioner, the last first."
    )
    waiting: list[DeskPatient] = strawberry.field(description="The next first.")


@strawberry.type(description="What hangs at the entrance for a day, for patients to scan.")
class FacilityCheckInCode:
    facility_id: strawberry.ID
    day: date = strawberry.field(description="On which it counts.")
    code: str = strawberry.field(description="What the QR code holds.")
    svg: str = strawberry.field(description="The QR code, to be scaled.")

    @classmethod
    def of(cls, record: CheckInCode) -> "FacilityCheckInCode":
        return cls(
            facility_id=strawberry.ID(record.facility_id),
            day=record.day,
            code=record.text,
            svg=record.svg,
        )


@strawberry.input
class SetDelayInput:
    session_id: strawberry.ID
    minutes: int = strawberry.field(
        description=f"Later than planned, 0 to {DELAY_MINUTES_AT_MOST}; 0: no delay."
    )
    reason: str | None = strawberry.field(
        default=None,
        description=f"For the patients to read; at most {REASON_CHARACTERS_AT_MOST} characters.",
    )
    idempotency_key: str = strawberry.field(description=f"{_KEY} delay.")


@strawberry.input
class CloseSessionInput:
    session_id: strawberry.ID
    reason: str = strawberry.field(description=f"At most {REASON_CHARACTERS_AT_MOST} characters.")
    idempotency_key: str = strawberry.field(description=f"{_KEY} session.")


@strawberry.input
class PrintDayListInput:
    facility_id: strawberry.ID
    date: date
    service_id: strawberry.ID | None = strawberry.field(
        default=None, description="Null: of all services."
    )


@strawberry.type
class SetDelaySuccess:
    session: DeskSession


@strawberry.type
class CloseSessionSuccess:
    session: DeskSession


@strawberry.type
class PrintDayListSuccess:
    url: str = strawberry.field(description="A page to print. Whoever has it can read the names.")
    expires_at: datetime


SetDelayResult = Annotated[SetDelaySuccess | HealthError, strawberry.union("SetDelayResult")]
CloseSessionResult = Annotated[
    CloseSessionSuccess | HealthError, strawberry.union("CloseSessionResult")
]
PrintDayListResult = Annotated[
    PrintDayListSuccess | HealthError, strawberry.union("PrintDayListResult")
]


@strawberry.type
class DeskQuery:
    @strawberry.field(
        description="The code at the entrance, of today or one of the next 7 days. For clerks of the facility."
    )
    async def facility_check_in_code(
        self, info: Info, facility_id: strawberry.ID, date: date | None = None
    ) -> FacilityCheckInCode:
        codes = info.context.services.health.desk.codes
        return FacilityCheckInCode.of(codes.of(info.context.caller, facility_id, date))

    @strawberry.field(description="The sessions of a day. For clerks of the facility.")
    async def desk_day(self, info: Info, facility_id: strawberry.ID, date: date) -> DeskDay:
        found = await info.context.services.health.desk.sessions.of_day(
            info.context.caller, facility_id, date
        )
        return DeskDay(sessions=list(map(DeskSession.of, found)))

    @strawberry.field(
        description="Who waits and who was called. For clerks of the facility; noted in the audit log."
    )
    async def session_queue(self, info: Info, session_id: strawberry.ID) -> DeskQueue:
        found = await info.context.services.health.desk.lists.in_order(
            info.context.caller, session_id
        )
        return DeskQueue(
            called=list(map(DeskPatient.of, found.called)),
            waiting=list(map(DeskPatient.of, found.waiting)),
        )

    @strawberry.field(
        description="The patients of a day by time; without `statuses` all but who cancelled. For"
        " clerks of the facility; noted in the audit log."
    )
    async def day_list(
        self,
        info: Info,
        facility_id: strawberry.ID,
        date: date,
        service_id: strawberry.ID | None = None,
        session_id: strawberry.ID | None = None,
        statuses: list[AppointmentStatus] | None = None,
        first: First = 50,
        after: After = None,
    ) -> Connection[DeskPatient]:
        wanted = DayFilter(service_id, session_id, tuple(statuses or ()))
        page = await info.context.services.health.desk.lists.page(
            info.context.caller, facility_id, date, wanted, first, after
        )
        return Connection[DeskPatient].of(page, DeskPatient.of)


@strawberry.type
class DeskMutation(CallingMutation):
    @strawberry.mutation(
        description="Say how much later than planned a session runs; the next call measures it anew."
        " For clerks of the facility."
    )
    async def set_delay(self, info: Info, input: SetDelayInput) -> SetDelayResult:
        found = await info.context.services.health.desk.sessions.set_delay(
            info.context.caller,
            input.session_id,
            input.minutes,
            input.reason,
            input.idempotency_key,
        )
        return SetDelaySuccess(session=DeskSession.of(found))

    @strawberry.mutation(
        description="Take no more patients into a session; who has a place keeps it. For clerks of"
        " the facility."
    )
    async def close_session(self, info: Info, input: CloseSessionInput) -> CloseSessionResult:
        found = await info.context.services.health.desk.sessions.close(
            info.context.caller, input.session_id, input.reason, input.idempotency_key
        )
        return CloseSessionSuccess(session=DeskSession.of(found))

    @strawberry.mutation(
        description="Ask for the patients of a day as a page to print, in Vietnamese or English. For"
        " clerks of the facility."
    )
    async def print_day_list(self, info: Info, input: PrintDayListInput) -> PrintDayListResult:
        link = info.context.services.health.desk.printing.link(
            info.context.caller,
            input.facility_id,
            input.date,
            input.service_id,
            info.context.language,
        )
        return PrintDayListSuccess(url=link.url, expires_at=link.expires_at)
