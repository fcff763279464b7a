"""Sample services, doctors and schedules, so that there is something to book while one develops.

No hospital has said any of it. So production gets none of them: there the desks write their own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

from api.health.directory.facility import FacilityLibrary
from api.health.directory.records import (
    Facility,
    FacilityLevel,
    HealthcareService,
    Payment,
    Practitioner,
    ServiceMode,
)
from api.health.directory.repository import DirectoryRepository
from api.health.schedules.making import SlotMaking
from api.health.schedules.records import Schedule, WeeklySession
from api.health.schedules.repository import ScheduleRepository
from api.health.specialties import SPECIALTIES
from api.kit.clock import Clock
from api.kit.errors import N_
from api.kit.formats import day_in_vietnam
from api.kit.ids import derived_id
from api.kit.store import Store
from api.kit.transactions import transact
from locales import AVAILABLE, translator

DAYS_MADE = 14
"""The worker makes the rest, which takes longer than anybody wants to wait for a seed."""
_NOT_BOOKED = frozenset({"emergency", "intensive_care", "laboratory", "imaging"})
_FAMILY_NAMES = ("Nguyễn", "Giàng", "Lò", "Hoàng", "Vàng", "Trần", "Lý", "Sùng")
_PREPARATION = N_(
    "Bring your health insurance card, an identity paper, and results of earlier examinations."
)
_REMOTE_PREPARATION = N_(
    "Be where it is quiet, with your telephone charged, and your results near."
)
_WORKDAYS = range(1, 6)
_MORNING, _AFTERNOON = (time(7), time(11, 30)), (time(13, 30), time(17))


@dataclass(frozen=True, slots=True)
class Sample:
    """A service with who gives it and when."""

    service: HealthcareService
    practitioner: Practitioner
    schedule: Schedule


async def seed_samples(
    store: Store, library: FacilityLibrary, making: SlotMaking, clock: Clock
) -> int:
    """Add the samples whose service the store does not have; return how many. What is there stays."""
    directory, schedules = DirectoryRepository(store), ScheduleRepository(store)
    wanted = list(samples(library, clock))
    there = await directory.services([it.service.id for it in wanted])
    missing = [it for it in wanted if it.service.id not in there]

    async def add() -> None:
        for sample in missing:
            await directory.add_service(sample.service)
            await directory.add_practitioner(sample.practitioner)
            await schedules.add(sample.schedule)
            await making.begin(sample.schedule)

    await transact(store, add)
    for sample in missing:
        await making.make(sample.schedule, DAYS_MADE)
    return len(missing)


def samples(library: FacilityLibrary, clock: Clock) -> Iterator[Sample]:
    """Yield two services of each facility, and one from afar of each provincial one."""
    for facility in library.facilities.values():
        first, *others = [it for it in facility.specialties if it not in _NOT_BOOKED]
        yield _sample(facility, first, ServiceMode.IN_PERSON, clock, (_MORNING, _AFTERNOON))
        for second in others[:1]:
            yield _sample(facility, second, ServiceMode.IN_PERSON, clock, (_AFTERNOON,))
        if facility.level is FacilityLevel.PROVINCIAL:
            yield _sample(facility, first, ServiceMode.REMOTE, clock, (_AFTERNOON,))


def _sample(
    facility: Facility,
    specialty: str,
    mode: ServiceMode,
    clock: Clock,
    hours: tuple[tuple[time, time], ...],
) -> Sample:
    key = ("health sample", facility.id, specialty, mode.value)
    service = HealthcareService(
        id=derived_id(*key, "service"),
        facility_id=facility.id,
        specialty=specialty,
        names=_texts(SPECIALTIES[specialty].name),
        preparation=_texts(_REMOTE_PREPARATION if mode is ServiceMode.REMOTE else _PREPARATION),
        mode=mode,
        payments=tuple(Payment),
        price_dong=None,
        is_active=True,
    )
    practitioner = _practitioner(service, derived_id(*key, "practitioner"))
    schedule = Schedule(
        id=derived_id(*key, "schedule"),
        facility_id=facility.id,
        service_id=service.id,
        practitioner_id=practitioner.id,
        sessions=tuple(
            WeeklySession(weekday, opens, closes, slot_minutes=30, capacity=2, overbooking=0)
            for weekday in _WORKDAYS
            for opens, closes in hours
        ),
        absences=(),
        first_day=day_in_vietnam(clock()),
        last_day=None,
        works_on_holidays=False,
        made_until=None,
    )
    return Sample(service, practitioner, schedule)


def _practitioner(service: HealthcareService, practitioner_id: str) -> Practitioner:
    """Return somebody who does not exist: "Mẫu" means sample."""
    family_name = _FAMILY_NAMES[sum(practitioner_id.encode()) % len(_FAMILY_NAMES)]
    return Practitioner(
        id=practitioner_id,
        facility_id=service.facility_id,
        name=f"{family_name} Thị Mẫu",
        qualification="Bác sĩ (dữ liệu mẫu)",
        specialties=(service.specialty,),
        languages=("vi", "en") if service.mode is ServiceMode.REMOTE else ("vi",),
        is_active=True,
    )


def _texts(message: str) -> dict[str, str]:
    return {language: translator(language)(message) for language in AVAILABLE}
