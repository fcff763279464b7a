"""The embedded engine: one SQLite file, WAL, `synchronous=FULL`, for any number of processes.

A table a collection, JSON documents, expression indexes. Reads go to a few threads of their own and
never wait for the writer; inside a transaction they go through the writer's connection.
"""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import structlog

from api.kit.clock import Clock, system_clock
from api.kit.store.contract import (
    CollectionSpec,
    Document,
    DuplicateKey,
    Filter,
    Sort,
    StoreError,
    StoreUnavailable,
    Update,
)
from api.kit.store.queries import checked_path, parsed_filter, parsed_page
from api.kit.store.specs import checked_spec, list_rule_of
from api.kit.store.sqlite_connection import connected, store_error, wait_for_nobody
from api.kit.store.sqlite_schema import create
from api.kit.store.sqlite_scrubbing import scrub
from api.kit.store.sqlite_statements import statements_of
from api.kit.store.sqlite_threads import Readers
from api.kit.store.sqlite_writer import Writer, WriterTransaction
from api.kit.store.transactions import Transactions
from api.kit.store.updates import parsed_update
from api.kit.store.values import stored_document

QUERY_READERS: Final = 2
PING_SECONDS: Final = 2.0
EXPIRY_SECONDS: Final = 60.0
EXPIRED_AT_ONCE: Final = 1_000

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]
_log = structlog.get_logger(__name__)


class SqliteStore:
    """Implements `Store` in the file at `path`; its folder is made. `clock` decides what expires."""

    def __init__(self, path: Path, clock: Clock = system_clock) -> None:
        self._path = path
        self._clock = clock
        self._specs: dict[str, CollectionSpec] = {}
        self._collections: dict[str, SqliteCollection] = {}
        self._transactions: Transactions[WriterTransaction] = Transactions()
        self._threads: _Threads | None = None
        self._expiry: asyncio.Task[None] | None = None

    async def open(self, specs: Sequence[CollectionSpec]) -> None:
        """Create the file and what is missing in it; raises StoreError, StoreUnavailable."""
        if self._threads is not None:
            raise StoreError("the store is open already")
        checked = [checked_spec(spec) for spec in specs]
        self._threads = await asyncio.to_thread(_Threads.opened, self._path, checked)
        self._specs = {spec.name: spec for spec in checked}
        self._expiry = asyncio.create_task(self._expire_for_ever(), name="store-expiry")

    async def close(self) -> None:
        if self._expiry is not None:
            self._expiry.cancel()
            await asyncio.wait([self._expiry])
        threads, self._threads = self._threads, None
        if threads is not None:
            await asyncio.to_thread(threads.stop)

    async def ping(self) -> None:
        try:
            async with asyncio.timeout(PING_SECONDS):
                await self._running.points.run(lambda connection: connection.execute("SELECT 1"))
        except TimeoutError as error:
            raise StoreUnavailable("the file did not answer in time") from error

    def __getitem__(self, spec: CollectionSpec) -> "SqliteCollection":
        made = self._collections.get(spec.name)
        if made is None or made.spec != spec:
            made = self._collections[spec.name] = SqliteCollection(self, spec)
        return made

    def transaction(self) -> AbstractAsyncContextManager[None]:
        opened = self._transactions.current()
        return self._begun() if opened is None else self._transactions.joined(opened)

    @asynccontextmanager
    async def _begun(self) -> AsyncGenerator[None]:
        handle = await self._running.writer.begin()
        async with self._transactions.begun(handle):
            yield

    async def read(self, work: Work[T], *, by_id: bool = False) -> T:
        """Do `work` where it waits for nobody, or inside the transaction of this task."""
        opened = self._transactions.current()
        if opened is None:
            readers = self._running.points if by_id else self._running.queries
            return await readers.run(work)
        with opened.failing_on_error():
            return await opened.handle.run(work)

    async def write(self, work: Work[T], *, steps: bool = False, inserts: bool = False) -> T:
        """Do `work` and commit it, or inside the transaction of this task."""
        opened = self._transactions.current()
        if opened is None:
            return await self._running.writer.run(work, steps=steps)
        with opened.failing_on_error(spared=(DuplicateKey,) if inserts else ()):
            return await opened.handle.run(work, steps=steps)

    async def scrub(self, *, whole: bool = False) -> None:
        await asyncio.to_thread(scrub, self._path, whole=whole)

    async def remove_expired(self) -> int:
        """Remove what the indexes that expire say; return how many documents."""
        removed = 0
        for spec in self._specs.values():
            for index in spec.indexes:
                if index.expire_after_seconds is not None:
                    age = timedelta(seconds=index.expire_after_seconds)
                    removed += await self._remove_older(spec, index.fields[0], age)
        return removed

    async def _remove_older(self, spec: CollectionSpec, field: str, age: timedelta) -> int:
        condition = parsed_filter({field: {"$lte": self._clock() - age}})
        removed = 0
        while True:
            work = statements_of(spec).delete_all(condition, EXPIRED_AT_ONCE)
            count = await self.write(work)
            removed += count
            if count < EXPIRED_AT_ONCE:
                return removed

    async def _expire_for_ever(self) -> None:
        while True:
            await asyncio.sleep(EXPIRY_SECONDS)
            try:
                removed = await self.remove_expired()
            except StoreError as error:
                _log.warning("expired documents stay for now", reason=str(error))
            else:
                if removed:
                    _log.info("expired documents removed", documents=removed)

    @property
    def _running(self) -> "_Threads":
        if self._threads is None:
            raise StoreUnavailable("the store is not open")
        return self._threads


