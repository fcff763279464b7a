"""What the engine does when somebody is in danger: the form waits, an SOS is offered, and nothing else gets in its way."""

from dataclasses import replace

import pytest
from dialogue.emergency import is_heard_beside_a_person
from dialogue.first_words import Cry, first_said
from dialogue.province import ProvinceUnreachable
from dialogue.saying import Say, Step
from dialogue.state import OpenForm, State
from dialogue.tasks.places.where_am_i import WhereAmI
from dialogue.tasks.reports.human import Human
from dialogue.turn import Found, Turn

from tests.chatbot.dialogues import NOW, SA_PA, Dialogue, found
from tests.chatbot.tasks_of_tests import MONDAY, TASKS, booked_but_for_yes, talk

__all__ = ["talk"]


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

    await talk.hear("affirm", text="yes")

    assert talk.phrases == ["utter_sos_sent", "utter_resume"]
    (raised,) = talk.province.inputs("safety/RaiseSos")
    assert (raised["kind"], raised["point"]["position"]) == ("MEDICAL", SA_PA)
    assert talk.province.inputs("book") == []


async def test_an_sos_that_did_not_go_through_can_be_said_yes_to_again(talk: Dialogue) -> None:
    talk.position = SA_PA
    sent = {"raiseSos": {"sos": {"code": "ABC"}}}
    talk.province.answers["safety/RaiseSos"] = [ProvinceUnreachable(), sent]
    await talk.hear("emergency")

    await talk.hear("affirm", text="yes")
    failed = talk.phrases
    await talk.hear("affirm", text="yes")

    first, second = talk.province.inputs("safety/RaiseSos")
    assert failed == ["utter_sos_failed"]
    assert first == second


async def test_at_most_two_questions_are_asked_in_an_emergency(talk: Dialogue) -> None:
    await talk.hear("emergency")
    await talk.hear("affirm", text="yes")
    second = talk.phrases

    await talk.hear("affirm", text="yes")

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

    await talk.hear("affirm", text="yes, send it")

    assert talk.phrases == ["utter_sos_sent"]
    assert [operation for operation, _ in talk.province.asked] == ["safety/RaiseSos"]


@pytest.mark.parametrize(
    "text", ["it's ok", "ok i called them", "đỡ rồi ạ", "c'est bon", "괜찮아요", "もう大丈夫です"]
)
async def test_who_only_sounds_like_a_yes_sends_no_sos_and_is_asked_once_more(
    talk: Dialogue, text: str
) -> None:
    talk.position = SA_PA
    talk.province.answers["safety/RaiseSos"] = {"raiseSos": {"sos": {"code": "ABC"}}}
    await talk.hear("emergency", found("emergency", "fire"))

    await talk.hear("affirm", text=text)
    asked, first = talk.phrases, talk.province.inputs("safety/RaiseSos")
    await talk.tap(1)

    assert (asked, first) == (["utter_offer_sos"], [])
    assert talk.phrases == ["utter_sos_sent"]


@pytest.mark.parametrize(
    "text", ["YES!!", "có, gửi đi", "vâng ạ", "好的，发吧", "oui, s'il vous plaît", "네, 보내주세요", "はい、お願いします"]
)  # fmt: skip
async def test_a_yes_and_nothing_else_sends_it_in_every_language(talk: Dialogue, text: str) -> None:
    talk.position = SA_PA
    talk.province.answers["safety/RaiseSos"] = {"raiseSos": {"sos": {"code": "ABC"}}}
    await talk.hear("emergency")

    await talk.hear("affirm", text=text)

    assert talk.phrases == ["utter_sos_sent"]


async def test_the_sos_can_be_tapped_after_a_third_cry_too(talk: Dialogue) -> None:
    talk.position = SA_PA
    talk.province.answers["safety/RaiseSos"] = {"raiseSos": {"sos": {"code": "ABC"}}}
    for _ in range(3):
        await talk.hear("emergency", found("emergency", "fire_certain"))
    third = talk.phrases

    await talk.hear("emergency", text="Send SOS with my position")

    assert third == []
    assert talk.phrases == ["utter_sos_sent"]


