"""The engine for production: a MongoDB replica set, through motor or PyMongo's own asyncio client.

The two clients share their API, but for which calls are awaited: `_settled` takes both.
"""

import asyncio
import inspect
import random
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC
from typing import Any, Final, TypeVar

import bson
from bson.codec_options import TypeDecoder, TypeRegistry
from bson.int64 import Int64
from pymongo import AsyncMongoClient, ReturnDocument
from pymongo.errors import CollectionInvalid, OperationFailure
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern
from typing_extensions import override

from api.kit.store.contract import (
    CollectionSpec,
    Document,
    DuplicateKey,
    Filter,
    Index,
    Sort,
    StoreError,
    StoreUnavailable,
    UnsupportedOperator,
    Update,
    WriteConflict,
)
from api.kit.store.mongo_errors import translated_errors
from api.kit.store.mongo_queries import (
    MongoFilter,
    mongo_filter,
    mongo_sort,
    mongo_update,
    page_filter,
)
from api.kit.store.mongo_unique import refuse_duplicates
from api.kit.store.queries import AllOf, checked_path, parsed_filter, parsed_page
from api.kit.store.specs import ListRule, checked_spec, partial_comparisons
from api.kit.store.transactions import Transactions, finished
from api.kit.store.updates import parsed_update
from api.kit.store.values import BYTES_AT_MOST, stored_document

CALL_SECONDS: Final = 15
CONNECT_SECONDS: Final = 5
PING_SECONDS: Final = 2.0
ATTEMPTS_AT_MOST: Final = 6
FIRST_PAUSE_SECONDS: Final = 0.01
_NAMESPACE_EXISTS = 48

Driver = Any  # a client, database, collection or session of either driver: they share no types
T = TypeVar("T")


