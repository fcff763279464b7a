"""Dialogues without Rasa: messages as they were understood, and a province that answers what it is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from dialogue.engine import respond
from dialogue.province import Answer, ProvinceUnreachable, SignInNeeded
from dialogue.saying import Say
from dialogue.state import State
from dialogue.task import Task
from dialogue.titles import worded
from dialogue.turn import Found, Position, Turn

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=timezone(timedelta(hours=7)))
"""A Monday."""
SA_PA: Position = {"latitude": 22.336, "longitude": 103.844}


@dataclass
class ToldProvince:
    """Set `answers[operation]` to data, to a list of data in turn, or to an exception.

    `asked` has every operation with its variables, in order.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, Answer]] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)

    async def ask(self, operation: str, variables: Answer, *, language: str) -> Answer:
        self.asked.append((operation, variables))
        self.languages.append(language)
        answer = self.answers.get(operation, ProvinceUnreachable())
        if isinstance(answer, list):
            answer = answer.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return dict(answer)

    def inputs(self, operation: str) -> list[Answer]:
        """Return the inputs of every time a mutation was sent."""
        return [sent["input"] for name, sent in self.asked if name == operation]


@dataclass
class Dialogue:
    """Somebody who talks: `state` goes from one message to the next, through JSON as in the tracker."""

    tasks: Sequence[Task]
    province: ToldProvince = field(default_factory=ToldProvince)
    language: str = "en"
    is_signed_in: bool = True
    position: Position | None = None
    state: State = field(default_factory=State)
    said: list[Say] = field(default_factory=list)

    async def hear(
        self,
        intent: str,
        *found: Found,
        text: str = "…",
        confidence: float | None = None,
        second: str = "",
        belief: float = 0.2,
    ) -> list[Say]:
        """Say a message that was understood so, and return the replies. An emergency is beyond doubt unless told.

        `belief`: that of the second intent.
        """
        if confidence is None:
            confidence = 1.0 if intent == "emergency" else 0.9
        intents = ((intent, confidence), *(((second, belief),) if second else ()))
        turn = Turn(
            text, self.language, intents, NOW, found, self.position, is_signed_in=self.is_signed_in
        )
        kept = State.from_json(self.state.to_json())
        by_intent = {task.intent: task for task in self.tasks}
        self.state, self.said = await respond(turn, kept, by_intent, self.province)
        return self.said

    async def tap(self, number: int) -> list[Say]:
        """Tap a choice of the last reply, 1 the first."""
        choices = [choice for say in self.said for choice in say.choices]
        title = worded(choices[number - 1].title, self.language)
        return await self.hear("inform", text=title, confidence=0.3)

    @property
    def phrases(self) -> list[str]:
        return [say.phrase for say in self.said]

    @property
    def words(self) -> str:
        """Everything of the last answer in the reader's words, a line each."""
        language = self.state.language or self.language
        lines = [
            worded(one, language)
            for say in self.said
            for one in ({"phrase": say.phrase, "fields": say.fields}, *say.lines)
        ]
        return "\n".join(lines)

    @property
    def choices(self) -> list[str]:
        return [worded(one.title, self.language) for said in self.said for one in said.choices]


def found(kind: str, value: str, text: str = "…") -> Found:
    """Return a finding that is most of the message, unless `text` is longer."""
    return Found(kind, value, 0, len(value) if text == "…" else text.index(value), value)


NOT_SIGNED_IN = SignInNeeded()