@pytest.mark.parametrize(
    ("later", "kind"),
    [("any_certain", "FIRE"), ("medical", "FIRE"), ("medical_certain", "MEDICAL")],
)
async def test_a_vaguer_cry_does_not_change_the_kind_of_the_sos(
    talk: Dialogue, later: str, kind: str
) -> None:
    talk.position = SA_PA
    talk.province.answers["safety/RaiseSos"] = {"raiseSos": {"sos": {"code": "ABC"}}}
    await talk.hear("emergency", found("emergency", "fire_certain"))
    await talk.hear("emergency", found("emergency", later))

    await talk.hear("affirm", text="yes")

    (raised,) = talk.province.inputs("safety/RaiseSos")
    assert raised["kind"] == kind


@pytest.mark.parametrize("intent", ["thanks", "stop", "deny"])
async def test_who_wants_to_die_is_not_told_that_all_is_good(talk: Dialogue, intent: str) -> None:
    await talk.hear("emergency", found("emergency", "suicide_certain"), second="lost_found")
    offered = [choice.value for say in talk.said for choice in say.choices]

    await talk.hear(intent)

    assert offered == ["yes", "no"]
    assert talk.phrases == ["utter_not_alone"]


async def test_an_sos_for_who_wants_to_die_is_a_medical_one(talk: Dialogue) -> None:
    talk.position = SA_PA
    talk.province.answers["safety/RaiseSos"] = {"raiseSos": {"sos": {"code": "ABC"}}}
    await talk.hear("emergency", found("emergency", "suicide"))

    await talk.hear("affirm", text="yes")

    (raised,) = talk.province.inputs("safety/RaiseSos")
    assert raised["kind"] == "MEDICAL"


async def test_a_form_is_not_offered_while_the_sos_is_open(talk: Dialogue) -> None:
    talk.position = SA_PA
    await booked_but_for_yes(talk)
    talk.province.answers["safety/RaiseSos"] = ProvinceUnreachable()
    await talk.hear("emergency")

    await talk.hear("affirm", text="yes")

    assert talk.phrases == ["utter_sos_failed"]


async def test_the_form_that_waits_is_gone_on_with_where_it_was_meant_instead(
    talk: Dialogue,
) -> None:
    await booked_but_for_yes(talk)
    await talk.hear("emergency", second="book_appointment")

    await talk.tap(3)

    assert talk.state.form is not None
    assert (talk.state.form.intent, talk.state.waiting) == ("book_appointment", ())
    assert talk.state.form.slots != {}


async def test_a_form_of_another_version_that_waits_is_dropped(talk: Dialogue) -> None:
    talk.state = replace(talk.state, waiting=(OpenForm("of_tomorrow", "key"),))
    await talk.hear("emergency")

    await talk.hear("deny")

    assert talk.phrases == ["utter_safe_then"]
    assert talk.state.waiting == ()


async def _in_fire(talk: Dialogue) -> None:
    talk.position = SA_PA
    talk.province.answers["safety/RaiseSos"] = {"raiseSos": {"sos": {"code": "ABC"}}}
    await talk.hear("emergency", found("emergency", "fire_certain"))


@pytest.mark.parametrize(
    ("told", "words", "first_link"),
    [
        ("medical_certain", "115: call again now and let it ring. If nobody answers, try 112 as well: search and rescue, free, day and night.\nAsk people near you to help, and to call too.", "tel:115"),
        ("rescue_certain", "112: call again now and let it ring. If nobody answers, try ambulance 115, fire and trapped people 114, or police 113.\nAsk people near you to help, and to call too.", "tel:112"),
        ("any_certain", "112: call again now and let it ring. If nobody answers, try ambulance 115, fire and trapped people 114, or police 113.\nAsk people near you to help, and to call too.", "tel:112"),
        ("suicide_certain", "115: call again now and let it ring. If nobody answers, try 112 as well: search and rescue, free, day and night.\nAsk somebody near you to call too, and to stay with you. If you are worried about somebody else, stay with them. 111 listens to children and teenagers, free, day and night.", "tel:115"),
    ],
)  # fmt: skip
async def test_where_a_number_does_not_answer_the_next_is_told(
    talk: Dialogue, told: str, words: str, first_link: str
) -> None:
    await talk.hear("emergency", found("emergency", told))

    await talk.hear("queue_status", text="the line is busy")

    assert talk.words.startswith(words)
    assert talk.said[0].links[0]["url"] == first_link


