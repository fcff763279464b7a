"""How many places people and patients may have, counted whenever a place is taken.

The caps hold in races: whoever counts a person's appointments holds the account, and whoever counts a
patient's takes a turn of the patient's in the same transaction; of two at once the second counts anew.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from api.accounts.errors import NotSignedIn
from api.accounts.people.repository import AccountRepository
from api.health.appointments.errors import (
    BookingRestricted,
    PatientDayFull,
    SameSpecialtyBooked,
    TooManyBooked,
    TooManyHolds,
    TooManyLetGo,
    TooManyPatients,
)
from api.health.appointments.patients import Patient
from api.health.appointments.records import Appointment, AppointmentStatus, CancelledBy
from api.health.appointments.repository import AppointmentRepository
from api.health.directory.repository import DirectoryRepository
from api.health.slots.records import Slot
from api.kit.clock import Clock
from api.kit.formats import VIETNAM_TIME, day_in_vietnam
from api.kit.store import CollectionSpec, DuplicateKey, Index, Store, WriteConflict

HOLDS_AT_MOST: Final = 3
"""Of a person, at once."""
LET_GO_AT_MOST: Final = 20
"""Places that a person held on one day and did not book: who holds one place again and again keeps it
from everybody, without ever coming."""
AHEAD_AT_MOST: Final = 6
"""Appointments of a person that have not begun, held ones included."""
PATIENTS_A_DAY: Final = 4
"""Different patients for whom a person takes places on one day, kept or not: a broker has more."""
PATIENT_A_DAY: Final = 3
"""Appointments of a patient on one day; of one specialty at one facility it is one."""
MISSED_AT_MOST: Final = 3
MISSED_WITHIN: Final = timedelta(days=90)
RESTRICTED_FOR: Final = timedelta(days=30)
"""After the last missed appointment."""
RESTRICTED_TO: Final = timedelta(days=3)
"""Places that far ahead can be booked all the same."""

_TURN_KEPT_FOR = timedelta(days=1)
PATIENT_TURNS = CollectionSpec(
    "health_patient_turns", (Index(("kept_until",), expire_after_seconds=0),)
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a patient would have. `instead`: the appointment that it replaces, which does not count."""

    slot: Slot
    instead: str | None = None


