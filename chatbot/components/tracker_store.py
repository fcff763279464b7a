"""Tracker stores that keep what was meant and forget who said it, where and in which words.

Rasa keeps a message's metadata three times: in the event, in its parse data, and in the slot
`session_started_metadata`. Bot texts tell distances, from which a position could be computed.
"""

from __future__ import annotations

from typing import Any

from rasa.core.tracker_store import MongoTrackerStore, SQLTrackerStore
from rasa.shared.core.constants import SESSION_START_METADATA_SLOT
from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

EVENTS_AT_MOST = 80
"""About ten turns: each action call carries the whole tracker."""

_KEPT_METADATA = ("language",)
_KEPT_PARSE_DATA = ("intent", "entities")


def forget_person(tracker: DialogueStateTracker) -> None:
    """Leave intents, entities and the language; drop texts, tickets and positions."""
    for event in tracker.events:
        _forget_in_event(event)
    slot = tracker.slots.get(SESSION_START_METADATA_SLOT)
    if slot is not None and isinstance(slot.value, dict):
        slot.value = _only(slot.value, _KEPT_METADATA)


def _forget_in_event(event: Event) -> None:
    if isinstance(event, UserUttered):
        event.text = ""
        event.metadata = _only(event.metadata, _KEPT_METADATA)
        event.parse_data = _only(event.parse_data, _KEPT_PARSE_DATA)
    elif isinstance(event, BotUttered):
        event.text = None
        event.data = {}
        event.metadata = _only(event.metadata, ("utter_action", "model_id"))
    elif isinstance(event, SlotSet) and event.key == SESSION_START_METADATA_SLOT:
        event.value = _only(event.value, _KEPT_METADATA)


def _only(values: dict[str, Any] | None, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in (values or {}).items() if name in names}


class DiscreetSQLTrackerStore(SQLTrackerStore):
    """SQLite, for the embedded product."""

    async def save(self, tracker: DialogueStateTracker) -> None:
        forget_person(tracker)
        await super().save(tracker)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        # Cut before loading: then the stored events and the tracker's are the same ones when it is saved.
        with self.session_scope() as session:
            events = session.query(self.SQLEvent).filter(self.SQLEvent.sender_id == sender_id)
            newest = events.order_by(self.SQLEvent.id.desc()).offset(EVENTS_AT_MOST).first()
            if newest is not None:
                events.filter(self.SQLEvent.id <= newest.id).delete()
                session.commit()
        return await super().retrieve(sender_id)


class DiscreetMongoTrackerStore(MongoTrackerStore):
    """MongoDB, for production."""

    async def save(self, tracker: DialogueStateTracker) -> None:
        forget_person(tracker)
        await super().save(tracker)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        self.conversations.update_one(
            {"sender_id": sender_id},
            {"$push": {"events": {"$each": [], "$slice": -EVENTS_AT_MOST}}},
        )
        return await super().retrieve(sender_id)
