"""The one writer of a process: it commits in groups, and serves one transaction at a time.

Everything that waits when the writer is free shares one SQLite transaction and one fsync; each call
fails for itself, and is answered only after COMMIT. Other processes take turns by BEGIN IMMEDIATE.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from time import monotonic
from typing import TypeVar

from api.kit.store.contract import StoreError, StoreUnavailable
from api.kit.store.sqlite_connection import begin_writing, store_error
from api.kit.store.sqlite_threads import (
    Answer,
    Call,
    answered,
    deliver,
    new_call,
    refuse_rest,
)
from api.kit.store.transactions import finished

T = TypeVar("T")

GROUP_AT_MOST = 256
GROUP_SECONDS = 0.02
IDLE_TRANSACTION_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class _Finish:
    """The end of a transaction."""

    statement: str
    future: asyncio.Future[None]


class WriterTransaction:
    """A transaction that is open on the writer; calls reach it in the order they are made."""

    def __init__(self) -> None:
        self.begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.commands: SimpleQueue[Call | _Finish] = SimpleQueue()
        self._lock = threading.Lock()
        self._ended: StoreError | None = None

    async def run(self, work: Callable[[sqlite3.Connection], T], *, steps: bool = False) -> T:
        call = new_call(work, steps=steps)
        self._send(call)
        result: T = await call.future
        return result

    async def commit(self) -> None:
        await self._finish("COMMIT")

    async def roll_back(self) -> None:
        await self._finish("ROLLBACK")

    async def _finish(self, statement: str) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._send(_Finish(statement, future))
        await finished(future)

    def abandon(self) -> None:
        """Roll back without waiting for it."""
        self._send(_Finish("ROLLBACK", asyncio.get_running_loop().create_future()))

    def end(self, reason: StoreError) -> None:
        """Refuse what is still to come (called by the writer)."""
        with self._lock:
            self._ended = reason
        refuse_rest(self.commands, reason)

    def _send(self, command: Call | _Finish) -> None:
        with self._lock:
            if self._ended is not None:
                raise self._ended
            self.commands.put(command)


class Writer:
    """A thread with the one connection of this process that writes."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._queue: SimpleQueue[_Item] = SimpleQueue()
        self._following: _Item | None = None
        self._thread = threading.Thread(target=self._serve, name="store-writer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    async def run(self, work: Callable[[sqlite3.Connection], T], *, steps: bool = False) -> T:
        """Do `work` in a transaction it may share with others; returns after COMMIT."""
        call = new_call(work, steps=steps)
        self._queue.put(call)
        result: T = await call.future
        return result

    async def begin(self) -> WriterTransaction:
        """Wait for the turn of a transaction, and open it."""
        transaction = WriterTransaction()
        self._queue.put(transaction)
        try:
            await transaction.begun
        except asyncio.CancelledError:
            transaction.abandon()
            raise
        return transaction

    def stop(self) -> None:
        """Finish what is queued, then end the thread."""
        self._queue.put(_STOP)
        self._thread.join()
        refuse_rest(self._queue, StoreUnavailable("the store is closed"))

    def _serve(self) -> None:
        connection = self._connection
        try:
            while not isinstance(item := self._taken(), _Stop):
                if isinstance(item, Call):
                    deliver(self._answered_group(item, connection))
                else:
                    _serve_transaction(item, connection)
        finally:
            connection.close()

    def _taken(self) -> "_Item":
        item, self._following = self._following, None
        return self._queue.get() if item is None else item

    def _answered_group(self, first: Call, connection: sqlite3.Connection) -> list[Answer]:
        """Serve `first` and all calls that wait behind it in one transaction."""
        calls: list[Call] = []
        answers: list[Answer] = []
        try:
            begin_writing(connection)
            for call in self._group(first):
                calls.append(call)
                answers.append(_answered_for_itself(call, connection))
                if not connection.in_transaction:  # a full disk ends the whole transaction
                    raise sqlite3.OperationalError("the transaction was rolled back")
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            _roll_back(connection)
            failed = store_error(error)
            return [Answer(call.future, error=failed) for call in calls or [first]]
        return answers

    def _group(self, first: Call) -> Iterator[Call]:
        """Yield `first`, then what is queued behind it, until that is enough for one COMMIT."""
        yield first
        until = monotonic() + GROUP_SECONDS
        for _ in range(GROUP_AT_MOST - 1):
            if monotonic() > until:
                return
            try:
                item = self._queue.get_nowait()
            except Empty:
                return
            if not isinstance(item, Call):
                self._following = item
                return
            yield item


class _Stop:
    """Ends the thread."""


_STOP = _Stop()
_Item = Call | WriterTransaction | _Stop


def _answered_for_itself(call: Call, connection: sqlite3.Connection) -> Answer:
    """Serve a call so that its failure undoes nothing but itself."""
    if not call.steps:
        return answered(call, connection)
    try:
        connection.execute("SAVEPOINT call")
        answer = answered(call, connection)
        if answer.error is not None and connection.in_transaction:
            connection.execute("ROLLBACK TO call")
        if connection.in_transaction:
            connection.execute("RELEASE call")
    except sqlite3.Error as error:
        return Answer(call.future, error=store_error(error))
    return answer


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _serve_transaction(transaction: WriterTransaction, connection: sqlite3.Connection) -> None:
    try:
        begin_writing(connection)
    except sqlite3.Error as error:
        deliver([Answer(transaction.begun, error=store_error(error))])
        return
    deliver([Answer(transaction.begun)], first=True)
    transaction.end(_served_to_its_end(transaction, connection))


def _served_to_its_end(
    transaction: WriterTransaction, connection: sqlite3.Connection
) -> StoreError:
    """Serve a transaction until it is finished, and return why it takes no more calls."""
    while True:
        try:
            command = transaction.commands.get(timeout=IDLE_TRANSACTION_SECONDS)
        except Empty:
            _roll_back(connection)
            return StoreUnavailable("the transaction was idle for too long and is rolled back")
        if isinstance(command, _Finish):
            deliver([_finished(command, connection)])
            return StoreError("the transaction has ended")
        # First: until it goes on, nobody else writes.
        deliver([_answered_for_itself(command, connection)], first=True)


def _finished(command: _Finish, connection: sqlite3.Connection) -> Answer:
    try:
        connection.execute(command.statement)
    except sqlite3.Error as error:
        _roll_back(connection)
        return Answer(command.future, error=store_error(error))
    return Answer(command.future)
