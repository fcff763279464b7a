"""What Rasa 3.6 works out anew in each turn though it never changes, or says at length to who needs a word of it."""

import copy
from contextlib import nullcontext
from functools import cache
from types import SimpleNamespace
from typing import Any

import aiohttp
import rasa
from jsonschema.validators import Draft7Validator, Draft202012Validator
from rasa.core import processor
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.utils.endpoints import EndpointConfig

import kept_connections
from components.runner import StraightRunner

_look_empty, _validate = Domain.is_empty, RemoteAction._validate_action_result
_SLOT_SET = {"event", "timestamp", "name", "value"}


def take_shortcuts() -> None:
    """Change the parts of Rasa that cost the most and give nothing; what it does with a message stays the same.

    Answers of the action server that set slots and no more are taken as they are; others are still checked against
    Rasa's schema of them, only that schema no more against the schema of schemas.
    """
    for validator in (Draft7Validator, Draft202012Validator):
        validator.check_schema = classmethod(lambda *_, **__: None)
    Event.resolve_by_type = staticmethod(cache(Event.resolve_by_type))
    DialogueStateTracker.copy = _copied
    Domain.is_empty = _is_empty
    RemoteAction._action_call_format = _call
    RemoteAction._validate_action_result = _is_valid
    EndpointConfig.session = _kept_session
    processor.DaskGraphRunner = StraightRunner
    # Everything that it copies it hands to a log of a level that is off.
    processor.copy = SimpleNamespace(deepcopy=lambda value: value)


def _copied(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """Return a tracker that may be changed for itself. Rasa makes one by living through all events again."""
    made = copy.copy(tracker)
    made.events = tracker.events.copy()
    made.slots = {name: copy.copy(slot) for name, slot in tracker.slots.items()}
    made.active_loop = copy.copy(tracker.active_loop)
    made.model_id = made.assistant_id = None
    return made


def _call(action: RemoteAction, tracker: DialogueStateTracker, _: Domain) -> dict[str, Any]:
    """Return what the action server is told: the newest message and the slots. Nothing there reads older events."""
    return {
        "next_action": action.name(),
        "sender_id": tracker.sender_id,
        "tracker": {**tracker.current_state(EventVerbosity.NONE), "events": []},
        "version": rasa.__version__,
    }


def _is_empty(domain: Domain) -> bool:
    """Tell it as it was at first: a domain that is loaded stays as it is."""
    known = domain.__dict__.get("_looked_empty")
    if known is None:
        known = domain.__dict__["_looked_empty"] = _look_empty(domain)
    return known


def _is_valid(action: RemoteAction, result: dict[str, Any]) -> bool:
    return _sets_slots_only(result) or _validate(action, result)


def _sets_slots_only(result: object) -> bool:
    if not isinstance(result, dict):
        return False
    events, responses = result.get("events"), result.get("responses")
    if not isinstance(events, list) or not isinstance(responses, list):
        return False
    return all(isinstance(one, dict) for one in responses) and all(map(_sets_slot, events))


def _sets_slot(event: object) -> bool:
    return (
        isinstance(event, dict)
        and event.keys() == _SLOT_SET
        and event["event"] == "slot"
        and isinstance(event["name"], str)
        and event["timestamp"] is None
    )


def _kept_session(_: EndpointConfig) -> nullcontext[aiohttp.ClientSession]:
    """Return a session that is not closed after the call; our endpoints name no header and no password."""
    return nullcontext(kept_connections.session())
