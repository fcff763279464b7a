"""What the bot understands of messages that nobody who taught it has seen.

The floors are those of a training on every fifth message, tried on every fifth, as in CI; they show that nothing is
broken. How good the whole one is, `make bot-eval` tells (docs/bot.md).
"""

import json
from typing import Any

import pytest

from tests.chatbot import running_bot

LANGUAGES = ("vi", "vi-unmarked", "en", "zh-Hans", "fr", "ko", "ja")
INTENTS_AT_LEAST = 0.5
ENTITIES_AT_LEAST = 0.65
EMERGENCIES_AT_LEAST = 0.75
FALSE_ALARMS_AT_MOST = 0.2
FIRST_NUMBERS = 0.9
HEARD_AT_LEAST = 0.75
TAKEN_FOR_ONE_AT_MOST = 0.85
RIGHT_NUMBERS_AT_LEAST = 0.5
"""Of a fifth of the test messages, 16 and 12 a language, which are hard ones."""


@pytest.fixture(scope="module")
def result(trained: None) -> dict[str, Any]:
    evaluation = running_bot.run("chatbot/evaluate.py", "--json")
    assert evaluation.returncode == 0, evaluation.stderr[-3000:]
    parsed: dict[str, Any] = json.loads(evaluation.stdout.splitlines()[-1])
    return parsed


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_are_understood(result: dict[str, Any], language: str) -> None:
    figures = result["languages"][language]
    print(language, figures)  # noqa: T201 - the figures are the point of the test

    assert figures["intents"] >= INTENTS_AT_LEAST
    assert figures["entities F1"] >= ENTITIES_AT_LEAST
    assert figures["emergency recall"] >= EMERGENCIES_AT_LEAST
    assert figures["false alarms"] <= FALSE_ALARMS_AT_MOST


@pytest.mark.parametrize("language", LANGUAGES)
def test_emergencies_are_heard_however_they_are_told(result: dict[str, Any], language: str) -> None:
    figures = result["heard"][language]
    print(language, figures)  # noqa: T201 - the figures are the point of the test

    assert figures["recall"] >= HEARD_AT_LEAST
    assert figures["false_alarms"] <= TAKEN_FOR_ONE_AT_MOST
    assert figures["right_number"] >= RIGHT_NUMBERS_AT_LEAST


def test_the_right_number_comes_first(result: dict[str, Any]) -> None:
    assert result["first_numbers"] >= FIRST_NUMBERS
