"""A facility with a service, a doctor, a session and its places, put into a store as they are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from api.health.directory.records import HealthcareService, Payment, Practitioner, ServiceMode
from api.health.directory.repository import DirectoryRepository
from api.health.schedules.records import (
    Absence,
    ClinicSession,
    Schedule,
    SessionState,
    WeeklySession,
)
from api.health.schedules.repository import ScheduleRepository
from api.health.schedules.session_repository import SessionRepository, session_id_of
from api.health.slots.records import Slot
from api.health.slots.repository import SlotRepository, slot_id_of
from api.kit.formats import day_in_vietnam
from api.kit.ids import new_id
from api.kit.store import Store

FACILITY, ELSEWHERE = "bvdk-khu-vuc-sa-pa", "bvdk-khu-vuc-bac-ha"
MONDAY = datetime(2026, 5, 4, tzinfo=UTC)
"""7:00 in Vietnam of the first working day after tests.conftest.NOW."""


@dataclass(frozen=True, slots=True)
class Clinic:
    """What `a_clinic` put into the store; `slots` by time."""

    service: HealthcareService
    practitioner: Practitioner
    schedule: Schedule
    session: ClinicSession
    slots: tuple[Slot, ...]


def a_service(
    facility: str = FACILITY,
    *,
    specialty: str = "general",
    mode: ServiceMode = ServiceMode.IN_PERSON,
    payments: Sequence[Payment] = (Payment.INSURANCE, Payment.SELF_PAY),
) -> HealthcareService:
    return HealthcareService(
        id=new_id(),
        facility_id=facility,
        specialty=specialty,
        names={"vi": "Khám bệnh", "en": "Consultation"},
        preparation={"vi": "Mang theo thẻ BHYT.", "en": "Bring your insurance card."},
        mode=mode,
        payments=tuple(payments),
        price_dong=150_000,
        is_active=True,
    )


def a_practitioner(
    facility: str = FACILITY,
    *,
    specialty: str = "general",
    languages: Sequence[str] = ("vi", "en"),
    name: str = "BS. Trần Thị Mẫu",
) -> Practitioner:
    return Practitioner(
        id=new_id(),
        facility_id=facility,
        name=name,
        qualification="BSCKI",
        specialties=(specialty,),
        languages=tuple(languages),
        is_active=True,
    )


def a_schedule(
    service: HealthcareService, practitioner: Practitioner, *sessions: WeeklySession
) -> Schedule:
    return Schedule(
        id=new_id(),
        facility_id=service.facility_id,
        service_id=service.id,
        practitioner_id=practitioner.id,
        sessions=sessions or (a_weekly_session(),),
        absences=(),
        first_day=day_in_vietnam(MONDAY),
        last_day=None,
        works_on_holidays=False,
        made_until=None,
    )


def a_weekly_session(
    weekday: int = 1,
    opens: time = time(7),
    closes: time = time(8),
    *,
    slot_minutes: int = 15,
    capacity: int = 1,
    overbooking: int = 0,
) -> WeeklySession:
    return WeeklySession(weekday, opens, closes, slot_minutes, capacity, overbooking)


async def a_clinic(
    store: Store,
    facility: str = FACILITY,
    *,
    specialty: str = "general",
    places: int = 4,
    capacity: int = 1,
    start: datetime = MONDAY,
    minutes: int = 15,
    mode: ServiceMode = ServiceMode.IN_PERSON,
    payments: Sequence[Payment] = (Payment.INSURANCE, Payment.SELF_PAY),
    languages: Sequence[str] = ("vi", "en"),
    absences: Sequence[Absence] = (),
) -> Clinic:
    """Put a session of some places into the store, which begins at `start`; nothing else is made."""
    service = a_service(facility, specialty=specialty, mode=mode, payments=payments)
    practitioner = a_practitioner(facility, specialty=specialty, languages=languages)
    schedule = replace(a_schedule(service, practitioner), absences=tuple(absences))
    session = _session(schedule, start, start + timedelta(minutes=minutes * places))
    first = _first_slot(session, service, practitioner, minutes, capacity)
    slots = [_later(first, timedelta(minutes=minutes * number)) for number in range(places)]
    directory = DirectoryRepository(store)
    await directory.add_service(service)
    await directory.add_practitioner(practitioner)
    await ScheduleRepository(store).add(schedule)
    await SessionRepository(store).make([session])
    await SlotRepository(store).make(slots)
    return Clinic(service, practitioner, schedule, session, tuple(slots))


def _session(schedule: Schedule, start: datetime, end: datetime) -> ClinicSession:
    return ClinicSession(
        id=session_id_of(schedule.id, start),
        schedule_id=schedule.id,
        facility_id=schedule.facility_id,
        service_id=schedule.service_id,
        practitioner_id=schedule.practitioner_id,
        start=start,
        end=end,
        state=SessionState.OPEN,
        next_number=1,
        delay_minutes=0,
    )


def _first_slot(
    session: ClinicSession,
    service: HealthcareService,
    practitioner: Practitioner,
    minutes: int,
    capacity: int,
) -> Slot:
    return Slot(
        id=slot_id_of(session.schedule_id, session.start),
        facility_id=session.facility_id,
        service_id=service.id,
        schedule_id=session.schedule_id,
        session_id=session.id,
        practitioner_id=practitioner.id,
        specialty=service.specialty,
        is_remote=service.mode is ServiceMode.REMOTE,
        languages=practitioner.languages,
        start=session.start,
        end=session.start + timedelta(minutes=minutes),
        capacity=capacity,
        room=capacity,
        is_open=True,
    )


def _later(slot: Slot, by: timedelta) -> Slot:
    start = slot.start + by
    return replace(slot, id=slot_id_of(slot.schedule_id, start), start=start, end=slot.end + by)
