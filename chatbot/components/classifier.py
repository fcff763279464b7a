"""The intent classifier: words and parts of words, weighed by how rare they are, and one plane an intent.

Rasa's own is logistic regression over counts: twenty times slower to train here, and less exact. What makes a
belief out of a distance is fitted on messages that the planes were not fitted on, so that 0.7 means seven of ten.
Where the planes are unsure, the vector of the whole message is asked too (meaning/).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.planes_component import PlanesComponent
from intents.planes import Planes
from meaning import head
from meaning.second_look import SHARE

_RANKED = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearClassifier(PlanesComponent, IntentClassifier):
    """`C`: the inverse of the regularisation's strength."""

    HEAD, HEAD_SHARE = head.INTENTS, SHARE

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"C": 0.3}

    def train(self, training_data: TrainingData) -> Resource:
        messages = [one for one in training_data.intent_examples if one.get(TEXT)]
        return self._fit(messages, [one.get(INTENT) for one in messages])

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(TEXT) and self._planes is not None:
                ranking = self._ranking(message, self._planes)
                message.set(INTENT, ranking[0], add_to_output=True)
                message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _ranking(self, message: Message, planes: Planes) -> list[dict[str, Any]]:
        beliefs = self._beliefs(message, planes)
        return [
            {"name": planes.intents[at], "confidence": float(beliefs[at])}
            for at in np.argsort(-beliefs)[:_RANKED]
        ]
