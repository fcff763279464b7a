"""What the benches of races share: a server of its own, and requests whose last bytes leave together."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.context import Services
from api.settings import Settings
from api.wiring import wired
from notifications.text_outbox import TEXT_OUTBOX, opened

ROOT = Path(__file__).resolve().parents[1]
SOCKETS = 50
ROUNDS = 30
WAIT_SECONDS = 60.0
_GUARDED = "from api.main import serve; from api.settings import Settings; serve(Settings())"
_CONTROL = "from {module} import main; main()"


@dataclass(frozen=True, slots=True)
class Server:
    """A running API of one process or more. `services` stand on the same data, to read what was sent.

    `process_id`: of the first process.
    """

    ports: tuple[int, ...]
    services: Services
    process_id: int

    async def together(
        self, bodies: Sequence[dict[str, Any]], tokens: Sequence[str] = ()
    ) -> list[Any]:
        """Send a GraphQL request on a socket each, all last bytes at once; return the answers' data.

        `tokens`: who sends each; nobody in particular without. The processes take turns.
        """
        connections = [
            await asyncio.open_connection(
                "127.0.0.1", self.ports[number % len(self.ports)], limit=1 << 20
            )
            for number in range(len(bodies))
        ]
        requests = [
            _request(body, number, tokens[number] if tokens else None)
            for number, body in enumerate(bodies)
        ]
        for (_, writer), request in zip(connections, requests, strict=True):
            writer.write(request[:-1])
            await writer.drain()
        for (_, writer), request in zip(connections, requests, strict=True):
            writer.write(request[-1:])
        answers = await asyncio.gather(*(_answer(reader) for reader, _ in connections))
        for _, writer in connections:
            writer.close()
        return answers

    async def ask(self, query: str, variables: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
        """Send one GraphQL request and return its data."""
        (answer,) = await self.together([{"query": query, "variables": variables}])
        return answer

    async def code_of(self, code_id: str) -> str:
        """Return the digits that were sent."""
        document = await self.services.store[TEXT_OUTBOX].get(code_id)
        if document is None:
            raise LookupError(code_id)
        text = opened(self.services.sealer, TEXT_OUTBOX, document)
        return next(word for word in text.body.split() if word.isdecimal())


@asynccontextmanager
async def running(
    *, guarded: bool, processes: int = 1, control: str = "bench.unguarded_server"
) -> AsyncGenerator[Server]:
    """Start an API on fresh data, with the product's guard, or as the module `control` serves it."""
    program = _GUARDED if guarded else _CONTROL.format(module=control)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as started:
        ports = [free_port() for _ in range(processes)]
        first, *others = ports
        identifier = started.enter_context(_process(folder, first, program))
        await _until_ready(first)  # it makes the file, which the others only open
        for port in others:
            started.enter_context(_process(folder, port, program))
            await _until_ready(port)
        async with wired(Settings(data_folder=Path(folder))) as services:
            yield Server(tuple(ports), services, identifier)


@contextmanager
def _process(folder: str, port: int, program: str) -> Generator[int]:
    environment = {
        **os.environ,
        "LAOCAI_PORT": str(port),
        "LAOCAI_DATA_FOLDER": folder,
        "LAOCAI_LOG_LEVEL": "error",
        "LAOCAI_TRUSTED_PROXIES": '["127.0.0.1/32"]',
        "LAOCAI_REQUESTS_PER_MINUTE_PER_ADDRESS": "1000000",
        "LAOCAI_REQUESTS_PER_MINUTE_PER_PERSON": "1000000",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-c", program]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(WAIT_SECONDS)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _until_ready(port: int) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return


def _request(body: dict[str, Any], number: int, token: str | None) -> bytes:
    payload = json.dumps(body).encode()
    authorization = f"authorization: Bearer {token}\r\n" if token else ""
    # Each from an address of its own, as a trusted proxy would tell.
    head = (
        "POST /graphql HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n"
        f"x-forwarded-for: 203.0.113.{number + 1}\r\n{authorization}"
        f"content-length: {len(payload)}\r\n\r\n"
    )
    return head.encode() + payload


async def _answer(reader: asyncio.StreamReader) -> Any:  # noqa: ANN401 - JSON
    async with asyncio.timeout(WAIT_SECONDS):
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length:")[1].split("\r\n")[0])
        answer = json.loads(await reader.readexactly(length))
    if "data" not in answer or answer.get("errors"):
        raise RuntimeError(answer)
    return answer["data"]
