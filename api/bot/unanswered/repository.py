"""Questions by week, language and guess. Who asked lies beside them as digests, until the week is over.

The words of a question are kept from the moment on that enough conversations have asked it. Until then
there is a keyed digest of them: what few people said is written nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from api.kit.formats import VIETNAM_TIME, day_in_vietnam
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, Index, Store
from api.kit.transactions import transact

UNANSWERED = CollectionSpec(
    "chat_unanswered",
    (Index(("week", "asked")), Index(("kept_until",), expire_after_seconds=0)),
)
UNANSWERED_ASKERS = CollectionSpec(
    "chat_unanswered_askers",
    (Index(("conversation",)), Index(("kept_until",), expire_after_seconds=0)),
)
ENOUGH_CONVERSATIONS = 5
"""So many must have asked before anything of it is told: among fewer, somebody might be known by it."""
KEPT_AFTER_WEEK = timedelta(weeks=12)
_ASKERS_AFTER_WEEK = timedelta(days=1)
_LISTED_AT_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Question:
    """`intent`: what the assistant took it for, None for nothing. `words` None: in any words."""

    language: str
    intent: str | None
    words: str | None
    asked: int


class UnansweredRepository:
    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._store = store
        self._questions = store[UNANSWERED]
        self._askers = store[UNANSWERED_ASKERS]
        self._sealer = sealer

    async def count(
        self, conversation_id: str, questions: Sequence[Question], now: datetime
    ) -> None:
        """Count each question once for a conversation and week.

        Raises DuplicateKey when another is first to ask it this week: then nothing was counted.
        """

        async def work() -> None:
            for question in questions:
                await self._count(conversation_id, question, week_of(day_in_vietnam(now)))

        await transact(self._store, work)

    async def of_week(self, day: date) -> list[Question]:
        """Return what enough conversations asked in the week of a day, the most asked first."""
        found = await self._questions.find(
            {"week": week_of(day).isoformat(), "asked": {"$gte": ENOUGH_CONVERSATIONS}},
            sort=[("asked", -1), ("_id", 1)],
            limit=_LISTED_AT_MOST,
        )
        return [_question(document) for document in found]

    async def forget(self, conversation_id: str) -> None:
        """Remove what is known of a conversation; what was counted is nobody's."""
        await self._askers.delete_many({"conversation": self._asker(conversation_id)})

    async def _count(self, conversation_id: str, question: Question, week: date) -> None:
        question_id = self._question_id(question, week)
        asker = self._asker(conversation_id)
        asker_id = self._sealer.digest("asker of an unanswered question", question_id, asker)
        if await self._askers.get(asker_id) is not None:
            return
        ends = datetime.combine(week, time(), VIETNAM_TIME) + timedelta(weeks=1)
        await self._askers.insert(
            {"_id": asker_id, "conversation": asker, "kept_until": ends + _ASKERS_AFTER_WEEK}
        )
        counted = await self._questions.update_one({"_id": question_id}, {"$inc": {"asked": 1}})
        if counted is None:
            await self._questions.insert(_document(question_id, question, week, ends))
        elif counted["asked"] >= ENOUGH_CONVERSATIONS and counted["words"] != question.words:
            await self._questions.update_one(
                {"_id": question_id}, {"$set": {"words": question.words}}
            )

    def _question_id(self, question: Question, week: date) -> str:
        parts = (week.isoformat(), question.language, question.intent or "", question.words or "")
        return self._sealer.digest("unanswered question", *parts)

    def _asker(self, conversation_id: str) -> str:
        return self._sealer.digest("conversation with unanswered questions", conversation_id)


def week_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _document(question_id: str, question: Question, week: date, ends: datetime) -> Document:
    return {
        "_id": question_id,
        "week": week.isoformat(),
        "language": question.language,
        "intent": question.intent,
        "is_worded": question.words is not None,
        "words": None,
        "asked": 1,
        "kept_until": ends + KEPT_AFTER_WEEK,
    }


def _question(document: Document) -> Question:
    return Question(document["language"], document["intent"], document["words"], document["asked"])
