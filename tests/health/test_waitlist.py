"""A place that becomes free goes to who waits, in order, one at a time, and is never lost."""

from datetime import UTC, date, datetime, timedelta

import pytest

from api.accounts.privacy.purposes import ConsentPurpose
from api.context import Services
from api.health.appointments.booking import Wish as BookingWish
from api.health.appointments.errors import HealthConsentMissing, PatientNotFound
from api.health.appointments.records import AppointmentStatus
from api.health.directory.records import Payment
from api.health.slots.repository import SlotRepository
from api.health.waitlist.errors import (
    InvalidWish,
    OfferOver,
    TooManyWishes,
    WaitsAlready,
    WishNotFound,
)
from api.health.waitlist.joining import Wanted
from api.health.waitlist.offer_times import is_worth_offering, offered_from
from api.health.waitlist.wish import PartOfDay, WishState
from tests.conftest import NOW, MovableClock
from tests.health.places import ELSEWHERE, FACILITY, MONDAY, a_clinic
from tests.health.waiting import (
    Crowd,
    a_key,
    a_patient,
    a_phone,
    bodies,
    book,
    cancel,
    hold,
    join,
    kept_back,
    monday_at,
    offered,
    room,
    wanted,
    wish_of,
    work,
)

HOW = BookingWish(None, Payment.INSURANCE, "en")


@pytest.fixture
async def crowd(services: Services, clock: MovableClock) -> Crowd:
    """A place that somebody has, of the only clinic there is."""
    clinic = await a_clinic(services.store, places=1)
    holder = await a_patient(services, "Holder")
    booked = await book(services, holder, clinic.slots[0])
    return Crowd(services, clock, holder, booked, clinic.slots[0])


async def test_a_freed_place_is_held_for_who_came_first(crowd: Crowd) -> None:
    services = crowd.services
    first, second = await a_patient(services, "First"), await a_patient(services, "Second")
    await join(services, first)
    crowd.clock.advance(seconds=1)
    await join(services, second)

    await crowd.free()
    await work(services, crowd.clock)

    held = await offered(services, first)
    assert held is not None
    assert held.status is AppointmentStatus.PENDING
    assert held.slot_id == crowd.slot.id
    assert held.booker_id == first.person_id
    assert held.held_until == crowd.clock() + timedelta(minutes=15)
    assert await offered(services, second) is None
    assert await room(services, crowd.slot) == 0


async def test_no_search_sees_the_place_between_its_freeing_and_its_offer(crowd: Crowd) -> None:
    await join(crowd.services, await a_patient(crowd.services))

    await crowd.free()

    assert await room(crowd.services, crowd.slot) == 0
    assert await kept_back(crowd.services) == 1
    await work(crowd.services, crowd.clock)
    assert await kept_back(crowd.services) == 0


async def test_a_place_for_which_nobody_waits_is_everybody_s_at_once(crowd: Crowd) -> None:
    await crowd.free()

    assert await room(crowd.services, crowd.slot) == 1
    assert await kept_back(crowd.services) == 0


async def test_an_unanswered_offer_goes_to_the_next_and_in_the_end_to_everybody(
    crowd: Crowd,
) -> None:
    services = crowd.services
    first, second = await a_patient(services, "First"), await a_patient(services, "Second")
    await join(services, first)
    crowd.clock.advance(seconds=1)
    await join(services, second)
    await crowd.free()
    await work(services, crowd.clock)

    await crowd.after(minutes=15)
    of_second = await offered(services, second)
    of_first = await offered(services, first)
    await crowd.after(minutes=15)

    assert of_first is None
    assert of_second is not None
    assert of_second.held_until == NOW + timedelta(minutes=30, seconds=1)
    assert await offered(services, second) is None
    assert await room(services, crowd.slot) == 1
    wish = await wish_of(services, first)
    assert (wish.state, wish.missed) == (WishState.WAITING, 1)


