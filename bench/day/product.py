"""The product under load: API processes, a worker, and the bot if asked, on a store in a folder of their own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
BOT_PYTHON = ROOT / "chatbot" / ".venv" / "bin" / "python"
WAIT_SECONDS = 120.0
_COMMAND = "from api.cli import main; main()"


@dataclass(frozen=True, slots=True)
class Product:
    """`bases`: where each API process answers. `processes`: name to process id."""

    folder: Path
    bases: tuple[str, ...]
    processes: Mapping[str, int]

    @property
    def database(self) -> Path:
        return self.folder / "laocai.db"


def settings_for(folder: Path, port: int) -> dict[str, str]:
    """Return the settings of all processes: each phone stands behind our proxy, so each has its own address."""
    return {
        "LAOCAI_DATA_FOLDER": str(folder),
        "LAOCAI_CONTRACT_FOLDER": str(ROOT / "graphql"),
        "LAOCAI_PORT": str(port),
        "LAOCAI_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "LAOCAI_TRUSTED_PROXIES": '["127.0.0.0/8"]',
        "LAOCAI_LOG_FORMAT": "json",
    }


def free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


@contextmanager
def running(
    folder: Path, ports: list[int], settings: Mapping[str, str], *, has_bot: bool = False
) -> Generator[Product]:
    """Start everything, wait until each API process is ready, and end it all afterwards."""
    environment = {**os.environ, **settings}
    with ExitStack() as stack:
        log = stack.enter_context((folder / "log").open("ab"))
        processes: dict[str, int] = {}

        def start(name: str, command: list[str], **more: str) -> None:
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment | more, stdout=log, stderr=log
            )
            stack.callback(_ended, process)
            processes[name] = process.pid

        if has_bot:
            bot, actions = free_ports(2)
            environment["LAOCAI_BOT_URL"] = f"http://127.0.0.1:{bot}"
            environment["LAOCAI_BOT_ACTIONS_URL"] = f"http://127.0.0.1:{actions}"
            for name in ("bot", "actions"):
                start(name, [str(BOT_PYTHON), str(ROOT / "chatbot" / "serve.py"), name])
        for number, port in enumerate(ports, 1):
            start(f"api {number}", _laocai("serve"), LAOCAI_PORT=str(port))
        start("worker", _laocai("worker"))
        bases = tuple(f"http://127.0.0.1:{port}" for port in ports)
        for base in bases:
            _wait_until_ready(base, folder / "log")
        yield Product(folder, bases, processes)


def _laocai(*words: str) -> list[str]:
    return [sys.executable, "-c", _COMMAND, *words]


def _wait_until_ready(base: str, log: Path) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        with suppress(httpx.TransportError):
            if httpx.get(f"{base}/health/ready", timeout=5).is_success:
                return
        if time.monotonic() > deadline:
            raise SystemExit(f"{base} does not answer.\n{log.read_text()[-4000:]}")
        time.sleep(0.1)


def _ended(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(30)
    process.kill()
    process.wait()