async def test_the_sos_is_offered_where_a_number_does_not_answer(talk: Dialogue) -> None:
    await _in_fire(talk)

    await talk.hear("human", text="nobody answers")
    asked = talk.phrases
    await talk.hear("affirm", text="yes")

    assert asked == ["utter_no_answer", "utter_offer_sos"]
    assert talk.phrases == ["utter_sos_sent"]


async def test_no_third_question_is_asked_where_a_number_does_not_answer(talk: Dialogue) -> None:
    await _in_fire(talk)
    await talk.hear("human", text="nobody answers")

    await talk.hear("human", text="still no answer")

    assert talk.phrases == ["utter_no_answer", "utter_sos_by_app"]
    assert talk.choices == ["Send SOS with my position"]


async def test_an_ok_to_call_again_sends_no_sos(talk: Dialogue) -> None:
    await _in_fire(talk)
    await talk.hear("human", text="nobody answers")
    await talk.hear("human", text="still no answer")

    await talk.hear("affirm", text="ok")

    assert talk.province.inputs("safety/RaiseSos") == []


async def test_what_rasa_itself_has_said_of_it_is_not_said_twice(talk: Dialogue) -> None:
    await _in_fire(talk)
    rasa = first_said(talk.state, Cry("it just rings", ["medical"]))

    await talk.hear("emergency", found("emergency", "medical"), text="it just rings")

    assert (rasa.phrase, rasa.fields) == ("utter_no_answer", {"number": "114"})
    assert talk.phrases == ["utter_offer_sos"]


@pytest.mark.parametrize(
    ("told", "phrase"),
    [("medical_certain", "utter_emergency_115"), ("fire_certain", "utter_no_answer"), ("any_certain", "utter_no_answer")],
)  # fmt: skip
async def test_certain_words_of_another_kind_are_answered_with_their_number_first(
    talk: Dialogue, told: str, phrase: str
) -> None:
    await _in_fire(talk)

    rasa = first_said(talk.state, Cry("nobody answers, help", [told]))

    assert rasa.phrase == phrase


async def test_after_the_sos_is_sent_it_is_not_offered_again(talk: Dialogue) -> None:
    await _in_fire(talk)
    await talk.hear("affirm", text="yes")

    await talk.hear("human", text="nobody picks up")

    assert talk.phrases == ["utter_no_answer"]


async def test_who_declined_the_sos_and_gets_no_answer_is_offered_it_again(talk: Dialogue) -> None:
    await booked_but_for_yes(talk)
    await _in_fire(talk)
    await talk.hear("deny", text="no")

    await talk.hear("human", text="it keeps ringing")
    asked = talk.phrases
    await talk.hear("deny", text="no")

    assert asked == ["utter_no_answer", "utter_offer_sos"]
    assert talk.phrases == ["utter_safe_then", "utter_resume"]


async def test_a_later_emergency_is_another_one(talk: Dialogue) -> None:
    await _in_fire(talk)
    await talk.hear("affirm", text="yes")

    await talk.hear("emergency", found("emergency", "medical"))
    await talk.hear("affirm", text="yes")

    first, second = talk.province.inputs("safety/RaiseSos")
    assert (first["kind"], second["kind"]) == ("FIRE", "MEDICAL")
    assert first["idempotencyKey"] != second["idempotencyKey"]


async def test_once_another_task_was_done_a_busy_line_is_no_emergency(talk: Dialogue) -> None:
    talk.province.answers["weather"] = {"weather": []}
    await _in_fire(talk)
    await talk.hear("deny", text="no")
    await talk.hear("weather_warning")

    await talk.hear("weather_warning", text="the line is busy")

    assert talk.phrases == ["utter_near_you"]


