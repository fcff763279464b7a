"""A facility cancels: everybody hears of it once, and takes the nearest equal place with one tap."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from api.accounts.caller import Caller, Grant, Role, Scope, ScopeKind
from api.accounts.errors import NotAllowed
from api.accounts.people.repository import Account, AccountRepository, Profile
from api.accounts.sign_in.ways_in import WayKind
from api.context import Services
from api.health.appointments.booking import Wish as BookingWish
from api.health.appointments.errors import (
    AppointmentNotFound,
    AppointmentOver,
    SameSpecialtyBooked,
)
from api.health.appointments.records import Appointment, AppointmentStatus, CancelledBy
from api.health.appointments.repository import AppointmentRepository
from api.health.directory.errors import PractitionerNotFound
from api.health.directory.records import Payment
from api.health.moving.cancelled_session import CancellationReason
from api.health.moving.cancelling import CANCEL_APPOINTMENTS
from api.health.moving.errors import (
    InvalidAbsence,
    NotAnEqualPlace,
    NotCancelledByFacility,
    ReplacementGone,
    SessionOver,
)
from api.health.schedules.errors import SessionNotFound
from api.health.slots.records import Slot
from api.health.slots.repository import SlotRepository, slot_id_of
from api.kit.ids import new_id
from api.kit.jobs import JOBS
from tests.conftest import NOW, MovableClock
from tests.health.appointments import a_hold, an_appointment, put
from tests.health.places import ELSEWHERE, FACILITY, MONDAY, Clinic, a_clinic
from tests.health.waiting import (
    REASON,
    a_key,
    a_patient,
    a_phone,
    a_way,
    bodies,
    book,
    hold,
    monday_at,
    pushed,
    room,
    texts,
    work,
)

AWAY = CancellationReason.PRACTITIONER_AWAY


async def a_clerk(services: Services, facility: str = FACILITY) -> Caller:
    grants = frozenset({Grant(Role.CLERK, Scope(ScopeKind.FACILITY, facility))})
    caller = Caller(new_id(), new_id(), grants)
    accounts = AccountRepository(services.store, services.sealer)
    await accounts.add(Account(caller.person(), "vi", Profile("Clerk"), grants, NOW))
    return caller


async def now_is(services: Services, appointment: Appointment) -> Appointment:
    found = await AppointmentRepository(services.store, services.sealer).get(appointment.id)
    assert found is not None
    return found


@pytest.fixture
async def clerk(services: Services) -> Caller:
    return await a_clerk(services)


@pytest.fixture
async def mai(services: Services) -> Caller:
    return await a_patient(services)


@pytest.fixture
async def clinic(services: Services) -> Clinic:
    return await a_clinic(services.store)


async def cancelled(services: Services, clock: MovableClock, clerk: Caller, clinic: Clinic) -> None:
    """Cancel the clinic's session, and let the worker do the rest."""
    moving = services.health.waiting.cancelling
    await moving.cancel_session(clerk, clinic.session.id, AWAY, a_key())
    await work(services, clock)


async def test_everybody_of_the_session_is_cancelled_by_the_facility_and_told(
    services: Services, clock: MovableClock, clerk: Caller, clinic: Clinic
) -> None:
    people = [await a_patient(services, f"Patient {number}") for number in range(3)]
    booked: list[Appointment] = []
    for person, slot in zip(people, clinic.slots, strict=False):
        await a_phone(services, person)
        booked.append(await book(services, person, slot))
    key, moving = a_key(), services.health.waiting.cancelling

    answer = await moving.cancel_session(clerk, clinic.session.id, AWAY, key)
    again = await moving.cancel_session(clerk, clinic.session.id, AWAY, key)
    await work(services, clock)

    assert answer == again
    assert (answer.sessions, answer.affected) == ((clinic.session.id,), 3)
    for one in [await now_is(services, it) for it in booked]:
        assert (one.status, one.cancelled_by) == (
            AppointmentStatus.CANCELLED,
            CancelledBy.FACILITY,
        )
    assert sorted(await bodies(services)) == [
        "Sa Pa Regional General Hospital has to cancel your appointment:"
        f" May 4, 2026, 7:{minutes}\u202fAM. Choose another place in the app."
        for minutes in ("00", "15", "30")
    ]
    assert [await room(services, slot) for slot in clinic.slots] == [1, 1, 1, 1]
    rows = (await services.audit.entries(10, None)).items
    noted = [it.entry for it in rows if it.entry and it.entry.action == "health.session.cancel"]
    assert [it.details for it in noted] == [{"reason": "practitioner_away", "affected": 3}]


