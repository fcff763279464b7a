"""Who asks what cards cost has not begun to buy."""

import pytest
from dialogue.state import State
from dialogue.tasks.cards import CARDS

from tests.chatbot import card_answers as told
from tests.chatbot.dialogues import Dialogue, found
from tests.chatbot.tasks_of_tests import MONDAY, Booking, Weather

PRICE = "how much does a tourist card cost?"
FAMILY = found("card", "sa-pa-family-48h")


@pytest.fixture
def talk() -> Dialogue:
    talk = Dialogue((*CARDS, Weather(), Booking()))
    talk.province.answers = {
        "tourist_cards/CardProducts": told.on_sale(told.TWO_DAYS, told.FAMILY, told.BAC_HA),
        "tourist_cards/CardProductPlaces": {"cardProductPlaces": told.page()},
        "wallet/Wallet": told.wallet(500_000),
        "weather": {"weather": []},
    }
    return talk


async def test_prices_are_told_once_and_thanks_ends_it(talk: Dialogue) -> None:
    await talk.hear("card_buy", text=PRICE)
    prices = talk.phrases

    await talk.hear("thanks")

    assert prices == ["utter_which_card"]
    assert talk.phrases == ["utter_thanks"]
    assert talk.state.form is None


async def test_another_question_after_prices_is_answered_alone(talk: Dialogue) -> None:
    await talk.hear("card_buy", text=PRICE)

    await talk.hear("weather_warning")

    assert talk.phrases == ["utter_near_you"]
    assert talk.state.form is None


async def test_a_question_about_a_card_after_prices_is_answered_alone(talk: Dialogue) -> None:
    await talk.hear("card_buy", text=PRICE)

    await talk.hear("card_where", FAMILY, text="what does the family card include?")

    assert "utter_which_card" not in talk.phrases
    assert talk.state.form is None


@pytest.mark.parametrize("no", ["deny", "stop"])
async def test_a_no_after_prices_leaves_it(talk: Dialogue, no: str) -> None:
    await talk.hear("card_buy", text=PRICE)

    await talk.hear(no)

    assert talk.phrases == ["utter_stopped"]
    assert talk.state == State(shown=talk.state.shown)


async def test_an_ok_after_prices_is_no_answer_to_what_was_asked_before(talk: Dialogue) -> None:
    await talk.hear("weather_warning")
    await talk.hear("card_buy", text=PRICE)

    await talk.hear("affirm", text="ok")

    assert talk.phrases == ["utter_what_can_i_do"]


async def test_prices_asked_for_again_are_told_again(talk: Dialogue) -> None:
    await talk.hear("card_buy", text=PRICE)

    await talk.hear("card_buy", text="what's the cheapest?")

    assert talk.phrases == ["utter_which_card"]
    assert talk.state.unclear == 0


async def test_prices_are_said_again_when_asked_to(talk: Dialogue) -> None:
    await talk.hear("card_buy", text=PRICE)

    await talk.hear("repeat")

    assert talk.phrases == ["utter_which_card"]


async def test_a_card_that_is_tapped_after_prices_is_bought(talk: Dialogue) -> None:
    await talk.hear("card_buy", text=PRICE)

    await talk.tap(1)

    assert talk.phrases == ["utter_card_for_whom"]


async def test_a_no_to_for_whom_leaves_it(talk: Dialogue) -> None:
    await talk.hear("card_buy", text=PRICE)
    await talk.tap(1)

    await talk.hear("deny")

    assert talk.phrases == ["utter_stopped"]


async def test_a_thanks_does_not_ask_for_whom_once_more(talk: Dialogue) -> None:
    await talk.hear("card_buy", text=PRICE)
    await talk.tap(1)

    await talk.hear("thanks")

    assert talk.phrases == ["utter_thanks"]
    assert talk.state.form is not None


async def test_to_buy_said_once_more_is_asked_on_and_not_called_unclear(talk: Dialogue) -> None:
    await talk.hear("card_buy", text=PRICE)
    await talk.tap(1)

    await talk.hear("card_buy", text=PRICE)

    assert talk.phrases == ["utter_card_for_whom"]


async def test_what_prices_interrupted_is_offered_when_they_are_left(talk: Dialogue) -> None:
    await talk.hear("book_appointment", MONDAY)
    await talk.hear("card_buy", text=PRICE)

    await talk.hear("thanks")

    assert talk.phrases == ["utter_thanks", "utter_resume"]