async def test_a_declined_offer_goes_on_at_once_and_its_wish_waits_for_another(
    crowd: Crowd,
) -> None:
    services = crowd.services
    first, second = await a_patient(services, "First"), await a_patient(services, "Second")
    await join(services, first)
    crowd.clock.advance(seconds=1)
    await join(services, second)
    await crowd.free()
    await work(services, crowd.clock)
    held = await offered(services, first)
    assert held is not None

    await services.health.waiting.answering.decline(first, held.id, a_key())
    await work(services, crowd.clock)

    assert await offered(services, second) is not None
    wish = await wish_of(services, first)
    assert (wish.state, wish.missed, wish.passed_on) == (WishState.WAITING, 0, (crowd.slot.id,))


async def test_a_taken_offer_is_an_appointment_with_a_number(crowd: Crowd) -> None:
    services, waits = crowd.services, await a_patient(crowd.services)
    await join(services, waits)
    await crowd.free()
    await work(services, crowd.clock)
    held = await offered(services, waits)
    assert held is not None
    key = a_key()
    answering = services.health.waiting.answering

    taken = await answering.take(waits, held.id, HOW, key)
    again = await answering.take(waits, held.id, HOW, key)

    assert (taken.status, taken.queue_number) == (AppointmentStatus.BOOKED, 2)
    assert again == taken
    assert (await wish_of(services, waits)).state is WishState.FILLED
    await crowd.after(minutes=16)
    assert await room(services, crowd.slot) == 0


async def test_an_offer_that_is_over_is_refused_and_the_place_is_the_next_one_s(
    crowd: Crowd,
) -> None:
    services, waits = crowd.services, await a_patient(crowd.services)
    await join(services, waits)
    await crowd.free()
    await work(services, crowd.clock)
    held = await offered(services, waits)
    assert held is not None
    crowd.clock.advance(minutes=15)

    with pytest.raises(OfferOver):
        await services.health.waiting.answering.take(waits, held.id, HOW, a_key())

    assert (await wish_of(services, waits)).state is WishState.WAITING
    await work(services, crowd.clock)
    assert await room(services, crowd.slot) == 1