@pytest.mark.parametrize(
    ("language", "subject", "body"),
    [
        (
            "vi",
            "Lịch hẹn của bạn đã bị hủy",
            "Bệnh viện đa khoa khu vực Sa Pa phải hủy lịch hẹn của bạn: 07:00 4 thg 5, 2026."
            " Vui lòng chọn chỗ khác trong ứng dụng.\n\nBác sĩ không thể có mặt.\n\n"
            "Dịch vụ: Khám bệnh\nĐịa điểm: Bệnh viện đa khoa khu vực Sa Pa\n"
            "Thời gian: 07:00 4 thg 5, 2026\nSố thứ tự của bạn: 1\n"
            "Trước khi đến: Mang theo thẻ BHYT.",
        ),
        (
            "en",
            "Your appointment was cancelled",
            "Sa Pa Regional General Hospital has to cancel your appointment:"
            " May 4, 2026, 7:00\u202fAM. Choose another place in the app.\n\n"
            "The doctor cannot be there.\n\n"
            "What for: Consultation\nWhere: Sa Pa Regional General Hospital\n"
            "When: May 4, 2026, 7:00\u202fAM\nYour number: 1\n"
            "Before you come: Bring your insurance card.",
        ),
        (
            "ko",
            "예약이 취소되었습니다",
            "Sa Pa Regional General Hospital 예약이 취소되었습니다: 2026. 5. 4. 오전 7:00."
            " 앱에서 다른 자리를 골라 주세요.\n\n담당 의사가 진료할 수 없습니다.\n\n"
            "진료 항목: Consultation\n장소: Sa Pa Regional General Hospital\n"
            "일시: 2026. 5. 4. 오전 7:00\n대기 번호: 1\n"
            "방문 전 준비: Bring your insurance card.",
        ),
    ],
)
async def test_a_letter_says_why_in_the_appointment_s_language(
    services: Services,
    clock: MovableClock,
    clerk: Caller,
    mai: Caller,
    clinic: Clinic,
    language: str,
    subject: str,
    body: str,
) -> None:
    await a_way(services, mai, WayKind.EMAIL, "mai@example.com")
    await book(services, mai, clinic.slots[0], language)

    await cancelled(services, clock, clerk, clinic)

    (text,) = await texts(services)
    assert (text.subject, text.body) == (subject, body)
    assert REASON not in text.body


async def test_no_place_of_a_cancelled_session_can_be_had_and_no_hold_becomes_more(
    services: Services, clock: MovableClock, clerk: Caller, mai: Caller, clinic: Clinic
) -> None:
    held = await hold(services, mai, clinic.slots[0])

    await cancelled(services, clock, clerk, clinic)

    assert (await now_is(services, held)).cancelled_by is CancelledBy.FACILITY
    assert await pushed(services) == []
    how = BookingWish(None, Payment.INSURANCE, "en")
    with pytest.raises(AppointmentOver):
        await services.health.booking.booking.book(mai, held.id, how, a_key())


