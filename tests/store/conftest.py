"""The engines of the contract suite, the peer that the MongoDB engine speaks to, and the count."""

import os
import secrets
import subprocess
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from api.kit.store import Collection, CollectionSpec, Store
from api.kit.store.mongo import MongoStore
from api.kit.store.sqlite import SqliteStore
from tests.store.asking import INDEXED, PLAIN
from tests.store.model import ModelStore

ROOT = Path(__file__).parents[2]
PEER_PYTHON = ROOT / ".venv-mongo" / "bin" / "python"
PEER = Path(__file__).parent / "peer" / "serve.py"
MONGODB_URL = os.environ.get("LAOCAI_TEST_MONGODB_URL")

MONGO_ENGINES = ["mongo-motor", "mongo-pymongo"]
REAL_ENGINES = ["mongodb-motor", "mongodb-pymongo"]
ENGINES = ["model", "sqlite", *MONGO_ENGINES, *(REAL_ENGINES if MONGODB_URL else [])]

Opener = Callable[..., Awaitable[Store]]


@pytest.fixture(scope="session")
def peer_url() -> Generator[str]:
    """The address of the wire server, which lives as long as the test run."""
    if not PEER_PYTHON.exists():
        pytest.skip("the MongoDB peer needs Python 3.13: `make peer`")
    with subprocess.Popen(
        [PEER_PYTHON, PEER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield process.stdout.readline().strip()
        process.stdin.close()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """The name of the engine that a contract test runs on."""
    return str(request.param)


@pytest.fixture
async def open_store(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncGenerator[Opener]:
    """Opens a fresh store with the given collections; it is closed and dropped after the test."""
    opened: list[Store] = []
    drop: list[Callable[[], None]] = []

    async def opener(*specs: CollectionSpec) -> Store:
        store, dropped = made_store(engine, request, tmp_path / f"{len(opened)}.db")
        await store.open(specs)
        opened.append(store)
        drop.append(dropped)
        return store

    yield opener
    for store in opened:
        await store.close()
    for dropped in drop:
        dropped()


@pytest.fixture(params=[PLAIN, INDEXED], ids=lambda spec: str(spec.name))
async def things(request: pytest.FixtureRequest, open_store: Opener) -> Collection:
    """An empty collection, with indexes over what the tests ask for, and without."""
    spec: CollectionSpec = request.param
    return (await open_store(spec))[spec]


def made_store(
    engine: str, request: pytest.FixtureRequest, path: Path
) -> tuple[Store, Callable[[], None]]:
    """Return a store that is not yet open, and what removes its data."""
    if engine == "model":
        return ModelStore(), lambda: None
    if engine == "sqlite":
        return SqliteStore(path), lambda: None
    server, driver = engine.split("-")
    is_peer = server == "mongo"
    url = request.getfixturevalue("peer_url") if is_peer else str(MONGODB_URL)
    database = f"test_{secrets.token_hex(8)}"

    def drop() -> None:
        if is_peer:
            return  # its memory goes with it
        with MongoClient[dict[str, Any]](url) as client:
            client.drop_database(database)

    return MongoStore(url, database, driver, sessions_suffice=is_peer), drop


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many contract tests each engine has passed."""
    passed = Counter(
        engine
        for report in terminalreporter.stats.get("passed", [])
        for engine in [*ENGINES, "all engines"]
        if "tests/store/" in report.nodeid and f"[{engine}" in report.nodeid.replace("::all_", "[")
    )
    if passed:
        counts = ", ".join(f"{engine} {passed[engine]}" for engine in ENGINES)
        terminalreporter.write_sep("-", f"store contract tests passed: {counts}")
