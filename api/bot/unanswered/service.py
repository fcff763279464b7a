"""The assistant reports what it did not understand; editors see what many asked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from api.accounts.caller import PROVINCE, Caller, Role
from api.bot.errors import NotInConversation
from api.bot.handoff.service import scope_of
from api.bot.unanswered.redaction import CHARACTERS_AT_MOST, redacted
from api.bot.unanswered.repository import Question, UnansweredRepository
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.store import DuplicateKey
from api.kit.tickets import Ticket

_INTENT = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True, slots=True)
class Subject:
    """What the assistant took questions for. `asked` counts conversations, and so do the questions'."""

    language: str
    intent: str | None
    asked: int
    questions: Sequence[Question]


class Unanswered:
    def __init__(
        self, questions: UnansweredRepository, idempotency: Idempotency, clock: Clock
    ) -> None:
        self._questions = questions
        self._idempotency = idempotency
        self._clock = clock

    async def report(
        self, ticket: Ticket | None, words: str, intent: str | None, language: str, key: str
    ) -> None:
        """Count a question of the conversation under way, once per key.

        Raises NotInConversation and IdempotencyProblem.
        """
        if ticket is None:
            raise NotInConversation
        conversation_id = ticket.subject
        guess = intent if intent and _INTENT.fullmatch(intent) else None
        counted = [Question(language, guess, None, 1)]
        if (told := redacted(words)) is not None:
            counted.append(Question(language, guess, told, 1))

        async def work() -> dict[str, Any]:
            await self._questions.count(conversation_id, counted, self._clock())
            return {}

        asked = {"words": words[:CHARACTERS_AT_MOST], "intent": guess, "language": language}
        once = partial(
            self._idempotency.once,
            scope_of(conversation_id),
            "reportUnanswered",
            key,
            asked,
            work,
        )
        try:
            await once()
        except DuplicateKey:  # another was first to ask this week, between our look and our insert
            await once()

    async def of_week(self, caller: Caller, day: date) -> list[Subject]:
        """Return what enough conversations asked in the week of a day, the most asked first.

        Raises NotSignedIn, NotAllowed.
        """
        caller.require(Role.CONTENT_EDITOR, PROVINCE)
        found = await self._questions.of_week(day)
        return [
            Subject(
                one.language,
                one.intent,
                one.asked,
                [
                    question
                    for question in found
                    if question.words is not None
                    and (question.language, question.intent) == (one.language, one.intent)
                ],
            )
            for one in found
            if one.words is None
        ]
