"""The engine with tasks of the tests' own: a question, and a form of three slots."""

import pytest
from dialogue.province import Asked, ProvinceUnreachable, Refused
from dialogue.saying import Say, Shown, Step, choice
from dialogue.state import OpenForm, State
from dialogue.task import Answering

from tests.chatbot.dialogues import Dialogue, found
from tests.chatbot.tasks_of_tests import MONDAY, TASKS, TUESDAY, Weather, booked_but_for_yes, talk

__all__ = ["talk"]


async def test_a_form_asks_only_for_what_its_first_message_does_not_say(talk: Dialogue) -> None:
    await talk.hear("book_appointment", MONDAY)

    assert talk.phrases == ["utter_which_place"]


async def test_a_form_is_read_back_and_done_with_one_yes(talk: Dialogue) -> None:
    await booked_but_for_yes(talk)
    read_back = talk.said

    await talk.hear("affirm")

    assert read_back == [Say("utter_thanks", {"day": "2026-12-07", "hour": "09:30"})]
    assert talk.phrases == ["utter_help"]
    (sent,) = talk.province.inputs("book")
    assert (sent["day"], sent["hour"]) == ("2026-12-07", "09:30")
    assert talk.state.form is None


async def test_nothing_is_done_before_the_yes(talk: Dialogue) -> None:
    await talk.hear("affirm")
    await booked_but_for_yes(talk)

    assert talk.province.asked == []


async def test_a_yes_whose_answer_was_lost_has_the_same_key_when_it_is_said_again(
    talk: Dialogue,
) -> None:
    await booked_but_for_yes(talk)
    talk.province.answers["book"] = [ProvinceUnreachable(), {"bookIt": {}}]

    await talk.hear("affirm")
    unreachable = talk.phrases
    await talk.hear("affirm")

    assert unreachable == ["utter_unreachable"]
    first, second = talk.province.inputs("book")
    assert first == second


async def test_a_correction_in_the_read_back_asks_anew_what_hangs_on_it(talk: Dialogue) -> None:
    await booked_but_for_yes(talk)

    await talk.hear("inform", TUESDAY, text="no, tuesday")

    assert talk.phrases == ["utter_which_place"]
    assert talk.state.form is not None
    assert talk.state.form.slots == {"day": "2026-12-08"}


async def test_a_yes_with_something_new_in_it_is_read_back_again(talk: Dialogue) -> None:
    await booked_but_for_yes(talk)

    await talk.hear("affirm", found("time", "08:00"), text="yes but at 8")

    assert talk.said == [Say("utter_thanks", {"day": "2026-12-07", "hour": "08:00"})]
    assert talk.province.asked == []


async def test_a_no_to_the_read_back_asks_what_to_change(talk: Dialogue) -> None:
    await booked_but_for_yes(talk)

    await talk.hear("deny")

    assert talk.phrases == ["utter_what_to_change"]
    assert talk.state.form is not None


async def test_a_question_in_a_form_is_answered_and_the_form_goes_on(talk: Dialogue) -> None:
    talk.province.answers["weather"] = {"weather": []}
    await talk.hear("book_appointment", MONDAY)

    await talk.hear("weather_warning", found("commune", "03006"), text="will it rain in Sa Pa?")

    assert talk.phrases == ["utter_near_you", "utter_which_place"]


async def test_a_form_waits_for_another_and_is_offered_after_it(talk: Dialogue) -> None:
    talk.province.answers["book"] = {"bookIt": {}}
    await talk.hear("book_appointment", MONDAY)
    await talk.hear("report_problem")
    await talk.hear("out_of_scope", text="the lamp is broken")
    await talk.hear("inform", MONDAY)
    await talk.hear("affirm")
    offered = talk.phrases

    await talk.hear("affirm")

    assert offered == ["utter_help", "utter_resume"]
    assert talk.phrases == ["utter_which_place"]


async def test_a_waiting_form_that_is_not_wanted_is_dropped(talk: Dialogue) -> None:
    talk.province.answers["book"] = {"bookIt": {}}
    await talk.hear("book_appointment", MONDAY)
    await talk.hear("report_problem", MONDAY)
    await talk.hear("inform", text="a lamp")
    await talk.hear("affirm")

    await talk.hear("deny")

    assert talk.phrases == ["utter_stopped"]
    assert talk.state.waiting == ()


async def test_free_words_are_taken_as_they_are_whatever_they_sound_like(talk: Dialogue) -> None:
    await talk.hear("report_problem")

    await talk.hear("weather_warning", text="the storm broke the lamp")

    assert talk.phrases == ["utter_what_can_i_do"]
    assert "storm" not in talk.state.to_json()


