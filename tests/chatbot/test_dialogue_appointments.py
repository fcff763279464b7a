"""Appointments by chat: booked, moved, given up."""

from dataclasses import replace

import pytest
from dialogue.province import Answer, ProvinceUnreachable
from dialogue.saying import Shown
from dialogue.tasks.health import HEALTH

from tests.chatbot import health_answers as told
from tests.chatbot.dialogues import Dialogue, found
from tests.chatbot.health_answers import LAO_CAI_HOSPITAL, SA_PA_HOSPITAL
from tests.chatbot.sent_documents import CheckedProvince

DENTIST = found("specialty", "dentistry")
TUESDAY, AT_HALF_PAST_EIGHT = found("date", "2026-12-01"), found("time", "08:30")
FREE = told.slots(
    told.slot("s1", "2026-12-01T08:30"),
    told.slot("s2", "2026-12-01T14:00", practitioner="Dr Mẫu"),
    told.slot("s3", "2026-12-01T15:00", LAO_CAI_HOSPITAL),
)
MOTHER = ("d1", "Bà Hoa", "PARENT")


@pytest.fixture
def talk() -> Dialogue:
    province = CheckedProvince(
        {
            "health/FindSlots": FREE,
            "health/FacilityServices": told.services(),
            "health/Facility": told.facility(),
            "health/Specialties": told.SPECIALTIES,
            "accounts/MyDependants": told.family(MOTHER),
            "health/MyAppointments": told.appointments(told.appointment()),
            "health/HoldSlot": told.done("holdSlot", told.appointment("held", status="PENDING")),
            "health/BookAppointment": told.done(
                "bookAppointment", told.appointment("a9", "2026-12-01T08:30")
            ),
        }
    )
    return Dialogue(HEALTH, province)


def searches(talk: Dialogue) -> list[Answer]:
    """Return what was searched for: whether the department has a free time at all, then what is wished for."""
    return [sent for name, sent in talk.province.asked if name == "health/FindSlots"]


async def read_back(talk: Dialogue) -> None:
    await talk.hear("book_appointment", DENTIST, TUESDAY, AT_HALF_PAST_EIGHT)
    await talk.tap(1)
    await talk.tap(2)


async def test_a_booking_asks_in_turn_and_offers_real_free_times(talk: Dialogue) -> None:
    said = []
    await talk.hear("book_appointment")
    for number in (2, 1, 2):
        said.append((talk.said[0].phrase, talk.choices))
        await talk.tap(number)

    assert said == [
        ("utter_which_specialty", ["General practice", "Dentistry"]),
        ("utter_which_day", ["Tuesday, December 1, 2026"]),
        (
            "utter_which_time",
            [
                "8:30\u202fAM, Sa Pa Regional General Hospital",
                "2:00\u202fPM, Sa Pa Regional General Hospital, Dr Mẫu",
                "3:00\u202fPM, Lao Cai Provincial General Hospital",
            ],
        ),
    ]
    assert talk.words == "For whom is the appointment?"
    assert talk.choices == ["For me", "Bà Hoa"]


async def test_the_read_back_has_the_day_the_hour_and_the_exact_price(talk: Dialogue) -> None:
    await read_back(talk)

    assert talk.words == (
        "Shall I book this?\nDental check, Sa Pa Regional General Hospital\n"
        "Tuesday, December 1, 2026, 8:30\u202fAM\nPatient: you\nPaid without insurance.\n"
        "Price without insurance, as the hospital gives it: ₫150,000"
    )
    assert talk.province.inputs("health/HoldSlot") == []


async def test_one_yes_holds_and_books(talk: Dialogue) -> None:
    await read_back(talk)

    await talk.hear("affirm")

    (held,), (booked,) = (
        talk.province.inputs("health/HoldSlot"),
        talk.province.inputs("health/BookAppointment"),
    )
    assert (held["slotId"], held["patientId"]) == ("s1", None)
    assert (booked["appointmentId"], booked["payment"], booked["language"]) == (
        "held",
        "SELF_PAY",
        "en",
    )
    assert all(16 <= len(sent["idempotencyKey"]) <= 128 for sent in (held, booked))
    assert talk.words.startswith(
        "Booked: Dental check, Sa Pa Regional General Hospital, Tuesday, December 1, 2026,"
        " 8:30\u202fAM.\nNumber: 7\n"
    )
    assert talk.state.shown == (Shown("appointment", "a9"),)


