"""Several API processes and workers on one store: on one host, as a proxy before them would find them."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.conftest import ROOT
from tests.processes import Running, started

_DEADLINE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class ManyProcesses:
    """`apis[i]` speaks to the process at `ports[i]`; each request says by X-Forwarded-For whose it is."""

    ports: tuple[int, ...]
    apis: tuple[httpx.AsyncClient, ...]
    workers: tuple[Running, ...]


@asynccontextmanager
async def many_processes(
    folder: Path, ports: Sequence[int], workers: int, **settings: str
) -> AsyncGenerator[ManyProcesses]:
    """Start an API process at each port and so many workers on the store in `folder`; kill all at the end."""
    environment = {
        "LAOCAI_DATA_FOLDER": str(folder),
        "LAOCAI_CONTRACT_FOLDER": str(ROOT / "graphql"),
        "LAOCAI_TRUSTED_PROXIES": '["127.0.0.0/8"]',
        "LAOCAI_LOG_LEVEL": "ERROR",
        **settings,
    }
    running: list[Running] = []
    apis = tuple(httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") for port in ports)
    try:
        starts = [("api", str(port)) for port in ports] + [("worker", "0")] * workers
        for kind, port in starts:
            process = await started(
                "tests.system.product_process", kind, LAOCAI_PORT=port, **environment
            )
            running.append(process)
        await asyncio.gather(*(_ready(api) for api in apis))
        yield ManyProcesses(tuple(ports), apis, tuple(running[len(ports) :]))
    finally:
        for api in apis:
            await api.aclose()
        for process in running:
            with suppress(ValueError):  # a test has killed it
                await process.kill()


async def _ready(api: httpx.AsyncClient) -> None:
    async with asyncio.timeout(_DEADLINE_SECONDS):
        while True:
            with suppress(httpx.TransportError):
                if (await api.get("/health/ready")).status_code == 200:
                    return
            await asyncio.sleep(0.05)