async def test_a_mere_hold_that_was_cancelled_is_not_replaced(
    services: Services, clock: MovableClock, clerk: Caller, mai: Caller, clinic: Clinic
) -> None:
    another = await a_clinic(services.store, start=monday_at(14))
    held = await hold(services, mai, clinic.slots[0])

    await cancelled(services, clock, clerk, clinic)

    replacing = services.health.waiting.replacing
    with pytest.raises(NotCancelledByFacility):
        await replacing.offers(mai, held.id)
    with pytest.raises(NotCancelledByFacility):
        await replacing.take(mai, held.id, another.slots[0].id, a_key())
    assert await room(services, another.slots[0]) == 1


async def test_who_is_with_the_doctor_stays_there(
    services: Services, clock: MovableClock, clerk: Caller, clinic: Clinic
) -> None:
    called = an_appointment(clinic.slots[0], status=AppointmentStatus.ARRIVED)
    waiting = an_appointment(clinic.slots[1], status=AppointmentStatus.CHECKED_IN)
    for one in (called, waiting, a_hold(clinic.slots[2], held_until=MONDAY)):
        await put(services.store, services.sealer, one)

    await cancelled(services, clock, clerk, clinic)

    assert (await now_is(services, called)).status is AppointmentStatus.ARRIVED
    assert (await now_is(services, waiting)).status is AppointmentStatus.CANCELLED


async def test_only_the_desk_of_the_facility_cancels_and_never_what_is_over(
    services: Services, clock: MovableClock, clerk: Caller, mai: Caller, clinic: Clinic
) -> None:
    booked = await book(services, mai, clinic.slots[0])
    moving, stranger = services.health.waiting.cancelling, await a_clerk(services, ELSEWHERE)
    for caller in (stranger, mai):
        with pytest.raises(SessionNotFound):
            await moving.cancel_session(caller, clinic.session.id, AWAY, a_key())
    dismissed = Caller(new_id(), new_id(), clerk.grants)
    with pytest.raises(NotAllowed):
        await moving.cancel_session(dismissed, clinic.session.id, AWAY, a_key())
    clock.now = clinic.session.end
    with pytest.raises(SessionOver):
        await moving.cancel_session(clerk, clinic.session.id, AWAY, a_key())

    assert (await now_is(services, booked)).status is AppointmentStatus.BOOKED
    assert await services.store[JOBS].find({"kind": CANCEL_APPOINTMENTS}) == []


async def test_who_is_away_has_no_sessions_on_those_days(
    services: Services, clock: MovableClock, clerk: Caller, mai: Caller, clinic: Clinic
) -> None:
    other = await a_clinic(services.store)
    booked = await book(services, mai, clinic.slots[0])
    patient = await a_patient(services, "Patient of the other")
    stays = await book(services, patient, other.slots[0])
    moving = services.health.waiting.cancelling
    days = date(2026, 5, 4), date(2026, 5, 5)

    answer = await moving.cancel_of_practitioner(clerk, clinic.practitioner.id, days, AWAY, a_key())
    await work(services, clock)

    assert (answer.sessions, answer.affected) == ((clinic.session.id,), 1)
    assert (await now_is(services, booked)).cancelled_by is CancelledBy.FACILITY
    assert (await now_is(services, stays)).status is AppointmentStatus.BOOKED


@pytest.mark.parametrize(
    "days",
    [
        (date(2026, 4, 30), date(2026, 5, 4)),
        (date(2026, 5, 5), date(2026, 5, 4)),
        (date(2026, 5, 4), date(2026, 8, 1)),
    ],
)
async def test_days_that_cannot_be_are_refused(
    services: Services, clerk: Caller, clinic: Clinic, days: tuple[date, date]
) -> None:
    moving, stranger = services.health.waiting.cancelling, await a_clerk(services, ELSEWHERE)

    with pytest.raises(InvalidAbsence):
        await moving.cancel_of_practitioner(clerk, clinic.practitioner.id, days, AWAY, a_key())
    with pytest.raises(PractitionerNotFound):
        await moving.cancel_of_practitioner(stranger, clinic.practitioner.id, days, AWAY, a_key())

    assert await services.store[JOBS].find({"kind": CANCEL_APPOINTMENTS}) == []


