from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from api.accounts.caller import Caller
from api.accounts.identity_papers.numbers import IdentityNumber, IdentityPaperKind
from api.accounts.identity_papers.repository import IdentityPaper, IdentityPaperRepository
from api.context import Services
from api.health.appointments.booking import Wish
from api.health.appointments.caps import LET_GO_AT_MOST, Caps
from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.directory.records import Payment
from api.health.slots.records import Slot
from api.kit.errors import DomainError
from tests.accounts.people import new_key
from tests.conftest import NOW, MovableClock
from tests.health.appointments import an_appointment
from tests.health.booking import a_booker, hold
from tests.health.patients import a_person, a_relative
from tests.health.places import ELSEWHERE, FACILITY, MONDAY, Clinic, a_clinic

DAY = timedelta(days=1)
FAR = MONDAY + 4 * DAY
WISH = Wish(None, Payment.SELF_PAY, "vi")
CCCD = IdentityNumber(IdentityPaperKind.CCCD, "010160004417")


class Booker:
    """Somebody who tries to have places; `tries` answers with what each was answered."""

    def __init__(self, services: Services, caller: Caller) -> None:
        self.booking = services.health.booking
        self.caller = caller

    async def tries(self, *slots: Slot, patient: str | None = None) -> list[str]:
        return [await self._one(slot, patient) for slot in slots]

    async def books(self, *slots: Slot, patient: str | None = None) -> list[Appointment]:
        return [await self._book(slot, patient) for slot in slots]

    async def _one(self, slot: Slot, patient: str | None) -> str:
        try:
            held = await self.booking.holding.hold(self.caller, slot.id, patient, "vi", new_key())
        except DomainError as refusal:
            return type(refusal).__name__
        return held.status.name

    async def _book(self, slot: Slot, patient: str | None) -> Appointment:
        held = await self.booking.holding.hold(self.caller, slot.id, patient, "vi", new_key())
        return await self.booking.booking.book(self.caller, held.id, WISH, new_key())


@pytest.fixture
async def mai(services: Services) -> Booker:
    return await a_new_booker(services)


async def a_new_booker(services: Services) -> Booker:
    return Booker(services, await a_person(services.store, services.sealer))


async def relative_of(services: Services, booker: Booker) -> str:
    return await a_relative(services.store, services.sealer, booker.caller)


async def clinics_on(services: Services, days: Sequence[int]) -> list[Clinic]:
    """Return a clinic for each day, so many days after MONDAY."""
    return [await a_clinic(services.store, start=MONDAY + day * DAY) for day in days]


async def test_a_person_holds_three_places_at_once(services: Services, mai: Booker) -> None:
    clinics = await clinics_on(services, range(4))

    answers = await mai.tries(*(it.slots[0] for it in clinics))

    assert answers == ["PENDING", "PENDING", "PENDING", "TooManyHolds"]


async def test_a_place_is_not_held_again_and_again(
    services: Services, mai: Booker, clock: MovableClock
) -> None:
    (clinic,) = await clinics_on(services, [0])
    slot = clinic.slots[0]
    for _ in range(LET_GO_AT_MOST):
        assert await mai.tries(slot) == ["PENDING"]
        clock.advance(minutes=6)

    answers = await mai.tries(slot)
    clock.advance(days=1)
    tomorrow = await mai.tries(slot)

    assert answers == ["TooManyLetGo"]
    assert tomorrow == ["PENDING"]


async def test_what_was_booked_is_not_counted_as_let_go(services: Services, mai: Booker) -> None:
    (clinic,) = await clinics_on(services, [0])
    for _ in range(LET_GO_AT_MOST):
        (booked,) = await mai.books(clinic.slots[0])
        await mai.booking.cancelling.cancel(mai.caller, booked.id, new_key())

    assert await mai.tries(clinic.slots[0]) == ["PENDING"]


async def test_a_person_has_six_appointments_ahead(services: Services, mai: Booker) -> None:
    clinics = await clinics_on(services, range(7))
    booked = await mai.books(*(it.slots[0] for it in clinics[:6]))

    seventh = await mai.tries(clinics[6].slots[0])
    await mai.booking.cancelling.cancel(mai.caller, booked[0].id, new_key())

    assert seventh == ["TooManyBooked"]
    assert await mai.tries(clinics[6].slots[0]) == ["PENDING"]


async def test_a_patient_has_one_place_of_a_specialty_at_a_facility_a_day(
    services: Services, mai: Booker
) -> None:
    here = await a_clinic(services.store, FACILITY)
    (tomorrow,) = await clinics_on(services, [1])
    dentist = await a_clinic(services.store, FACILITY, specialty="dentistry")
    elsewhere = await a_clinic(services.store, ELSEWHERE)
    await mai.books(here.slots[0])

    same = await mai.tries(here.slots[1])
    others = await mai.tries(tomorrow.slots[0], dentist.slots[1], elsewhere.slots[2])

    assert same == ["SameSpecialtyBooked"]
    assert others == ["PENDING", "PENDING", "PENDING"]


async def test_a_patient_has_three_appointments_a_day(services: Services, mai: Booker) -> None:
    kinds = ("general", "dentistry", "cardiology", "neurology")
    clinics = [await a_clinic(services.store, specialty=kind) for kind in kinds]
    await mai.books(*(it.slots[0] for it in clinics[:3]))

    assert await mai.tries(clinics[3].slots[0]) == ["PatientDayFull"]


