"""Several API processes and workers on one store: on one host, as a proxy before them would find them."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.conftest import ROOT
from tests.processes import Running, started

_DEADLINE_SECONDS = 60


@dataclass(slots=True)
class ManyProcesses:
    """`apis[i]` speaks to the process at `ports[i]`; each request says by X-Forwarded-For whose it is."""

    ports: tuple[int, ...]
    apis: tuple[httpx.AsyncClient, ...]
    environment: dict[str, str]
    serving: list[Running] = field(default_factory=list[Running])
    workers: list[Running] = field(default_factory=list[Running])

    async def start_api(self, port: int) -> Running:
        """Start an API process, which is not ready yet."""
        return await self._started("api", port)

    async def start_worker(self) -> None:
        self.workers.append(await self._started("worker", self.ports[0]))

    async def restart(self, number: int) -> None:
        """Tell an API process to stop, as an upgrade does, wait for its end, and start the next one."""
        await self.serving[number].terminate()
        self.serving[number] = await self.start_api(self.ports[number])
        await _ready(self.apis[number])

    async def _started(self, kind: str, port: int) -> Running:
        return await started(
            "tests.system.product_process", kind, LAOCAI_PORT=str(port), **self.environment
        )


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
    many = ManyProcesses(tuple(ports), tuple(map(_client, ports)), environment)
    try:
        for port in ports:
            many.serving.append(await many.start_api(port))
        for _ in range(workers):
            await many.start_worker()
        await asyncio.gather(*map(_ready, many.apis))
        yield many
    finally:
        for api in many.apis:
            await api.aclose()
        for process in (*many.serving, *many.workers):
            with suppress(ValueError):  # a test has killed it
                await process.kill()


def _client(port: int) -> httpx.AsyncClient:
    # Sooner than the server, which hangs up after five seconds, perhaps as the next request is on its way.
    idle = httpx.Limits(keepalive_expiry=2)
    return httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", timeout=_DEADLINE_SECONDS, limits=idle
    )


async def _ready(api: httpx.AsyncClient) -> None:
    async with asyncio.timeout(_DEADLINE_SECONDS):
        while True:
            with suppress(httpx.TransportError):
                if (await api.get("/health/ready")).status_code == 200:
                    return
            await asyncio.sleep(0.05)
