"""Puts what the bot says into the reader's words: the gettext catalogs of locales/, inside Rasa's process."""

from __future__ import annotations

from typing import Any

from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from components.emergency import told_in
from dialogue.emergency_kinds import is_in_doubt
from dialogue.first_words import Cry, first_said
from dialogue.state import State
from dialogue.titles import worded
from locales import AVAILABLE, SOURCE


class CatalogNLG(NaturalLanguageGenerator):
    """Says `PHRASES[response]` in the language of the dialogue, else of the message's metadata.

    An action may add `fields`, `lines`, `links`, `choices` (titles), `steps` and `points` as dialogue/saying.py has
    them. What is not text leaves Rasa as custom JSON: {"links": [{"title", "url"}], "choices": [title], "steps":
    [name], "points": [{"name", "latitude", "longitude"}]}.
    """

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        super().__init__()

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **said: Any,  # noqa: ANN401 - Rasa's signature
    ) -> dict[str, Any]:
        language = _language(tracker, said.get("language"))
        if utter_action == "utter_emergency":
            utter_action, said = _emergency(tracker)
        head = {"phrase": utter_action, "fields": said.get("fields")}
        lines = [worded(line, language) for line in [head, *(said.get("lines") or [])]]
        custom = _custom(said, language)
        return {"text": "\n".join(lines), **({"custom": custom} if custom else {})}


def _custom(said: dict[str, Any], language: str) -> dict[str, Any]:
    links = [
        {"title": worded(link, language), "url": link["url"]} for link in said.get("links") or []
    ]
    choices = [worded(title, language) for title in said.get("choices") or []]
    parts = {
        "links": links,
        "choices": choices,
        "steps": said.get("steps"),
        "points": said.get("points"),
    }
    return {name: part for name, part in parts.items() if part}


def _language(tracker: DialogueStateTracker, chosen: str | None) -> str:
    message = tracker.latest_message
    language = chosen or _chosen_before(tracker)
    language = language or ((message.metadata if message else None) or {}).get("language")
    return language if language in AVAILABLE else SOURCE


def _chosen_before(tracker: DialogueStateTracker) -> str | None:
    """Return the language that the person asked for earlier; what Rasa says by itself is said in it too."""
    return State.from_json(tracker.get_slot("dialogue")).language


def _emergency(tracker: DialogueStateTracker) -> tuple[str, dict[str, Any]]:
    """Return whom to call; a vaguer message after that is about the same."""
    message, state = tracker.latest_message, State.from_json(tracker.get_slot("dialogue"))
    say = first_said(state, _cry(message))
    return say.phrase, {"fields": say.fields, "lines": say.lines, "links": say.links}


def _cry(message: UserUttered | None) -> Cry:
    if message is None:
        return Cry("", [])
    in_doubt = is_in_doubt(message.intent_name, message.intent.get("confidence"))
    return Cry(message.text or "", told_in(message.entities or []), in_doubt)