class MongoStore:
    """Implements `Store` over the replica set at `url`; `driver` is "motor" or "pymongo".

    `sessions_suffice` is for the test peer, which has transactions without being a replica set.
    """

    def __init__(
        self, url: str, database: str, driver: str, *, sessions_suffice: bool = False
    ) -> None:
        self._url = url
        self._database_name = database
        self._driver = driver
        self._sessions_suffice = sessions_suffice
        self._transactions: Transactions[_MongoTransaction] = Transactions()
        self._client: Driver = None

    async def open(self, specs: Sequence[CollectionSpec]) -> None:
        """Connect and create what is missing; raises StoreError where there are no transactions."""
        if self._client is not None:
            raise StoreError("the store is open already")
        checked = [checked_spec(spec) for spec in specs]
        self._client = _connected(self._url, self._driver)
        with translated_errors("hello"):
            hello = await self._client.admin.command("hello")
        in_set = "setName" in hello or hello.get("msg") == "isdbgrid"
        if not (in_set or self._sessions_suffice):
            raise StoreError("MongoDB must be a replica set: a single server has no transactions")
        for spec in checked:
            with translated_errors(spec.name):
                await _create(self.database, spec)

    async def close(self) -> None:
        if self._client is not None:
            await _settled(self._client.close())
            self._client = None

    async def ping(self) -> None:
        try:
            async with asyncio.timeout(PING_SECONDS):
                with translated_errors("ping"):
                    await self.database.command("ping")
        except TimeoutError as error:
            raise StoreUnavailable("MongoDB did not answer in time") from error

    def __getitem__(self, spec: CollectionSpec) -> "MongoCollection":
        return MongoCollection(self, spec)

    @property
    def database(self) -> Driver:
        if self._client is None:
            raise StoreUnavailable("the store is not open")
        return self._client[self._database_name]

    def transaction(self) -> AbstractAsyncContextManager[None]:
        opened = self._transactions.current()
        return self._begun() if opened is None else self._transactions.joined(opened)

    @asynccontextmanager
    async def _begun(self) -> AsyncGenerator[None]:
        with translated_errors("transaction"):
            session = await _settled(self.database.client.start_session())
            await _settled(
                session.start_transaction(ReadConcern("snapshot"), WriteConcern("majority"))
            )
        async with self._transactions.begun(_MongoTransaction(session)):
            yield

    @property
    def in_transaction(self) -> bool:
        return self._transactions.current() is not None

    async def run(self, name: str, call: Callable[[Driver], Awaitable[T]]) -> T:
        """Make a call with the session of this task's transaction, or with None."""
        opened = self._transactions.current()
        if opened is None:
            with translated_errors(name):
                return await call(None)
        with opened.failing_on_error(), translated_errors(name):
            return await call(opened.handle.session)

    async def run_whole(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do `work`, which writes several documents, in a transaction: the open one or its own."""
        if self.in_transaction:
            return await work()
        for attempt in range(1, ATTEMPTS_AT_MOST):
            try:
                async with self.transaction():
                    return await work()
            except WriteConflict:
                await asyncio.sleep(random.uniform(0, FIRST_PAUSE_SECONDS * 2**attempt))  # noqa: S311 - jitter
        async with self.transaction():
            return await work()


class _MongoTransaction:
    """A session with a transaction under way."""

    def __init__(self, session: Driver) -> None:
        self.session = session

    async def commit(self) -> None:
        await self._ended(self.session.commit_transaction)

    async def roll_back(self) -> None:
        await self._ended(self.session.abort_transaction)

    async def _ended(self, end: Callable[[], Awaitable[None]]) -> None:
        await finished(asyncio.ensure_future(self._end(end)))

    async def _end(self, end: Callable[[], Awaitable[None]]) -> None:
        try:
            with translated_errors("transaction"):
                await end()
        finally:
            await _settled(self.session.end_session())


class MongoCollection:
    """Implements `Collection`; the contract says what each call does."""

    def __init__(self, store: MongoStore, spec: CollectionSpec) -> None:
        self._store = store
        self._spec = spec
        self._lists = ListRule(spec)

    @property
    def _documents(self) -> Driver:
        return self._store.database[self._spec.name]

    async def get(self, document_id: str) -> Document | None:
        return await self._find_first({"_id": document_id})

    async def get_many(self, document_ids: Sequence[str]) -> dict[str, Document]:
        found = await self.find({"_id": {"$in": list(document_ids)}})
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
        asked = page_filter(parsed_filter(filter), page)
        if limit == 0:
            return []

        async def call(session: Driver) -> list[Document]:
            cursor = self._documents.find(
                asked, sort=mongo_sort(page), limit=limit or 0, session=session
            )
            found: list[Document] = await cursor.to_list(None)
            return found

        return await self._store.run(self._spec.name, call)

    async def find_one(self, filter: Filter, *, sort: Sort = ()) -> Document | None:
        found = await self.find(filter, sort=sort, limit=1)
        return found[0] if found else None

    async def insert(self, document: Document) -> None:
        await self._insert([self._stored(document)])

    async def insert_many(self, documents: Sequence[Document]) -> None:
        checked = [self._stored(document) for document in documents]
        if self._store.in_transaction:
            await self._insert(checked)
        elif checked:
            await self._store.run_whole(lambda: self._send(checked))

    async def update_one(
        self, filter: Filter, update: Update, *, sort: Sort = ()
    ) -> Document | None:
        condition, changes = parsed_filter(filter), parsed_update(update)
        self._lists.check_changes(changes)
        page = parsed_page(sort)

        async def call(session: Driver) -> Document | None:
            changed: Document | None = await self._documents.find_one_and_update(
                mongo_filter(condition),
                mongo_update(changes),
                sort=mongo_sort(page),
                return_document=ReturnDocument.AFTER,
                session=session,
            )
            return changed

        return await self._store.run(self._spec.name, call)

    async def update_many(self, filter: Filter, update: Update) -> int:
        asked, changes = mongo_filter(parsed_filter(filter)), parsed_update(update)
        self._lists.check_changes(changes)

        async def call(session: Driver) -> int:
            result = await self._documents.update_many(
                asked, mongo_update(changes), session=session
            )
            return int(result.matched_count)

        return await self._store.run_whole(lambda: self._store.run(self._spec.name, call))

    async def upsert(self, document: Document) -> None:
        stored = self._stored(document)
        by_id = {"_id": stored["_id"]}

        async def call(session: Driver) -> None:
            await self._documents.replace_one(by_id, stored, upsert=True, session=session)

        await self._store.run(self._spec.name, call)

    async def replace_if_version(self, document: Document, version: int) -> Document | None:
        stored = self._stored({**document, "version": version + 1})
        asked = {"_id": stored["_id"], "version": version}

        async def call(session: Driver) -> bool:
            result = await self._documents.replace_one(asked, stored, session=session)
            return bool(result.matched_count)

        return stored if await self._store.run(self._spec.name, call) else None

    async def delete_one(self, filter: Filter) -> Document | None:
        asked = mongo_filter(parsed_filter(filter))

        async def call(session: Driver) -> Document | None:
            removed: Document | None = await self._documents.find_one_and_delete(
                asked, sort=[("_id", 1)], session=session
            )
            return removed

        return await self._store.run(self._spec.name, call)

    async def delete_many(self, filter: Filter) -> int:
        asked = mongo_filter(parsed_filter(filter))

        async def call(session: Driver) -> int:
            result = await self._documents.delete_many(asked, session=session)
            return int(result.deleted_count)

        return await self._store.run_whole(lambda: self._store.run(self._spec.name, call))

    async def count(self, filter: Filter) -> int:
        asked = mongo_filter(parsed_filter(filter))

        async def call(session: Driver) -> int:
            return int(await self._documents.count_documents(asked, session=session))

        return await self._store.run(self._spec.name, call)

    async def count_by(self, field: str, filter: Filter) -> dict[Any, int]:
        stages = [
            {"$match": mongo_filter(parsed_filter(filter))},
            {"$group": {"_id": f"${checked_path(field)}", "count": {"$sum": 1}}},
        ]

        async def call(session: Driver) -> list[Document]:
            cursor = await _settled(self._documents.aggregate(stages, session=session))
            groups: list[Document] = await cursor.to_list(None)
            return groups

        counts: Counter[Any] = Counter()
        for group in await self._store.run(self._spec.name, call):
            if not isinstance(group["_id"], list | dict):
                counts[group["_id"]] += int(group["count"])
        return dict(counts)

    async def _find_first(self, asked: MongoFilter) -> Document | None:
        async def call(session: Driver) -> Document | None:
            found: Document | None = await self._documents.find_one(asked, session=session)
            return found

        return await self._store.run(self._spec.name, call)

    async def _insert(self, documents: Sequence[Document]) -> None:
        if not self._store.in_transaction:
            await self._send(documents)
            return
        await refuse_duplicates(self._spec, documents, self._is_taken)
        try:
            await self._send(documents)
        except DuplicateKey as error:
            raise WriteConflict("another transaction inserted the same key") from error

    async def _is_taken(self, asked: MongoFilter) -> bool:
        return await self._find_first(asked) is not None

    async def _send(self, documents: Sequence[Document]) -> None:
        async def call(session: Driver) -> None:
            await self._documents.insert_many(documents, session=session)

        await self._store.run(self._spec.name, call)

    def _stored(self, document: Document) -> Document:
        result = stored_document(document)
        self._lists.check_document(result)
        if len(bson.encode(result)) > BYTES_AT_MOST:
            raise UnsupportedOperator(f"a document of more than {BYTES_AT_MOST} bytes")
        return result


class _PlainInteger(TypeDecoder):
    """Gives integers of 64 bits as int, not as the driver's own class."""

    @property
    @override
    def bson_type(self) -> type[Int64]:
        return Int64

    @override
    def transform_bson(self, value: int) -> int:
        return int(value)


def _connected(url: str, driver: str) -> Driver:
    options: dict[str, Any] = {
        "tz_aware": True,
        "tzinfo": UTC,
        "timeoutMS": CALL_SECONDS * 1000,  # sent to the server as maxTimeMS of every command
        "serverSelectionTimeoutMS": CONNECT_SECONDS * 1000,
        "connectTimeoutMS": CONNECT_SECONDS * 1000,
        "w": "majority",
        "readConcernLevel": "majority",
        "type_registry": TypeRegistry([_PlainInteger()]),
        "appname": "laocai",
    }
    if driver == "motor":
        from motor.motor_asyncio import AsyncIOMotorClient

        return AsyncIOMotorClient(url, **options)
    if driver == "pymongo":
        return AsyncMongoClient(url, **options)
    raise StoreError(f"the driver is motor or pymongo, not {driver!r}")


async def _create(database: Driver, spec: CollectionSpec) -> None:
    try:
        await database.create_collection(spec.name)
    except CollectionInvalid:
        pass  # it is there
    except OperationFailure as error:
        if error.code != _NAMESPACE_EXISTS:
            raise
    for index in spec.indexes:
        await database[spec.name].create_index(_index_keys(index), **_index_options(index))


def _index_keys(index: Index) -> list[tuple[str, int]]:
    """Return the fields, and `_id` where it helps to read in order."""
    keys = [(path, 1) for path in index.fields]
    ordered = not (index.unique or index.many or index.expire_after_seconds is not None)
    return [*keys, ("_id", 1)] if ordered else keys


def _index_options(index: Index) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if index.unique:
        options["unique"] = True
    if index.partial:
        terms = tuple(partial_comparisons(index))
        options["partialFilterExpression"] = mongo_filter(AllOf(terms))
    if index.expire_after_seconds is not None:
        options["expireAfterSeconds"] = index.expire_after_seconds
    return options


async def _settled(value: Any) -> Any:  # noqa: ANN401 - the one place where the two drivers differ
    """Return `value`, awaited where this driver returns something to await."""
    return await value if inspect.isawaitable(value) else value
