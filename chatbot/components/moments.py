"""Gives a message the days, times, amounts and report codes that stand in it, and shows the classifier their kinds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from amounts import find_amounts
from dialogue.formats import VIETNAM
from moments import find_moments
from report_codes import find_report_codes

_GIVE_WAY = frozenset({"day", "ordinal", "person", "category", "problem", "specialty", "language"})
"""Kinds of words that a day, a time or an amount may be made of: "thứ hai" is Monday and "the second"."""


@DefaultV1Recipe.register(
    [
        DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER,
        DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR,
    ],
    is_trainable=False,
)
class MomentExtractor(GraphComponent):
    """Stands behind the gazetteer. Values are reckoned from the moment at which a message comes."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [Tokenizer]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MomentExtractor:
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        for message in training_data.training_examples:
            if message.get(TEXT):
                _show_kinds(message, _found(message.get(TEXT)))
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(TEXT):
                found = _found(message.get(TEXT))
                others = [one for one in message.get(ENTITIES, []) if not _gives_way(one, found)]
                message.set(ENTITIES, [*others, *found], add_to_output=True)
                _show_kinds(message, found)
        return messages


def _found(text: str) -> list[dict[str, Any]]:
    moments = find_moments(text, datetime.now(VIETNAM))
    return [
        {
            "entity": one.kind,
            "value": one.value,
            "start": one.start,
            "end": one.end,
            "extractor": MomentExtractor.__name__,
        }
        for one in (*moments, *find_amounts(text), *find_report_codes(text))
    ]


def _gives_way(entity: dict[str, Any], found: list[dict[str, Any]]) -> bool:
    return entity["entity"] in _GIVE_WAY and any(
        one["start"] < entity["end"] and entity["start"] < one["end"] for one in found
    )


def _show_kinds(message: Message, found: list[dict[str, Any]]) -> None:
    end = len(message.get(TEXT))
    signs = [Token(f"ꝑ{kind}", end) for kind in sorted({one["entity"] for one in found})]
    message.set(TOKENS_NAMES[TEXT], [*message.get(TOKENS_NAMES[TEXT]), *signs])
