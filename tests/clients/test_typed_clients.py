"""Typed clients of a few documents are made, checked and run against the mock; `make client-…` makes the whole."""

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvicorn

from api.contract.generator_input import write_generator_input
from api.contract.mock.server import mock_app
from api.contract.mock.settings import MockSettings
from api.contract.published import Contract, contract_in
from tests.conftest import NOW, ROOT, SERVER_SECONDS

TOOLS = ROOT / ".venv-clients" / "bin"
MODULES = ROOT / ".clients" / "typescript" / "node_modules"
SOURCES = ROOT / "graphql" / "clients"
ASKED = ("tourism/MarketsOn", "accounts/RegisterDevice", "alerts/Alerts", "guide/PlanTrip")
TOOL_SECONDS = 120

needs_python_tools = pytest.mark.skipif(
    not (TOOLS / "ariadne-codegen").exists(), reason="`make client-python` was never run here"
)
needs_node = pytest.mark.skipif(
    not MODULES.exists() or shutil.which("node") is None,
    reason="`make client-typescript` was never run here",
)


@pytest.fixture
async def url() -> AsyncIterator[str]:
    app = mock_app(ROOT / "graphql", MockSettings("test", NOW), only_published=True)
    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_config=None))
    running = asyncio.create_task(server.serve())
    async with asyncio.timeout(SERVER_SECONDS):
        while not server.started:  # noqa: ASYNC110 - uvicorn tells by a flag
            await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    async with asyncio.timeout(SERVER_SECONDS):
        await running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a generator is given, of a few documents."""
    whole = contract_in(ROOT / "graphql")
    few = {name: whole.documents[name] for name in ASKED}
    write_generator_input(Contract(whole.sdl, few), tmp_path / "input")
    return tmp_path


async def run(folder: Path, *command: object, url: str = "") -> str:
    """Run a tool, and return what it prints; fails the test when the tool does."""
    process = await asyncio.create_subprocess_exec(
        *map(str, command),
        cwd=folder,
        env={**os.environ, "LAOCAI_PUBLIC_URL": url},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(TOOL_SECONDS):
        printed, _ = await process.communicate()
    assert process.returncode == 0, printed.decode()
    return printed.decode()


@needs_python_tools
async def test_the_python_client_is_typed_and_asks(folder: Path, url: str) -> None:
    source = SOURCES / "python"
    shutil.copy(source / "pyproject.toml", folder)
    shutil.copy(folder / "input" / "identifiers.json", folder)
    for name in ("published_client", "example"):
        shutil.copy(source / f"{name}.py.in", folder / f"{name}.py")

    await run(folder, TOOLS / "ariadne-codegen", "client")
    checked = await run(folder, TOOLS / "mypy")
    printed = await run(folder, TOOLS / "python", "example.py", url=url)

    assert checked.startswith("Success: no issues found")
    assert len(printed.splitlines()) == 4


@needs_python_tools
async def test_the_python_client_follows_a_subscription(folder: Path, url: str) -> None:
    source = SOURCES / "python"
    shutil.copy(source / "pyproject.toml", folder)
    shutil.copy(folder / "input" / "identifiers.json", folder)
    shutil.copy(source / "published_client.py.in", folder / "published_client.py")
    (folder / "follow.py").write_text(FOLLOWS)

    await run(folder, TOOLS / "ariadne-codegen", "client")
    printed = await run(folder, TOOLS / "python", "follow.py", url=url)

    assert len(json.loads(printed)) == 26


@needs_node
async def test_the_typescript_client_is_typed_and_asks(folder: Path, url: str) -> None:
    for path in (SOURCES / "typescript").iterdir():
        shutil.copy(path, folder)
    (folder / "node_modules").symlink_to(MODULES)

    await run(folder, "npm", "run", "--silent", "generate")
    await run(folder, "npm", "run", "--silent", "check")
    printed = await run(folder, "node", "built/example.js", url=url)

    assert len(printed.splitlines()) == 4


FOLLOWS = """
import asyncio, json, os
from contextlib import aclosing
from laocai_client import LaoCai

async def main():
    async with LaoCai(os.environ["LAOCAI_PUBLIC_URL"], language="ko") as client:
        async with aclosing(client.alerts()) as events:
            print(json.dumps((await anext(events)).alerts.id))

asyncio.run(main())
"""
