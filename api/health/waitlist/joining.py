"""A person begins to wait for a place, for herself or somebody she acts for, and leaves again."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from api.accounts.caller import Caller
from api.accounts.errors import NotSignedIn
from api.accounts.people.repository import AccountRepository
from api.health.appointments.changes import AppointmentChanges
from api.health.appointments.consent import HealthConsent
from api.health.appointments.patients import Patients
from api.health.appointments.records import AppointmentStatus, CancelledBy
from api.health.appointments.repository import AppointmentRepository
from api.health.directory.facility import FacilityLibrary
from api.health.directory.repository import DirectoryRepository
from api.health.specialties import SPECIALTIES
from api.health.waitlist.errors import InvalidWish, TooManyWishes, WaitsAlready, WishNotFound
from api.health.waitlist.repository import WaitlistRepository
from api.health.waitlist.wish import OPEN, PartOfDay, Wish, WishState
from api.kit.clock import Clock
from api.kit.formats import day_in_vietnam
from api.kit.idempotency import Idempotency
from api.kit.ids import is_id, new_id
from api.kit.store import DuplicateKey, WriteConflict

WISHES_AT_MOST = 5
"""Of a person, for all whom she acts for."""
DAYS_AHEAD_AT_MOST = 90


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody would wait for: a service, or any of a facility's specialty."""

    service_id: str | None
    facility_id: str | None
    specialty: str | None
    dependant_id: str | None
    first: date
    last: date
    part_of_day: PartOfDay
    language: str


@dataclass(frozen=True, slots=True)
class WaitlistStores:
    """What joining reads and writes."""

    waitlist: WaitlistRepository
    appointments: AppointmentRepository
    accounts: AccountRepository
    directory: DirectoryRepository
    library: FacilityLibrary


