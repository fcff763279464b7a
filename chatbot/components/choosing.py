"""Of what was found keeps what the message's intent is about.

"Landslide" names a problem when somebody reports it, and none when they ask for the weather; a pass is a road when
the way over it is meant, else a place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT
from rasa.shared.nlu.training_data.message import Message

_READ_IN = {
    "category": frozenset({"find_nearby", "lodging", "plan_trip", "inform"}),
    "problem": frozenset({"report_problem", "track_report", "confirm_repair", "inform"}),
    "language": frozenset(
        {"change_language", "find_doctor", "book_appointment", "guide", "inform"}
    ),
}
"""Kinds that only some intents read."""
_OF_ROADS = "road_traffic"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class EntityChoice(GraphComponent):
    """Stands behind the classifier."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EntityChoice:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            intent = (message.get(INTENT) or {}).get("name") or ""
            kept = list(_chosen(message.get(ENTITIES, []), intent))
            message.set(ENTITIES, kept, add_to_output=True)
        return messages


def _chosen(entities: list[dict[str, Any]], intent: str) -> Iterator[dict[str, Any]]:
    for entity in entities:
        if intent not in _READ_IN.get(entity["entity"], {intent}):
            continue
        if intent == _OF_ROADS and entity.get("road"):
            yield {**entity, "entity": "road", "value": entity["road"]}
        else:
            yield entity
