import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Annotated, Self

import strawberry

from api.context import Info
from api.health.directory.mutations_schema import AFFECTED, KEY, VERSION
from api.health.health_error import HealthError
from api.health.schedules.checking import (
    CAPACITY_AT_MOST,
    NOTE_CHARACTERS_AT_MOST,
    SLOT_MINUTES_AT_LEAST,
    SLOT_MINUTES_AT_MOST,
)
from api.health.schedules.differences import patients_of
from api.health.schedules.editing import Replanned
from api.health.schedules.errors import InvalidSchedule
from api.health.schedules.records import Absence as AbsenceRecord
from api.health.schedules.records import Schedule as ScheduleRecord
from api.health.schedules.records import WeeklySession as WeeklySessionRecord
from api.health.slots.records import Slot as SlotRecord
from api.kit.pagination import After, Connection, First
from api.tourism.records import Weekday

_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_NUMBERS: Mapping[Weekday, int] = {day: number for number, day in enumerate(Weekday, 1)}
_WEEKDAYS: Mapping[int, Weekday] = {number: day for day, number in _NUMBERS.items()}
_MINUTES = f"How long a place takes, {SLOT_MINUTES_AT_LEAST} to {SLOT_MINUTES_AT_MOST}."
_CAPACITY = f"How many patients have the same place, 1 to {CAPACITY_AT_MOST}."
_OVERBOOKING = "How many more than that may be booked; not more than `capacity`."
_HOLIDAYS = "True: also on public holidays."


@strawberry.type(description="A part of a weekday, on Vietnam's clocks.")
class WeeklySession:
    weekday: Weekday
    opens: str = strawberry.field(description="Such as 07:00.")
    closes: str = strawberry.field(description="Such as 11:30.")
    slot_minutes: int
    capacity: int = strawberry.field(description="How many patients have the same place.")
    overbooking: int = strawberry.field(description=_OVERBOOKING)

    @classmethod
    def of(cls, record: WeeklySessionRecord) -> "WeeklySession":
        return cls(
            weekday=_WEEKDAYS[record.weekday],
            opens=f"{record.opens:%H:%M}",
            closes=f"{record.closes:%H:%M}",
            slot_minutes=record.slot_minutes,
            capacity=record.capacity,
            overbooking=record.overbooking,
        )


@strawberry.type(description="Days without sessions, the first and the last included.")
class ScheduleAbsence:
    id: strawberry.ID
    first_day: date
    last_day: date
    note: str

    @classmethod
    def of(cls, record: AbsenceRecord) -> "ScheduleAbsence":
        return cls(
            id=strawberry.ID(record.id),
            first_day=record.first,
            last_day=record.last,
            note=record.note,
        )


@strawberry.type(description="A place that patients have, and the schedule has not any more.")
class AffectedSlot:
    slot_id: strawberry.ID
    session_id: strawberry.ID
    start: datetime
    end: datetime
    patients: int = strawberry.field(description="Who have it, or hold it.")

    @classmethod
    def of(cls, slot: SlotRecord) -> "AffectedSlot":
        return cls(
            slot_id=strawberry.ID(slot.id),
            session_id=strawberry.ID(slot.session_id),
            start=slot.start,
            end=slot.end,
            patients=patients_of(slot),
        )


@strawberry.type(description="When a service is given (FHIR Schedule). For the desk.")
class HealthSchedule:
    id: strawberry.ID
    facility_id: strawberry.ID
    service_id: strawberry.ID
    practitioner_id: strawberry.ID | None = strawberry.field(description="Null: whoever is there.")
    sessions: list[WeeklySession]
    absences: list[ScheduleAbsence]
    first_day: date
    last_day: date | None = strawberry.field(description="Null: until it is ended.")
    works_on_holidays: bool
    made_until: date | None = strawberry.field(description="Up to this day there are places.")
    version: int
    record: strawberry.Private[ScheduleRecord]

    @classmethod
    def of(cls, record: ScheduleRecord) -> "HealthSchedule":
        person = record.practitioner_id
        return cls(
            id=strawberry.ID(record.id),
            facility_id=strawberry.ID(record.facility_id),
            service_id=strawberry.ID(record.service_id),
            practitioner_id=strawberry.ID(person) if person else None,
            sessions=list(map(WeeklySession.of, record.sessions)),
            absences=list(map(ScheduleAbsence.of, record.absences)),
            first_day=record.first_day,
            last_day=record.last_day,
            works_on_holidays=record.works_on_holidays,
            made_until=record.made_until,
            version=record.version,
            record=record,
        )

    @strawberry.field(description="What was promised to patients and is no longer in the plan.")
    async def affected_slots(self, info: Info) -> list[AffectedSlot]:
        found = await info.context.services.health.places.schedules.affected(
            info.context.caller, self.record
        )
        return list(map(AffectedSlot.of, found))


