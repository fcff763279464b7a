"""What every test may ask for: a clock that stands still, a store, services, the app, a client."""

import asyncio
import gc
import shutil
import signal
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any, cast

import httpx
import pytest
import structlog
from fastapi import FastAPI
from hypothesis import settings as hypothesis_settings

from api.collections import COLLECTIONS
from api.context import Services
from api.generated_secrets import (
    bot_secret,
    device_key,
    key_file_of,
    local_payment_secret,
    ticket_secret,
)
from api.kit.store import Store
from api.kit.store.sqlite import SqliteStore
from api.main import Server, create_app
from api.settings import Settings
from api.tourism.seeding import seed
from api.wiring import services_on
from tests.kept_file import NOTHING, Content, KeptFile, content_of
from tests.sharing_out import pytest_collection_modifyitems

__all__ = ["pytest_collection_modifyitems"]

ROOT = Path(__file__).resolve().parents[1]

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        ),
    ]
)

OPERATIONS = ROOT / "graphql" / "operations"
SERVER_SECONDS = 60
NOW = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)

# The same examples in every run, and no failure because the machine was busy.
hypothesis_settings.register_profile("steady", derandomize=True, deadline=None)
hypothesis_settings.load_profile("steady")


def _interrupted(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


# A loop that finds Python's own handler puts its own in place, and asks for its name on the way: one
# that holds the task, so that all that a fixture answers is written out, several times a test.
signal.signal(signal.SIGINT, _interrupted)


def pytest_configure() -> None:
    gc.disable()


def pytest_collection_finish() -> None:
    """Keep what was imported and collected out of the collector's way; it lives as long as the process."""
    gc.freeze()
    gc.enable()


class MovableClock:
    """Stands still until told to advance."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def after(self, seconds: float) -> datetime:
        """Return the moment that many seconds from now."""
        return self() + timedelta(seconds=seconds)

    def advance(self, **duration: float) -> None:
        """Move forward by a timedelta's arguments: `clock.advance(seconds=30)`."""
        self.now += timedelta(**duration)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@cache
def _settings_of_all() -> Settings:
    return Settings(
        contract_folder=ROOT / "graphql",
        _env_file=None,  # type: ignore[call-arg] # pydantic-settings takes it, its stub does not say so
    )


def settings_in(folder: Path) -> Settings:
    """Return settings that nothing outside of the test changes; what the product keeps lies in `folder`."""
    return _settings_of_all().model_copy(update={"data_folder": folder})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with every collection and nothing in them: a copy opens sooner than a new one."""
    path = tmp_path_factory.mktemp("empty") / "test.db"

    async def make() -> None:
        store = SqliteStore(path)
        await store.open(COLLECTIONS)
        await store.close()

    asyncio.run(make())
    return path


@pytest.fixture(scope="session")
def made_secrets(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """The keys and secrets that the first process makes: each is waited for until it is on the disk."""
    settings = settings_in(tmp_path_factory.mktemp("secrets"))
    key_file_of(settings, MovableClock())
    for made in (ticket_secret, bot_secret, local_payment_secret, device_key):
        made(settings)
    return tuple(settings.data_folder.iterdir())


@pytest.fixture(scope="session")
def kept_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptFile]:
    kept = KeptFile(tmp_path_factory.mktemp("kept") / "test.db")
    with asyncio.Runner() as runner:
        runner.run(kept.store.open(COLLECTIONS))
        yield kept
        runner.run(kept.store.close())


@pytest.fixture(scope="session")
def province_content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    """What the store holds of the content that the product ships."""

    async def seeded() -> Content:
        store = SqliteStore(tmp_path_factory.mktemp("province") / "test.db")
        await store.open(COLLECTIONS)
        await seed(store, lambda _done, _total: None)
        content = await store.read(content_of)
        await store.close()
        return content

    return asyncio.run(seeded())


@pytest.fixture
def lent_file(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[KeptFile, Content] | None:
    """The file that all tests share and what is in it; None for a test that wants `test.db` in its own folder."""
    node = cast("pytest.Item", request.node)  # pyright: ignore[reportUnknownMemberType] - no type before pytest 9.2
    if node.get_closest_marker("own_file"):
        shutil.copy(request.getfixturevalue("empty_file"), tmp_path / "test.db")
        return None
    wants_province = "province" in request.fixturenames
    content = request.getfixturevalue("province_content") if wants_province else NOTHING
    return request.getfixturevalue("kept_file"), content


@pytest.fixture
async def store(
    lent_file: tuple[KeptFile, Content] | None,
    tmp_path: Path,
    clock: MovableClock,
) -> AsyncIterator[Store]:
    if lent_file is not None:
        kept, content = lent_file
        yield await kept.lent(content, clock)
        return
    # With the clock of the host a test of more than a minute would lose what its own clock still keeps.
    opened = SqliteStore(tmp_path / "test.db", clock)
    await opened.open(COLLECTIONS)
    yield opened
    await opened.close()


@pytest.fixture
async def services(
    store: Store, settings: Settings, clock: MovableClock, made_secrets: tuple[Path, ...]
) -> AsyncIterator[Services]:
    for secret in made_secrets:
        if not (settings.data_folder / secret.name).exists():
            shutil.copy(secret, settings.data_folder)
    async with services_on(store, settings, clock) as built:
        yield built


@pytest.fixture
def app(services: Services, settings: Settings) -> FastAPI:
    built = create_app(settings)
    built.state.services = services
    return built


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        yield http


@pytest.fixture
async def port(app: FastAPI, settings: Settings) -> AsyncIterator[int]:
    """The app on a real socket of this port."""
    server = Server(app, settings.model_copy(update={"port": 0, "shutdown_seconds": 2}))
    server.config.lifespan = "off"  # the services are the test's
    running = asyncio.create_task(server.serve())
    async with asyncio.timeout(SERVER_SECONDS):
        while not server.started:  # noqa: ASYNC110 - uvicorn tells by a flag
            await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    async with asyncio.timeout(SERVER_SECONDS):
        await running


@cache
def document(operation: str) -> str:
    """Return a published document: `document("tourism/Places")`."""
    return (OPERATIONS / f"{operation}.graphql").read_text(encoding="utf-8")


async def send_raw(
    client: httpx.AsyncClient,
    operation: str,
    variables: Mapping[str, Any] | None = None,
    *,
    language: str = "en",
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    """Send a published operation and return the reply as it came."""
    return await client.post(
        "/graphql",
        json={"query": document(operation), "variables": dict(variables or {})},
        headers={"accept-language": language, **(headers or {})},
    )


async def send(
    client: httpx.AsyncClient,
    operation: str,
    variables: Mapping[str, Any] | None = None,
    *,
    language: str = "en",
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Send a published operation and return its `data`; fails the test when there are errors."""
    reply = await send_raw(client, operation, variables, language=language, headers=headers)
    body: dict[str, Any] = reply.json()
    assert "errors" not in body, body["errors"]
    data: dict[str, Any] = body["data"]
    return data
