"""What the threads of the embedded engine share: calls, and answers to event loops.

A call crosses to a thread once, and back once; answers that are ready together travel together.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, TypeVar

from api.kit.serving_loop import ServingLoop
from api.kit.store.contract import StoreError, StoreUnavailable
from api.kit.store.sqlite_connection import store_error

ANSWERS_TOGETHER_SECONDS = 0.001

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], Any]


@dataclass(frozen=True, slots=True)
class Call:
    """Work for a thread. `steps`: it writes in several statements, which only together are whole."""

    work: Work
    future: asyncio.Future[Any]
    steps: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None


def new_call(work: Work, *, steps: bool = False) -> Call:
    """Return a call that the running event loop can wait for."""
    return Call(work, asyncio.get_running_loop().create_future(), steps)


def answered(call: Call, connection: sqlite3.Connection) -> Answer:
    """Do the work of a call, whatever comes of it; nobody waits for a cancelled one."""
    if call.future.cancelled():
        return Answer(call.future)
    try:
        return Answer(call.future, call.work(connection))
    except sqlite3.Error as error:
        return Answer(call.future, error=store_error(error))
    except Exception as error:
        return Answer(call.future, error=error)


def deliver(answers: Sequence[Answer], *, first: bool = False) -> None:
    """Wake those who wait, once for each event loop. `first`: before whatever else is ready there."""
    for loop in {answer.future.get_loop() for answer in answers}:
        mine = [answer for answer in answers if answer.future.get_loop() is loop]
        with suppress(RuntimeError):  # the loop is closed: nobody waits
            if first and isinstance(loop, ServingLoop):
                loop.call_first_threadsafe(_settle, mine)
            else:
                loop.call_soon_threadsafe(_settle, mine)


def _settle(answers: Sequence[Answer]) -> None:
    for answer in answers:
        if answer.future.done():
            continue
        if answer.error is None:
            answer.future.set_result(answer.result)
        else:
            answer.future.set_exception(answer.error)


class Readers:
    """A few threads, which never wait for the writer, each with a connection from its first call on."""

    def __init__(
        self, name: str, connect: Callable[[], sqlite3.Connection], threads: int = 1
    ) -> None:
        self._calls: SimpleQueue[Call | None] = SimpleQueue()
        self._connect = connect
        self._threads = [
            threading.Thread(target=self._serve, name=name, daemon=True) for _ in range(threads)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        call = new_call(work)
        self._calls.put(call)
        result: T = await call.future
        return result

    def stop(self) -> None:
        """Answer what is queued, then end the threads."""
        for _ in self._threads:
            self._calls.put(None)
        for thread in self._threads:
            thread.join()
        refuse_rest(self._calls, StoreUnavailable("the store is closed"))

    def _serve(self) -> None:
        call = self._calls.get()
        while call is not None:
            try:
                connection = self._connect()
            except sqlite3.Error as error:
                deliver([Answer(call.future, error=store_error(error))])
                call = self._calls.get()
                continue
            with closing(connection):
                while call is not None:
                    call = self._serve_together(call, connection)

    def _serve_together(self, first: Call, connection: sqlite3.Connection) -> Call | None:
        """Serve what is queued for a short while, then answer; return the next call."""
        answers = [answered(first, connection)]
        until = monotonic() + ANSWERS_TOGETHER_SECONDS
        while monotonic() < until:
            try:
                following = self._calls.get_nowait()
            except Empty:
                break
            if following is None:
                deliver(answers)
                return None
            answers.append(answered(following, connection))
        deliver(answers)
        return self._calls.get()


def refuse_rest(calls: "SimpleQueue[Any]", error: StoreError) -> None:
    """Answer everything that is left in a queue with an error."""
    while True:
        try:
            call = calls.get_nowait()
        except Empty:
            return
        if isinstance(call, Call):
            deliver([Answer(call.future, error=error)])
