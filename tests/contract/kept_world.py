"""A world that is made once a run: every test enters a copy of its own."""

import asyncio
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx

from api.collections import COLLECTIONS
from api.context import Services
from api.kit.clock import Clock
from api.kit.store.sqlite import SqliteStore
from api.main import create_app
from api.wiring import services_on
from tests.conftest import MovableClock, settings_in
from tests.contract.world import World, a_world
from tests.kept_file import Content, KeptFile, content_of


@dataclass(frozen=True, slots=True)
class KeptWorld:
    """`folder`: what the product keeps on disk beside the store. `now`: the moment at which the world was left."""

    folder: Path
    content: Content
    world: World
    now: datetime


def world_kept_in(folder: Path) -> KeptWorld:
    """Make a world, and leave it on disk."""
    return asyncio.run(_made(folder / "kept", folder / "world.db"))


@asynccontextmanager
async def entered(
    kept: KeptWorld, file: KeptFile, copy: Path
) -> AsyncGenerator[tuple[httpx.AsyncClient, Services]]:
    """Open a copy of the world where it was left; whatever is done there is seen by nobody else."""
    shutil.copytree(kept.folder, copy)
    clock = MovableClock(kept.now)
    async with _product(await file.lent(kept.content, clock), copy, clock) as (client, services):
        yield client, services


async def _made(folder: Path, file: Path) -> KeptWorld:
    clock, store = MovableClock(), SqliteStore(file)
    await store.open(COLLECTIONS)
    try:
        async with _product(store, folder, clock) as (client, services):
            world = await a_world(client, services, clock)
            return KeptWorld(folder, await store.read(content_of), world, clock())
    finally:
        await store.close()


@asynccontextmanager
async def _product(
    store: SqliteStore, folder: Path, clock: Clock
) -> AsyncGenerator[tuple[httpx.AsyncClient, Services]]:
    settings = settings_in(folder)
    async with services_on(store, settings, clock) as services:
        app = create_app(settings)
        app.state.services = services
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            yield client, services
