"""Puts what the bot says into the reader's words: the gettext catalogs of locales/, inside Rasa's process."""

from __future__ import annotations

from typing import Any

from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from components.emergency import NUMBERS, number_to_call_first
from locales import AVAILABLE, SOURCE, translator
from phrases import PHRASES


class CatalogNLG(NaturalLanguageGenerator):
    """Says `PHRASES[response]` in the language of the message's metadata.

    An action may add `fields` (named values of the response), `lines` and `links`: lists of
    {"phrase", "fields"} and {"phrase", "fields", "url"}; a line {"content"} is shown as it is. Links leave
    Rasa as custom JSON: {"links": [{"title", "url"}]}.
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
        if utter_action == "utter_emergency":
            utter_action, said = _emergency(tracker)
        say = _Voice(_language(tracker))
        head = say(utter_action, said.get("fields"))
        answer = {"text": "\n".join([head, *map(say.line, said.get("lines") or [])])}
        links = [say.link(link) for link in said.get("links") or []]
        return {**answer, "custom": {"links": links}} if links else answer


class _Voice:
    """One reader's language."""

    def __init__(self, language: str) -> None:
        self._translate = translator(language)

    def __call__(self, phrase: str, fields: dict[str, Any] | None) -> str:
        return self._translate(PHRASES[phrase]).format(**(fields or {}))

    def line(self, line: dict[str, Any]) -> str:
        return line["content"] if "content" in line else self(line["phrase"], line.get("fields"))

    def link(self, link: dict[str, Any]) -> dict[str, str]:
        return {"title": self(link["phrase"], link.get("fields")), "url": link["url"]}


def _language(tracker: DialogueStateTracker) -> str:
    message = tracker.latest_message
    language = ((message.metadata if message else None) or {}).get("language")
    return language if language in AVAILABLE else SOURCE


def _emergency(tracker: DialogueStateTracker) -> tuple[str, dict[str, Any]]:
    message = tracker.latest_message
    first = number_to_call_first((message.entities if message else None) or [])
    numbers = dict.fromkeys([first or "112", *sorted(NUMBERS.values())])
    links = [{"phrase": f"link_{number}", "url": f"tel:{number}"} for number in numbers]
    return f"utter_emergency_{first}" if first else "utter_emergency", {"links": links}