async def test_several_freed_places_go_to_several_people(
    services: Services, clock: MovableClock
) -> None:
    clinic = await a_clinic(services.store, places=2, capacity=2)
    holders = [await a_patient(services, f"Holder {number}") for number in range(4)]
    booked = [
        await book(services, holder, clinic.slots[number // 2])
        for number, holder in enumerate(holders)
    ]
    waiting = [await a_patient(services, f"Waiting {number}") for number in range(3)]
    for caller in waiting:
        await join(services, caller)
        clock.advance(seconds=1)

    for holder, appointment in zip(holders, booked, strict=True):
        await cancel(services, holder, appointment)
    await work(services, clock)

    held = [await offered(services, caller) for caller in waiting]
    assert len({it.id for it in held if it}) == 3
    assert sum([await room(services, slot) for slot in clinic.slots]) == 1
    assert await kept_back(services) == 0


async def test_a_hold_that_ends_goes_to_who_waits(crowd: Crowd) -> None:
    services = crowd.services
    await crowd.free()
    await hold(services, await a_patient(services, "Undecided"), crowd.slot)
    waits = await a_patient(services, "Waits")
    await join(services, waits)

    await crowd.after(minutes=5)

    assert await offered(services, waits) is not None


@pytest.mark.parametrize(
    "other",
    [
        wanted(facility_id=ELSEWHERE),
        wanted(specialty="cardiology"),
        wanted(first=date(2026, 5, 5), last=date(2026, 5, 8)),
        wanted(first=date(2026, 5, 2), last=date(2026, 5, 3)),
        wanted(part_of_day=PartOfDay.AFTERNOON),
    ],
)
async def test_only_those_are_offered_it_whose_wish_fits(crowd: Crowd, other: Wanted) -> None:
    services = crowd.services
    elsewhere, fits = await a_patient(services, "Elsewhere"), await a_patient(services, "Fits")
    await join(services, elsewhere, other)
    crowd.clock.advance(seconds=1)
    await join(services, fits, wanted(part_of_day=PartOfDay.MORNING))

    await crowd.free()
    await work(services, crowd.clock)

    assert await offered(services, elsewhere) is None
    assert await offered(services, fits) is not None


async def test_a_wish_for_a_service_is_for_that_service(
    services: Services, clock: MovableClock
) -> None:
    clinic, other = [await a_clinic(services.store, places=1) for _ in range(2)]
    holder = await a_patient(services, "Holder")
    booked = await book(services, holder, clinic.slots[0])
    waits_for_other, waits = await a_patient(services, "Other"), await a_patient(services, "This")
    await join(services, waits_for_other, wanted(service_id=other.service.id))
    clock.advance(seconds=1)
    await join(services, waits, wanted(service_id=clinic.service.id, facility_id=None))

    await cancel(services, holder, booked)
    await work(services, clock)

    assert await offered(services, waits_for_other) is None
    assert await offered(services, waits) is not None


async def test_who_may_have_no_more_places_is_passed_over_and_goes_on_waiting(
    crowd: Crowd,
) -> None:
    services = crowd.services
    full, free = await a_patient(services, "Full"), await a_patient(services, "Free")
    # The same specialty at the same facility on the same day: one is the most.
    there = await a_clinic(services.store, places=1, start=monday_at(14))
    await join(services, full)
    await book(services, full, there.slots[0])
    crowd.clock.advance(seconds=1)
    await join(services, free)

    await crowd.free()
    await work(services, crowd.clock)

    assert await offered(services, full) is None
    assert (await wish_of(services, full)).state is WishState.WAITING
    assert await offered(services, free) is not None
    assert await room(services, crowd.slot) == 0


async def test_when_only_who_may_not_have_it_waits_everybody_can(crowd: Crowd) -> None:
    services, full = crowd.services, await a_patient(crowd.services, "Full")
    there = await a_clinic(services.store, places=1, start=monday_at(14))
    await join(services, full)
    await book(services, full, there.slots[0])

    await crowd.free()
    await work(services, crowd.clock)

    assert await room(services, crowd.slot) == 1
    assert await kept_back(services) == 0


async def test_whoever_lets_three_offers_pass_waits_no_more(
    services: Services, clock: MovableClock
) -> None:
    clinic = await a_clinic(services.store, places=3)
    waits = await a_patient(services, "Waits")
    await join(services, waits)

    for number, slot in enumerate(clinic.slots):
        holder = await a_patient(services, f"Holder {number}")
        await cancel(services, holder, await book(services, holder, slot))
        await work(services, clock)
        clock.advance(minutes=15)
        await work(services, clock)

    wish = await wish_of(services, waits)
    assert (wish.state, wish.missed) == (WishState.LAPSED, 3)


async def test_whoever_leaves_lets_the_offered_place_go_to_the_next(crowd: Crowd) -> None:
    services = crowd.services
    first, second = await a_patient(services, "First"), await a_patient(services, "Second")
    wish = await join(services, first)
    crowd.clock.advance(seconds=1)
    await join(services, second)
    await crowd.free()
    await work(services, crowd.clock)

    left = await services.health.waiting.joining.leave(first, wish.id, a_key())
    await work(services, crowd.clock)

    assert left.state is WishState.LEFT
    assert await offered(services, second) is not None


async def test_another_s_wish_is_not_there(crowd: Crowd) -> None:
    services = crowd.services
    wish = await join(services, await a_patient(services))
    stranger = await a_patient(services, "Stranger")

    with pytest.raises(WishNotFound):
        await services.health.waiting.joining.leave(stranger, wish.id, a_key())

    assert (await services.health.waiting.joining.mine(stranger)) == []


async def test_a_patient_waits_once_for_a_specialty_at_a_facility(crowd: Crowd) -> None:
    services, waits = crowd.services, await a_patient(crowd.services)
    await join(services, waits)

    with pytest.raises(WaitsAlready):
        await join(services, waits, wanted(first=date(2026, 5, 6), last=date(2026, 5, 7)))

    assert len(await services.health.waiting.joining.mine(waits)) == 1


async def test_a_wish_whose_days_went_by_makes_room_for_a_new_one(crowd: Crowd) -> None:
    services, waits = crowd.services, await a_patient(crowd.services)
    await join(services, waits)
    crowd.clock.now = monday_at(24)

    before = await wish_of(services, waits)
    later = date(2026, 5, 6)
    again = await join(services, waits, wanted(first=later, last=later))

    assert before.state is WishState.LAPSED
    assert again.state is WishState.WAITING


async def test_a_person_waits_for_five_places_at_most(crowd: Crowd) -> None:
    services, waits = crowd.services, await a_patient(crowd.services)
    for specialty in ("general", "surgery", "internal", "dentistry", "imaging"):
        await join(services, waits, wanted(specialty=specialty))

    with pytest.raises(TooManyWishes):
        await join(services, waits, wanted(specialty="laboratory"))

    assert len(await services.health.waiting.joining.mine(waits)) == 5


@pytest.mark.parametrize(
    ("what", "field"),
    [
        (wanted(service_id="no such service"), "serviceId"),
        (wanted(facility_id="no-such-facility"), "facilityId"),
        (wanted(facility_id=None), "facilityId"),
        (wanted(specialty="astrology"), "specialty"),
        (wanted(first=date(2026, 4, 1), last=date(2026, 4, 30)), "to"),
        (wanted(first=date(2026, 5, 5)), "to"),
        (wanted(last=date(2026, 8, 1)), "to"),
    ],
)
async def test_a_wish_that_cannot_be_is_refused(
    services: Services, what: Wanted, field: str
) -> None:
    waits = await a_patient(services)

    with pytest.raises(InvalidWish) as refused:
        await join(services, waits, what)

    assert refused.value.field == field
    assert await services.health.waiting.joining.mine(waits) == []


async def test_nobody_waits_for_whom_they_do_not_act_or_without_consent(
    services: Services,
) -> None:
    waits = await a_patient(services)
    with pytest.raises(PatientNotFound):
        await join(services, waits, wanted(dependant_id="a" * 26))
    await services.accounts.consents.withdraw(waits, ConsentPurpose.HEALTH, None, "en")

    with pytest.raises(HealthConsentMissing):
        await join(services, waits)

    assert await services.health.waiting.joining.mine(waits) == []


async def test_with_the_consent_goes_the_wish_and_the_offered_place_goes_on(crowd: Crowd) -> None:
    services = crowd.services
    first, second = await a_patient(services, "First"), await a_patient(services, "Second")
    await join(services, first)
    crowd.clock.advance(seconds=1)
    await join(services, second)
    await crowd.free()
    await work(services, crowd.clock)

    await services.accounts.consents.withdraw(first, ConsentPurpose.HEALTH, None, "en")
    await work(services, crowd.clock)

    assert await services.health.waiting.joining.mine(first) == []
    assert await offered(services, second) is not None


async def test_a_place_that_begins_within_two_hours_is_everybody_s(crowd: Crowd) -> None:
    services = crowd.services
    await join(services, await a_patient(services))
    crowd.clock.now = MONDAY - timedelta(hours=1, minutes=59)

    await crowd.free()

    assert await room(services, crowd.slot) == 1
    assert await kept_back(services) == 0


async def test_the_last_offer_is_two_hours_before_the_start(crowd: Crowd) -> None:
    services = crowd.services
    first, second = await a_patient(services, "First"), await a_patient(services, "Second")
    await join(services, first)
    crowd.clock.advance(seconds=1)
    await join(services, second)
    crowd.clock.now = MONDAY - timedelta(hours=2)
    await crowd.free()
    await work(services, crowd.clock)
    was_offered = await offered(services, first)

    await crowd.after(minutes=15)

    assert was_offered is not None
    assert await offered(services, second) is None
    assert await room(services, crowd.slot) == 1


async def test_at_night_a_place_waits_for_the_morning_and_nobody_is_woken(
    services: Services, clock: MovableClock
) -> None:
    tuesday = MONDAY + timedelta(days=1)
    clinic = await a_clinic(services.store, places=1, start=tuesday)
    holder, waits = await a_patient(services, "Holder"), await a_patient(services, "Waits")
    await a_phone(services, waits)
    booked = await book(services, holder, clinic.slots[0])
    await join(services, waits, wanted(first=date(2026, 5, 5), last=date(2026, 5, 5)))
    clock.now = datetime(2026, 5, 3, 15, 0, tzinfo=UTC)  # Sunday, 22:00
    await cancel(services, holder, booked)
    await work(services, clock)
    at_night = await offered(services, waits), await room(services, clinic.slots[0])
    clock.now = datetime(2026, 5, 3, 23, 29, 59, tzinfo=UTC)
    await work(services, clock)
    before_the_morning = await offered(services, waits)

    clock.now = datetime(2026, 5, 3, 23, 30, tzinfo=UTC)  # Monday, 6:30
    await work(services, clock)

    assert at_night == (None, 0)
    assert before_the_morning is None
    held = await offered(services, waits)
    assert held is not None
    assert held.held_until == clock() + timedelta(minutes=15)
    assert len(await bodies(services)) == 1


NIGHT = datetime(2026, 5, 3, 15, 0, tzinfo=UTC)
MORNING = datetime(2026, 5, 3, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "now", "expected"),
    [
        (monday_at(9), NIGHT - timedelta(seconds=1), NIGHT - timedelta(seconds=1)),
        (monday_at(9), NIGHT, NIGHT),
        (monday_at(11, 59), NIGHT + timedelta(hours=4), NIGHT + timedelta(hours=4)),
        (monday_at(12), NIGHT, MORNING),
        (monday_at(14), NIGHT + timedelta(hours=4), MORNING),
        (monday_at(14), MORNING - timedelta(seconds=1), MORNING),
        (monday_at(14), MORNING, MORNING),
    ],
)
def test_the_night_is_from_ten_to_half_past_six_but_for_the_next_morning(
    start: datetime, now: datetime, expected: datetime
) -> None:
    assert offered_from(start, now) == expected


def test_two_hours_ahead_is_worth_it_and_a_second_less_is_not() -> None:
    assert is_worth_offering(MONDAY, MONDAY - timedelta(hours=2))
    assert not is_worth_offering(MONDAY, MONDAY - timedelta(hours=2) + timedelta(seconds=1))


async def test_a_closed_place_that_is_kept_back_is_let_go(crowd: Crowd) -> None:
    services = crowd.services
    await join(services, await a_patient(services))
    await crowd.free()
    await SlotRepository(services.store).close([crowd.slot.id])

    await work(services, crowd.clock)

    assert await kept_back(services) == 0
    assert await room(services, crowd.slot) == 1


async def test_how_many_are_ahead_is_told(crowd: Crowd) -> None:
    services = crowd.services
    people = [await a_patient(services, f"Waits {number}") for number in range(3)]
    for person in people:
        await join(services, person)
        crowd.clock.advance(seconds=1)
    last = people[-1]

    ahead = await services.health.waiting.joining.ahead_of(await wish_of(services, last))

    assert ahead == 2
    assert (await wish_of(services, last)).fhir_status is AppointmentStatus.WAITLIST
    assert (await wish_of(services, last)).facility_id == FACILITY
