"""What it costs a request to be counted: `places` with and without figures, and with traces besides.

All apps stand in this process, on one store, and are called as a server calls them (ASGI), without the
HTTP in front: so the share of the figures is larger here than on a socket. Rounds alternate, so that what
else the machine does meets all of them; processor time of this thread and the store's is compared, not the clock's.
Run: `python -m bench.seeing`.
"""

import argparse
import asyncio
import gc
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Generator, Iterable
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import structlog
from fastapi import FastAPI
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult
from typing_extensions import override

import api.main
import api.wiring
from api.collections import COLLECTIONS
from api.edge.request_meters import RequestMeters
from api.kit.clock import system_clock
from api.kit.seeing import Seeing
from api.kit.seeing.otel_tracer import OtelTracer
from api.kit.store import Store
from api.kit.store.seen import SeenStore
from api.kit.store.sqlite import SqliteStore
from api.settings import Settings
from bench.graphql import REQUEST
from bench.machine import described_machine

GOAL = 1.02
_SCOPE: dict[str, Any] = {
    "type": "http",
    "method": "POST",
    "path": "/graphql",
    "raw_path": b"/graphql",
    "query_string": b"",
    "headers": [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(REQUEST)).encode()),
        (b"accept-language", b"vi"),
    ],
    "client": ("127.0.0.1", 40_000),
    "http_version": "1.1",
    "scheme": "http",
    "server": ("127.0.0.1", 8000),
}


class _Unseen:
    """In place of RequestMeters: counts nothing."""

    def __init__(self, seeing: Seeing, published: Iterable[str]) -> None: ...

    @contextmanager
    def running(self, *_: object) -> Generator[None]:
        yield

    def failed(self, *_: object) -> None: ...

    def refused(self, *_: object) -> None: ...


class _Nowhere(SpanExporter):
    @override
    def export(self, spans: object) -> SpanExportResult:
        return SpanExportResult.SUCCESS


@asynccontextmanager
async def built(store: Store, settings: Settings, seeing: Seeing | None) -> AsyncGenerator[FastAPI]:
    """Build the product; without `seeing` nothing is counted at the edge or in the store."""
    with (
        patch.object(api.main, "RequestMeters", RequestMeters if seeing else _Unseen),
        patch.object(api.wiring, "SeenStore", SeenStore if seeing else _as_it_is),
    ):
        async with api.wiring.services_on(store, settings, system_clock, seeing) as services:
            app = api.main.create_app(settings, seeing=seeing)
            app.state.services = services
            yield app


def _as_it_is(store: Store, _: Seeing) -> Store:
    return store


async def ask(app: FastAPI) -> bytes:
    parts: list[bytes] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": REQUEST, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.body":
            parts.append(message["body"])
        elif message["type"] == "http.response.start" and message["status"] != 200:
            raise RuntimeError(f"refused: {message['status']}")

    await app({**_SCOPE, "state": {}}, receive, send)  # type: ignore[arg-type] # as servers do
    return b"".join(parts)


async def cpu_microseconds(app: FastAPI, requests: int) -> float:
    began = time.process_time()
    for _ in range(requests):
        await ask(app)
    return (time.process_time() - began) / requests * 1e6


async def measure(folder: Path, rounds: int, requests: int) -> dict[str, list[float]]:
    settings = Settings(data_folder=folder, requests_per_minute_per_address=10**9)
    store = SqliteStore(folder / "laocai.db")
    await store.open(COLLECTIONS)
    tracer = OtelTracer("bench", "0", SimpleSpanProcessor(_Nowhere()), share=1.0)
    async with (
        built(store, settings, None) as without,
        built(store, settings, None) as again,
        built(store, settings, Seeing()) as figures,
        built(store, settings, Seeing(tracer=tracer)) as traces,
    ):
        apps = {
            "without": without,
            "without, again": again,
            "figures": figures,
            "figures and traces": traces,
        }
        assert len({await ask(app) for app in apps.values()}) == 1
        found: dict[str, list[float]] = {name: [] for name in apps}
        for number in range(rounds):
            names = list(apps)
            # Each begins a round as often as any other.
            for name in names[number % 4 :] + names[: number % 4]:
                gc.collect()
                found[name].append(await cpu_microseconds(apps[name], requests))
    await store.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=24)
    parser.add_argument("--requests", type=int, default=100)
    arguments = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    folder = Path(tempfile.mkdtemp())
    try:
        seed(folder)
        found = asyncio.run(measure(folder, arguments.rounds, arguments.requests))
    finally:
        shutil.rmtree(folder)
    show(found)


def seed(folder: Path) -> None:
    environment = os.environ | {"LAOCAI_DATA_FOLDER": str(folder)}
    subprocess.run(
        [sys.executable, "-c", "from api.cli import main; main()", "seed"],
        check=True,
        env=environment,
        stdout=subprocess.DEVNULL,
    )


def show(found: dict[str, list[float]]) -> None:
    """Print medians, and the median of the ratios of each round: what a round shared cancels out."""
    print(described_machine())
    print("| app | processor time of a request, µs | to the first |\n|---|---|---|")
    for name, times in found.items():
        ratios = [one / base for one, base in zip(times, found["without"], strict=True)]
        print(f"| {name} | {statistics.median(times):.0f} | {statistics.median(ratios):.3f} |")
    print(f"Goal: figures cost no more than {GOAL:.2f}.")


if __name__ == "__main__":
    main()
