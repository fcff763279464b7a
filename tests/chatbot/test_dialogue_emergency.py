"""What the engine does when somebody is in danger: the form waits, an SOS is offered, and nothing else gets in its way."""

from dataclasses import replace

import pytest
from dialogue.province import ProvinceUnreachable
from dialogue.saying import Say, Step
from dialogue.state import OpenForm

from tests.chatbot.dialogues import SA_PA, Dialogue, found
from tests.chatbot.tasks_of_tests import booked_but_for_yes, talk

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