@strawberry.input(description="A part of a weekday, on Vietnam's clocks.")
class WeeklySessionInput:
    weekday: Weekday
    opens: str = strawberry.field(description="Such as 07:00.")
    closes: str = strawberry.field(description="Such as 11:30; not after midnight.")
    slot_minutes: int = strawberry.field(description=_MINUTES)
    capacity: int = strawberry.field(default=1, description=_CAPACITY)
    overbooking: int = strawberry.field(default=0, description=_OVERBOOKING)

    def record(self) -> WeeklySessionRecord:
        """Return it, not checked yet. Raises InvalidSchedule for a time that is none."""
        return WeeklySessionRecord(
            weekday=_NUMBERS[self.weekday],
            opens=_clock(self.opens),
            closes=_clock(self.closes),
            slot_minutes=self.slot_minutes,
            capacity=self.capacity,
            overbooking=self.overbooking,
        )


@strawberry.input
class CreateScheduleInput:
    facility_id: strawberry.ID
    service_id: strawberry.ID
    practitioner_id: strawberry.ID | None = strawberry.field(
        default=None, description="Who has the specialty of the service; null: whoever is there."
    )
    sessions: list[WeeklySessionInput]
    first_day: date
    last_day: date | None = strawberry.field(default=None, description="Null: until it is ended.")
    works_on_holidays: bool = strawberry.field(default=False, description=_HOLIDAYS)
    idempotency_key: str = strawberry.field(description=KEY)

    def record(self) -> ScheduleRecord:
        """Return it, not checked yet. Raises InvalidSchedule."""
        return ScheduleRecord(
            id="",
            facility_id=self.facility_id,
            service_id=self.service_id,
            practitioner_id=self.practitioner_id,
            sessions=tuple(it.record() for it in self.sessions),
            absences=(),
            first_day=self.first_day,
            last_day=self.last_day,
            works_on_holidays=self.works_on_holidays,
            made_until=None,
        )


@strawberry.input(description="What is left out stays as it is.")
class UpdateScheduleInput:
    id: strawberry.ID
    expected_version: int = strawberry.field(description=VERSION)
    sessions: list[WeeklySessionInput] | None = strawberry.UNSET
    works_on_holidays: bool | None = strawberry.field(
        default=strawberry.UNSET, description=_HOLIDAYS
    )
    idempotency_key: str = strawberry.field(description=KEY)

    def change(self, schedule: ScheduleRecord) -> ScheduleRecord:
        """Return what becomes of a schedule, not checked yet. Raises InvalidSchedule."""
        if self.sessions is not strawberry.UNSET and self.sessions is not None:
            schedule = replace(schedule, sessions=tuple(it.record() for it in self.sessions))
        if self.works_on_holidays is not strawberry.UNSET and self.works_on_holidays is not None:
            schedule = replace(schedule, works_on_holidays=self.works_on_holidays)
        return schedule


@strawberry.input
class EndScheduleInput:
    id: strawberry.ID
    expected_version: int = strawberry.field(description=VERSION)
    last_day: date | None = strawberry.field(
        default=None, description="With sessions; null: today."
    )
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input
class AddAbsenceInput:
    schedule_id: strawberry.ID
    expected_version: int = strawberry.field(description=VERSION)
    first_day: date
    last_day: date
    note: str = strawberry.field(
        default="",
        description=f"For the desk: why, without names; at most {NOTE_CHARACTERS_AT_MOST} characters.",
    )
    idempotency_key: str = strawberry.field(description=KEY)

    def record(self) -> AbsenceRecord:
        return AbsenceRecord("", self.first_day, self.last_day, self.note.strip())