async def test_stop_ends_a_form_and_says_that_nothing_was_done(talk: Dialogue) -> None:
    await booked_but_for_yes(talk)

    await talk.hear("stop")
    await talk.hear("affirm")

    assert talk.province.asked == []
    assert talk.state.form is None


async def test_an_objection_is_told_before_the_question_comes_again(talk: Dialogue) -> None:
    await talk.hear("book_appointment")

    await talk.hear("inform", found("date", "2026-01-01"))

    assert talk.phrases == ["utter_place_unknown", "utter_what_can_i_do"]


async def test_a_refusal_that_can_be_mended_asks_for_that_slot_again(talk: Dialogue) -> None:
    await booked_but_for_yes(talk)
    talk.province.answers["book"] = {"bookIt": {"code": "TAKEN", "message": "Somebody was faster."}}

    await talk.hear("affirm")

    assert talk.phrases == ["utter_refused", "utter_which_place"]
    assert talk.said[0].lines == [{"content": "Somebody was faster."}]


async def test_any_other_refusal_ends_the_form(talk: Dialogue) -> None:
    await booked_but_for_yes(talk)
    talk.province.answers["book"] = {"bookIt": {"code": "NEVER", "message": "Not here."}}

    await talk.hear("affirm")

    assert talk.phrases == ["utter_refused"]
    assert talk.state.form is None


async def test_who_is_not_signed_in_is_walked_there_and_goes_on_where_they_were(
    talk: Dialogue,
) -> None:
    talk.is_signed_in = False
    await talk.hear("book_appointment", MONDAY)
    told = talk.said

    talk.is_signed_in = True
    await talk.hear("affirm", MONDAY)

    assert told[0].phrase == "utter_sign_in"
    assert told[0].steps == [Step.SIGN_IN]
    assert talk.phrases == ["utter_which_place"]


async def test_a_question_about_oneself_needs_signing_in(talk: Dialogue) -> None:
    talk.is_signed_in = False

    await talk.hear("card_balance")

    assert talk.phrases == ["utter_sign_in"]
    assert talk.province.asked == []


async def test_what_is_said_after_a_question_changes_that_question(talk: Dialogue) -> None:
    talk.province.answers["weather"] = {"weather": []}
    await talk.hear("weather_warning", found("commune", "03006"))

    await talk.hear("inform", found("commune", "02839"))

    assert talk.province.asked[-1] == ("weather", {"commune": "02839"})


async def test_a_name_alone_out_of_the_blue_is_asked_about() -> None:
    class Sight(Weather):
        intent = "place_info"

    talk = Dialogue((Sight(),))
    talk.province.answers["weather"] = {"weather": []}

    await talk.hear("inform", found("commune", "03006"))

    assert talk.province.asked == [("weather", {"commune": "03006"})]


async def test_say_that_again_asks_the_province_again(talk: Dialogue) -> None:
    talk.province.answers["weather"] = {"weather": []}
    await talk.hear("weather_warning", found("commune", "03006"))

    await talk.hear("repeat")

    assert talk.province.asked == [("weather", {"commune": "03006"})] * 2


async def test_unsure_asks_which_of_two_was_meant_and_takes_the_tapped_one(talk: Dialogue) -> None:
    talk.province.answers["weather"] = {"weather": []}
    await talk.hear("weather_warning", confidence=0.3, second="card_balance")
    asked_back = talk.phrases

    await talk.tap(1)

    assert asked_back == ["utter_did_you_mean"]
    assert talk.phrases == ["utter_near_you"]


async def test_what_was_said_before_a_guess_is_tapped_is_not_asked_for_again(
    talk: Dialogue,
) -> None:
    await talk.hear("inform", MONDAY, found("time", "08:00"), second="book_appointment")
    asked_back = talk.phrases

    await talk.tap(1)

    assert asked_back == ["utter_did_you_mean"]
    assert talk.said == [Say("utter_thanks", {"day": "2026-12-07", "hour": "08:00"})]


async def test_a_yes_to_a_guess_adds_to_what_was_said_before(talk: Dialogue) -> None:
    await talk.hear("inform", MONDAY, second="book_appointment")

    await talk.hear("affirm", found("time", "08:00"), text="yes, at 8")

    assert talk.said == [Say("utter_thanks", {"day": "2026-12-07", "hour": "08:00"})]


async def test_what_was_said_before_a_guess_is_forgotten_with_it(talk: Dialogue) -> None:
    await talk.hear("inform", MONDAY, second="book_appointment")
    await talk.hear("thanks")

    await talk.hear("book_appointment")

    assert talk.state.guessed_from == ()
    assert talk.phrases == ["utter_what_can_i_do"]