async def test_a_busy_line_in_a_form_that_is_gone_on_with_is_of_the_form(talk: Dialogue) -> None:
    await booked_but_for_yes(talk)
    await _in_fire(talk)
    await talk.hear("deny", text="no")
    await talk.hear("affirm", text="yes")

    await talk.hear("out_of_scope", text="the line is busy")

    assert "utter_no_answer" not in talk.phrases


@pytest.mark.parametrize("intent", ["greet", "help", "repeat", "abuse"])
async def test_who_says_anything_to_the_bot_in_an_emergency_is_told_the_number_again(
    talk: Dialogue, intent: str
) -> None:
    await _in_fire(talk)

    await talk.hear(intent, text="hello??")

    assert talk.phrases == ["utter_emergency_114", "utter_offer_sos"]


async def test_another_language_is_one_for_the_numbers_too(talk: Dialogue) -> None:
    await _in_fire(talk)

    await talk.hear("change_language", found("language", "ko"))
    words = talk.words
    await talk.hear("affirm", text="네")

    assert words.startswith("114: 지금 바로 소방구조대에 전화하세요.")
    assert talk.phrases == ["utter_sos_sent"]


async def test_the_number_is_told_again_but_no_third_question_is_asked(talk: Dialogue) -> None:
    await _in_fire(talk)
    await talk.hear("greet", text="hello??")

    await talk.hear("greet", text="hello??")

    assert talk.phrases == ["utter_emergency_114", "utter_sos_by_app"]


@pytest.mark.parametrize(
    "text",
    ["no, he is still in there", "không, vẫn còn người trong nhà", "不，里面还有人", "non, il est encore dedans", "아니요, 아직 안에 있어요", "いいえ、まだ中にいます"],
)  # fmt: skip
async def test_a_no_that_answers_something_else_does_not_close_the_emergency(
    talk: Dialogue, text: str
) -> None:
    await _in_fire(talk)

    await talk.hear("deny", text=text)
    asked = talk.phrases
    await talk.tap(1)

    assert asked == ["utter_offer_sos"]
    assert talk.phrases == ["utter_sos_sent"]


@pytest.mark.parametrize(
    "text", ["no", "No, thank you.", "không cần đâu", "khong", "不用了，谢谢", "non merci", "아니요, 괜찮아요", "いいえ、大丈夫です"]
)  # fmt: skip
async def test_a_plain_no_closes_it(talk: Dialogue, text: str) -> None:
    await _in_fire(talk)

    await talk.hear("deny", text=text)

    assert talk.phrases == ["utter_safe_then"]


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("book_appointment", "we are at 12 Ham Rong street"),
        ("weather_warning", "nobody has come yet"),
        ("inform", "three people"),
        ("out_of_scope", "😭"),
    ],
)
async def test_what_is_told_in_an_emergency_is_to_be_told_to_the_number(
    talk: Dialogue, intent: str, text: str
) -> None:
    await _in_fire(talk)

    await talk.hear(intent, text=text, confidence=1.0)

    assert talk.words == (
        "114: call now, and tell them what you write here."
        " I am a program: I cannot call for you, and they cannot read this chat."
    )
    assert talk.choices[0] == "Send SOS with my position"
    assert (talk.state.form, talk.province.asked) == (None, [])


async def test_an_ok_to_that_sends_no_sos_but_its_button_does(talk: Dialogue) -> None:
    await _in_fire(talk)
    await talk.hear("inform", text="three people")

    await talk.hear("affirm", text="ok")
    first = talk.province.inputs("safety/RaiseSos")
    await talk.tap(1)

    assert (first, talk.phrases) == ([], ["utter_sos_sent"])


async def test_a_no_to_that_does_not_close_the_emergency(talk: Dialogue) -> None:
    await _in_fire(talk)
    await talk.hear("inform", text="three people")

    await talk.hear("deny", text="no")

    assert talk.phrases == ["utter_offer_sos"]


async def test_who_is_in_no_danger_taps_what_was_meant(talk: Dialogue) -> None:
    talk.province.answers["weather"] = {"weather": []}
    await _in_fire(talk)
    await talk.hear("weather_warning")

    await talk.tap(2)

    assert talk.phrases == ["utter_near_you"]
    assert talk.state.emergency is None