class Caps:
    def __init__(
        self,
        store: Store,
        accounts: AccountRepository,
        appointments: AppointmentRepository,
        directory: DirectoryRepository,
        clock: Clock,
    ) -> None:
        self._turns = store[PATIENT_TURNS]
        self._accounts = accounts
        self._appointments = appointments
        self._directory = directory
        self._clock = clock

    async def check(self, patient: Patient, wanted: Wanted) -> None:
        """Count what the person and the patient have; joins the open transaction.

        Raises TooManyHolds, TooManyLetGo, TooManyBooked, TooManyPatients, SameSpecialtyBooked,
        PatientDayFull, BookingRestricted; NotSignedIn when the account is leaving.
        """
        if patient.person_id is not None:
            await self._check_person(patient.person_id, patient, wanted)
        for key in patient.keys:
            await self._take_turn(key)
        await self._check_patient(patient, wanted)
        await self._check_missed(patient, wanted.slot)

    async def _check_person(self, person_id: str, patient: Patient, wanted: Wanted) -> None:
        if not await self._accounts.hold(person_id):
            raise NotSignedIn
        now = self._clock()
        ahead = _without(
            wanted.instead, await self._appointments.upcoming_of_booker(person_id, now)
        )
        if wanted.instead is None and sum(map(_is_held, ahead)) >= HOLDS_AT_MOST:
            raise TooManyHolds(most=HOLDS_AT_MOST)
        if len(ahead) >= AHEAD_AT_MOST:
            raise TooManyBooked(most=AHEAD_AT_MOST)
        midnight = datetime.combine(day_in_vietnam(now), datetime.min.time(), VIETNAM_TIME)
        today = await self._appointments.made_by(person_id, midnight)
        others = {one.patient_key for one in today} - set(patient.keys)
        if len(others) >= PATIENTS_A_DAY:
            raise TooManyPatients(most=PATIENTS_A_DAY)
        if wanted.instead is None and sum(map(_is_let_go, today)) >= LET_GO_AT_MOST:
            raise TooManyLetGo(most=LET_GO_AT_MOST)

    async def _check_patient(self, patient: Patient, wanted: Wanted) -> None:
        day = day_in_vietnam(wanted.slot.start)
        ahead = await self._upcoming(patient)
        that_day = [
            one for one in _without(wanted.instead, ahead) if day_in_vietnam(one.start) == day
        ]
        if len(that_day) >= PATIENT_A_DAY:
            raise PatientDayFull(most=PATIENT_A_DAY)
        here = [one for one in that_day if one.facility_id == wanted.slot.facility_id]
        if wanted.slot.specialty in await self._specialties(here):
            raise SameSpecialtyBooked

    async def _specialties(self, appointments: Sequence[Appointment]) -> Collection[str]:
        services = await self._directory.services([one.service_id for one in appointments])
        return {service.specialty for service in services.values()}

    async def _check_missed(self, patient: Patient, slot: Slot) -> None:
        now = self._clock()
        since = now - MISSED_WITHIN - RESTRICTED_FOR
        missed = await self._missed(patient, since)
        if len(missed) < MISSED_AT_MOST or slot.start <= now + RESTRICTED_TO:
            return
        last, first = missed[0].start, missed[-1].start
        until = last + RESTRICTED_FOR
        if last - first <= MISSED_WITHIN and now < until:
            raise BookingRestricted(
                int((until - now).total_seconds()),
                missed=MISSED_AT_MOST,
                window=MISSED_WITHIN.days,
                days=RESTRICTED_FOR.days,
                ahead=RESTRICTED_TO.days,
            )

    async def _upcoming(self, patient: Patient) -> Collection[Appointment]:
        """Return what a patient has, also under a paper that was on file and is not any more."""
        now = self._clock()
        found = await self._appointments.upcoming_of_patient(*patient.keys, now=now)
        if patient.person_id is None:
            return found
        own = await self._appointments.upcoming_of_booker(patient.person_id, now)
        return _once_each(found, _of_dependant(patient.dependant_id, own))

    async def _missed(self, patient: Patient, since: datetime) -> Sequence[Appointment]:
        """Return to what a patient did not come, as `_upcoming` has it, the latest first."""
        most = MISSED_AT_MOST
        found = await self._appointments.missed(*patient.keys, since=since, limit=most)
        if patient.person_id is None:
            return found
        own = await self._appointments.of_booker(patient.person_id, [AppointmentStatus.NOSHOW])
        late = [one for one in _of_dependant(patient.dependant_id, own) if one.start >= since]
        return sorted(_once_each(found, late), key=lambda it: it.start, reverse=True)[:most]

    async def _take_turn(self, key: str) -> None:
        kept_until = self._clock() + _TURN_KEPT_FOR
        taken = await self._turns.update_one(
            {"_id": key}, {"$inc": {"turn": 1}, "$set": {"kept_until": kept_until}}
        )
        if taken is not None:
            return
        try:
            await self._turns.insert({"_id": key, "turn": 1, "kept_until": kept_until})
        except DuplicateKey as error:
            raise WriteConflict from error


def _is_held(appointment: Appointment) -> bool:
    return appointment.status is AppointmentStatus.PENDING


def _is_let_go(appointment: Appointment) -> bool:
    is_over = appointment.cancelled_by in (CancelledBy.PATIENT, CancelledBy.HOLD_EXPIRED)
    return is_over and appointment.booked_at is None


def _of_dependant(dependant_id: str | None, own: Sequence[Appointment]) -> list[Appointment]:
    return [one for one in own if one.dependant_id == dependant_id]


def _once_each(*some: Sequence[Appointment]) -> Collection[Appointment]:
    return {one.id: one for found in some for one in found}.values()


def _without(appointment_id: str | None, found: Iterable[Appointment]) -> list[Appointment]:
    return [one for one in found if one.id != appointment_id]
