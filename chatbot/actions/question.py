"""What a person asked: the words' meaning, the language, and, for this turn only, the position."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker

from actions.province import ask


@dataclass(frozen=True)
class Question:
    """`position` is {"latitude", "longitude"} in degrees, WGS 84, None when the phone shared none."""

    text: str
    language: str
    ticket: str | None
    position: dict[str, float] | None
    entities: list[dict[str, Any]]

    @classmethod
    def of(cls, tracker: Tracker) -> Question:
        message = tracker.latest_message
        metadata = message.get("metadata") or {}
        return cls(
            text=message.get("text") or "",
            language=metadata.get("language") or "en",
            ticket=metadata.get("ticket"),
            position=metadata.get("position"),
            entities=message.get("entities") or [],
        )

    def values(self, entity: str) -> list[str]:
        return [found["value"] for found in self.entities if found["entity"] == entity]

    def value(self, entity: str) -> str | None:
        return next(iter(self.values(entity)), None)

    def name(self, entity: str) -> str | None:
        """Return the first `entity` in the spelling of the data, not as it was typed."""
        return next((found["name"] for found in self.entities if found["entity"] == entity), None)

    async def ask(self, operation: str, **variables: Any) -> dict[str, Any]:  # noqa: ANN401
        """Ask the province for the person, in the person's language."""
        return await ask(operation, variables, language=self.language, ticket=self.ticket)
