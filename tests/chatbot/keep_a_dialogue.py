"""Run by the bot's Python: puts a long dialogue into the tracker store of the endpoints, prints what is kept.

Prints {"loaded": events of the last tracker, "kept": what the store holds} as JSON.
"""

import asyncio
import json
import sys

import project

project.prepare_environment()

from rasa.core.tracker_store import TrackerStore  # noqa: E402
from rasa.core.utils import AvailableEndpoints  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered  # noqa: E402

SENDER = "a-conversation"


def turn(secret: str) -> list[object]:
    metadata = {"language": "vi", "ticket": secret, "position": {"latitude": secret}}
    parse_data = {
        "intent": {"name": "greet"},
        "entities": [],
        "text": secret,
        "metadata": metadata,
    }
    return [
        SlotSet("session_started_metadata", metadata),
        UserUttered(secret, {"name": "greet"}, [], parse_data, metadata=metadata),
        ActionExecuted("utter_greet"),
        BotUttered(secret, {"custom": {"x": secret}}, {"utter_action": "utter_greet", "y": secret}),
        ActionExecuted("action_listen"),
    ]


async def main() -> None:
    endpoints = AvailableEndpoints.read_endpoints(str(project.endpoints()))
    store = TrackerStore.create(endpoints.tracker_store, Domain.load("domain.yml"))
    for _ in range(30):
        tracker = await store.get_or_create_tracker(SENDER)
        for event in turn(sys.argv[1]):
            tracker.update(event, store.domain)
        await store.save(tracker)
    kept = list(store.conversations.find({}, {"_id": 0}))
    loaded = await store.retrieve(SENDER)
    print(  # noqa: T201 - its answer
        json.dumps({"loaded": len(loaded.events), "kept": kept})
    )


asyncio.run(main())