@strawberry.input
class RemoveAbsenceInput:
    schedule_id: strawberry.ID
    absence_id: strawberry.ID
    expected_version: int = strawberry.field(description=VERSION)
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.type
class _ScheduleWritten:
    schedule: HealthSchedule
    affected_patients: int = strawberry.field(description=AFFECTED)

    @classmethod
    def of(cls, done: Replanned) -> Self:
        return cls(schedule=HealthSchedule.of(done.schedule), affected_patients=done.affected)


@strawberry.type
class CreateScheduleSuccess(_ScheduleWritten):
    pass


@strawberry.type
class UpdateScheduleSuccess(_ScheduleWritten):
    pass


@strawberry.type
class EndScheduleSuccess(_ScheduleWritten):
    pass


@strawberry.type
class AddAbsenceSuccess(_ScheduleWritten):
    pass


@strawberry.type
class RemoveAbsenceSuccess(_ScheduleWritten):
    pass


CreateScheduleResult = Annotated[
    CreateScheduleSuccess | HealthError, strawberry.union("CreateScheduleResult")
]
UpdateScheduleResult = Annotated[
    UpdateScheduleSuccess | HealthError, strawberry.union("UpdateScheduleResult")
]
EndScheduleResult = Annotated[
    EndScheduleSuccess | HealthError, strawberry.union("EndScheduleResult")
]
AddAbsenceResult = Annotated[AddAbsenceSuccess | HealthError, strawberry.union("AddAbsenceResult")]
RemoveAbsenceResult = Annotated[
    RemoveAbsenceSuccess | HealthError, strawberry.union("RemoveAbsenceResult")
]


@strawberry.type
class SchedulesQuery:
    @strawberry.field(description="The schedules of a facility, ended ones too. For its clerks.")
    async def facility_schedules(
        self, info: Info, facility_id: strawberry.ID, first: First = 20, after: After = None
    ) -> Connection[HealthSchedule]:
        page = await info.context.services.health.places.schedules.page(
            info.context.caller, facility_id, first, after
        )
        return Connection[HealthSchedule].of(page, HealthSchedule.of)


@strawberry.type
class SchedulesMutation:
    @strawberry.mutation(description="Say when a service is given. For clerks of the facility.")
    async def create_schedule(self, info: Info, input: CreateScheduleInput) -> CreateScheduleResult:
        schedules = info.context.services.health.places.schedules
        return CreateScheduleSuccess.of(
            await schedules.create(info.context.caller, input.record(), input.idempotency_key)
        )

    @strawberry.mutation(
        description="Change when a service is given: places nobody has follow, who has one keeps it."
        " For clerks of the facility."
    )
    async def update_schedule(self, info: Info, input: UpdateScheduleInput) -> UpdateScheduleResult:
        schedules = info.context.services.health.places.schedules
        return UpdateScheduleSuccess.of(
            await schedules.change(
                info.context.caller,
                input.id,
                input.expected_version,
                input.change,
                repr(input),
                input.idempotency_key,
            )
        )

    @strawberry.mutation(description="Let a schedule end with a day. For clerks of the facility.")
    async def end_schedule(self, info: Info, input: EndScheduleInput) -> EndScheduleResult:
        schedules = info.context.services.health.places.schedules
        return EndScheduleSuccess.of(
            await schedules.end(
                info.context.caller,
                input.id,
                input.expected_version,
                input.last_day,
                input.idempotency_key,
            )
        )

    @strawberry.mutation(description="Take days out of a schedule. For clerks of the facility.")
    async def add_absence(self, info: Info, input: AddAbsenceInput) -> AddAbsenceResult:
        schedules = info.context.services.health.places.schedules
        return AddAbsenceSuccess.of(
            await schedules.add_absence(
                info.context.caller,
                input.schedule_id,
                input.expected_version,
                input.record(),
                input.idempotency_key,
            )
        )

    @strawberry.mutation(description="Put days back into a schedule. For clerks of the facility.")
    async def remove_absence(self, info: Info, input: RemoveAbsenceInput) -> RemoveAbsenceResult:
        schedules = info.context.services.health.places.schedules
        return RemoveAbsenceSuccess.of(
            await schedules.remove_absence(
                info.context.caller,
                input.schedule_id,
                input.expected_version,
                input.absence_id,
                input.idempotency_key,
            )
        )


def _clock(text: str) -> time:
    if not _CLOCK.fullmatch(text):
        raise InvalidSchedule("sessions")
    return time.fromisoformat(text)
