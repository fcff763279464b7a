"""Live updates across processes: a collection that every process tails.

The sequence is drawn inside the publisher's transaction, so events become visible in the order of
their numbers and a tail that remembers the last one misses none.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

import structlog

from api.kit.clock import Clock
from api.kit.store import CollectionSpec, DuplicateKey, Index, Store, StoreError
from api.kit.transactions import transact

log = structlog.get_logger()

EVENTS = CollectionSpec("events", (Index(("kept_until",), expire_after_seconds=0),))
EVENT_SEQUENCE = CollectionSpec("event_sequence")
POLL_SECONDS = 0.2
_KEPT_FOR = timedelta(hours=1)
_SEQUENCE = "events"
_BACKLOG_AT_MOST = 1_000
_READ_AT_MOST = 500

Queue = asyncio.Queue[dict[str, Any] | None]
_WHEN_LISTENING: ContextVar[Callable[[], object] | None] = ContextVar("listening", default=None)


@contextmanager
def calls_when_listening(tell: Callable[[], object]) -> Generator[None]:
    """Call `tell` whenever what is begun inside, tasks of its own too, has come to listen."""
    token = _WHEN_LISTENING.set(tell)
    try:
        yield
    finally:
        _WHEN_LISTENING.reset(token)


class Events:
    """Publish within a transaction, listen in any process. Payloads hold ids, not personal data."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._events = store[EVENTS]
        self._sequence = store[EVENT_SEQUENCE]
        self._clock = clock
        self._listeners: dict[Queue, str] = {}
        self._tail: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()

    async def publish(self, topic: str, payload: Mapping[str, Any]) -> None:
        """Append an event; joins the open transaction and is seen when that commits."""

        async def append() -> None:
            number = await self._next_number()
            await self._events.insert(
                {
                    "_id": f"{number:019d}",
                    "topic": topic,
                    "payload": dict(payload),
                    "kept_until": self._clock() + _KEPT_FOR,
                }
            )

        await transact(self._store, append)

    async def forget(self, member: str, value: str) -> None:
        """Remove the events whose payload has this value in `member`, once they were listened to."""
        await self._events.delete_many({f"payload.{member}": value})

    async def listen(self, topic: str) -> AsyncGenerator[dict[str, Any]]:
        """Yield the payload of every event of `topic` published from now on, by any process.

        Ends when the process closes, or when the listener is `_BACKLOG_AT_MOST` events behind.
        """
        async with self.listening(topic) as payloads:
            async for payload in payloads:
                yield payload

    @asynccontextmanager
    async def listening(self, topic: str) -> AsyncGenerator[AsyncIterator[dict[str, Any]]]:
        """Give what `listen` yields; inside, nothing is missed, also before it is first asked for."""
        queue: Queue = asyncio.Queue()
        await self._start_tail()
        self._listeners[queue] = topic
        if tell := _WHEN_LISTENING.get():
            tell()
        try:
            yield _payloads(queue)
        finally:
            self._listeners.pop(queue, None)

    @property
    def listener_count(self) -> int:
        """How many listeners this process serves."""
        return len(self._listeners)

    async def close(self) -> None:
        """End every listener."""
        for queue in list(self._listeners):
            queue.put_nowait(None)
        if self._tail is not None:
            self._tail.cancel()
            with suppress(asyncio.CancelledError):
                await self._tail
            self._tail = None

    async def _next_number(self) -> int:
        while True:
            counter = await self._sequence.update_one({"_id": _SEQUENCE}, {"$inc": {"last": 1}})
            if counter is not None:
                return int(counter["last"])
            with suppress(DuplicateKey):
                await self._sequence.insert({"_id": _SEQUENCE, "last": 0})

    async def _start_tail(self) -> None:
        async with self._starting:
            if self._tail is None or self._tail.done():
                counter = await self._sequence.get(_SEQUENCE)
                last = int(counter["last"]) if counter else 0
                self._tail = asyncio.create_task(self._follow(last))

    async def _follow(self, last: int) -> None:
        while True:
            try:
                seen = await self._events.find(
                    {"_id": {"$gt": f"{last:019d}"}}, sort=[("_id", 1)], limit=_READ_AT_MOST
                )
            except StoreError as error:
                log.warning("event store unavailable", error=type(error).__name__)
                seen = []
            for event in seen:
                self._deliver(event["topic"], event["payload"])
                last = int(event["_id"])
            if len(seen) < _READ_AT_MOST:
                await asyncio.sleep(POLL_SECONDS)

    def _deliver(self, topic: str, payload: dict[str, Any]) -> None:
        for queue, wanted in list(self._listeners.items()):
            if wanted != topic:
                continue
            if queue.qsize() >= _BACKLOG_AT_MOST:
                log.warning("listener too slow", topic=topic)
                del self._listeners[queue]
                queue.put_nowait(None)
            else:
                queue.put_nowait(payload)


async def _payloads(queue: Queue) -> AsyncIterator[dict[str, Any]]:
    while (payload := await queue.get()) is not None:
        yield payload
