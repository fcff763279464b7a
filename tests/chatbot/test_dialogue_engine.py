"""The engine with tasks of its own: a question, and a form of three slots."""

from collections.abc import Sequence
from typing import ClassVar

import pytest
from dialogue.form import Form, NotThis, Slot, Slots, Taken, Took
from dialogue.province import Asked, ProvinceUnreachable, Refused
from dialogue.saying import Say, Shown, Step, choice_of
from dialogue.state import OpenForm, State
from dialogue.task import Answering

from tests.chatbot.dialogues import SA_PA, Dialogue, found


class Weather(Answering):
    intent, title = "weather_warning", "title_human"

    async def answers(self, asked: Asked) -> Sequence[Say]:
        await asked.ask("weather", commune=asked.turn.value("commune"))
        shows = (Shown("place", "P001"), Shown("place", "P002"))
        return [Say("utter_near_you", shows=shows)]


class Balance(Weather):
    intent = "card_balance"
    needs_person: ClassVar[bool] = True


class Day(Slot):
    name, kinds, clears = "day", ("date",), ("hour",)

    async def ask(self, asked: Asked, slots: Slots) -> Say:
        return Say("utter_what_can_i_do")

    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        if asked.turn.value("date") == "2026-01-01":
            return NotThis(Say("utter_place_unknown"))
        return await super().take(asked, slots, is_awaited=is_awaited)


class Hour(Slot):
    name, kinds = "hour", ("time",)

    async def ask(self, asked: Asked, slots: Slots) -> Say:
        return Say(
            "utter_which_place", choices=[choice_of("08:00", "8 h"), choice_of("09:30", "9:30")]
        )


class Words(Slot):
    name, is_told = "words", True

    async def ask(self, asked: Asked, slots: Slots) -> Say:
        return Say("utter_greet")

    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        return Took("kept elsewhere") if is_awaited else None


class Booking(Form):
    intent, title, needs_person = "book_appointment", "title_human", True
    slots = (Day(), Hour())

    async def read_back(self, asked: Asked, slots: Slots) -> Say:
        return Say("utter_thanks", {"day": slots["day"], "hour": slots["hour"]})

    async def commit(self, asked: Asked, form: OpenForm) -> Sequence[Say]:
        await asked.do("book", **form.slots, idempotencyKey=form.key)
        return [Say("utter_help")]

    def after_refusal(self, code: str, form: OpenForm) -> OpenForm | None:
        return form.without("hour") if code == "TAKEN" else None


class Report(Booking):
    intent, needs_person = "report_problem", False
    slots = (Words(), Day())

    async def read_back(self, asked: Asked, slots: Slots) -> Say:
        return Say("utter_thanks")


TASKS = (Weather(), Balance(), Booking(), Report())
MONDAY, TUESDAY = found("date", "2026-12-07"), found("date", "2026-12-08")


@pytest.fixture
def talk() -> Dialogue:
    return Dialogue(TASKS)


async def booked_but_for_yes(talk: Dialogue) -> None:
    talk.province.answers["book"] = {"bookIt": {"__typename": "BookSuccess"}}
    await talk.hear("book_appointment", MONDAY)
    await talk.tap(2)


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


async def test_the_third_time_a_person_is_offered(talk: Dialogue) -> None:
    await talk.hear("out_of_scope", confidence=0.2)
    await talk.hear("nlu_fallback", confidence=0.2)

    await talk.hear("nlu_fallback", confidence=0.2)

    assert talk.phrases == ["utter_offer_person"]


async def test_another_language_lasts_and_reaches_the_api(talk: Dialogue) -> None:
    talk.province.answers["weather"] = {"weather": []}
    await talk.hear("change_language", found("language", "ko"))

    await talk.hear("weather_warning")

    assert talk.province.languages == ["ko"]


async def test_an_emergency_makes_the_form_wait_and_offers_an_sos(talk: Dialogue) -> None:
    talk.position = SA_PA
    await booked_but_for_yes(talk)

    await talk.hear("emergency", found("emergency", "medical_certain"))

    assert talk.phrases == ["utter_offer_sos"]
    assert talk.said[0].steps == [Step.RAISE_SOS]
    assert talk.state.form is None
    assert [form.intent for form in talk.state.waiting] == ["book_appointment"]


