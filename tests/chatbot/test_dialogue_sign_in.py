"""A form that waits for somebody to sign in says so once, and is kept in silence."""

import pytest

from tests.chatbot.dialogues import Dialogue, found
from tests.chatbot.tasks_of_tests import MONDAY, TASKS


@pytest.fixture
async def talk() -> Dialogue:
    """Somebody who was told to sign in for a booking."""
    talk = Dialogue(TASKS, is_signed_in=False)
    talk.province.answers["weather"] = {"weather": []}
    await talk.hear("book_appointment", MONDAY)
    assert talk.phrases == ["utter_sign_in"]
    return talk


async def test_a_question_is_answered_alone(talk: Dialogue) -> None:
    await talk.hear("weather_warning", found("commune", "03006"))

    assert talk.phrases == ["utter_near_you"]


@pytest.mark.parametrize("intent", ["thanks", "greet", "help"])
async def test_small_talk_is_answered_alone(talk: Dialogue, intent: str) -> None:
    await talk.hear(intent)

    assert talk.phrases == [f"utter_{intent}"]


async def test_what_is_not_understood_is_asked_back_alone(talk: Dialogue) -> None:
    await talk.hear("weather_warning", confidence=0.3, text="đói")

    assert talk.phrases == ["utter_did_you_mean"]


async def test_after_that_the_form_goes_on_with_the_sign_in(talk: Dialogue) -> None:
    await talk.hear("weather_warning", found("commune", "03006"))
    await talk.hear("thanks")

    talk.is_signed_in = True
    await talk.hear("inform", text="I have signed in")

    assert talk.phrases == ["utter_which_place"]
    assert talk.state.form is not None
    assert talk.state.form.slots == {"day": "2026-12-07"}


async def test_what_is_said_for_the_form_is_kept_and_answered_with_it(talk: Dialogue) -> None:
    await talk.hear("inform", found("time", "08:00"), text="at 8")
    told = talk.phrases

    talk.is_signed_in = True
    await talk.hear("affirm")

    assert told == ["utter_sign_in"]
    assert talk.said[0].fields == {"day": "2026-12-07", "hour": "08:00"}


async def test_say_that_again_says_it_again(talk: Dialogue) -> None:
    await talk.hear("repeat")

    assert talk.phrases == ["utter_sign_in"]


async def test_a_no_leaves_the_form(talk: Dialogue) -> None:
    await talk.hear("deny")

    assert talk.phrases == ["utter_stopped"]
    assert talk.state.form is None


async def test_stop_leaves_the_form(talk: Dialogue) -> None:
    await talk.hear("stop")

    assert talk.phrases == ["utter_stopped"]
    assert talk.state.form is None
