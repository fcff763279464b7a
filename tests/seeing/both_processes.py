"""An API and a worker in this process, each with its figures on a port of its own."""

import asyncio
import shutil
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from api.kit.seeing import Seeing
from api.main import create_app
from api.worker import work
from tests.conftest import settings_in
from tests.free_ports import free_port

SECONDS = 30


@dataclass(frozen=True, slots=True)
class Both:
    """`api`, `worker`: where their figures are told."""

    api: str
    worker: str
    api_seeing: Seeing
    worker_seeing: Seeing


@asynccontextmanager
async def both_processes(folder: Path, empty_file: Path) -> AsyncGenerator[Both]:
    """Run them while the block lasts; the worker has read the live state once."""
    shutil.copy(empty_file, folder / "laocai.db")
    ports = free_port(), free_port()
    settings = settings_in(folder).model_copy(
        update={"metrics_port": ports[0], "worker_metrics_port": ports[1]}
    )
    both = Both(
        f"http://127.0.0.1:{ports[0]}/metrics",
        f"http://127.0.0.1:{ports[1]}/metrics",
        Seeing(),
        Seeing(),
    )
    app = create_app(settings, seeing=both.api_seeing)
    async with app.router.lifespan_context(app):
        working = asyncio.create_task(work(settings, seeing=both.worker_seeing))
        try:
            await _until_state_is_told(both, working)
            yield both
        finally:
            await _stopped(working)


async def scraped(url: str, accept: str = "text/plain") -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False, timeout=SECONDS) as http:
        return await http.get(url, headers={"accept": accept})


async def _until_state_is_told(both: Both, working: asyncio.Task[None]) -> None:
    async with asyncio.timeout(SECONDS):
        while not working.done():
            try:
                if "laocai_state_read_at_seconds" in (await scraped(both.worker)).text:
                    return
            except httpx.TransportError:
                pass  # the worker is on its way
            await asyncio.sleep(0.05)
    working.result()


async def _stopped(working: asyncio.Task[None]) -> None:
    """Tell the worker to stop; where it does not listen for that, the signal would end this very process."""
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        working.cancel()
    elif not working.done():
        signal.raise_signal(signal.SIGTERM)
    async with asyncio.timeout(SECONDS):
        await working