async def test_a_clear_question_is_answered_below_the_numbers(talk: Dialogue) -> None:
    talk.province.answers["weather"] = {"weather": []}
    await _in_fire(talk)

    await talk.hear("weather_warning", text="how is the weather", confidence=0.8)

    assert talk.phrases == ["utter_emergency_114", "utter_near_you"]
    assert talk.state.emergency is None


async def test_a_question_that_is_less_clear_is_answered_when_it_is_asked_again(
    talk: Dialogue,
) -> None:
    talk.province.answers["weather"] = {"weather": []}
    await _in_fire(talk)
    await talk.hear("weather_warning", text="how is it outside", confidence=0.79)
    first = talk.phrases

    await talk.hear("weather_warning", text="how is the weather", confidence=0.5)

    assert first == ["utter_tell_them"]
    assert talk.phrases == ["utter_emergency_114", "utter_near_you"]


async def test_where_it_happens_begins_nothing_however_often_it_is_told(talk: Dialogue) -> None:
    await _in_fire(talk)
    await talk.hear("report_problem", text="near the bridge")

    await talk.hear("report_problem", text="the bridge, hurry")

    assert talk.phrases == ["utter_tell_them"]


async def test_the_form_that_waits_can_be_tapped_from_there(talk: Dialogue) -> None:
    await booked_but_for_yes(talk)
    await _in_fire(talk)
    await talk.hear("inform", text="tomorrow at nine")

    await talk.tap(2)

    assert talk.phrases == ["utter_thanks"]
    assert talk.state.form is not None
    assert talk.state.form.slots == {"day": "2026-12-07", "hour": "09:30"}


async def test_a_thanks_after_an_emergency_is_not_wished_a_good_journey(talk: Dialogue) -> None:
    await _in_fire(talk)
    await talk.hear("affirm", text="yes")

    await talk.hear("thanks")

    assert talk.phrases == ["utter_safe_then"]


async def test_the_button_of_the_sos_tells_no_other_number(talk: Dialogue) -> None:
    await _in_fire(talk)

    rasa = first_said(talk.state, Cry("Send SOS with my position", ["police_certain"]))

    assert rasa.phrase == "utter_emergency_114"


async def _with_the_button_alone(talk: Dialogue) -> None:
    await _in_fire(talk)
    for _ in range(2):
        await talk.hear("human", text="nobody answers")


@pytest.mark.parametrize(
    "text", ["send it", "gửi đi", "gui di", "发吧", "envoyez", "보내주세요", "送ってください"]
)
async def test_who_says_to_send_it_is_not_asked_again(talk: Dialogue, text: str) -> None:
    await _with_the_button_alone(talk)

    await talk.hear("affirm", text=text)

    assert talk.phrases == ["utter_sos_sent"]


async def test_who_says_yes_to_the_button_alone_is_asked_and_heard(talk: Dialogue) -> None:
    await _with_the_button_alone(talk)

    await talk.hear("affirm", text="yes")
    asked = talk.phrases
    await talk.hear("affirm", text="yes")

    assert (asked, talk.phrases) == (["utter_offer_sos"], ["utter_sos_sent"])


async def test_a_person_is_called_in_an_emergency_by_a_tap_only(talk: Dialogue) -> None:
    talk.tasks = (*talk.tasks, Human())
    await _in_fire(talk)
    await talk.hear("human", text="can you call for me?")
    await talk.hear("human", text="can you call for me?")
    twice = talk.phrases

    await talk.tap(2)

    assert (twice, talk.phrases) == (["utter_tell_them"], ["utter_human"])


async def test_who_says_twice_that_all_is_well_is_believed(talk: Dialogue) -> None:
    talk.province.answers["weather"] = {"weather": []}
    await _in_fire(talk)
    await talk.hear("affirm", text="it's ok now")
    once = talk.phrases
    await talk.hear("affirm", text="all good, they are here")
    twice = talk.phrases

    await talk.hear("weather_warning")

    assert (once, twice) == (["utter_offer_sos"], ["utter_safe_then", "utter_sos_by_app"])
    assert talk.phrases == ["utter_near_you"]


