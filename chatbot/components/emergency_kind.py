"""Which kind of emergency a message tells of: the number that comes first hangs on it."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.emergency import told_in
from components.messages import KIND
from components.planes_component import PlanesComponent
from dialogue.emergency_kinds import EMERGENCY, KINDS, first_told, is_certain
from intents.planes import Planes
from meaning import head
from meaning.second_look import SHARE_OF_KINDS


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class EmergencyKind(PlanesComponent):
    """Puts the kind that the whole message tells in place of what single words may mean.

    Stands behind the floor, which hears those words. Certain words of a kind stand; the others do too where the belief
    is below `belief` (0 to 1), or in a cry that tells no kind. `C`: the inverse of the regularisation's strength.
    """

    HEAD, HEAD_SHARE = head.KINDS, SHARE_OF_KINDS

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"C": 0.3, "belief": 0.5}

    def train(self, training_data: TrainingData) -> Resource:
        told = [one for one in training_data.intent_examples if one.get(KIND) and one.get(TEXT)]
        kinds = [one.get(KIND) for one in told]
        return self._fit(told, kinds)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if (message.get(INTENT) or {}).get("name") == EMERGENCY and self._planes is not None:
                entities = self._decided(message, self._planes)
                message.set(ENTITIES, entities, add_to_output=True)
        return messages

    def _decided(self, message: Message, planes: Planes) -> list[dict[str, Any]]:
        entities = message.get(ENTITIES, [])
        if first_told(filter(is_certain, told_in(entities))):
            return entities
        beliefs = self._beliefs(message, planes)
        kind, belief = planes.intents[beliefs.argmax()], beliefs.max()
        if belief < self._config["belief"] or kind not in KINDS:
            return entities
        others = [one for one in entities if one["entity"] != EMERGENCY]
        return [*others, _told(message, kind, float(belief))]


def _told(message: Message, kind: str, belief: float) -> dict[str, Any]:
    whole = {"start": 0, "end": len(message.get(TEXT))}
    return {"entity": EMERGENCY, "value": kind, **whole, "confidence_entity": belief}