class Joining:
    def __init__(
        self,
        stores: WaitlistStores,
        patients: Patients,
        consent: HealthConsent,
        changes: AppointmentChanges,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._in = stores
        self._patients = patients
        self._consent = consent
        self._changes = changes
        self._idempotency = idempotency
        self._clock = clock

    async def join(self, caller: Caller, wanted: Wanted, idempotency_key: str) -> Wish:
        """Begin to wait; the same call again answers the same.

        Raises NotSignedIn, InvalidWish, PatientNotFound, PatientHasNoName, HealthConsentMissing,
        WaitsAlready, TooManyWishes and IdempotencyProblem.
        """
        person_id = caller.person()

        async def work() -> dict[str, Any]:
            wish = await self._wish(person_id, wanted)
            if not await self._in.accounts.hold(person_id):
                raise NotSignedIn
            await self._end_those_that_are_over(wish)
            if await self._in.waitlist.count_open(person_id) >= WISHES_AT_MOST:
                raise TooManyWishes(most=WISHES_AT_MOST)
            try:
                await self._in.waitlist.add(wish)
            except DuplicateKey as error:
                raise WaitsAlready from error
            return {"id": wish.id}

        result = await self._idempotency.once(
            person_id, "joinWaitlist", idempotency_key, _asked(wanted), work
        )
        return await self._own(person_id, result["id"])

    async def leave(self, caller: Caller, wish_id: str, idempotency_key: str) -> Wish:
        """Wait no more; a place that is offered at this moment goes to the next.

        Raises NotSignedIn, WishNotFound, IdempotencyProblem.
        """
        person_id = caller.person()

        async def work() -> dict[str, Any]:
            wish = await self._own(person_id, wish_id)
            if wish.state in OPEN:
                await self._left(wish)
            return {"id": wish.id}

        await self._idempotency.once(
            person_id, "leaveWaitlist", idempotency_key, {"id": wish_id}, work
        )
        return await self._own(person_id, wish_id)

    async def mine(self, caller: Caller) -> list[Wish]:
        """Return what the caller waits and waited for, the newest first. Raises NotSignedIn."""
        found = await self._in.waitlist.of_person(caller.person())
        return [self._as_it_is(wish) for wish in found]

    async def ahead_of(self, wish: Wish) -> int:
        """Return how many wait for the same and came earlier."""
        return await self._in.waitlist.ahead_of(wish) if wish.state in OPEN else 0

    async def _left(self, wish: Wish) -> None:
        gone = replace(wish, state=WishState.LEFT, offer=None)
        if await self._in.waitlist.replace(gone) is None:
            raise WriteConflict
        held = await self._in.appointments.get(wish.offer) if wish.offer else None
        if held is not None and held.status is AppointmentStatus.PENDING:
            await self._changes.cancel(held, CancelledBy.PATIENT)

    async def _wish(self, person_id: str, wanted: Wanted) -> Wish:
        """Return the wish as it is kept. Raises what `join` does."""
        facility_id, specialty = await self._place(wanted)
        self._check_days(wanted)
        patient = await self._patients.of(person_id, wanted.dependant_id)
        await self._consent.check(person_id, wanted.dependant_id)
        return Wish(
            id=new_id(),
            person_id=person_id,
            dependant_id=wanted.dependant_id,
            patient_key=patient.key,
            facility_id=facility_id,
            specialty=specialty,
            service_id=wanted.service_id,
            first=wanted.first,
            last=wanted.last,
            part_of_day=wanted.part_of_day,
            language=wanted.language,
            state=WishState.WAITING,
            joined_at=self._clock(),
        )

    async def _place(self, wanted: Wanted) -> tuple[str, str]:
        """Return facility and specialty. Raises InvalidWish."""
        if wanted.service_id is not None:
            found = is_id(wanted.service_id)
            service = await self._in.directory.service(wanted.service_id) if found else None
            if service is None or not service.is_active:
                raise _invalid("serviceId")
            return service.facility_id, service.specialty
        facility_id, specialty = wanted.facility_id or "", wanted.specialty or ""
        if facility_id not in self._in.library.facilities:
            raise _invalid("facilityId")
        if specialty not in SPECIALTIES:
            raise _invalid("specialty")
        return facility_id, specialty

    def _check_days(self, wanted: Wanted) -> None:
        today = day_in_vietnam(self._clock())
        if not today <= wanted.last or wanted.first > wanted.last:
            raise _invalid("to")
        if wanted.last > today + timedelta(days=DAYS_AHEAD_AT_MOST):
            raise _invalid("to")

    async def _end_those_that_are_over(self, new: Wish) -> None:
        """Note of wishes whose days went by that they are over: the new one may stand beside them."""
        others = await self._in.waitlist.of_person(new.person_id)
        same = await self._in.waitlist.open_of_patient(
            new.patient_key, new.facility_id, new.specialty
        )
        if same is not None and same.person_id != new.person_id:
            others.append(same)
        for wish in others:
            lapsed = self._as_it_is(wish)
            if lapsed != wish and await self._in.waitlist.replace(lapsed) is None:
                raise WriteConflict

    def _as_it_is(self, wish: Wish) -> Wish:
        """Return a wish whose last day went by as lapsed: no job notes it."""
        is_over = wish.state is WishState.WAITING and wish.ends_at <= self._clock()
        return replace(wish, state=WishState.LAPSED) if is_over else wish

    async def _own(self, person_id: str, wish_id: str) -> Wish:
        wish = await self._in.waitlist.get(wish_id)
        if wish is None or wish.person_id != person_id:
            raise WishNotFound
        return self._as_it_is(wish)


def _invalid(field: str) -> InvalidWish:
    return InvalidWish(field, days=DAYS_AHEAD_AT_MOST)


def _asked(wanted: Wanted) -> dict[str, Any]:
    return {
        "service": wanted.service_id,
        "facility": wanted.facility_id,
        "specialty": wanted.specialty,
        "dependant": wanted.dependant_id,
        "first": wanted.first.isoformat(),
        "last": wanted.last.isoformat(),
        "part": wanted.part_of_day.value,
        "language": wanted.language,
    }
