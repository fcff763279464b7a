"""The product as `make run` starts it: real processes, a folder of its own, a port of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx

from tests.free_ports import free_port

ROOT = Path(__file__).resolve().parents[2]
LAOCAI = Path(sys.executable).with_name("laocai")
WAIT_SECONDS = 120.0


BOT_PYTHON = ROOT / "chatbot" / ".venv" / "bin" / "python"
PROCESSES = {"api": f"{LAOCAI} serve", "worker": f"{LAOCAI} worker"}
BOT_PROCESSES = {
    name: f"{BOT_PYTHON} {ROOT / 'chatbot' / 'serve.py'} {name}" for name in ("bot", "actions")
}
PATIENT = {"LAOCAI_BOT_TIMEOUT_SECONDS": "20", "LAOCAI_BOT_API_TIMEOUT_SECONDS": "15"}
"""A machine that is busy with other tests may make the bot slow: that is not what fails here."""


class RunningProduct:
    """API and worker under `laocai run`, and the bot if asked. `client` speaks to the API; `folder` has all they keep."""

    def __init__(self, folder: Path, *, has_bot: bool = False) -> None:
        self.folder = folder
        self.port, self._bot_port, self._actions_port = free_port(), free_port(), free_port()
        self._procfile = folder / "Procfile"
        self._patience = PATIENT if has_bot else {}
        processes = PROCESSES | (BOT_PROCESSES if has_bot else {})
        self._procfile.write_text(
            "".join(f"{name}: {command}\n" for name, command in processes.items())
        )
        self._runner: subprocess.Popen[bytes] | None = None
        # Sooner than the server, which hangs up after five seconds, perhaps as the next request is on its way.
        idle = httpx.Limits(keepalive_expiry=2)
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}", timeout=30, limits=idle
        )

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            **self._patience,
            "LAOCAI_PORT": str(self.port),
            "LAOCAI_DATA_FOLDER": str(self.folder / "var"),
            "LAOCAI_BOT_URL": f"http://127.0.0.1:{self._bot_port}",
            "LAOCAI_BOT_ACTIONS_URL": f"http://127.0.0.1:{self._actions_port}",
        }

    def start(self) -> None:
        """Start, and return once requests are answered."""
        with (self.folder / "log").open("ab") as log:
            self._runner = subprocess.Popen(
                [str(LAOCAI), "run", "--procfile", str(self._procfile)],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        wait_until(self.answers)

    def stop(self) -> int:
        """Stop as Ctrl-C does; return the exit status."""
        assert self._runner is not None
        self._runner.send_signal(signal.SIGINT)
        return self._runner.wait(WAIT_SECONDS)

    def kill(self) -> None:
        """Kill -9 everything, the runner first, so that it restarts nothing."""
        assert self._runner is not None
        children = _children_of(self._runner.pid)
        self._runner.kill()
        self._runner.wait(WAIT_SECONDS)
        for pid in children:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill_children(self) -> None:
        """Kill -9 API and worker, and leave the runner alone."""
        assert self._runner is not None
        for pid in _children_of(self._runner.pid):
            os.kill(pid, signal.SIGKILL)

    def close(self) -> None:
        if self._runner is not None and self._runner.poll() is None:
            self.kill()
        self.client.close()

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a `laocai` command on the same data."""
        return subprocess.run(
            [str(LAOCAI), *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=WAIT_SECONDS,
            check=False,
        )

    def send(self, operation: str, variables: dict[str, Any]) -> dict[str, Any]:
        """Send a published operation and return its data."""
        document = (ROOT / "graphql" / "operations" / f"{operation}.graphql").read_text()
        reply = self.client.post("/graphql", json={"query": document, "variables": variables})
        body: dict[str, Any] = reply.json()
        assert "errors" not in body, body
        data: dict[str, Any] = body["data"]
        return data

    def bot_answers(self) -> bool:
        """Tell whether Rasa has loaded its model."""
        with suppress(httpx.TransportError):
            return httpx.get(f"http://127.0.0.1:{self._bot_port}", timeout=5).is_success
        return False

    def answers(self) -> bool:
        """Tell whether the API is ready."""
        assert self._runner is not None
        assert self._runner.poll() is None, (self.folder / "log").read_text()
        with suppress(httpx.TransportError):
            return self.client.get("/health/ready").status_code == 200
        return False


@contextmanager
def running_product(folder: Path) -> Generator[RunningProduct]:
    """Start the product, and end it with the block."""
    running = RunningProduct(folder)
    try:
        running.start()
        yield running
    finally:
        running.close()


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def _children_of(pid: int) -> list[int]:
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(child) for child in found.stdout.split()]
