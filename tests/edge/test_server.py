"""The server as a process: how it starts, what it loads, how it stops."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT
from tests.free_ports import free_port
from tests.processes import Running

DEADLINE_SECONDS = 90
PRINT_HEAVY_MODULES = """
import sys
import api.main, api.wiring
from api.guide.planner.road_graph import shipped_graph
shipped_graph()
heavy = {"firebase_admin", "google", "grpc", "boto3", "botocore", "motor", "pymongo", "matplotlib",
         "typer", "pytest", "ortools"}
print(sorted(heavy & set(sys.modules)))
"""


@contextmanager
def process(folder: Path, port: int, **settings: str) -> Generator[Running]:
    """Run the server until the block ends."""
    environment = os.environ | {
        "LAOCAI_DATA_FOLDER": str(folder),
        "LAOCAI_CONTRACT_FOLDER": str(ROOT / "graphql"),
        "LAOCAI_PORT": str(port),
        **settings,
    }
    running = Running("tests.edge.serving", (), environment)
    try:
        yield running
    finally:
        running.end()


@pytest.fixture
def port() -> int:
    return free_port()


async def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "the deadline passed"
        await asyncio.sleep(0.05)


def status(port: int, path: str) -> int | None:
    with suppress(httpx.TransportError):
        return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=30).status_code
    return None


async def test_sigterm_drains(tmp_path: Path, port: int) -> None:
    with process(tmp_path, port, LAOCAI_DRAIN_SECONDS="300") as running:
        await until(lambda: status(port, "/health/ready") == 200)
        running.signal(signal.SIGTERM)

        await until(lambda: status(port, "/health/ready") == 503)
        assert status(port, "/health/live") == 200


async def test_drained_it_stops(tmp_path: Path, port: int) -> None:
    with process(tmp_path, port, LAOCAI_DRAIN_SECONDS="1") as running:
        await until(lambda: status(port, "/health/ready") == 200)
        began = time.monotonic()
        running.signal(signal.SIGTERM)
        await until(lambda: running.exit_code is not None)

        assert time.monotonic() - began >= 1
        assert running.exit_code in (0, -signal.SIGTERM)
        assert status(port, "/health/live") is None


async def test_sigint_stops_quietly(tmp_path: Path, port: int) -> None:
    with process(tmp_path, port) as running:
        await until(lambda: status(port, "/health/ready") == 200)
        running.signal(signal.SIGINT)
        await until(lambda: running.exit_code is not None)

        assert running.exit_code == 0


async def test_the_bots_secret_is_made_once_and_readable_by_its_owner_only(
    tmp_path: Path, port: int
) -> None:
    secret = tmp_path / "ticket-secret"
    with process(tmp_path, port):
        await until(lambda: status(port, "/health/ready") == 200)
        first = secret.read_text()
    with process(tmp_path, port):
        await until(lambda: status(port, "/health/ready") == 200)

    assert secret.read_text() == first
    assert len(first) >= 32
    assert secret.stat().st_mode & 0o777 == 0o600


def test_the_api_loads_nothing_it_does_not_use() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PRINT_HEAVY_MODULES],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=60,
    )

    assert done.stdout.strip() == "[]"