@pytest.fixture
async def lost(
    services: Services, clock: MovableClock, clerk: Caller, mai: Caller, clinic: Clinic
) -> Appointment:
    """Mai's appointment, which the facility cancelled."""
    booked = await book(services, mai, clinic.slots[0])
    await cancelled(services, clock, clerk, clinic)
    return await now_is(services, booked)


async def offers(services: Services, caller: Caller, lost: Appointment) -> list[Slot]:
    return [it.slot for it in await services.health.waiting.replacing.offers(caller, lost.id)]


async def take(
    services: Services, caller: Caller, lost: Appointment, slot: Slot, key: str | None = None
) -> Appointment:
    replacing = services.health.waiting.replacing
    return await replacing.take(caller, lost.id, slot.id, key or a_key())


async def test_the_own_facility_comes_first_then_the_nearest_and_each_soonest_first(
    services: Services, mai: Caller, lost: Appointment
) -> None:
    far = await a_clinic(services.store, "bvdk-khu-vuc-nghia-lo", places=1, start=monday_at(8))
    near = await a_clinic(services.store, "bvdk-khu-vuc-lao-cai", places=1, start=monday_at(9))
    own = await a_clinic(services.store, places=1, start=monday_at(30))
    await a_clinic(services.store, specialty="surgery", start=monday_at(8))

    found = await offers(services, mai, lost)

    assert found == [own.slots[0], near.slots[0], far.slots[0]]


async def test_three_are_offered_and_of_one_facility_the_soonest(
    services: Services, mai: Caller, lost: Appointment
) -> None:
    later = await a_clinic(services.store, start=monday_at(14))
    sooner = await a_clinic(services.store, places=2, start=monday_at(9))

    found = await offers(services, mai, lost)

    assert found == [*sooner.slots, later.slots[0]]
    assert await room(services, found[0]) == 1  # none is held


async def test_the_service_s_own_places_weeks_ahead_do_not_hide_the_next_days(
    services: Services, mai: Caller, lost: Appointment, clinic: Clinic
) -> None:
    weekly = [_weeks_later(clinic.slots[0], weeks) for weeks in (1, 2, 3)]
    await SlotRepository(services.store).make(weekly)
    other = await a_clinic(services.store, places=2, start=monday_at(9))

    found = await offers(services, mai, lost)

    assert found == [weekly[0], *other.slots]


def _weeks_later(slot: Slot, weeks: int) -> Slot:
    by = timedelta(weeks=weeks)
    start = slot.start + by
    return replace(slot, id=slot_id_of(slot.schedule_id, start), start=start, end=slot.end + by)


async def test_one_tap_takes_it_for_the_same_patient_and_reason(
    services: Services, mai: Caller, lost: Appointment
) -> None:
    there = await a_clinic(services.store, places=2, start=monday_at(14))
    key = a_key()

    taken = await take(services, mai, lost, there.slots[0], key)
    again = await take(services, mai, lost, there.slots[0], key)

    assert again == taken
    assert (taken.status, taken.start) == (AppointmentStatus.BOOKED, there.slots[0].start)
    assert (taken.reason, taken.payment) == (REASON, "INSURANCE")
    assert (taken.patient_name, taken.patient_key) == ("Mai", lost.patient_key)
    assert taken.queue_number == 1
    assert (await now_is(services, lost)).moved_to == taken.id
    assert await room(services, there.slots[0]) == 0
    with pytest.raises(NotCancelledByFacility):
        await take(services, mai, lost, there.slots[1])
    with pytest.raises(NotCancelledByFacility):
        await offers(services, mai, lost)
    assert await room(services, there.slots[1]) == 1


