"""The engine for production: a MongoDB replica set, through motor or PyMongo's own asyncio client."""

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final, TypeVar

from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from api.kit.store.contract import CollectionSpec, StoreError, StoreUnavailable, WriteConflict
from api.kit.store.mongo_collection import MongoCollection
from api.kit.store.mongo_connection import Driver, connected, settled
from api.kit.store.mongo_errors import translated_errors
from api.kit.store.mongo_schema import create
from api.kit.store.specs import checked_spec
from api.kit.store.transactions import Transactions, finished

PING_SECONDS: Final = 2.0
ATTEMPTS_AT_MOST: Final = 6
FIRST_PAUSE_SECONDS: Final = 0.01

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
        self._client = connected(self._url, self._driver)
        try:
            await self._require_transactions()
            for spec in checked:
                with translated_errors(spec.name):
                    await create(self.database, spec)
        except BaseException:
            await self.close()
            raise

    async def _require_transactions(self) -> None:
        with translated_errors("hello"):
            hello = await self._client.admin.command("hello")
        in_set = "setName" in hello or hello.get("msg") == "isdbgrid"
        if not (in_set or self._sessions_suffice):
            raise StoreError("MongoDB must be a replica set: a single server has no transactions")

    async def close(self) -> None:
        if self._client is not None:
            await settled(self._client.close())
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
            session = await settled(self.database.client.start_session())
            await settled(
                session.start_transaction(ReadConcern("snapshot"), WriteConcern("majority"))
            )
        async with self._transactions.begun(_MongoTransaction(session)):
            yield

    async def scrub(self, *, whole: bool = False) -> None:
        """Do nothing: the server's files, journal and oplog are its operator's (docs/accounts.md)."""

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
            await settled(self.session.end_session())