async def test_a_yes_to_the_numbers_alone_sends_no_sos(talk: Dialogue) -> None:
    for _ in range(3):
        await _in_fire(talk)

    await talk.hear("affirm", text="ok")

    assert talk.phrases == ["utter_offer_sos"]
    assert talk.province.inputs("safety/RaiseSos") == []


async def test_a_phone_that_told_no_position_is_asked_for_it_wherever_the_sos_is_offered(
    talk: Dialogue,
) -> None:
    await talk.hear("emergency", found("emergency", "fire_certain"))
    await talk.hear("inform", text="three people")
    told = talk.said[0].steps
    for _ in range(2):
        await talk.hear("human", text="nobody answers")

    assert (told, talk.said[1].steps) == ([Step.SHARE_POSITION, Step.RAISE_SOS],) * 2


async def test_once_a_form_was_gone_on_with_a_thanks_is_for_that(talk: Dialogue) -> None:
    await booked_but_for_yes(talk)
    await _in_fire(talk)
    await talk.hear("deny", text="no")
    await talk.hear("affirm", text="yes")
    await talk.hear("affirm", text="yes")

    await talk.hear("thanks")

    assert talk.phrases == ["utter_thanks"]
    assert talk.state.emergency is None


@pytest.mark.parametrize(
    "text", ["sông Hồng", "the red river", "红河", "le fleuve Rouge", "홍강", "紅河"]
)
async def test_a_place_that_is_told_twice_is_no_question(talk: Dialogue, text: str) -> None:
    await _in_fire(talk)
    await talk.hear("weather_warning", text=text)

    await talk.hear("weather_warning", text=text)

    assert talk.phrases == ["utter_tell_them"]


@pytest.mark.parametrize("text", ["gửi sos", "send sos now", "envoyez le sos"])
async def test_a_wish_to_send_the_sos_is_heard_where_it_sounds_like_a_cry(
    talk: Dialogue, text: str
) -> None:
    await _in_fire(talk)

    await talk.hear("emergency", found("emergency", "any_certain"), text=text)

    assert talk.phrases == ["utter_sos_sent"]


async def test_sos_alone_is_a_cry_and_sends_nothing(talk: Dialogue) -> None:
    await _in_fire(talk)

    await talk.hear("emergency", found("emergency", "any_certain"), text="SOS")

    assert talk.phrases == ["utter_offer_sos"]


async def test_a_cry_in_doubt_is_answered_by_what_is_likelier(talk: Dialogue) -> None:
    talk.province.answers["weather"] = {"weather": []}

    await talk.hear("emergency", confidence=0.2, second="weather_warning")

    rasa = first_said(State(), Cry("it is cold, what can we visit", ["medical"], is_in_doubt=True))
    assert rasa == Say("utter_if_in_danger", {"number": "115"}, links=rasa.links)
    assert talk.state.emergency is None
    assert "utter_offer_sos" not in talk.phrases


async def test_a_cry_in_doubt_inside_a_form_goes_on_with_the_form(talk: Dialogue) -> None:
    await booked_but_for_yes(talk)

    await talk.hear("emergency", confidence=0.2, second="affirm", text="yes")

    assert talk.state.waiting == ()
    assert len(talk.province.inputs("book")) == 1


async def test_in_an_emergency_no_cry_is_in_doubt(talk: Dialogue) -> None:
    await _in_fire(talk)

    await talk.hear("emergency", confidence=0.2, second="weather_warning")

    rasa = first_said(talk.state, Cry("smoke again", [], is_in_doubt=True))
    assert rasa.phrase == "utter_emergency_114"
    assert talk.state.emergency == 2


NO_EMERGENCY = [
    "no emergency, what can we visit?",
    "It's not an emergency",
    "không phải cấp cứu đâu",
    "khong co gi nguy hiem dau",
    "không ai sao cả, báo nhầm thôi",
    "不是紧急情况",
    "没有危险",
    "ce n'est pas une urgence",
    "rien de grave",
    "응급 상황 아니에요",
    "緊急ではありません",
]


