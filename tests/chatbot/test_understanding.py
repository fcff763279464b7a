import json
from dataclasses import dataclass
from typing import Any

import pytest

from tests.chatbot import running_bot

LANGUAGES = ["vi", "en", "zh-Hans", "fr", "ko", "ja"]


@dataclass(frozen=True)
class Floors:
    """Shares between 0 and 1. Of five to thirteen emergencies in a language one may be missed."""

    accuracy: float
    emergency_recall: float
    false_alarms_at_most: float


FLOORS = {"heldout": Floors(0.9, 0.9, 0.05), "unseen": Floors(0.6, 0.8, 0.15)}
UNSEEN_ACCURACY = 0.75
UNSEEN_EMERGENCY_RECALL = 0.9
FIRST_NUMBERS = 0.95
ENTITIES = 0.95


@pytest.fixture(scope="module")
def result(trained: None) -> dict[str, Any]:
    evaluation = running_bot.run("chatbot/evaluate.py", "--json")
    assert evaluation.returncode == 0, evaluation.stderr[-3000:]
    parsed: dict[str, Any] = json.loads(evaluation.stdout.splitlines()[-1])
    return parsed


@pytest.mark.parametrize("messages", FLOORS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_held_out_messages_are_understood(
    result: dict[str, Any], messages: str, language: str
) -> None:
    score, floors = result["sets"][messages][language], FLOORS[messages]
    print(  # noqa: T201 - the figures are the point of the test
        f"{messages} {language}: accuracy {score['accuracy']:.3f} of {score['messages']}, "
        f"emergency recall {score['emergency_recall']:.3f}, false alarms {score['false_alarms']:.3f}"
    )

    assert score["accuracy"] >= floors.accuracy
    assert score["emergency_recall"] >= floors.emergency_recall
    assert score["false_alarms"] <= floors.false_alarms_at_most


def test_all_languages_together_are_understood(result: dict[str, Any]) -> None:
    scores = result["sets"]["unseen"].values()

    assert sum(score["accuracy"] for score in scores) / len(scores) >= UNSEEN_ACCURACY
    recall = sum(score["emergency_recall"] for score in scores) / len(scores)
    assert recall >= UNSEEN_EMERGENCY_RECALL


def test_the_right_number_comes_first(result: dict[str, Any]) -> None:
    assert result["first_numbers"] >= FIRST_NUMBERS, result["misses"]


def test_places_days_and_categories_are_found(result: dict[str, Any]) -> None:
    assert result["entities"] >= ENTITIES, result["misses"]
