"""The assistant reports what it did not understand; editors see what many asked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from api.accounts.caller import PROVINCE, Caller, Role
from api.bot.errors import NotInConversation
from api.bot.unanswered.redaction import redacted
from api.bot.unanswered.repository import Question, UnansweredRepository
from api.kit.clock import Clock
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
    def __init__(self, questions: UnansweredRepository, clock: Clock) -> None:
        self._questions = questions
        self._clock = clock

    async def report(
        self, ticket: Ticket | None, words: str, intent: str | None, language: str
    ) -> None:
        """Count a question of the conversation under way. Raises NotInConversation."""
        if ticket is None:
            raise NotInConversation
        guess = intent if intent and _INTENT.fullmatch(intent) else None
        counted = [Question(language, guess, None, 1)]
        if (told := redacted(words)) is not None:
            counted.append(Question(language, guess, told, 1))
        await self._questions.count(ticket.subject, counted, self._clock())

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