@pytest.mark.parametrize("text", NO_EMERGENCY)
@pytest.mark.parametrize("intent", ["emergency", "inform", "deny"])
async def test_who_says_that_it_is_no_emergency_is_believed(
    talk: Dialogue, intent: str, text: str
) -> None:
    await _in_fire(talk)

    await talk.hear(intent, text=text, confidence=0.4)

    assert talk.phrases == ["utter_safe_then"]
    assert talk.state.emergency is None


async def test_what_is_asked_besides_is_answered(talk: Dialogue) -> None:
    talk.province.answers["weather"] = {"weather": []}
    await _in_fire(talk)

    await talk.hear("weather_warning", text="no emergency, how is the weather?")

    assert talk.phrases == ["utter_near_you"]


@pytest.mark.parametrize("intent", ["emergency", "inform", "deny"])
@pytest.mark.parametrize(
    ("text", "danger", "kind"),
    [
        ("It's not an emergency for me, but the man is bleeding", "bleeding", "medical"),
        ("nobody is hurt but the house is burning", "burning", "fire"),
        ("không phải cấp cứu, nhưng có người bị thương", "bị thương", "medical"),
    ],
)
async def test_who_tells_of_a_danger_in_the_same_breath_is_still_in_it(
    talk: Dialogue, text: str, danger: str, kind: str, intent: str
) -> None:
    await _in_fire(talk)
    start = text.index(danger)
    told = Found("emergency", kind, start, start + len(danger))

    await talk.hear(intent, told, text=text, confidence=0.4)

    assert talk.state.is_in_danger
    assert "utter_safe_then" not in talk.phrases


@pytest.mark.parametrize(
    "text",
    [
        "nobody is hurt but it burns",
        "không phải cấp cứu nhưng có người chảy máu",
        "不是紧急情况，但是他在流血",
        "fausse alerte pour moi mais il saigne beaucoup",
        "응급 상황은 아니지만 피가 많이 나요",
        "緊急ではないけど血が止まらない",
    ],
)
async def test_a_danger_that_the_whole_message_tells_is_one_beside_a_denial_too(
    talk: Dialogue, text: str
) -> None:
    await _in_fire(talk)

    await talk.hear(
        "emergency", Found("emergency", "medical", 0, len(text)), text=text, confidence=0.4
    )

    assert talk.state.is_in_danger


@pytest.mark.parametrize("text", NO_EMERGENCY[1:4] + NO_EMERGENCY[5:])
async def test_a_denial_alone_is_believed_whatever_its_kind(talk: Dialogue, text: str) -> None:
    await _in_fire(talk)

    await talk.hear(
        "emergency", Found("emergency", "medical", 0, len(text)), text=text, confidence=0.4
    )

    assert talk.phrases == ["utter_safe_then"]


async def test_the_word_that_is_denied_is_no_danger(talk: Dialogue) -> None:
    await _in_fire(talk)
    told = Found("emergency", "medical", 11, 18)

    await talk.hear("inform", told, text="không phải cấp cứu đâu")

    assert talk.phrases == ["utter_safe_then"]


async def test_the_form_that_waits_is_offered_after_what_was_asked_besides(talk: Dialogue) -> None:
    talk.province.answers["weather"] = {"weather": []}
    await booked_but_for_yes(talk)
    await _in_fire(talk)

    await talk.hear(
        "emergency",
        text="no emergency, how is it?",
        confidence=0.3,
        second="weather_warning",
        belief=0.6,
    )

    assert talk.phrases == ["utter_near_you", "utter_resume"]


async def test_who_asks_where_they_are_is_still_in_danger() -> None:
    talk = Dialogue((*TASKS, WhereAmI()))
    talk.province.answers["tourism/Commune"] = {"commune": None}
    await _in_fire(talk)
    await talk.hear("inform", text="where am i?", confidence=0.3)
    told = talk.phrases

    await talk.hear("inform", text="they do not answer")

    assert told == ["utter_emergency_114", "utter_where_outside"]
    assert talk.phrases == ["utter_no_answer", "utter_offer_sos"]


