"""The whole product in one process, as it lets itself be seen."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from api.context import Services
from api.kit.seeing import Seeing
from api.kit.store import Store
from api.main import create_app
from api.settings import Settings
from api.wiring import services_on
from tests.conftest import MovableClock
from tests.seeing.both_processes import both_processes, scraped
from tests.seeing.figures import Figures, names_told
from tests.seeing.states import A_STATE, registry_of


@dataclass(frozen=True, slots=True)
class Seen:
    """`figures`: what the process tells of itself."""

    app: FastAPI
    client: httpx.AsyncClient
    services: Services
    figures: Figures


@pytest.fixture
def seeing() -> Seeing:
    return Seeing()


@pytest.fixture
async def seen(
    store: Store, settings: Settings, clock: MovableClock, seeing: Seeing
) -> AsyncIterator[Seen]:
    async with services_on(store, settings, clock, seeing) as services:
        app = create_app(
            settings.model_copy(update={"requests_per_minute_per_address": 50}), seeing=seeing
        )
        app.state.services = services
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            yield Seen(app, client, services, Figures(seeing.registry))


@dataclass(frozen=True, slots=True)
class Told:
    """All that API and worker tell over HTTP: names of samples, and names with their labels."""

    texts: tuple[str, str]
    names: frozenset[str]
    labels: frozenset[tuple[str, str]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, empty_file: Path) -> Told:
    async def both() -> Told:
        async with both_processes(tmp_path_factory.mktemp("both"), empty_file) as running:
            texts = (await scraped(running.api)).text, (await scraped(running.worker)).text
            labels = frozenset[tuple[str, str]]().union(
                *(
                    Figures(it.registry).labels()
                    for it in (running.api_seeing, running.worker_seeing)
                ),
                Figures(registry_of(A_STATE)).labels(),
            )
        return Told(texts, names_told(texts[0]) | names_told(texts[1]), labels)

    return asyncio.run(both())