async def test_a_time_that_is_free_once_needs_no_choosing(talk: Dialogue) -> None:
    await talk.hear("book_appointment", DENTIST, TUESDAY, AT_HALF_PAST_EIGHT)

    assert talk.phrases == ["utter_for_whom"]
    (_, sent, *_) = searches(talk)
    assert sent == {
        "specialty": "dentistry",
        "order": "SOONEST",
        "from": "2026-12-01T08:30:00+07:00",
        "to": "2026-12-01T08:31:00+07:00",
        "first": 100,
    }


async def test_an_afternoon_is_searched_and_not_picked_out_of_a_page_of_mornings(
    talk: Dialogue,
) -> None:
    await talk.hear("book_appointment", DENTIST, TUESDAY, found("time", "12:00/23:59"))

    (_, searched, *_) = searches(talk)
    assert (searched["from"], searched["to"]) == (
        "2026-12-01T12:00:00+07:00",
        "2026-12-02T00:00:00+07:00",
    )


async def test_days_are_offered_that_no_page_of_the_first_holds(talk: Dialogue) -> None:
    days = ("2026-12-01T08:00", "2026-12-02T08:00", "2026-12-04T08:00")
    pages = [told.slots(told.slot(day, day)) for day in days]
    talk.province.answers["health/FindSlots"] = [FREE, *pages, told.slots()]

    await talk.hear("book_appointment", DENTIST)

    (_, *searched) = searches(talk)
    assert talk.choices == [
        "Tuesday, December 1, 2026",
        "Wednesday, December 2, 2026",
        "Friday, December 4, 2026",
    ]
    assert [sent["from"] for sent in searched] == [
        "2026-11-30T08:00:00+07:00",
        "2026-12-02T00:00:00+07:00",
        "2026-12-03T00:00:00+07:00",
        "2026-12-05T00:00:00+07:00",
    ]
    assert {sent["first"] for sent in searched} == {1}


async def test_a_time_that_is_not_free_offers_the_nearest(talk: Dialogue) -> None:
    await talk.hear("book_appointment", DENTIST, TUESDAY, found("time", "17:00"))

    assert talk.words.startswith("Nothing is free at that time. The nearest on Tuesday")
    assert len(talk.choices) == 3


async def test_a_correction_in_the_read_back_finds_a_new_time(talk: Dialogue) -> None:
    await read_back(talk)
    wednesday = told.slots(told.slot("w1", "2026-12-02T14:00"), told.slot("w2", "2026-12-02T16:00"))
    talk.province.answers["health/FindSlots"] = wednesday

    await talk.hear(
        "inform",
        found("date", "2026-12-02"),
        found("time", "13:00/17:59"),
        text="no, on wednesday afternoon",
    )
    asked = talk.words
    await talk.tap(2)

    assert asked == "Free on Wednesday, December 2, 2026. Which time?"
    assert "Wednesday, December 2, 2026, 4:00\u202fPM" in talk.words


async def test_for_my_mother_is_the_one_parent_of_the_account(talk: Dialogue) -> None:
    await talk.hear("book_appointment", DENTIST, TUESDAY, AT_HALF_PAST_EIGHT)

    await talk.hear("inform", found("person", "mother"), text="for my mother")
    await talk.tap(1)
    await talk.hear("affirm")

    (held,) = talk.province.inputs("health/HoldSlot")
    assert held["patientId"] == "d1"
    assert "Hoa" not in talk.state.to_json()


async def test_nobody_of_that_kind_in_the_account_is_said(talk: Dialogue) -> None:
    await talk.hear("book_appointment", DENTIST, TUESDAY, AT_HALF_PAST_EIGHT)

    await talk.hear("inform", found("person", "child"), text="for my child")

    assert talk.phrases == ["utter_no_such_dependant", "utter_for_whom"]


