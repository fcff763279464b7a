"""Figures of the chat: who answered, how long it took, how sure the bot was of what it understood."""

from prometheus_client import Counter, Histogram

from api.bot.replies import AnsweredBy
from api.kit.seeing import Seeing

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)
_SURE = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


class AnswerMeters:
    """A message that comes again and gets the answer of before is not counted again."""

    def __init__(self, seeing: Seeing) -> None:
        registry = seeing.registry
        self._answers = Counter(
            "laocai_chat_answers",
            "Messages answered, by whom: the bot, a person, or our words in the bot's silence.",
            ["by"],
            registry=registry,
        )
        self._seconds = Histogram(
            "laocai_chat_seconds",
            "How long an answer took, waiting for the turn before included.",
            ["by"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._confidence = Histogram(
            "laocai_chat_confidence",
            "How sure the bot was of the intent that it acted on, where it told so.",
            buckets=_SURE,
            registry=registry,
        )
        for by in AnsweredBy:
            self._answers.labels(by.name)

    def answered(self, by: AnsweredBy, seconds: float) -> None:
        self._answers.labels(by.name).inc()
        self._seconds.labels(by.name).observe(seconds)

    def understood(self, confidence: float) -> None:
        self._confidence.observe(confidence)
