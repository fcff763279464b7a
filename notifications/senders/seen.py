"""Senders that are counted and traced. No label and no attribute names a device or an address."""

from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from time import perf_counter

from prometheus_client import Counter, Gauge, Histogram

from api.kit.seeing import Seeing
from api.kit.seeing.tracer import SpanKind
from notifications.notice import Priority
from notifications.senders import Answer, Message, Report, Sender, TextSender, Verdict
from notifications.text_message import Channel, TextMessage

_BUCKETS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class SeenSender:
    """Any sender of pushes."""

    def __init__(self, inner: Sender, seeing: Seeing) -> None:
        self._inner = inner
        self._tracer = seeing.tracer
        self._answers = Counter(
            "laocai_push_answers",
            "What the push service said of messages, by the urgency of their notice.",
            ["lane", "verdict"],
            registry=seeing.registry,
        )
        self._seconds = Histogram(
            "laocai_push_batch_seconds",
            "How long the messages of a batch took, up to 1,000.",
            buckets=_BUCKETS,
            registry=seeing.registry,
        )
        self._succeeded_at = Gauge(
            "laocai_push_accepted_at_seconds",
            "When the push service last took a message over, in Unix time; 0: not since the start.",
            registry=seeing.registry,
        )

    async def send(self, messages: Sequence[Message], report: Report) -> None:
        tally: Tally[tuple[Priority, Verdict]] = Tally()

        def noted(message: Message, answer: Answer) -> None:
            tally[message.notice.priority, answer.verdict] += 1
            report(message, answer)

        began = perf_counter()
        attributes = {"messaging.batch.message_count": len(messages)}
        try:
            with self._tracer.span("push batch", SpanKind.CLIENT, attributes):
                await self._inner.send(messages, noted)
        finally:
            # Added up first: a million messages need not a million times a lock.
            self._seconds.observe(perf_counter() - began)
            self._count(tally)

    async def close(self) -> None:
        await self._inner.close()

    def _count(self, tally: Mapping[tuple[Priority, Verdict], int]) -> None:
        for (priority, verdict), count in tally.items():
            self._answers.labels(priority.name, verdict.name).inc(count)
            if verdict is Verdict.ACCEPTED:
                self._succeeded_at.set_to_current_time()


class TextMeters:
    """One a process, for all channels."""

    def __init__(self, seeing: Seeing) -> None:
        self.tracer = seeing.tracer
        self._answers = Counter(
            "laocai_text_answers",
            "What the service of a channel said of SMS or e-mail.",
            ["channel", "verdict"],
            registry=seeing.registry,
        )
        self._seconds = Histogram(
            "laocai_text_seconds",
            "How long one try to send took.",
            ["channel"],
            buckets=_BUCKETS,
            registry=seeing.registry,
        )

    def answered(self, channel: Channel, verdict: Verdict, seconds: float) -> None:
        self._answers.labels(channel.name, verdict.name).inc()
        self._seconds.labels(channel.name).observe(seconds)


class SeenTextSender:
    """Any sender of one channel."""

    def __init__(self, inner: TextSender, channel: Channel, meters: TextMeters) -> None:
        self._inner = inner
        self._channel = channel
        self._meters = meters

    async def send(self, message: TextMessage) -> Answer:
        began = perf_counter()
        with self._meters.tracer.span(f"send {self._channel.name}", SpanKind.CLIENT):
            answer = await self._inner.send(message)
        self._meters.answered(self._channel, answer.verdict, perf_counter() - began)
        return answer

    async def close(self) -> None:
        await self._inner.close()
