"""The intent classifier: words and parts of words, weighed by how rare they are, and one plane an intent.

Rasa's own is logistic regression over counts: twenty times slower to train here, and less exact. What makes a
belief out of a distance is fitted on messages that the planes were not fitted on, so that 0.7 means seven of ten.
Where the planes are unsure, the vector of the whole message is asked too (meaning/).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from intents.features import Views, views_of
from intents.planes import Planes, fitted
from meaning.second_look import SecondLook, prepared

_FILE, _VOCABULARY = "planes.npz", "vocabulary.json"
_RANKED = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearClassifier(GraphComponent, IntentClassifier):
    """`C`: the inverse of the regularisation's strength."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"C": 0.3}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        planes: Planes | None = None,
        second_look: SecondLook | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._planes = planes
        self._second_look = second_look

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,  # noqa: ANN401 - Rasa's signature
    ) -> LinearClassifier:
        with model_storage.read_from(resource) as folder:
            planes = read_planes(folder)
        return cls(config, model_storage, resource, planes, prepared(planes.intents))

    def train(self, training_data: TrainingData) -> Resource:
        messages = [one for one in training_data.intent_examples if one.get(TEXT)]
        seen = [views(message) for message in messages]
        self._planes = fitted(seen, [one.get(INTENT) for one in messages], self._config["C"])
        with self._model_storage.write_to(self._resource) as folder:
            write_planes(folder, self._planes)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(TEXT) and self._planes is not None:
                ranking = self._ranking(message, self._planes)
                message.set(INTENT, ranking[0], add_to_output=True)
                message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _ranking(self, message: Message, planes: Planes) -> list[dict[str, Any]]:
        beliefs = planes.beliefs(views(message))
        if self._second_look is not None:
            beliefs = self._second_look.of(message.get(TEXT), beliefs)
        return [
            {"name": planes.intents[at], "confidence": float(beliefs[at])}
            for at in np.argsort(-beliefs)[:_RANKED]
        ]


def views(message: Message) -> Views:
    """Return what is seen of a message that the tokenizer and the gazetteer have read."""
    tokens = message.get(TOKENS_NAMES[TEXT])
    return views_of([token.text for token in tokens], [token.lemma for token in tokens])


def write_planes(folder: Path, planes: Planes) -> None:
    np.savez(folder / _FILE, **planes.arrays())
    names = json.dumps({"terms": planes.terms, "intents": planes.intents}, ensure_ascii=False)
    (folder / _VOCABULARY).write_text(names, encoding="utf-8")


def read_planes(folder: Path) -> Planes:
    names = json.loads((folder / _VOCABULARY).read_text(encoding="utf-8"))
    with np.load(folder / _FILE) as arrays:
        return Planes(names["terms"], names["intents"], **dict(arrays))