async def test_the_third_time_a_person_is_offered(talk: Dialogue) -> None:
    await talk.hear("out_of_scope", confidence=0.2)
    await talk.hear("nlu_fallback", confidence=0.2)

    await talk.hear("nlu_fallback", confidence=0.2)

    assert talk.phrases == ["utter_offer_person"]


async def test_the_third_time_a_person_is_offered_in_a_form_too(talk: Dialogue) -> None:
    await talk.hear("book_appointment", MONDAY)
    said = []
    for _ in range(3):
        await talk.hear("nlu_fallback", confidence=0.2)
        said.append(talk.phrases)

    not_understood = ["utter_not_understood_here", "utter_which_place"]
    assert said == [not_understood, not_understood, ["utter_offer_person"]]
    assert talk.state.form is not None


async def test_what_was_understood_in_a_form_begins_the_count_anew(talk: Dialogue) -> None:
    talk.province.answers["weather"] = {"weather": []}
    await talk.hear("book_appointment", MONDAY)
    await talk.hear("nlu_fallback", confidence=0.2)
    await talk.hear("nlu_fallback", confidence=0.2)

    await talk.hear("weather_warning")

    assert talk.state.unclear == 0


async def test_a_yes_to_the_offer_of_a_person_calls_one() -> None:
    class Person(Weather):
        intent = "human"

    talk = Dialogue((*TASKS, Person()))
    talk.province.answers["weather"] = {"weather": []}
    for _ in range(3):
        await talk.hear("nlu_fallback", confidence=0.2)

    await talk.hear("affirm")

    assert talk.phrases == ["utter_near_you"]


async def test_who_wants_no_person_is_asked_on_in_the_form(talk: Dialogue) -> None:
    await talk.hear("book_appointment", MONDAY)
    for _ in range(3):
        await talk.hear("nlu_fallback", confidence=0.2)

    await talk.hear("deny")

    assert talk.phrases == ["utter_which_place"]


async def test_another_language_lasts_and_reaches_the_api(talk: Dialogue) -> None:
    talk.province.answers["weather"] = {"weather": []}
    await talk.hear("change_language", found("language", "ko"))

    await talk.hear("weather_warning")

    assert talk.province.languages == ["ko"]


async def test_that_one_is_what_was_shown(talk: Dialogue) -> None:
    talk.province.answers["weather"] = {"weather": []}
    await talk.hear("weather_warning")
    kept = State.from_json(talk.state.to_json())

    assert kept.shown == (Shown("place", "P001"), Shown("place", "P002"))


async def test_a_form_of_another_version_that_waits_is_not_gone_on_with(talk: Dialogue) -> None:
    talk.state = State(waiting=(OpenForm("gone", "key"),))

    await talk.hear("affirm")

    assert talk.phrases == ["utter_what_can_i_do"]
    assert talk.state == State()


def test_a_state_of_another_version_is_begun_anew() -> None:
    assert State.from_json('{"form": {"intent": "x", "words": 1}}') == State()
    assert State.from_json("[1]") == State()
    assert State.from_json(None) == State()


def test_a_refusal_names_its_code() -> None:
    with pytest.raises(Refused):
        raise Refused("TAKEN", "Somebody was faster.")


@pytest.mark.parametrize("intent", ["affirm", "inform", "weather_warning", "report_problem"])
async def test_a_question_of_another_version_is_not_waited_for(talk: Dialogue, intent: str) -> None:
    talk.province.answers["weather"] = {"weather": []}
    offered = (("0123456789ab", "08:00"),)
    talk.state = State(form=OpenForm("book_appointment", "k", asked="gone", offered=offered))

    await talk.hear(intent)
    await talk.hear("inform", MONDAY)

    assert talk.state.form is not None


async def test_an_offer_without_a_form_that_waits_is_none(talk: Dialogue) -> None:
    talk.state = State(is_resume_offered=True)

    await talk.hear("affirm")

    assert talk.phrases == ["utter_what_can_i_do"]


class Doctors(Answering):
    intent, title = "find_doctor", "title_find_doctor"

    async def answers(self, asked: Asked) -> list[Say]:
        return [Say("utter_near_you", choices=[choice("book_appointment", "title_human")])]


async def test_what_an_answer_leads_on_to_is_begun_by_a_tap_with_what_was_found() -> None:
    talk = Dialogue((*TASKS, Doctors()))
    await talk.hear("find_doctor", MONDAY)

    await talk.tap(1)

    assert talk.phrases == ["utter_which_place"]
    assert talk.state.form is not None
    assert talk.state.form.slots == {"day": MONDAY.value}