async def test_two_who_can_be_meant_are_asked_for(talk: Dialogue) -> None:
    father = ("d2", "Ông Nam", "PARENT")
    talk.province.answers["accounts/MyDependants"] = told.family(MOTHER, father)
    await talk.hear("book_appointment", DENTIST, TUESDAY, AT_HALF_PAST_EIGHT)

    await talk.hear("inform", found("person", "mother"), text="for my mother")
    phrases = talk.phrases
    await talk.tap(2)
    await talk.tap(1)

    assert phrases == ["utter_which_dependant", "utter_for_whom"]
    assert "Patient: Bà Hoa" in talk.words


async def test_a_place_taken_meanwhile_asks_only_for_another(talk: Dialogue) -> None:
    await read_back(talk)
    taken = told.refused("holdSlot", "SLOT_TAKEN", "Somebody was faster.")
    talk.province.answers["health/HoldSlot"] = taken
    talk.province.answers["health/FindSlots"] = told.slots(told.slot("s9", "2026-12-01T09:00"))

    await talk.hear("affirm")

    assert talk.words.startswith("That did not work:\nSomebody was faster.\nNothing is free at")
    assert talk.state.form is not None
    assert talk.state.form.slots["payment"] == "SELF_PAY"


async def test_a_hold_that_ended_is_made_anew_with_another_key(talk: Dialogue) -> None:
    await read_back(talk)
    booked = talk.province.answers["health/BookAppointment"]
    over = told.refused("bookAppointment", "HOLD_OVER", "Too late.")
    talk.province.answers["health/BookAppointment"] = [over, booked]

    await talk.hear("affirm")
    await talk.hear("affirm")

    first, second = talk.province.inputs("health/HoldSlot")
    assert first["slotId"] == second["slotId"]
    assert first["idempotencyKey"] != second["idempotencyKey"]
    assert talk.phrases == ["utter_booked"]


async def test_a_lost_answer_is_asked_for_again_with_the_same_keys(talk: Dialogue) -> None:
    await read_back(talk)
    booked = talk.province.answers["health/BookAppointment"]
    talk.province.answers["health/BookAppointment"] = [ProvinceUnreachable(), booked]

    await talk.hear("affirm")
    await talk.hear("affirm")

    first, second = talk.province.inputs("health/BookAppointment")
    assert first == second


async def test_a_missing_consent_keeps_the_booking_for_later(talk: Dialogue) -> None:
    await read_back(talk)
    missing = told.refused("holdSlot", "CONSENT_MISSING", "Your consent is missing.")
    talk.province.answers["health/HoldSlot"] = missing

    await talk.hear("affirm")

    assert talk.phrases == ["utter_refused", "utter_book_this"]


async def test_too_many_appointments_ends_with_the_words_of_the_api(talk: Dialogue) -> None:
    await read_back(talk)
    many = told.refused("holdSlot", "TOO_MANY_APPOINTMENTS", "Six are enough.")
    talk.province.answers["health/HoldSlot"] = many

    await talk.hear("affirm")

    assert talk.words == "That did not work:\nSix are enough."
    assert talk.state.form is None


async def test_only_one_way_to_pay_is_not_asked_for(talk: Dialogue) -> None:
    talk.province.answers["health/FacilityServices"] = told.services(("INSURANCE",), None)
    await talk.hear("book_appointment", DENTIST, TUESDAY, AT_HALF_PAST_EIGHT)

    await talk.tap(1)

    assert talk.words.endswith("Paid with health insurance: bring the card.")


async def test_a_price_that_is_not_told_is_said_not_to_be(talk: Dialogue) -> None:
    talk.province.answers["health/FacilityServices"] = told.services(price=None)

    await read_back(talk)

    assert talk.words.endswith("The hospital does not tell the price; ask there.")


