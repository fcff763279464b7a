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

from dialogue.emergency_kinds import EMERGENCY, first_told, is_certain, number_of
from dialogue.first_words import SOS_TITLE
from dialogue.saying import digest, line
from dialogue.tasks.telltale_words import says_insured, says_no_emergency, says_signed_in
from dialogue.titles import worded
from locales import AVAILABLE
from phrases import PHRASES

_IN_DOUBT = 0.99
_OFFERED = 0.05
"""From this belief on an intent is offered below the numbers."""


def told_in(entities: list[dict[str, Any]]) -> list[str]:
    """Return what was found of emergencies in a message."""
    return [str(one["value"]) for one in entities if one["entity"] == EMERGENCY]


def number_to_call_first(entities: list[dict[str, Any]]) -> str:
    """Return the number for what `entities` tell, the one for whatever else when they tell no kind."""
    return number_of(first_told(told_in(entities)))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class EmergencyFloor(GraphComponent, IntentClassifier):
    """Raises a message to `emergency`, or takes it down. One that is beyond doubt is so with a confidence of 1.

    Certain words always raise it. Words that only tell of danger do when the classifier gives emergencies
    at least `belief_with_words` (0 to 1); without a word its belief must reach `belief_alone`, else the next
    intent stands, which is then mostly answered as not understood, with 112. Recall is worth false alarms,
    since the answer to one costs a glance: where another intent is likelier, the emergency keeps its belief for a
    confidence, and the other stands behind it, to be answered below the number. Who taps a choice of the bot's, or has
    signed in as they were asked to, is in no danger; nor, without a word of danger, who says how a doctor is paid. Who
    says that it is no emergency is in doubt at most.
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
            others = [one for one in _ranking(message) if one["name"] != EMERGENCY]
            _rank(message, _alarmed(message, others) if self._is_emergency(message) else others)
        return messages

    def _is_emergency(self, message: Message) -> bool:
        told = told_in(message.get(ENTITIES, []))
        if any(map(is_certain, told)):
            return True
        text = message.get(TEXT) or ""
        if _answers_the_bot(text) or (says_insured(text) and not told):
            return False
        return _belief(message) >= (self._with_words if told else self._alone)


def _belief(message: Message) -> float:
    return next((one["confidence"] for one in _ranking(message) if one["name"] == EMERGENCY), 0.0)


def _is_certain(message: Message) -> bool:
    return any(map(is_certain, told_in(message.get(ENTITIES, []))))


def _alarmed(message: Message, others: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return an emergency, and behind it what else a message may mean unless certain words tell of danger."""
    if _is_certain(message):
        return [{"name": EMERGENCY, "confidence": 1.0}]
    instead = [one for one in others[:1] if one["confidence"] >= _OFFERED]
    is_likelier = others[:1] == _ranking(message)[:1]
    is_in_doubt = is_likelier or says_no_emergency(message.get(TEXT) or "")
    confidence = min(_belief(message), _IN_DOUBT) if instead and is_in_doubt else 1.0
    return [{"name": EMERGENCY, "confidence": confidence}, *instead]


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
