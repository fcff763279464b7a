"""The one action of the bot: hands a message to the dialogue, and its replies to Rasa."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.province import ApiProvince
from dialogue.emergency import is_heard_beside_a_person
from dialogue.engine import respond
from dialogue.formats import VIETNAM
from dialogue.saying import EMERGENCY_LINK, Say
from dialogue.state import State
from dialogue.tasks import TASKS
from dialogue.turn import Found, Turn
from discreet_records import reason

SLOT = "dialogue"
_log = structlog.get_logger()


class Converse(Action):
    """What is said next, and what is remembered of it: one slot of JSON without a word of the person's."""

    def name(self) -> str:
        return "action_converse"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        message = tracker.latest_message
        turn, metadata = _turn(message), message.get("metadata") or {}
        state = State.from_json(tracker.get_slot(SLOT))
        if metadata.get("with_person") and not is_heard_beside_a_person(turn, state):
            return []  # a person answers: the assistant stays silent
        province = ApiProvince(metadata.get("ticket"))
        after, says = await _answered(turn, state, province)
        for say in says:
            dispatcher.utter_message(response=say.phrase, **_parts(say, after, turn))
        if says:
            dispatcher.utter_message(json_message={"confidence": round(turn.confidence, 3)})
        return [SlotSet(SLOT, after.to_json())]


async def _answered(turn: Turn, state: State, province: ApiProvince) -> tuple[State, list[Say]]:
    """Return what `respond` does; where it fails, an admission, and the state as it was."""
    try:
        return await respond(turn, state, TASKS, province)
    except Exception as error:
        # So broad, for whatever is wrong with us the person shall hear that it is; and else the server
        # would answer with the whole message, and Rasa log that.
        _log.error("dialogue failed", intent=turn.intent, reason=reason(error))
        return state, [Say("utter_cannot_answer", links=[EMERGENCY_LINK])]


def _turn(message: dict[str, Any]) -> Turn:
    metadata = message.get("metadata") or {}
    ranking = message.get("intent_ranking") or [message.get("intent") or {}]
    return Turn(
        text=message.get("text") or "",
        language=metadata.get("language") or "en",
        intents=tuple(
            (one["name"], float(one.get("confidence") or 0.0)) for one in ranking if one.get("name")
        ),
        now=datetime.now(VIETNAM),
        found=tuple(found for one in message.get("entities") or [] for found in _found(one)),
        position=metadata.get("position"),
        is_signed_in=bool(metadata.get("signed_in")),
    )


def _found(entity: dict[str, Any]) -> Iterator[Found]:
    """Yield what an entity stands for: a mountain pass is a place and a road."""
    name, span = entity.get("name") or "", (entity.get("start", 0), entity.get("end", 0))
    yield Found(entity["entity"], str(entity["value"]), *span, name)
    if entity.get("road"):
        yield Found("road", entity["road"], *span, name)


def _parts(say: Say, state: State, turn: Turn) -> dict[str, Any]:
    """Return what components/nlg.py needs to put a reply into words."""
    return {
        "fields": say.fields,
        "lines": say.lines,
        "links": say.links,
        "choices": [asdict(choice)["title"] for choice in say.choices],
        "steps": [step.value for step in say.steps],
        "points": say.points,
        "language": state.language or turn.language,
    }
