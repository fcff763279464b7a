"""Unanswered questions in the contract: reported by the assistant, read by editors."""

from datetime import date
from typing import Annotated

import strawberry

from api.bot.schema import ChatError
from api.bot.unanswered.repository import ENOUGH_CONVERSATIONS, week_of
from api.bot.unanswered.repository import Question as QuestionRecord
from api.bot.unanswered.service import Subject
from api.context import Info


@strawberry.type(
    description="A question in words that many used, with kinds for names and figures."
)
class UnansweredQuestion:
    words: str
    asked: int = strawberry.field(description="In so many conversations of the week.")

    @classmethod
    def of(cls, record: QuestionRecord) -> "UnansweredQuestion":
        return cls(words=record.words or "", asked=record.asked)


@strawberry.type(description="What the assistant took questions for, and did not dare to answer.")
class UnansweredSubject:
    language: str
    intent: str | None = strawberry.field(description="The assistant's guess; null: it had none.")
    asked: int = strawberry.field(description="In so many conversations of the week.")
    questions: list[UnansweredQuestion] = strawberry.field(
        description=f"Those that at least {ENOUGH_CONVERSATIONS} conversations asked."
    )

    @classmethod
    def of(cls, record: Subject) -> "UnansweredSubject":
        return cls(
            language=record.language,
            intent=record.intent,
            asked=record.asked,
            questions=list(map(UnansweredQuestion.of, record.questions)),
        )


@strawberry.type(description="The most asked first.")
class UnansweredWeek:
    starts: date = strawberry.field(description="A Monday, in Vietnam.")
    subjects: list[UnansweredSubject]


@strawberry.input
class ReportUnansweredInput:
    words: str = strawberry.field(
        description="The question, with kinds such as [place] for what was found in it. It is kept"
        f" once {ENOUGH_CONVERSATIONS} conversations have asked the same."
    )
    intent: str | None = strawberry.field(default=None, description="The likeliest guess.")
    idempotency_key: str


@strawberry.type
class ReportUnansweredSuccess:
    is_counted: bool


ReportUnansweredResult = Annotated[
    ReportUnansweredSuccess | ChatError, strawberry.union("ReportUnansweredResult")
]


@strawberry.type
class UnansweredQuery:
    @strawberry.field(
        description="For editors: what the assistant did not understand in the week of a day; only"
        f" what at least {ENOUGH_CONVERSATIONS} conversations asked."
    )
    async def unanswered_questions(self, info: Info, week: date) -> UnansweredWeek:
        unanswered = info.context.services.unanswered
        found = await unanswered.of_week(info.context.caller, week)
        return UnansweredWeek(starts=week_of(week), subjects=list(map(UnansweredSubject.of, found)))


@strawberry.type
class UnansweredMutation:
    @strawberry.mutation(
        description="For the assistant: count what it does not understand, once a conversation and week."
    )
    async def report_unanswered(
        self, info: Info, input: ReportUnansweredInput
    ) -> ReportUnansweredResult:
        context = info.context
        await context.services.unanswered.report(
            context.ticket, input.words, input.intent, context.language, input.idempotency_key
        )
        return ReportUnansweredSuccess(is_counted=True)
