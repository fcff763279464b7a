"""Of what was found keeps what the message's intent is about.

"Landslide" names a problem when somebody reports it, and none when they ask for the weather; a pass is a road when
the way over it is meant, else a place; the name of the province is mostly its chief town, but a warning is asked for
in all of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from dialogue.emergency_kinds import is_in_doubt

_READ_IN = {
    "category": frozenset({"find_nearby", "lodging", "plan_trip", "inform"}),
    "problem": frozenset({"report_problem", "track_report", "confirm_repair", "inform"}),
    "language": frozenset(
        {"change_language", "find_doctor", "book_appointment", "guide", "human", "inform"}
    ),
}
"""Kinds that only some intents read."""
_NOT_READ_IN = {
    "person": frozenset(
        {"greet", "thanks", "help", "who_are_you", "repeat", "human", "affirm", "deny", "abuse"}
    ),
    "specialty": frozenset({"greet", "thanks", "repeat", "human", "affirm", "stop", "abuse"}),
}
"""Kinds that some intents do not read: "thanks, my friend" is for nobody, "dong y" agrees to something."""
_OF_ROADS = "road_traffic"
_OF_THE_PROVINCE = "weather_warning"


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
            kept = list(_chosen(message.get(ENTITIES, []), _answered_as(message)))
            message.set(ENTITIES, kept, add_to_output=True)
        return messages


def _answered_as(message: Message) -> str:
    """Return the intent that a message is answered as: a cry in doubt as what is likelier."""
    ranking = [message.get(INTENT) or {}, *message.get(INTENT_RANKING_KEY, [])[1:2]]
    first = ranking[0]
    answered = ranking[-1] if is_in_doubt(first.get("name"), first.get("confidence")) else first
    return answered.get("name") or ""


def _chosen(entities: list[dict[str, Any]], intent: str) -> Iterator[dict[str, Any]]:
    for entity in entities:
        kind = entity["entity"]
        if intent not in _READ_IN.get(kind, {intent}) or intent in _NOT_READ_IN.get(kind, ()):
            continue
        if intent != _OF_THE_PROVINCE and entity.get("town"):
            yield {**entity, "entity": "commune", "value": entity["town"]}
        elif intent == _OF_ROADS and entity.get("road"):
            yield {**entity, "entity": "road", "value": entity["road"]}
        else:
            yield entity
