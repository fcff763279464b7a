"""One message that asks two things: the likelier is answered, the other offered."""

import pytest
from dialogue.saying import Say, choice
from dialogue.tasks.two_questions import asks_twice

from tests.chatbot.dialogues import Dialogue, found
from tests.chatbot.tasks_of_tests import MONDAY, TASKS, Weather

TWO = "when is the market, and what is the weather tomorrow?"


class Market(Weather):
    intent, title = "market_day", "title_market_day"


@pytest.fixture
def talk() -> Dialogue:
    talk = Dialogue((*TASKS, Market()))
    talk.province.answers["weather"] = {"weather": []}
    return talk


@pytest.mark.parametrize(
    "text",
    [
        "chợ Bắc Hà họp hôm nào, thời tiết mai thế nào và mua thẻ du lịch ở đâu",
        "cho Bac Ha hop hom nao va thoi tiet mai the nao",
        "what's the weather in Sa Pa? and is the road open?",
        "明天萨帕天气怎么样？北河市场什么时候开？",
        "明天天气怎么样还有市场几点开",
        "quel temps demain à Sa Pa et quand a lieu le marché de Bac Ha",
        "내일 사파 날씨 어때요? 박하 시장은 언제 열려요?",
        "明日のサパの天気は？バックハー市場はいつ開きますか？",
    ],
)
def test_two_clauses_ask(text: str) -> None:
    assert asks_twice(text)


@pytest.mark.parametrize(
    "text",
    [
        "thời tiết Sa Pa và Bắc Hà ngày mai thế nào",
        "what is there to see in Sa Pa and Bac Ha?",
        "明天萨帕和北河天气怎么样？",
        "quel temps demain à Sa Pa et à Bac Ha ?",
        "안녕하세요, 내일 사파 날씨 어때요?",
        "こんにちは、明日のサパの天気はどうですか",
    ],
)
def test_one_clause_asks(text: str) -> None:
    assert not asks_twice(text)


async def test_what_else_is_asked_is_offered_below_the_answer(talk: Dialogue) -> None:
    await talk.hear("weather_warning", MONDAY, text=TWO, confidence=0.8, second="market_day")

    also = Say("utter_also_asked", choices=[choice("market_day", "title_market_day")])
    assert talk.phrases == ["utter_near_you", "utter_also_asked"]
    assert talk.said[1] == also


async def test_what_else_was_asked_is_answered_with_what_was_found(talk: Dialogue) -> None:
    commune = found("commune", "03006")
    await talk.hear("market_day", commune, text=TWO, confidence=0.8, second="weather_warning")

    await talk.hear("affirm")

    assert talk.phrases == ["utter_near_you"]
    assert talk.province.asked[-1] == ("weather", {"commune": "03006"})


async def test_one_question_offers_nothing_more(talk: Dialogue) -> None:
    text = "what is the weather at the market?"

    await talk.hear("weather_warning", text=text, confidence=0.8, second="market_day")

    assert talk.phrases == ["utter_near_you"]


async def test_two_questions_of_one_task_offer_nothing_more(talk: Dialogue) -> None:
    await talk.hear("weather_warning", text=TWO)

    assert talk.phrases == ["utter_near_you"]


async def test_in_a_form_nothing_more_is_offered(talk: Dialogue) -> None:
    await talk.hear("book_appointment", MONDAY)

    await talk.hear("weather_warning", text=TWO, confidence=0.8, second="market_day")

    assert talk.phrases == ["utter_near_you", "utter_which_place"]