async def test_a_person_takes_places_for_four_patients_a_day(
    services: Services, mai: Booker, clock: MovableClock
) -> None:
    clinics = await clinics_on(services, range(5))
    relatives = [await relative_of(services, mai) for _ in range(4)]
    for clinic, patient in zip(clinics, relatives, strict=False):
        held = await mai.booking.holding.hold(
            mai.caller, clinic.slots[0].id, patient, "vi", new_key()
        )
        await mai.booking.holding.release(mai.caller, held.id, new_key())

    fifth = await mai.tries(clinics[4].slots[0])
    again = await mai.tries(clinics[4].slots[0], patient=relatives[0])
    clock.advance(days=1)

    assert (fifth, again) == (["TooManyPatients"], ["PENDING"])
    assert await mai.tries(clinics[4].slots[0]) == ["PENDING"]


async def test_a_patient_with_a_paper_on_file_is_one_whoever_books(
    services: Services, mai: Booker
) -> None:
    clinic = await a_clinic(services.store)
    aunt = await a_new_booker(services)
    mother, sister = await relative_of(services, mai), await relative_of(services, aunt)
    papers = IdentityPaperRepository(services.store, services.sealer)
    for person, subject in ((mai.caller, mother), (aunt.caller, sister)):
        await papers.put(IdentityPaper(person.person(), subject, CCCD, NOW))
    await mai.books(clinic.slots[0], patient=mother)

    assert await aunt.tries(clinic.slots[1], patient=sister) == ["SameSpecialtyBooked"]
    assert await aunt.tries(clinic.slots[1]) == ["PENDING"]


async def test_a_paper_put_on_file_later_frees_nobody_of_a_cap(
    services: Services, mai: Booker
) -> None:
    clinic = await a_clinic(services.store)
    await mai.books(clinic.slots[0])

    person_id = mai.caller.person()
    papers = IdentityPaperRepository(services.store, services.sealer)
    await papers.put(IdentityPaper(person_id, person_id, CCCD, NOW))

    assert await mai.tries(clinic.slots[1]) == ["SameSpecialtyBooked"]


async def test_a_paper_taken_off_the_file_frees_nobody_of_a_cap(
    services: Services, mai: Booker
) -> None:
    clinic, later = await a_clinic(services.store), await a_clinic(services.store, start=FAR)
    person_id = mai.caller.person()
    papers = IdentityPaperRepository(services.store, services.sealer)
    await papers.put(IdentityPaper(person_id, person_id, CCCD, NOW))
    await mai.books(clinic.slots[0])
    await missed(services, clinic, mai, (1, 40, 89))

    await papers.remove(person_id, person_id, CCCD.kind)

    assert await mai.tries(clinic.slots[1]) == ["SameSpecialtyBooked"]
    assert await mai.tries(later.slots[0]) == ["BookingRestricted"]


async def missed(
    services: Services, clinic: Clinic, booker: Booker, days_ago: Sequence[float]
) -> None:
    """Let somebody not have come to appointments so many days before NOW."""
    patient = await services.health.booking.patients.of(booker.caller.person(), None)
    for days in days_ago:
        at = NOW - timedelta(days=days)
        appointment = an_appointment(
            clinic.slots[0],
            booker.caller.person(),
            patient_key=patient.key,
            start=at,
            created_at=at - DAY,
            status=AppointmentStatus.NOSHOW,
        )
        await services.health.booking.appointments.add(appointment)


@pytest.mark.parametrize(
    ("days_ago", "answers"),
    [
        ((1, 40, 89), ["PENDING", "BookingRestricted"]),
        ((29, 60, 118), ["PENDING", "BookingRestricted"]),
        ((1, 40), ["PENDING", "PENDING"]),
        ((1, 40, 92), ["PENDING", "PENDING"]),
        ((30, 60, 70), ["PENDING", "PENDING"]),
    ],
)
async def test_who_did_not_come_thrice_books_near_places_only_and_for_a_month(
    services: Services, mai: Booker, days_ago: tuple[float, ...], answers: list[str]
) -> None:
    near = await a_clinic(services.store, start=NOW + 3 * DAY)
    far = await a_clinic(services.store, start=NOW + 4 * DAY)
    await missed(services, near, mai, days_ago)

    assert await mai.tries(near.slots[0], far.slots[0]) == answers


async def test_the_restriction_is_told_plainly_with_its_end(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await a_booker(client, services)
    caller = await services.accounts.sessions.caller_of(person.tokens["accessToken"])
    far = await a_clinic(services.store, start=NOW + 9 * DAY)
    await missed(services, far, Booker(services, caller), (10, 20, 30))

    result = await hold(client, person, far.slots[0])

    assert (result["code"], result["retryAfter"]) == ("BOOKING_RESTRICTED", 20 * 86_400)
    assert result["message"] == (
        "This patient did not come to 3 appointments within 90 days. For 30 days after the last of"
        " them, only places within the next 3 days can be booked."
    )


async def test_what_replaces_an_appointment_does_not_count_twice(
    services: Services, mai: Booker
) -> None:
    clinic = await a_clinic(services.store)
    (booked,) = await mai.books(clinic.slots[0])

    moved = await mai.booking.rescheduling.reschedule(
        mai.caller, booked.id, clinic.slots[1].id, new_key()
    )

    assert replace(moved, id=booked.id) == replace(
        booked,
        slot_id=clinic.slots[1].id,
        start=clinic.slots[1].start,
        end=clinic.slots[1].end,
        queue_number=2,
        version=1,
    )


async def test_without_the_check_everything_would_be_given(
    services: Services, mai: Booker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the caps: with the check away, all is given."""

    async def nothing(*_: object) -> None:
        return None

    monkeypatch.setattr(Caps, "check", nothing)
    clinics = await clinics_on(services, range(8))

    assert await mai.tries(*(it.slots[0] for it in clinics)) == ["PENDING"] * 8
