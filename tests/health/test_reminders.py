"""Reminders: the right words, to the right person, once, and of nothing that is no more so."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from api.accounts.caller import Caller
from api.accounts.sign_in.addresses import address_of
from api.accounts.sign_in.send_caps import NOTICES_TO_ONE_ADDRESS, SEND_COUNTS, SendCaps
from api.accounts.sign_in.ways_in import WayKind
from api.context import Services
from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.appointments.repository import AppointmentRepository
from api.health.queue.moves import QUEUE_MOVED
from api.health.reminders.preferences import ReminderKind
from api.health.reminders.service import REMIND
from api.kit.jobs import JOBS
from notifications.fan_outs import FAN_OUTS
from notifications.quiet_hours import QuietHours
from notifications.text_message import Channel
from tests.conftest import MovableClock
from tests.health.places import MONDAY, Clinic, a_clinic
from tests.health.waiting import (
    REASON,
    a_key,
    a_patient,
    a_phone,
    a_way,
    bodies,
    book,
    cancel,
    pushed,
    texts,
    work,
)

TUESDAY = datetime(2026, 5, 5, 2, 30, tzinfo=UTC)
"""9:30 in Vietnam."""
DAY_BEFORE, TWO_HOURS_BEFORE = TUESDAY - timedelta(hours=24), TUESDAY - timedelta(hours=2)
NUMBER = "+84912000417"


@pytest.fixture
async def clinic(services: Services) -> Clinic:
    return await a_clinic(services.store, places=2, start=TUESDAY)


@pytest.fixture
async def mai(services: Services) -> Caller:
    return await a_patient(services, "Vàng Thị Mai")


@pytest.mark.parametrize(
    ("language", "title", "body"),
    [
        (
            "vi",
            "Nhắc lịch hẹn khám",
            "Lịch hẹn tại Bệnh viện đa khoa khu vực Sa Pa: 09:30 5 thg 5, 2026."
            " Số thứ tự của bạn: 1.",
        ),
        (
            "en",
            "A reminder of your appointment",
            "Appointment at Sa Pa Regional General Hospital: May 5, 2026, 9:30\u202fAM."
            " Your number: 1.",
        ),
        (
            "ko",
            "진료 예약 알림",
            "Sa Pa Regional General Hospital 예약: 2026. 5. 5. 오전 9:30. 대기 번호: 1.",
        ),
    ],
)
async def test_the_day_before_it_is_said_in_the_appointment_s_language(
    services: Services,
    clock: MovableClock,
    clinic: Clinic,
    mai: Caller,
    language: str,
    title: str,
    body: str,
) -> None:
    await a_phone(services, mai)
    appointment = await book(services, mai, clinic.slots[0], language)
    clock.now = DAY_BEFORE - timedelta(seconds=1)
    await work(services, clock)
    too_early = await pushed(services)

    clock.now = DAY_BEFORE
    await work(services, clock)

    (said,) = await pushed(services)
    assert too_early == []
    assert (said.title, said.body) == (title, body)
    assert said.data == {
        "type": "healthReminder",
        "appointmentId": appointment.id,
        "kind": "DAY_BEFORE",
    }


async def test_two_hours_before_it_is_said_again(
    services: Services, clock: MovableClock, clinic: Clinic, mai: Caller
) -> None:
    await a_phone(services, mai)
    await book(services, mai, clinic.slots[0])
    for moment in (DAY_BEFORE, TWO_HOURS_BEFORE):
        clock.now = moment
        await work(services, clock)

    titles = [it.title for it in await pushed(services)]

    assert titles == ["A reminder of your appointment", "Your appointment is soon"]


async def test_without_a_phone_signed_in_it_is_an_sms_with_a_link_to_give_the_place_back(
    services: Services, clock: MovableClock, clinic: Clinic, mai: Caller
) -> None:
    await a_way(services, mai, WayKind.EMAIL, "mai@example.com")
    await a_way(services, mai, WayKind.PHONE, NUMBER)
    appointment = await book(services, mai, clinic.slots[0], "vi")
    clock.now = DAY_BEFORE
    await work(services, clock)

    (text,) = await texts(services)
    ticket = services.health.booking.tickets.issue(appointment)
    assert (text.channel, text.to, text.language) == (Channel.SMS, NUMBER, "vi")
    assert text.body == (
        "Lịch hẹn tại Bệnh viện đa khoa khu vực Sa Pa: 09:30 5 thg 5, 2026."
        " Số thứ tự của bạn: 1."
        f" Không đến được? http://127.0.0.1:8000/health/v1/cannot-come?ticket={ticket}"
    )
    assert text.expires_at == TUESDAY
    assert await pushed(services) == []


async def test_without_phone_and_number_it_is_a_letter_with_all_but_the_reason(
    services: Services, clock: MovableClock, clinic: Clinic, mai: Caller
) -> None:
    await a_way(services, mai, WayKind.EMAIL, "mai@example.com")
    appointment = await book(services, mai, clinic.slots[0])
    clock.now = DAY_BEFORE
    await work(services, clock)

    (text,) = await texts(services)
    ticket = services.health.booking.tickets.issue(appointment)
    assert (text.channel, text.subject) == (Channel.EMAIL, "A reminder of your appointment")
    assert text.body == (
        "What for: Consultation\n"
        "Where: Sa Pa Regional General Hospital\n"
        "When: May 5, 2026, 9:30\u202fAM\n"
        "Your number: 1\n"
        "Before you come: Bring your insurance card.\n"
        "\n"
        f"You can't come? http://127.0.0.1:8000/health/v1/cannot-come?ticket={ticket}"
    )


async def test_who_has_no_way_is_told_nowhere(
    services: Services, clock: MovableClock, clinic: Clinic, mai: Caller
) -> None:
    await book(services, mai, clinic.slots[0])
    clock.now = DAY_BEFORE
    await work(services, clock)

    assert (await pushed(services), await texts(services)) == ([], [])


async def test_no_locked_screen_shows_illness_patient_or_reason(
    services: Services, clock: MovableClock, mai: Caller
) -> None:
    clinic = await a_clinic(
        services.store, "bv-tam-than-yen-bai", specialty="psychiatry", start=TUESDAY
    )
    await a_phone(services, mai)
    await book(services, mai, clinic.slots[0])
    clock.now = DAY_BEFORE
    await work(services, clock)

    assert await bodies(services) == [
        "You have an appointment: May 5, 2026, 9:30\u202fAM. Your number: 1."
    ]
    kept = str(await services.store[FAN_OUTS].find({})) + str(await services.store[JOBS].find({}))
    for secret in (REASON, "Mai", "psychiatry", "Psychiatric", "Tâm thần", "Consultation"):
        assert secret not in kept


async def test_a_job_that_runs_again_says_nothing_twice(
    services: Services, clock: MovableClock, clinic: Clinic, mai: Caller
) -> None:
    await a_phone(services, mai)
    await book(services, mai, clinic.slots[0])
    clock.now = DAY_BEFORE
    remind = services.health.waiting.handlers()[REMIND]
    jobs = await services.store[JOBS].find({"kind": REMIND})
    (job,) = [it for it in jobs if it["due_at"] == DAY_BEFORE]

    for _ in range(2):
        await remind(job["payload"])

    assert len(await bodies(services)) == 1


async def test_nor_on_another_way_when_the_phone_has_gone_between_two_runs(
    services: Services, clock: MovableClock, clinic: Clinic, mai: Caller
) -> None:
    await a_way(services, mai, WayKind.PHONE, NUMBER)
    device = await a_phone(services, mai)
    await book(services, mai, clinic.slots[0])
    clock.now = DAY_BEFORE
    remind = services.health.waiting.handlers()[REMIND]
    jobs = await services.store[JOBS].find({"kind": REMIND})
    (job,) = [it for it in jobs if it["due_at"] == DAY_BEFORE]
    await remind(job["payload"])
    await services.accounts.device_links.unlink(mai, device.id)

    await remind(job["payload"])

    assert await texts(services) == []


async def test_nor_by_push_when_a_phone_has_come_between_two_runs(
    services: Services, clock: MovableClock, clinic: Clinic, mai: Caller
) -> None:
    await a_way(services, mai, WayKind.PHONE, NUMBER)
    await book(services, mai, clinic.slots[0])
    clock.now = DAY_BEFORE
    await work(services, clock)
    jobs = await services.store[JOBS].find({"kind": REMIND})
    (job,) = [it for it in jobs if it["state"] == "done"]
    await a_phone(services, mai)

    await services.health.waiting.handlers()[REMIND](job["payload"])

    assert len(await texts(services)) == 1
    assert await pushed(services) == []


async def test_what_was_cancelled_is_not_said(
    services: Services, clock: MovableClock, clinic: Clinic, mai: Caller
) -> None:
    await a_phone(services, mai)
    await cancel(services, mai, await book(services, mai, clinic.slots[0]))
    clock.now = DAY_BEFORE
    await work(services, clock)

    assert await pushed(services) == []


async def test_what_was_moved_is_said_of_its_new_time_alone(
    services: Services, clock: MovableClock, clinic: Clinic, mai: Caller
) -> None:
    later = await a_clinic(services.store, places=1, start=TUESDAY + timedelta(hours=5))
    await a_phone(services, mai)
    appointment = await book(services, mai, clinic.slots[0])
    await services.health.booking.rescheduling.reschedule(
        mai, appointment.id, later.slots[0].id, a_key()
    )
    for moment in (DAY_BEFORE, DAY_BEFORE + timedelta(hours=5)):
        clock.now = moment
        await work(services, clock)

    assert await bodies(services) == [
        "Appointment at Sa Pa Regional General Hospital: May 5, 2026, 2:30\u202fPM. Your number: 1."
    ]


async def test_what_waits_for_quiet_hours_to_end_is_withdrawn_with_the_appointment(
    services: Services, clock: MovableClock, clinic: Clinic, mai: Caller
) -> None:
    await a_phone(services, mai, QuietHours(time(22), time(9), "Asia/Ho_Chi_Minh"))
    appointment = await book(services, mai, clinic.slots[0])
    clock.now = TWO_HOURS_BEFORE
    await work(services, clock)
    queued = await services.store[FAN_OUTS].find({})
    clock.advance(minutes=5)

    await cancel(services, mai, appointment)

    left = await services.store[FAN_OUTS].find({})
    assert {it["expires_at"] for it in queued} == {TUESDAY}
    assert {it["expires_at"] for it in left} == {clock()}


async def test_what_should_have_been_said_before_is_skipped(
    services: Services, clock: MovableClock, clinic: Clinic, mai: Caller
) -> None:
    await a_phone(services, mai)
    clock.now = TUESDAY - timedelta(hours=1)
    await book(services, mai, clinic.slots[0])
    await work(services, clock)

    assert await services.store[JOBS].find({"kind": REMIND}) == []
    assert await pushed(services) == []


async def test_a_worker_that_was_down_until_the_start_says_nothing(
    services: Services, clock: MovableClock, clinic: Clinic, mai: Caller
) -> None:
    await a_phone(services, mai)
    await book(services, mai, clinic.slots[0])
    clock.now = TUESDAY
    await work(services, clock)

    assert await pushed(services) == []


async def test_a_worker_that_was_down_until_two_hours_before_says_one_thing(
    services: Services, clock: MovableClock, clinic: Clinic, mai: Caller
) -> None:
    await a_phone(services, mai)
    await book(services, mai, clinic.slots[0])
    clock.now = TWO_HOURS_BEFORE
    await work(services, clock)

    assert [it.data["kind"] for it in await pushed(services)] == ["TWO_HOURS_BEFORE"]


@pytest.mark.parametrize("off", [ReminderKind.DAY_BEFORE, ReminderKind.TWO_HOURS_BEFORE])
async def test_a_kind_that_is_off_is_not_said(
    services: Services, clock: MovableClock, clinic: Clinic, mai: Caller, off: ReminderKind
) -> None:
    await a_phone(services, mai)
    await book(services, mai, clinic.slots[0])
    await services.health.waiting.reminder_wishing.put(mai, frozenset({off}))
    for moment in (DAY_BEFORE, TWO_HOURS_BEFORE):
        clock.now = moment
        await work(services, clock)

    (said,) = [it.data["kind"] for it in await pushed(services)]
    assert said != off.name


async def test_when_the_sms_of_a_number_are_used_up_it_is_a_letter(
    services: Services, clock: MovableClock, clinic: Clinic, mai: Caller
) -> None:
    await a_way(services, mai, WayKind.PHONE, NUMBER)
    await a_way(services, mai, WayKind.EMAIL, "mai@example.com")
    await book(services, mai, clinic.slots[0])
    clock.now = DAY_BEFORE
    caps = SendCaps(services.store, services.sealer, abroad_per_day=100, in_all_per_day=100)
    for _ in range(NOTICES_TO_ONE_ADDRESS[0].most):
        await caps.count_notice(address_of(NUMBER), clock())

    await work(services, clock)

    assert [it.channel for it in await texts(services)] == [Channel.EMAIL]
    counts = await services.store[SEND_COUNTS].find({})
    assert max(it["count"] for it in counts) == NOTICES_TO_ONE_ADDRESS[0].most


async def put_in_state(
    services: Services, one: Appointment, status: AppointmentStatus, at: datetime
) -> Appointment:
    changed = replace(one, status=status, checked_in_at=at)
    repository = AppointmentRepository(services.store, services.sealer)
    stored = await repository.replace(changed, one.status)
    assert stored is not None
    return stored


async def test_when_the_queue_moves_those_near_their_turn_hear_it_once(
    services: Services, clock: MovableClock
) -> None:
    clinic = await a_clinic(services.store, places=6, start=MONDAY)
    people = [await a_patient(services, f"Patient {number}") for number in range(6)]
    for person in people:
        await a_phone(services, person)
    there = AppointmentStatus.CHECKED_IN
    waiting = [
        await put_in_state(services, await book(services, person, slot), there, MONDAY)
        for person, slot in zip(people, clinic.slots, strict=True)
    ]
    clock.now = MONDAY
    moved = services.health.waiting.handlers()[QUEUE_MOVED]

    await moved({"session_id": clinic.session.id})
    first = sorted(await bodies(services))
    await put_in_state(services, waiting[0], AppointmentStatus.ARRIVED, MONDAY)
    for _ in range(2):
        await moved({"session_id": clinic.session.id})

    assert first == [
        f"{before} before you. Your number: {before + 1}. Please stay near." for before in (1, 2, 3)
    ]
    later = [it for it in await bodies(services) if it not in first]
    assert later == ["3 before you. Your number: 5. Please stay near."]
    assert len(await bodies(services)) == 4


async def test_who_wants_to_hear_nothing_of_the_queue_does_not(
    services: Services, clock: MovableClock
) -> None:
    clinic = await a_clinic(services.store, places=2, start=MONDAY)
    people = [await a_patient(services, f"Patient {number}") for number in range(2)]
    for person, slot in zip(people, clinic.slots, strict=True):
        await a_phone(services, person)
        booked = await book(services, person, slot)
        await put_in_state(services, booked, AppointmentStatus.CHECKED_IN, MONDAY)
    off = frozenset({ReminderKind.TURN_NEAR})
    await services.health.waiting.reminder_wishing.put(people[1], off)
    clock.now = MONDAY

    await services.health.waiting.handlers()[QUEUE_MOVED]({"session_id": clinic.session.id})

    assert await bodies(services) == []
