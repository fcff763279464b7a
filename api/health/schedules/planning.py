"""Which sessions and places a schedule makes on which days: pure rules, without store and clock."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from api.health.directory.records import HealthcareService, Practitioner, ServiceMode
from api.health.schedules.records import ClinicSession, Schedule, SessionState, WeeklySession
from api.health.schedules.session_repository import session_id_of
from api.health.slots.records import Slot
from api.health.slots.repository import slot_id_of
from api.kit.formats import VIETNAM_TIME
from api.tourism.opening.holidays import HolidayCalendar

DAYS_AHEAD = 90
"""For so many days from today there are places."""
_SPOKEN_BY_WHOEVER_IS_THERE = ("vi",)


@dataclass(frozen=True, slots=True)
class Offer:
    """A schedule with what it is of. `practitioner` is None where the schedule names none."""

    schedule: Schedule
    service: HealthcareService
    practitioner: Practitioner | None

    @property
    def is_given(self) -> bool:
        """Tell whether service and practitioner still work."""
        return self.service.is_active and (self.practitioner is None or self.practitioner.is_active)


@dataclass(frozen=True, slots=True)
class Plan:
    """What there should be, by time."""

    sessions: tuple[ClinicSession, ...]
    slots: tuple[Slot, ...]


def days_from(first: date, count: int) -> list[date]:
    return [first + timedelta(days=number) for number in range(count)]


def works_on(schedule: Schedule, day: date, holidays: HolidayCalendar) -> bool:
    """Tell whether a schedule has its sessions of that weekday on a day."""
    if day < schedule.first_day or (schedule.last_day is not None and day > schedule.last_day):
        return False
    if holidays.name_of(day) is not None and not schedule.works_on_holidays:
        return False
    return not any(absence.first <= day <= absence.last for absence in schedule.absences)


def planned(offer: Offer, days: Iterable[date], holidays: HolidayCalendar, now: datetime) -> Plan:
    """Return the sessions and places of some days, none of which begins at or before `now`."""
    sessions: list[ClinicSession] = []
    slots: list[Slot] = []
    for day in days if offer.is_given else ():
        if not works_on(offer.schedule, day, holidays):
            continue
        for weekly in offer.schedule.sessions:
            if weekly.weekday != day.isoweekday():
                continue
            session = _session(offer.schedule, weekly, day)
            to_come = [it for it in _slots(offer, weekly, session) if it.start > now]
            if to_come:
                sessions.append(session)
                slots += to_come
    return Plan(tuple(sessions), tuple(slots))


def slot_count(weekly: WeeklySession) -> int:
    """Return how many places one such session has, one after the other."""
    opens = timedelta(hours=weekly.opens.hour, minutes=weekly.opens.minute)
    closes = timedelta(hours=weekly.closes.hour, minutes=weekly.closes.minute)
    return max(0, (closes - opens) // timedelta(minutes=weekly.slot_minutes))


def _session(schedule: Schedule, weekly: WeeklySession, day: date) -> ClinicSession:
    start = datetime.combine(day, weekly.opens, VIETNAM_TIME).astimezone(UTC)
    return ClinicSession(
        id=session_id_of(schedule.id, start),
        schedule_id=schedule.id,
        facility_id=schedule.facility_id,
        service_id=schedule.service_id,
        practitioner_id=schedule.practitioner_id,
        start=start,
        end=datetime.combine(day, weekly.closes, VIETNAM_TIME).astimezone(UTC),
        state=SessionState.OPEN,
        next_number=1,
        delay_minutes=0,
    )


def _slots(offer: Offer, weekly: WeeklySession, session: ClinicSession) -> Iterator[Slot]:
    languages = offer.practitioner.languages if offer.practitioner else _SPOKEN_BY_WHOEVER_IS_THERE
    capacity = weekly.capacity + weekly.overbooking
    length = timedelta(minutes=weekly.slot_minutes)
    for number in range(slot_count(weekly)):
        start = session.start + number * length
        yield Slot(
            id=slot_id_of(session.schedule_id, start),
            facility_id=session.facility_id,
            service_id=session.service_id,
            schedule_id=session.schedule_id,
            session_id=session.id,
            practitioner_id=session.practitioner_id,
            specialty=offer.service.specialty,
            is_remote=offer.service.mode is ServiceMode.REMOTE,
            languages=languages,
            start=start,
            end=start + length,
            capacity=capacity,
            room=capacity,
            is_open=True,
        )