class _Threads:
    """The connections of an open file, and the threads that use them."""

    def __init__(self, path: Path, writing: sqlite3.Connection) -> None:
        self.writer = Writer(writing)
        connect = partial(connected, path, read_only=True)
        self.points = Readers("store-points", connect)
        self.queries = Readers("store-queries", connect, QUERY_READERS)

    @classmethod
    def opened(cls, path: Path, specs: Sequence[CollectionSpec]) -> "_Threads":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        try:
            threads = cls(path, _created(path, specs))
        except sqlite3.Error as error:
            raise store_error(error) from error
        threads.writer.start()
        threads.points.start()
        threads.queries.start()
        return threads

    def stop(self) -> None:
        self.points.stop()
        self.queries.stop()
        # The last: SQLite takes its log over into the file when the last connection ends, but not when two end at once.
        self.writer.stop()


def _created(path: Path, specs: Sequence[CollectionSpec]) -> sqlite3.Connection:
    """Create what is missing, and return the writer's connection."""
    connection = connected(path)
    try:
        create(connection, specs)
    except BaseException:
        connection.close()
        raise
    wait_for_nobody(connection)
    return connection


class SqliteCollection:
    """Implements `Collection`; the contract says what each call does."""

    def __init__(self, store: SqliteStore, spec: CollectionSpec) -> None:
        self.spec = spec
        self._store = store
        self._statements = statements_of(spec)
        self._lists = list_rule_of(spec)

    async def get(self, document_id: str) -> Document | None:
        return await self._store.read(self._statements.get(document_id), by_id=True)

    async def get_many(self, document_ids: Sequence[str]) -> dict[str, Document]:
        found = await self._store.read(self._statements.get_many(document_ids), by_id=True)
        return {document["_id"]: document for document in found}

    async def find(
        self,
        filter: Filter,
        *,
        sort: Sort = (),
        limit: int | None = None,
        after: Sequence[Any] | None = None,
    ) -> list[Document]:
        page = parsed_page(sort, limit, after)
        return await self._store.read(self._statements.find(parsed_filter(filter), page))

    async def find_one(self, filter: Filter, *, sort: Sort = ()) -> Document | None:
        found = await self.find(filter, sort=sort, limit=1)
        return found[0] if found else None

    async def insert(self, document: Document) -> None:
        await self._store.write(self._statements.insert([self._stored(document)]), inserts=True)

    async def insert_many(self, documents: Sequence[Document]) -> None:
        work = self._statements.insert([self._stored(document) for document in documents])
        await self._store.write(work, steps=True, inserts=True)

    async def update_one(
        self, filter: Filter, update: Update, *, sort: Sort = ()
    ) -> Document | None:
        condition, changes = parsed_filter(filter), parsed_update(update)
        self._lists.check_changes(changes)
        page = parsed_page(sort, limit=1)
        return await self._store.write(self._statements.update_first(condition, changes, page))

    async def update_many(self, filter: Filter, update: Update) -> int:
        condition, changes = parsed_filter(filter), parsed_update(update)
        self._lists.check_changes(changes)
        return await self._store.write(self._statements.update_all(condition, changes), steps=True)

    async def upsert(self, document: Document) -> None:
        await self._store.write(self._statements.upsert(self._stored(document)))

    async def replace_if_version(self, document: Document, version: int) -> Document | None:
        replacement = self._stored({**document, "version": version + 1})
        condition = parsed_filter({"_id": replacement["_id"], "version": version})
        replaced = await self._store.write(self._statements.replace(condition, replacement))
        return replacement if replaced else None

    async def delete_one(self, filter: Filter) -> Document | None:
        page = parsed_page((), limit=1)
        return await self._store.write(self._statements.delete_first(parsed_filter(filter), page))

    async def delete_many(self, filter: Filter) -> int:
        return await self._store.write(self._statements.delete_all(parsed_filter(filter)))

    async def count(self, filter: Filter) -> int:
        return await self._store.read(self._statements.count(parsed_filter(filter)))

    async def count_by(self, field: str, filter: Filter) -> dict[Any, int]:
        work = self._statements.count_by(checked_path(field), parsed_filter(filter))
        return await self._store.read(work)

    def _stored(self, document: Document) -> Document:
        result = stored_document(document)
        self._lists.check_document(result)
        return result