async def test_a_day_that_is_over_is_asked_for_again(talk: Dialogue) -> None:
    await talk.hear("book_appointment", DENTIST, found("date", "2026-11-01"))

    assert talk.words.startswith("Sunday, November 1, 2026 is over.\nOn which day?")


async def test_a_full_day_offers_the_next(talk: Dialogue) -> None:
    none = told.slots()
    talk.province.answers["health/FindSlots"] = [FREE, none, none, none, FREE]

    await talk.hear("book_appointment", DENTIST, found("date", "2026-11-30"))

    assert talk.words.startswith(
        "Nothing is free on Monday, November 30, 2026. The next after it:\n"
    )
    assert talk.choices[0] == (
        "Tuesday, December 1, 2026, 8:30\u202fAM, Sa Pa Regional General Hospital"
    )


async def test_a_hospital_that_was_shown_is_where_it_is_booked(talk: Dialogue) -> None:
    await talk.hear("find_doctor", found("facility", SA_PA_HOSPITAL))

    await talk.hear("book_appointment")

    assert talk.choices == ["Dentistry"]
    assert talk.state.form is not None
    assert talk.state.form.slots == {"facility": SA_PA_HOSPITAL}


async def test_a_commune_brings_the_nearest_first(talk: Dialogue) -> None:
    position = {"latitude": 22.33, "longitude": 103.84}
    commune = {"code": "03006", "name": {"text": "Sa Pa"}, "position": position}
    talk.province.answers["tourism/Communes"] = told.connection("communes", [commune])

    await talk.hear("book_appointment", DENTIST, TUESDAY, found("commune", "03006"))

    (_, sent, *_) = searches(talk)
    assert (sent["near"], sent["order"]) == (position, "NEAREST")


async def test_the_only_appointment_is_cancelled_with_a_yes(talk: Dialogue) -> None:
    gone = told.done("cancelAppointment", told.appointment(status="CANCELLED"))
    talk.province.answers["health/CancelAppointment"] = gone
    await talk.hear("cancel_appointment")
    question = talk.words

    await talk.hear("affirm")

    assert question == (
        "Shall I cancel this appointment?\nDental check, Sa Pa Regional General Hospital\n"
        "Wednesday, December 2, 2026, 9:00\u202fAM\nPatient: Lan"
    )
    (sent,) = talk.province.inputs("health/CancelAppointment")
    assert sent["appointmentId"] == "a1"
    assert talk.phrases == ["utter_cancelled"]


async def test_of_several_the_one_of_that_day_is_cancelled(talk: Dialogue) -> None:
    other = told.appointment("a2", "2026-12-05T14:00")
    talk.province.answers["health/MyAppointments"] = told.appointments(told.appointment(), other)
    await talk.hear("cancel_appointment")
    choices = talk.choices

    await talk.hear("inform", found("date", "2026-12-05"))

    assert len(choices) == 2
    assert "Saturday, December 5, 2026" in talk.words


async def test_that_one_is_the_second_of_those_that_were_listed(talk: Dialogue) -> None:
    other = told.appointment("a2", "2026-12-05T14:00")
    talk.province.answers["health/MyAppointments"] = told.appointments(told.appointment(), other)
    await talk.hear("my_appointments")

    await talk.hear("cancel_appointment", found("ordinal", "2"))

    assert talk.state.form is not None
    assert talk.state.form.slots == {"appointment": "a2"}


async def test_a_code_of_somebody_else_cancels_nothing(talk: Dialogue) -> None:
    other = told.appointment("a2", "2026-12-05T14:00")
    talk.province.answers["health/MyAppointments"] = told.appointments(told.appointment(), other)
    await talk.hear("cancel_appointment", text="cancel appointment stranger-1")

    await talk.hear("inform", text="stranger-1")
    await talk.hear("affirm")

    assert talk.province.inputs("health/CancelAppointment") == []
    assert talk.said[-1].phrase == "utter_which_appointment"


async def test_an_appointment_that_is_gone_is_refused_politely(talk: Dialogue) -> None:
    talk.state = replace(talk.state, shown=(Shown("appointment", "stranger-1"),))

    await talk.hear("cancel_appointment")

    assert talk.phrases == ["utter_appointment_gone", "utter_cancel_this"]
    assert "Patient: Lan" in talk.words


