"""A store that is timed and traced: the same contract, whichever engine stands behind it."""

from collections.abc import AsyncGenerator, Awaitable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from time import perf_counter
from typing import Any, TypeVar

from prometheus_client import Counter, Histogram

from api.kit.seeing import Seeing
from api.kit.seeing.tracer import SpanKind
from api.kit.store.contract import (
    Collection,
    CollectionSpec,
    Document,
    Filter,
    Sort,
    Store,
    StoreUnavailable,
    Update,
    WriteConflict,
)

_COMMANDS = (
    "get",
    "get_many",
    "find",
    "find_one",
    "insert",
    "insert_many",
    "update_one",
    "update_many",
    "upsert",
    "replace_if_version",
    "delete_one",
    "delete_many",
    "count",
    "count_by",
    "ping",
    "transaction",
)
_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
_TROUBLES = (StoreUnavailable, WriteConflict)
Result = TypeVar("Result")


class _Meters:
    """Times by command alone: with the collection there would be a thousand series a process."""

    def __init__(self, seeing: Seeing) -> None:
        self.tracer = seeing.tracer
        seconds = Histogram(
            "laocai_store_seconds",
            "How long the store took for a command; a transaction with all that is in it.",
            ["command"],
            buckets=_BUCKETS,
            registry=seeing.registry,
        )
        errors = Counter(
            "laocai_store_errors",
            "Commands that the store did not carry out: it was away, or others wrote the same.",
            ["command", "error"],
            registry=seeing.registry,
        )
        self._seconds = {command: seconds.labels(command) for command in _COMMANDS}
        self._errors = {
            (command, trouble): errors.labels(command, trouble.__name__)
            for command in _COMMANDS
            for trouble in _TROUBLES
        }

    async def watched(self, command: str, collection: str, work: Awaitable[Result]) -> Result:
        began = perf_counter()
        try:
            if not self.tracer.is_on:
                return await work
            with self.tracer.within(
                f"store {command}", SpanKind.CLIENT, {"db.collection": collection}
            ):
                return await work
        except _TROUBLES as error:
            self.failed(command, error)
            raise
        finally:
            self.took(command, perf_counter() - began)

    def took(self, command: str, seconds: float) -> None:
        self._seconds[command].observe(seconds)

    def failed(self, command: str, error: StoreUnavailable | WriteConflict) -> None:
        kind = StoreUnavailable if isinstance(error, StoreUnavailable) else WriteConflict
        self._errors[command, kind].inc()


class _SeenCollection:
    """Collection's methods; what they do is said there."""

    __slots__ = ("_inner", "_meters", "_name")

    def __init__(self, inner: Collection, name: str, meters: _Meters) -> None:
        self._inner = inner
        self._name = name
        self._meters = meters

    async def get(self, document_id: str) -> Document | None:
        return await self._meters.watched("get", self._name, self._inner.get(document_id))

    async def get_many(self, document_ids: Sequence[str]) -> dict[str, Document]:
        work = self._inner.get_many(document_ids)
        return await self._meters.watched("get_many", self._name, work)

    async def find(
        self,
        filter: Filter,
        *,
        sort: Sort = (),
        limit: int | None = None,
        after: Sequence[Any] | None = None,
    ) -> list[Document]:
        work = self._inner.find(filter, sort=sort, limit=limit, after=after)
        return await self._meters.watched("find", self._name, work)

    async def find_one(self, filter: Filter, *, sort: Sort = ()) -> Document | None:
        work = self._inner.find_one(filter, sort=sort)
        return await self._meters.watched("find_one", self._name, work)

    async def insert(self, document: Document) -> None:
        await self._meters.watched("insert", self._name, self._inner.insert(document))

    async def insert_many(self, documents: Sequence[Document]) -> None:
        await self._meters.watched("insert_many", self._name, self._inner.insert_many(documents))

    async def update_one(
        self, filter: Filter, update: Update, *, sort: Sort = ()
    ) -> Document | None:
        work = self._inner.update_one(filter, update, sort=sort)
        return await self._meters.watched("update_one", self._name, work)

    async def update_many(self, filter: Filter, update: Update) -> int:
        work = self._inner.update_many(filter, update)
        return await self._meters.watched("update_many", self._name, work)

    async def upsert(self, document: Document) -> None:
        await self._meters.watched("upsert", self._name, self._inner.upsert(document))

    async def replace_if_version(self, document: Document, version: int) -> Document | None:
        work = self._inner.replace_if_version(document, version)
        return await self._meters.watched("replace_if_version", self._name, work)

    async def delete_one(self, filter: Filter) -> Document | None:
        return await self._meters.watched("delete_one", self._name, self._inner.delete_one(filter))

    async def delete_many(self, filter: Filter) -> int:
        work = self._inner.delete_many(filter)
        return await self._meters.watched("delete_many", self._name, work)

    async def count(self, filter: Filter) -> int:
        return await self._meters.watched("count", self._name, self._inner.count(filter))

    async def count_by(self, field: str, filter: Filter) -> dict[Any, int]:
        work = self._inner.count_by(field, filter)
        return await self._meters.watched("count_by", self._name, work)


class SeenStore:
    """Store's methods; opening, closing and scrubbing are not timed."""

    def __init__(self, inner: Store, seeing: Seeing) -> None:
        self._inner = inner
        self._meters = _Meters(seeing)

    async def open(self, specs: Sequence[CollectionSpec]) -> None:
        await self._inner.open(specs)

    async def close(self) -> None:
        await self._inner.close()

    async def ping(self) -> None:
        await self._meters.watched("ping", "", self._inner.ping())

    def __getitem__(self, spec: CollectionSpec) -> Collection:
        return _SeenCollection(self._inner[spec], spec.name, self._meters)

    def transaction(self) -> AbstractAsyncContextManager[None]:
        return self._transaction()

    async def scrub(self, *, whole: bool = False) -> None:
        await self._inner.scrub(whole=whole)

    @asynccontextmanager
    async def _transaction(self) -> AsyncGenerator[None]:
        began = perf_counter()
        try:
            with self._meters.tracer.within("store transaction", SpanKind.CLIENT):
                async with self._inner.transaction():
                    yield
        except _TROUBLES as error:
            self._meters.failed("transaction", error)
            raise
        finally:
            self._meters.took("transaction", perf_counter() - began)
