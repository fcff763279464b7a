"""Answers as phrases and fields: components/nlg.py puts them into the reader's words."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.province import ProvinceUnreachable
from actions.question import Question

Line = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """One reply: a phrase of phrases.py with its fields, lines under it, and links."""

    phrase: str
    fields: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    links: list[Line] = field(default_factory=list)


def line(phrase: str, **fields: str) -> Line:
    return {"phrase": phrase, "fields": fields}


def content(text: str) -> Line:
    """Return a line of the province's own content, already in the best language there is."""
    # Rasa would split a reply at empty lines.
    return {"content": "\n".join(filter(None, map(str.strip, text.splitlines())))}


def link(phrase: str, url: str, **fields: str) -> Line:
    return {"phrase": phrase, "url": url, "fields": fields}


EMERGENCY_LINK = link("link_112", "tel:112")


class ProvinceAction(Action, ABC):
    """An action that answers from the province's API, and says so when the API does not answer."""

    unreachable = Answer("utter_unreachable")

    @abstractmethod
    async def answers(self, question: Question) -> list[Answer]:
        """Return the replies to `question`. May raise ProvinceUnreachable."""

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[dict[str, Any]]:
        try:
            replies = await self.answers(Question.of(tracker))
        except ProvinceUnreachable:
            replies = [self.unreachable]
        for reply in replies:
            dispatcher.utter_message(
                response=reply.phrase, fields=reply.fields, lines=reply.lines, links=reply.links
            )
        return []
