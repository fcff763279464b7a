import json
from typing import Any

import pytest

from tests.chatbot import running_bot

LANGUAGES = ["vi", "en", "zh-Hans", "fr", "ko", "ja"]
ACCURACY = 0.85
EMERGENCY_RECALL = 0.85  # of eight messages, one may be missed
FALSE_ALARMS = 0.05
FIRST_NUMBERS = 0.95
ENTITIES = 0.95


@pytest.fixture(scope="module")
def result(trained: None) -> dict[str, Any]:
    evaluation = running_bot.run("chatbot/evaluate.py", "--json")
    assert evaluation.returncode == 0, evaluation.stderr[-3000:]
    parsed: dict[str, Any] = json.loads(evaluation.stdout.splitlines()[-1])
    return parsed


@pytest.mark.parametrize("language", LANGUAGES)
def test_held_out_messages_are_understood(result: dict[str, Any], language: str) -> None:
    score = result["languages"][language]
    print(  # noqa: T201 - the figures are the point of the test
        f"{language}: accuracy {score['accuracy']:.3f} of {score['messages']} (floor {ACCURACY}), "
        f"emergency recall {score['emergency_recall']:.3f}, false alarms {score['false_alarms']:.3f}"
    )

    assert score["accuracy"] >= ACCURACY
    assert score["emergency_recall"] >= EMERGENCY_RECALL
    assert score["false_alarms"] <= FALSE_ALARMS


def test_the_right_number_comes_first(result: dict[str, Any]) -> None:
    assert result["first_numbers"] >= FIRST_NUMBERS, result["misses"]


def test_places_days_and_categories_are_found(result: dict[str, Any]) -> None:
    assert result["entities"] >= ENTITIES, result["misses"]
