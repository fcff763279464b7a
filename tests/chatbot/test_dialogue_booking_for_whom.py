"""For whom an appointment is and how it is paid, said before its turn."""

import pytest
from dialogue.tasks.health import HEALTH
from dialogue.tasks.telltale_words import payment_in, payment_told_in

from tests.chatbot import health_answers as told
from tests.chatbot.dialogues import Dialogue, found
from tests.chatbot.sent_documents import CheckedProvince

GENERAL, TUESDAY = found("specialty", "general"), found("date", "2026-12-01")
AT_HALF_PAST_EIGHT, GRANDMOTHER = found("time", "08:30"), found("person", "grandmother")


@pytest.fixture
def talk() -> Dialogue:
    free = told.slots(told.slot("s1", "2026-12-01T08:30"), told.slot("s2", "2026-12-01T15:00"))
    province = CheckedProvince(
        {
            "health/FindSlots": free,
            "health/FacilityServices": told.services(),
            "health/Facility": told.facility(),
            "health/Specialties": told.SPECIALTIES,
            "accounts/MyDependants": told.family(("d1", "Bà Hoa", "PARENT")),
        }
    )
    return Dialogue(HEALTH, province)


@pytest.mark.parametrize(
    ("text", "payment"),
    [
        ("có thẻ bảo hiểm y tế cháu ạ", "INSURANCE"),
        ("đặt lịch khám cho mẹ tôi, có bảo hiểm", "INSURANCE"),
        ("co the bhyt chau a", "INSURANCE"),
        ("không có bảo hiểm", "SELF_PAY"),
        ("no, on Friday, with insurance", "INSURANCE"),
        ("I don't have insurance", "SELF_PAY"),
        ("给我妈妈看，有医保", "INSURANCE"),
        ("没医保", "SELF_PAY"),
        ("pour ma mère, avec l'assurance", "INSURANCE"),
        ("sans assurance", "SELF_PAY"),
        ("건강보험 있어요", "INSURANCE"),
        ("보험이 없습니다", "SELF_PAY"),
        ("保険証があります", "INSURANCE"),
        ("保険はありません", "SELF_PAY"),
    ],
)
def test_insurance_is_understood_also_before_it_is_asked_for(text: str, payment: str) -> None:
    assert payment_told_in(text) == payment


@pytest.mark.parametrize(
    "text",
    [
        "có bảo hiểm thì được giảm bao nhiêu",
        "bệnh viện có nhận bảo hiểm không",
        "do you take insurance?",
        "可以用医保吗",
        "est-ce que l'assurance marche",
        "보험 되나요",
        "保険は使えますか",
        "je vous assure que c'est pour ma mère",
        "không, thứ sáu",
    ],
)
def test_a_question_about_insurance_and_a_message_without_it_tell_nothing(text: str) -> None:
    assert payment_told_in(text) is None


def test_who_asks_whether_insurance_will_do_wants_to_pay_with_it() -> None:
    assert payment_in("dùng bảo hiểm được không ạ") == "INSURANCE"


async def test_insurance_said_early_is_not_asked_for_again(talk: Dialogue) -> None:
    await talk.hear("book_appointment", GENERAL, TUESDAY)
    await talk.hear("inform", text="I have health insurance", confidence=0.3)
    question = talk.phrases

    await talk.tap(1)
    await talk.tap(1)

    assert question == ["utter_which_time"]
    assert talk.words.endswith("Paid with health insurance: bring the card.")


async def test_insurance_is_told_to_the_form_whatever_else_it_is_taken_for(talk: Dialogue) -> None:
    await talk.hear("book_appointment", GENERAL, TUESDAY)

    await talk.hear("find_doctor", text="I have an insurance card")

    assert talk.state.form is not None
    assert talk.state.form.slots["payment"] == "INSURANCE"


async def test_a_question_about_insurance_is_answered_and_changes_nothing(talk: Dialogue) -> None:
    talk.province.answers["health/Facilities"] = told.facilities()
    await talk.hear("book_appointment", GENERAL, TUESDAY)

    await talk.hear("find_doctor", text="which hospitals take insurance?")

    assert talk.phrases == ["utter_no_facility", "utter_which_time"]
    assert talk.state.form is not None
    assert "payment" not in talk.state.form.slots


async def test_somebody_who_is_not_in_the_account_is_asked_for_at_once(talk: Dialogue) -> None:
    await talk.hear("book_appointment", GRANDMOTHER, text="for grandma")

    assert talk.phrases == ["utter_no_such_dependant", "utter_for_whom"]
    assert talk.choices == ["For me", "Bà Hoa"]


async def test_for_me_can_be_tapped_then_and_the_form_goes_on(talk: Dialogue) -> None:
    await talk.hear("book_appointment", GENERAL, TUESDAY, AT_HALF_PAST_EIGHT, GRANDMOTHER)

    await talk.tap(1)

    assert talk.phrases == ["utter_how_paid"]
    assert talk.state.form is not None
    assert talk.state.form.slots["patient"] == "me"


async def test_who_says_something_else_then_is_asked_for_the_patient_in_its_turn(
    talk: Dialogue,
) -> None:
    await talk.hear("book_appointment", GRANDMOTHER, text="for grandma")

    await talk.hear("inform", GENERAL, text="general")

    assert talk.phrases == ["utter_which_day"]
