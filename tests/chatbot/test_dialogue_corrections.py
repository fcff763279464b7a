"""A wish for another day, while nothing is done yet, belongs to the form that is open or that waits."""

import pytest
from dialogue.state import State
from dialogue.tasks.health import HEALTH

from tests.chatbot import health_answers as told
from tests.chatbot.dialogues import Dialogue, found
from tests.chatbot.health_answers import LAO_CAI_HOSPITAL
from tests.chatbot.sent_documents import CheckedProvince

DENTIST = found("specialty", "dentistry")
TUESDAY, FRIDAY = found("date", "2026-12-01"), found("date", "2026-12-04")
AT_HALF_PAST_EIGHT, AFTERNOON = found("time", "08:30"), found("time", "13:00/17:59")


@pytest.fixture
def talk() -> Dialogue:
    province = CheckedProvince(
        {
            "health/FindSlots": told.slots(
                told.slot("s1", "2026-12-01T08:30"),
                told.slot("s2", "2026-12-01T14:00"),
                told.slot("s3", "2026-12-01T15:00", LAO_CAI_HOSPITAL),
            ),
            "health/FacilityServices": told.services(),
            "health/Facility": told.facility(),
            "health/Specialties": told.SPECIALTIES,
            "accounts/MyDependants": told.family(("d1", "Bà Hoa", "PARENT")),
            "health/MyAppointments": told.appointments(),
        }
    )
    return Dialogue(HEALTH, province)


async def at_the_payment(talk: Dialogue) -> None:
    await talk.hear("book_appointment", DENTIST, TUESDAY, AT_HALF_PAST_EIGHT)
    await talk.tap(1)


async def read_back(talk: Dialogue) -> None:
    await at_the_payment(talk)
    await talk.tap(2)


def on_friday(talk: Dialogue) -> None:
    talk.province.answers["health/FindSlots"] = told.slots(
        told.slot("f1", "2026-12-04T08:30"), told.slot("f2", "2026-12-04T14:00")
    )


async def test_another_day_before_the_yes_is_a_correction(talk: Dialogue) -> None:
    await read_back(talk)
    on_friday(talk)

    await talk.hear("reschedule_appointment", FRIDAY, text="đổi sang thứ sáu")

    assert talk.phrases == ["utter_book_this"]
    assert "Friday, December 4, 2026, 8:30\u202fAM" in talk.words
    assert talk.state.waiting == ()


async def test_another_day_at_the_payment_is_a_correction(talk: Dialogue) -> None:
    await at_the_payment(talk)
    on_friday(talk)

    await talk.hear("reschedule_appointment", FRIDAY, text="can we move it to Friday?")

    assert talk.phrases == ["utter_how_paid"]
    assert talk.state.form is not None
    assert talk.state.form.slots["day"] == "2026-12-04"


async def test_another_part_of_the_day_asks_for_the_time(talk: Dialogue) -> None:
    await read_back(talk)

    await talk.hear("reschedule_appointment", AFTERNOON, text="thôi đổi sang buổi chiều")

    assert talk.phrases == ["utter_which_time"]
    assert talk.state.form is not None
    assert talk.state.form.slots["day"] == "2026-12-01"


async def test_a_move_that_names_nothing_is_one_of_an_appointment_that_is_booked(
    talk: Dialogue,
) -> None:
    await read_back(talk)

    await talk.hear("reschedule_appointment", text="I want to move my appointment")

    assert talk.phrases == ["utter_no_appointment", "utter_resume"]


async def test_who_leaves_it_for_another_day_goes_on_with_what_waits(talk: Dialogue) -> None:
    await read_back(talk)
    await talk.hear("reschedule_appointment", text="I want to move my appointment")
    on_friday(talk)

    await talk.hear("stop", FRIDAY, text="thôi quay lại thứ sáu")

    assert talk.phrases == ["utter_book_this"]
    assert "Friday, December 4, 2026" in talk.words


async def test_a_stop_that_names_the_day_of_the_form_stops_it(talk: Dialogue) -> None:
    await read_back(talk)

    await talk.hear("stop", TUESDAY, text="thôi không đặt lịch thứ ba nữa")

    assert talk.phrases == ["utter_stopped"]
    assert talk.state == State(shown=talk.state.shown)


async def test_to_book_goes_on_with_the_booking_that_waits(talk: Dialogue) -> None:
    await read_back(talk)
    await talk.hear("reschedule_appointment", text="I want to move my appointment")

    await talk.hear("book_appointment", text="Book an appointment")

    assert talk.phrases == ["utter_book_this"]
    assert talk.province.inputs("health/HoldSlot") == []


async def test_a_yes_after_one_more_question_goes_on_with_what_waits(talk: Dialogue) -> None:
    await read_back(talk)
    await talk.hear("reschedule_appointment", text="I want to move my appointment")
    await talk.hear("my_appointments")

    await talk.hear("affirm")
    again = talk.phrases
    on_friday(talk)
    await talk.hear("inform", FRIDAY, text="Friday")

    assert again == ["utter_book_this"]
    assert "Friday, December 4, 2026" in talk.words


async def test_a_move_that_waits_goes_with_the_appointment_that_is_given_up(talk: Dialogue) -> None:
    talk.province.answers["health/MyAppointments"] = told.appointments(told.appointment())
    talk.province.answers["health/CancelAppointment"] = told.done(
        "cancelAppointment", told.appointment(status="CANCELLED")
    )
    await talk.hear("reschedule_appointment")
    await talk.hear("cancel_appointment")

    await talk.hear("affirm")

    assert talk.phrases == ["utter_cancelled"]
    assert talk.state.waiting == ()


async def test_a_move_of_another_appointment_still_waits(talk: Dialogue) -> None:
    first = told.appointment("a1")
    second = told.appointment("a2", "2026-12-03T08:30")
    talk.province.answers["health/MyAppointments"] = told.appointments(first, second)
    talk.province.answers["health/CancelAppointment"] = told.done(
        "cancelAppointment", {**first, "status": "CANCELLED"}
    )
    await talk.hear("reschedule_appointment")
    await talk.tap(2)
    await talk.hear("cancel_appointment")
    await talk.tap(1)

    await talk.hear("affirm")

    assert talk.phrases == ["utter_cancelled", "utter_resume"]
