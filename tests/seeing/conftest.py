"""The whole product in one process, as it lets itself be seen."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

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
from tests.seeing.figures import Figures


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