async def test_a_refused_cancelling_is_told_in_the_words_of_the_api(talk: Dialogue) -> None:
    over = told.refused("cancelAppointment", "APPOINTMENT_OVER", "It has begun.")
    talk.province.answers["health/CancelAppointment"] = over
    await talk.hear("cancel_appointment")

    await talk.hear("affirm")

    assert talk.words == "That did not work:\nIt has begun."


async def test_nothing_to_cancel_or_to_move_is_said(talk: Dialogue) -> None:
    talk.province.answers["health/MyAppointments"] = told.appointments()

    await talk.hear("cancel_appointment")
    first = talk.phrases
    await talk.hear("reschedule_appointment")

    assert first == talk.phrases == ["utter_no_appointment"]


async def test_a_move_stays_in_its_specialty_hospital_and_payment(talk: Dialogue) -> None:
    moved = told.done("rescheduleAppointment", told.appointment("a5", "2026-12-01T14:00"))
    talk.province.answers["health/RescheduleAppointment"] = moved
    await talk.hear("reschedule_appointment", TUESDAY, found("time", "14:00"))
    question = talk.words

    await talk.hear("affirm")

    (first, *_) = [sent for name, sent in talk.province.asked if name == "health/FindSlots"]
    assert (first["specialty"], first["facilityId"], first["payment"]) == (
        "dentistry",
        SA_PA_HOSPITAL,
        "SELF_PAY",
    )
    assert question == (
        "Shall I move this appointment?\nDental check, Sa Pa Regional General Hospital,"
        " patient: Lan\nFrom: Wednesday, December 2, 2026, 9:00\u202fAM\n"
        "To: Tuesday, December 1, 2026, 2:00\u202fPM"
    )
    (sent,) = talk.province.inputs("health/RescheduleAppointment")
    assert (sent["appointmentId"], sent["newSlotId"]) == ("a1", "s2")
    assert talk.words.startswith("Moved: Dental check")


async def test_a_move_to_a_taken_time_asks_for_another(talk: Dialogue) -> None:
    taken = told.refused("rescheduleAppointment", "SLOT_TAKEN", "Somebody was faster.")
    talk.province.answers["health/RescheduleAppointment"] = taken
    await talk.hear("reschedule_appointment", TUESDAY, found("time", "13:00/17:59"))
    await talk.tap(1)

    await talk.hear("affirm")

    assert talk.phrases == ["utter_refused", "utter_which_time"]


async def test_a_hold_is_told_as_not_booked(talk: Dialogue) -> None:
    held = told.appointment(status="PENDING", heldUntil="2026-11-30T08:05:00+07:00")
    talk.province.answers["health/MyAppointments"] = told.appointments(held)

    await talk.hear("my_appointments")

    assert talk.words.endswith("only held, until 8:05\u202fAM, not booked")


async def test_nothing_said_lies_in_the_state(talk: Dialogue) -> None:
    await read_back(talk)

    kept = talk.state.to_json()

    assert "Dental" not in kept
    assert "Hoa" not in kept
    assert "Hospital" not in kept


async def test_there_is_the_hospital_that_was_shown_also_when_the_department_is_named(
    talk: Dialogue,
) -> None:
    await talk.hear("find_doctor", found("facility", SA_PA_HOSPITAL))

    await talk.hear("book_appointment", DENTIST)

    assert talk.state.form is not None
    assert talk.state.form.slots == {"specialty": "dentistry", "facility": SA_PA_HOSPITAL}


async def test_of_two_hospitals_that_were_shown_none_is_chosen_silently(talk: Dialogue) -> None:
    two = told.facilities(SA_PA_HOSPITAL, LAO_CAI_HOSPITAL)
    talk.province.answers["health/Facilities"] = two
    await talk.hear("find_doctor")

    await talk.hear("book_appointment", DENTIST)

    assert talk.state.form is not None
    assert talk.state.form.slots == {"specialty": "dentistry"}