async def test_a_yes_to_the_sos_raises_it_and_books_nothing(talk: Dialogue) -> None:
    talk.position = SA_PA
    await booked_but_for_yes(talk)
    talk.province.answers["safety/RaiseSos"] = {"raiseSos": {"sos": {"code": "ABC"}}}
    await talk.hear("emergency", found("emergency", "medical_certain"))

    await talk.hear("affirm")

    assert talk.phrases == ["utter_sos_sent", "utter_resume"]
    (raised,) = talk.province.inputs("safety/RaiseSos")
    assert (raised["kind"], raised["point"]["position"]) == ("MEDICAL", SA_PA)
    assert talk.province.inputs("book") == []


async def test_an_sos_that_did_not_go_through_can_be_said_yes_to_again(talk: Dialogue) -> None:
    talk.position = SA_PA
    sent = {"raiseSos": {"sos": {"code": "ABC"}}}
    talk.province.answers["safety/RaiseSos"] = [ProvinceUnreachable(), sent]
    await talk.hear("emergency")

    await talk.hear("affirm")
    failed = talk.phrases
    await talk.hear("affirm")

    first, second = talk.province.inputs("safety/RaiseSos")
    assert failed == ["utter_sos_failed"]
    assert first == second


async def test_at_most_two_questions_are_asked_in_an_emergency(talk: Dialogue) -> None:
    await talk.hear("emergency")
    await talk.hear("affirm")
    second = talk.phrases

    await talk.hear("affirm")

    assert second == ["utter_sos_needs_position"]
    assert talk.phrases == ["utter_sos_by_app"]


async def test_after_an_emergency_the_form_is_offered_again(talk: Dialogue) -> None:
    await booked_but_for_yes(talk)
    await talk.hear("emergency")

    await talk.hear("deny")
    offered = talk.phrases
    await talk.hear("affirm")

    assert offered == ["utter_safe_then", "utter_resume"]
    assert talk.said == [Say("utter_thanks", {"day": "2026-12-07", "hour": "09:30"})]


@pytest.mark.parametrize("is_signed_in", [True, False])
async def test_what_may_have_been_meant_instead_is_offered_and_begun_by_a_tap(
    talk: Dialogue, is_signed_in: bool
) -> None:
    talk.is_signed_in = is_signed_in
    talk.province.answers["weather"] = {"weather": []}
    await talk.hear("emergency", second="weather_warning")
    offered = [choice.value for say in talk.said for choice in say.choices]

    await talk.tap(len(offered))

    assert offered == [*(["yes", "no"] if is_signed_in else []), "weather_warning"]
    assert [operation for operation, _ in talk.province.asked] == ["weather"]
    assert talk.state.emergency is None


async def test_a_form_that_waits_is_offered_after_what_was_meant_instead(talk: Dialogue) -> None:
    talk.province.answers["weather"] = {"weather": []}
    await booked_but_for_yes(talk)
    await talk.hear("emergency", second="weather_warning")

    await talk.tap(3)

    assert talk.phrases[-1] == "utter_resume"
    assert talk.province.inputs("book") == []


async def test_small_talk_is_not_offered_instead(talk: Dialogue) -> None:
    await talk.hear("emergency", second="thanks")

    assert [choice.value for say in talk.said for choice in say.choices] == ["yes", "no"]


async def test_a_yes_after_an_emergency_means_the_sos_whatever_else_was_offered(
    talk: Dialogue,
) -> None:
    talk.position = SA_PA
    talk.province.answers["safety/RaiseSos"] = {"raiseSos": {"sos": {"code": "ABC"}}}
    await talk.hear("emergency", second="weather_warning")

    await talk.hear("affirm")

    assert talk.phrases == ["utter_sos_sent"]
    assert [operation for operation, _ in talk.province.asked] == ["safety/RaiseSos"]


async def test_that_one_is_what_was_shown(talk: Dialogue) -> None:
    talk.province.answers["weather"] = {"weather": []}
    await talk.hear("weather_warning")
    kept = State.from_json(talk.state.to_json())

    assert kept.shown == (Shown("place", "P001"), Shown("place", "P002"))


def test_a_state_of_another_version_is_begun_anew() -> None:
    assert State.from_json('{"form": {"intent": "x", "words": 1}}') == State()
    assert State.from_json("[1]") == State()
    assert State.from_json(None) == State()


def test_a_refusal_names_its_code() -> None:
    with pytest.raises(Refused):
        raise Refused("TAKEN", "Somebody was faster.")
