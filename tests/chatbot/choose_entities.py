"""Run by the bot's Python: prints as JSON the kinds that are kept of a cry, in doubt and beyond doubt."""

import json

import project

project.prepare_environment()

from components.choosing import EntityChoice  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402

KINDS = ("problem", "language", "emergency")


def kept_of(confidence: float) -> list[str]:
    cry = {"name": "emergency", "confidence": confidence}
    found = [{"entity": kind, "value": "x", "start": 0, "end": 1} for kind in KINDS]
    ranking = [cry, {"name": "report_problem", "confidence": 0.6}]
    message = Message({"intent": cry, "intent_ranking": ranking, "entities": found})
    EntityChoice().process([message])
    return [one["entity"] for one in message.get("entities")]


print(json.dumps([kept_of(0.3), kept_of(1.0)]))  # noqa: T201 - its answer