async def test_certain_words_are_believed_more_than_that(talk: Dialogue) -> None:
    await _in_fire(talk)

    await talk.hear("emergency", found("emergency", "medical_certain"), text="no emergency")

    assert talk.state.is_in_danger


async def test_who_wants_to_die_is_not_taken_at_that(talk: Dialogue) -> None:
    await talk.hear("emergency", found("emergency", "suicide_certain"))

    await talk.hear("inform", text="it's not an emergency")

    assert talk.state.danger == "suicide"
    assert "utter_safe_then" not in talk.phrases


@pytest.mark.parametrize("intent", ["emergency", "book_appointment"])
async def test_what_was_meant_instead_is_begun_with_what_was_found(
    talk: Dialogue, intent: str
) -> None:
    await _in_fire(talk)
    second = "book_appointment" if intent == "emergency" else ""
    await talk.hear(intent, MONDAY, text="on monday", second=second)

    await talk.hear("inform", text=talk.choices[-1], confidence=0.3)

    assert talk.state.form is not None
    assert talk.state.form.slots == {"day": MONDAY.value}


async def test_certain_words_of_another_kind_change_the_sos_where_nobody_answers(
    talk: Dialogue,
) -> None:
    await _in_fire(talk)

    await talk.hear(
        "emergency", found("emergency", "medical_certain"), text="nobody answers, he is unconscious"
    )

    assert talk.phrases == ["utter_no_answer", "utter_offer_sos"]
    assert talk.said[0].fields == {"number": "114"}
    assert talk.state.sos_kind == "medical"


async def test_who_wants_to_die_since_nobody_answers_is_stayed_with(talk: Dialogue) -> None:
    await _in_fire(talk)
    await talk.hear("deny", text="no")

    await talk.hear(
        "emergency", found("emergency", "suicide_certain"), text="nobody answers, i want to die"
    )

    assert talk.phrases == ["utter_offer_sos"]
    assert talk.state.danger == "suicide"


async def test_who_wants_to_die_and_says_that_it_is_no_emergency_is_not_taken_at_that(
    talk: Dialogue,
) -> None:
    await talk.hear("emergency")

    await talk.hear(
        "emergency",
        found("emergency", "suicide"),
        text="it's no emergency",
        confidence=0.3,
        second="human",
        belief=0.6,
    )

    assert talk.state.danger == "suicide"


async def test_a_kind_that_is_told_where_nobody_answers_is_not_told_twice(talk: Dialogue) -> None:
    await talk.hear("emergency")
    rasa = first_said(talk.state, Cry("nobody answers, smoke", ["fire"]))

    await talk.hear("emergency", found("emergency", "fire"), text="nobody answers, smoke")

    assert rasa.phrase == "utter_no_answer_112"
    assert talk.phrases == ["utter_offer_sos"]
    assert talk.state.sos_kind == "fire"


@pytest.mark.parametrize(
    ("intent", "confidence", "text", "is_heard"),
    [
        ("emergency", 1.0, "help", True),
        ("emergency", 0.3, "it is cold", False),
        ("inform", 0.3, "Send SOS with my position", True),
        ("affirm", 0.9, "yes", False),
        ("inform", 0.9, "since march", False),
    ],
)
async def test_where_a_person_answers_a_cry_and_the_button_of_the_sos_are_heard(
    talk: Dialogue, intent: str, confidence: float, text: str, is_heard: bool
) -> None:
    await _in_fire(talk)
    turn = Turn(text, "en", ((intent, confidence),), NOW)

    assert is_heard_beside_a_person(turn, talk.state) is is_heard
    assert not is_heard_beside_a_person(replace(turn, intents=(("inform", 0.3),)), State())


@pytest.mark.parametrize("intent", ["inform", "deny", "report_problem"])
async def test_that_nobody_is_hurt_ends_no_emergency_of_which_more_is_told(
    talk: Dialogue, intent: str
) -> None:
    await _in_fire(talk)

    await talk.hear(intent, text="nobody is hurt but we cannot get out")

    assert talk.state.is_in_danger
    assert "utter_safe_then" not in talk.phrases
