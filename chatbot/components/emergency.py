"""The floor under emergencies: a cry for help is heard even when the classifier is unsure."""

from __future__ import annotations

from functools import cache
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from dialogue.emergency_kinds import first_told, is_certain, number_of
from dialogue.first_words import SOS_TITLE
from dialogue.saying import digest, line
from dialogue.tasks.telltale_words import says_insured, says_signed_in
from dialogue.titles import worded
from locales import AVAILABLE
from phrases import PHRASES

EMERGENCY = "emergency"


def told_in(entities: list[dict[str, Any]]) -> list[str]:
    """Return what was found of emergencies in a message."""
    return [str(one["value"]) for one in entities if one["entity"] == EMERGENCY]


def number_to_call_first(entities: list[dict[str, Any]]) -> str:
    """Return the number for what `entities` tell, the one for whatever else when they tell no kind."""
    return number_of(first_told(told_in(entities)))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class EmergencyFloor(GraphComponent, IntentClassifier):
    """Raises a message to `emergency`, or takes it down.

    Certain words always raise it. Words that only tell of danger do when the classifier gives emergencies
    at least `belief_with_words` (0 to 1); without a word its belief must reach `belief_alone`, else the next
    intent stands, which is then mostly answered as not understood, with 112. Recall is worth false alarms,
    since the answer to one costs a glance: the intent that the classifier held for likelier stands behind it, to be
    offered. Who taps a choice of the bot's, or has signed in as
    they were asked to, is in no danger; nor, without a word of danger, who says how a doctor is paid.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        self._with_words = config["belief_with_words"]
        self._alone = config["belief_alone"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"belief_with_words": 0.03, "belief_alone": 0.12}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EmergencyFloor:
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if self._is_emergency(message):
                _rank(message, [{"name": EMERGENCY, "confidence": 1.0}, *_likelier(message)])
            else:
                _rank(message, [one for one in _ranking(message) if one["name"] != EMERGENCY])
        return messages

    def _is_emergency(self, message: Message) -> bool:
        told = told_in(message.get(ENTITIES, []))
        if any(map(is_certain, told)):
            return True
        text = message.get(TEXT) or ""
        if _answers_the_bot(text) or (says_insured(text) and not told):
            return False
        belief = next((i["confidence"] for i in _ranking(message) if i["name"] == EMERGENCY), 0.0)
        return belief >= (self._with_words if told else self._alone)


def _likelier(message: Message) -> list[dict[str, Any]]:
    """Return the first intent unless that is an emergency; nothing where certain words tell of one."""
    if any(map(is_certain, told_in(message.get(ENTITIES, [])))):
        return []
    return [one for one in _ranking(message)[:1] if one["name"] != EMERGENCY]


def _answers_the_bot(text: str) -> bool:
    """Tell whether a message is a choice of the bot's that was tapped, or says what it asked people to do."""
    return digest(text) in _titles() or says_signed_in(text)


@cache
def _titles() -> frozenset[str]:
    """Return the digests of all titles that can be tapped, in every language; but for the SOS."""
    phrases = [one for one in PHRASES if one.startswith(("choice_", "title_")) and one != SOS_TITLE]
    plain = [one for one in phrases if "{" not in PHRASES[one]]
    return frozenset(digest(worded(line(one), tag)) for one in plain for tag in AVAILABLE)


def _ranking(message: Message) -> list[dict[str, Any]]:
    return message.get(INTENT_RANKING_KEY, [])


def _rank(message: Message, ranking: list[dict[str, Any]]) -> None:
    message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
    if ranking:
        message.set(INTENT, ranking[0], add_to_output=True)
