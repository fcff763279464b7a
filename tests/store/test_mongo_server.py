"""The MongoDB engine and its server: what it demands, and what it says when nobody answers."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import (
    AutoReconnect,
    ExecutionTimeout,
    NetworkTimeout,
    OperationFailure,
    ServerSelectionTimeoutError,
    WTimeoutError,
)

from api.kit.store import (
    CollectionSpec,
    DuplicateKey,
    Index,
    StoreError,
    StoreUnavailable,
    UnsupportedOperator,
    WriteConflict,
    mongo_connection,
)
from api.kit.store.mongo import MongoStore
from api.kit.store.mongo_errors import store_error
from api.kit.store.values import Value

THINGS = CollectionSpec("things", (Index(("x",)),))
DRIVERS = ["motor", "pymongo"]


@pytest.fixture(params=DRIVERS)
def driver(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_a_server_without_a_replica_set_is_refused(peer_url: str, driver: str) -> None:
    store = MongoStore(peer_url, "test_single", driver)

    for _ in range(2):
        with pytest.raises(StoreError, match="replica set"):
            await store.open([THINGS])
    with pytest.raises(StoreUnavailable):
        await store.ping()


async def test_an_unknown_driver_is_refused() -> None:
    with pytest.raises(StoreError, match="motor or pymongo"):
        await MongoStore("mongodb://127.0.0.1", "test", "mongoengine").open([THINGS])


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mongo_connection, "CALL_SECONDS", 0.3)
    monkeypatch.setattr(mongo_connection, "CONNECT_SECONDS", 0.3)


@pytest.fixture
def less_impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """For who is answered at first: the peer may take its time."""
    monkeypatch.setattr(mongo_connection, "CALL_SECONDS", 10.0)
    monkeypatch.setattr(mongo_connection, "CONNECT_SECONDS", 10.0)


@asynccontextmanager
async def deaf_server() -> AsyncGenerator[str]:
    """Be a server that accepts connections and never says a word."""
    open_writers: list[asyncio.StreamWriter] = []

    async def accept(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_writers.append(writer)

    server = await asyncio.start_server(accept, "127.0.0.1")
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"mongodb://127.0.0.1:{port}/?directConnection=true"
    finally:
        server.close()
        for writer in open_writers:
            writer.close()


@pytest.mark.usefixtures("impatient")
async def test_a_server_that_never_answers_is_unavailable_in_time(driver: str) -> None:
    async with deaf_server() as url:
        store = MongoStore(url, "test", driver)
        with pytest.raises(StoreUnavailable):
            await store.open([THINGS])


@pytest.mark.usefixtures("less_impatient")
async def test_a_server_that_goes_away_is_unavailable(peer_url: str, driver: str) -> None:
    async with relayed(peer_url) as (url, hang_up):
        store = MongoStore(url, "test_away", driver, sessions_suffice=True)
        await store.open([THINGS])
        await store[THINGS].upsert({"_id": "a"})
        await hang_up()

        outcomes = await asyncio.gather(
            store.ping(),
            store[THINGS].get("a"),
            store[THINGS].insert({"_id": "b"}),
            store[THINGS].update_one({}, {"$set": {"x": 1}}),
            _inserted_in_a_transaction(store),
            return_exceptions=True,
        )
        await store.close()

    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 5


async def _inserted_in_a_transaction(store: MongoStore) -> None:
    async with store.transaction():
        await store[THINGS].insert({"_id": "c"})


@asynccontextmanager
async def relayed(peer_url: str) -> AsyncGenerator[tuple[str, Callable[[], Awaitable[None]]]]:
    """Pass bytes between a client and the peer until told to hang up."""
    peer_port = int(peer_url.split(":")[2].split("/")[0])
    writers: list[asyncio.StreamWriter] = []
    pumps: set[asyncio.Task[None]] = set()

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            writer.write(data)

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer_reader, peer_writer = await asyncio.open_connection("127.0.0.1", peer_port)
        writers.extend((writer, peer_writer))
        pumps.add(asyncio.create_task(pump(reader, peer_writer)))
        pumps.add(asyncio.create_task(pump(peer_reader, writer)))

    server = await asyncio.start_server(accept, "127.0.0.1")

    async def hang_up() -> None:
        server.close()
        for task in pumps:
            task.cancel()
        for writer in writers:
            writer.close()
        await asyncio.gather(*pumps, return_exceptions=True)

    port = server.sockets[0].getsockname()[1]
    try:
        yield f"mongodb://127.0.0.1:{port}/?directConnection=true", hang_up
    finally:
        await hang_up()


def failure(code: int, *labels: str, **details: Value) -> OperationFailure:
    return OperationFailure("no", code, {"errorLabels": list(labels), **details})


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ServerSelectionTimeoutError("no"), StoreUnavailable),
        (AutoReconnect("no"), StoreUnavailable),
        (NetworkTimeout("no"), StoreUnavailable),
        (ExecutionTimeout("no", 50, {}), StoreUnavailable),
        (WTimeoutError("no", 64, {}), StoreUnavailable),
        (failure(112), WriteConflict),
        (failure(251), WriteConflict),
        (failure(1, "TransientTransactionError"), WriteConflict),
        (failure(11000, keyPattern={"a": 1, "b": 1}), DuplicateKey),
        (failure(14), UnsupportedOperator),
        (failure(28), UnsupportedOperator),
        (failure(13), StoreError),
    ],
    ids=repr,
)
def test_what_a_driver_raises_is_an_error_of_the_contract(
    error: Exception, kind: type[StoreError]
) -> None:
    translated = store_error("things", error)

    assert type(translated) is kind
    if isinstance(translated, DuplicateKey):
        assert translated.fields == ("a", "b")


async def test_indexes_are_made_once_and_as_declared(peer_url: str, driver: str) -> None:
    spec = CollectionSpec(
        "declared",
        (
            Index(("a", "b.c")),
            Index(("tags",), many=True),
            Index(("token",), unique=True, partial={"state": "open", "n": {"$gt": 1}}),
            Index(("kept_until",), expire_after_seconds=3600),
        ),
    )
    database = f"test_indexes_{driver}"
    for _ in range(2):
        store = MongoStore(peer_url, database, driver, sessions_suffice=True)
        await store.open([spec])
        await store.close()
    with MongoClient[dict[str, Any]](peer_url) as client:
        indexes = client[database]["declared"].list_indexes().to_list()
    made = {tuple(index["key"]): index for index in indexes}

    assert set(made) == {
        ("_id",),
        ("a", "b.c", "_id"),
        ("tags",),
        ("token",),
        ("kept_until",),
    }
    assert made["token",]["unique"] is True
    assert made["token",]["partialFilterExpression"] == {
        "$and": [{"state": {"$eq": "open"}}, {"n": {"$gt": 1}}]
    }
    assert made["kept_until",]["expireAfterSeconds"] == 3600
