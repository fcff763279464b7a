"""`places` over HTTP: our server beside plain Strawberry on FastAPI, which gives the same answer from memory.

Ours runs whole: guard, caches, languages, log and store. Each server is one process under uvicorn;
rounds alternate, so that what else the machine does meets both. Run: `python bench/graphql.py`.
"""

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.machine import described_machine

ROOT = Path(__file__).resolve().parents[1]
GOAL = 1.3
QUERY = """
query Places($near: PositionInput, $first: Int! = 20) {
  places(near: $near, first: $first) {
    edges {
      cursor
      node {
        id
        name { text language }
        description { text language }
        category
        categoryName
        position { latitude longitude }
        positionAccuracy
        altitude
        distance
        commune { code name { text language } }
        formerUnit
        openingNote { text language }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
VARIABLES = {"near": {"latitude": 22.3364, "longitude": 103.8438}, "first": 20}
REQUEST = json.dumps({"query": QUERY, "variables": VARIABLES}).encode()
SERVE = "from api.main import serve; from api.settings import Settings; serve(Settings())"
HEAD = (
    b"POST /graphql HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n"
    b"accept-language: vi\r\ncontent-length: " + str(len(REQUEST)).encode() + b"\r\n\r\n"
)
WAIT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Server:
    """A server process under measurement."""

    name: str
    port: int
    process: subprocess.Popen[bytes]

    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_megabytes(self) -> float:
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@dataclass(frozen=True, slots=True)
class Round:
    """What one round measured; latencies in milliseconds."""

    requests_per_second: float
    latencies: list[float]
    cpu_milliseconds: float


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(name: str, port: int, command: list[str], **settings: str) -> Generator[Server]:
    environment = os.environ | settings
    with subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield Server(name, port, process)
        finally:
            process.terminate()


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    """Send the request on a kept-alive connection, and return the body of the answer."""
    writer.write(HEAD + REQUEST)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    body = await reader.readexactly(length)
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"the server refused: {body[:300]!r}")
    return body


async def first_answer(server: Server) -> dict[str, Any]:
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        except OSError:
            if time.monotonic() > deadline or server.process.poll() is not None:
                raise
            await asyncio.sleep(0.1)
            continue
        answer: dict[str, Any] = json.loads(await ask(reader, writer))
        writer.close()
        return answer


async def talk(port: int, until: float, latencies: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (began := time.perf_counter()) < until:
        await ask(reader, writer)
        latencies.append((time.perf_counter() - began) * 1000)
    writer.close()


async def measured(server: Server, connections: int, seconds: float) -> Round:
    latencies: list[float] = []
    cpu_before, began = server.cpu_seconds(), time.perf_counter()
    until = began + seconds
    await asyncio.gather(*(talk(server.port, until, latencies) for _ in range(connections)))
    took = time.perf_counter() - began
    cpu = (server.cpu_seconds() - cpu_before) * 1000 / len(latencies)
    return Round(len(latencies) / took, latencies, cpu)


async def compare(ours: Server, plain: Server, rounds: int, seconds: float) -> float:
    """Print the table, and return the ratio of throughput with 16 connections."""
    ratio = 0.0
    print(f"{'':26}{'req/s':>8}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'CPU ms/req':>12}")
    for connections in (1, 16):
        results: dict[str, list[Round]] = {ours.name: [], plain.name: []}
        for _ in range(rounds):
            for server in (ours, plain):
                results[server.name].append(await measured(server, connections, seconds))
        speeds = {name: print_row(name, connections, found) for name, found in results.items()}
        ratio = speeds[ours.name] / speeds[plain.name]
        print(f"{'':4}ratio {ratio:.2f}\n")
    return ratio


def print_row(name: str, connections: int, rounds: list[Round]) -> float:
    speed = statistics.median(found.requests_per_second for found in rounds)
    cuts = statistics.quantiles([ms for found in rounds for ms in found.latencies], n=100)
    cpu = statistics.median(found.cpu_milliseconds for found in rounds)
    label = f"{name}, {connections} at a time"
    print(f"{label:26}{speed:8.0f}{cuts[49]:9.2f}{cuts[94]:9.2f}{cuts[98]:9.2f}{cpu:12.2f}")
    return speed


def main(rounds: int, seconds: float) -> bool:
    """Run both servers and compare them; whether the goal was reached."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        settings = {
            "LAOCAI_DATA_FOLDER": folder,
            "LAOCAI_PORT": str(port),
            "LAOCAI_LOG_FORMAT": "json",
            "LAOCAI_REQUESTS_PER_MINUTE_PER_ADDRESS": "1000000000",
        }
        seed = [sys.executable, "-c", "from api.cli import main; main()", "seed"]
        subprocess.run(seed, cwd=ROOT, env=os.environ | settings, check=True, capture_output=True)
        with running("ours", port, ["-c", SERVE], **settings) as ours:
            answer = asyncio.run(first_answer(ours))
            file = Path(folder) / "answer.json"
            file.write_text(json.dumps(answer["data"]["places"]), encoding="utf-8")
            port = free_port()
            command = ["-m", "bench.plain_graphql_server", str(port), str(file)]
            with running("plain", port, command) as plain:
                if asyncio.run(first_answer(plain)) != answer:
                    raise RuntimeError("the two servers answer differently")
                places = len(answer["data"]["places"]["edges"])
                return asyncio.run(report(ours, plain, places, rounds, seconds))


async def report(ours: Server, plain: Server, places: int, rounds: int, seconds: float) -> bool:
    print(f"places over HTTP: {places} results of 12 fields. {described_machine()}")
    ratio = await compare(ours, plain, rounds, seconds)
    for server in (ours, plain):
        print(f"{server.name}: {server.resident_megabytes():.0f} MB resident")
    reached = ratio >= GOAL
    print(f"ours / plain: {ratio:.2f} (goal {GOAL}: {'reached' if reached else 'missed'})")
    return reached


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0, help="of one round")
    arguments = parser.parse_args()
    sys.exit(0 if main(arguments.rounds, arguments.seconds) else 1)