async def test_what_is_gone_meanwhile_is_refused_and_the_next_nearest_is_offered(
    services: Services, mai: Caller, lost: Appointment
) -> None:
    there = await a_clinic(services.store, places=2, start=monday_at(14))
    await book(services, await a_patient(services, "Faster"), there.slots[0])

    with pytest.raises(ReplacementGone):
        await take(services, mai, lost, there.slots[0])

    assert (await now_is(services, lost)).moved_to is None
    assert await offers(services, mai, lost) == [there.slots[1]]


async def test_a_place_of_another_kind_is_refused(
    services: Services, mai: Caller, lost: Appointment
) -> None:
    other = await a_clinic(services.store, specialty="surgery", start=monday_at(14))

    with pytest.raises(NotAnEqualPlace):
        await take(services, mai, lost, other.slots[0])

    assert await room(services, other.slots[0]) == 1
    assert (await now_is(services, lost)).moved_to is None


async def test_whoever_did_not_lose_it_is_told_nothing(
    services: Services, mai: Caller, lost: Appointment
) -> None:
    there = await a_clinic(services.store, places=1, start=monday_at(14))
    stranger = await a_patient(services, "Stranger")
    own = await book(services, stranger, there.slots[0])

    with pytest.raises(AppointmentNotFound):
        await offers(services, stranger, lost)
    with pytest.raises(AppointmentNotFound):
        await take(services, stranger, lost, there.slots[0])
    with pytest.raises(NotCancelledByFacility):
        await offers(services, stranger, own)


async def test_the_caps_hold_for_replacements_too(
    services: Services, mai: Caller, lost: Appointment
) -> None:
    there = await a_clinic(services.store, places=2, start=monday_at(14))
    await book(services, mai, there.slots[0])

    with pytest.raises(SameSpecialtyBooked):
        await take(services, mai, lost, there.slots[1])

    assert await room(services, there.slots[1]) == 1


async def test_of_two_who_tap_at_once_one_has_it(
    services: Services, clock: MovableClock, clerk: Caller, clinic: Clinic
) -> None:
    people = [await a_patient(services, f"Patient {number}") for number in range(4)]
    booked = [
        await book(services, person, slot)
        for person, slot in zip(people, clinic.slots, strict=True)
    ]
    await cancelled(services, clock, clerk, clinic)
    there = await a_clinic(services.store, places=1, start=monday_at(14))

    answers = await asyncio.gather(
        *(
            take(services, person, one, there.slots[0])
            for person, one in zip(people, booked, strict=True)
        ),
        return_exceptions=True,
    )

    taken = [it for it in answers if isinstance(it, Appointment)]
    assert len(taken) == 1
    assert sum(isinstance(it, ReplacementGone) for it in answers) == 3
    assert await room(services, there.slots[0]) == 0


async def test_nothing_is_said_to_who_has_taken_another_place_already(
    services: Services, clock: MovableClock, clerk: Caller, mai: Caller, clinic: Clinic
) -> None:
    await a_phone(services, mai)
    booked = await book(services, mai, clinic.slots[0])
    there = await a_clinic(services.store, places=1, start=monday_at(14))
    moving = services.health.waiting.cancelling
    await moving.cancel_session(clerk, clinic.session.id, AWAY, a_key())
    handlers = services.health.waiting.handlers()
    await handlers[CANCEL_APPOINTMENTS]({"session": clinic.session.id})
    await take(services, mai, booked, there.slots[0])

    await work(services, clock)

    assert await pushed(services) == []


async def test_reminders_are_of_the_new_place(
    services: Services, clock: MovableClock, mai: Caller, lost: Appointment
) -> None:
    await a_phone(services, mai)
    there = await a_clinic(services.store, places=1, start=monday_at(14))
    await take(services, mai, lost, there.slots[0])
    clock.now = monday_at(12)
    await work(services, clock)

    assert await bodies(services) == [
        "Appointment at Sa Pa Regional General Hospital: May 4, 2026, 2:00\u202fPM. Your number: 1."
    ]
