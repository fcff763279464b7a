"""The real bot: Rasa and its action server, each in a process of its own, on free loopback ports."""

import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.free_ports import free_port

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / "chatbot" / ".venv" / "bin" / "python"
START_SECONDS = 90
POSITION = {"latitude": 22.3364312, "longitude": 103.8437589}
PATIENT = {"LAOCAI_BOT_API_TIMEOUT_SECONDS": "15"}
"""A machine that is busy with other tests is no province that is away."""

TICKET = "ticket-that-nobody-may-keep"


@dataclass(frozen=True)
class RunningBot:
    """`trackers` is the file of the tracker store."""

    port: int
    actions_port: int
    trackers: Path
    log: Path
    sender: str = "test"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def say(
        self,
        text: str,
        language: str = "en",
        sender: str | None = None,
        **metadata: Any,  # noqa: ANN401 - any JSON
    ) -> list[dict[str, Any]]:
        """Send one message as our API does; return Rasa's list of replies."""
        body = {
            "sender": sender or self.sender,
            "message": text,
            "metadata": {"language": language, "ticket": TICKET, **metadata},
        }
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{self.url}/webhooks/rest/webhook",
            json.dumps(body).encode(),
            {"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310 - loopback
            replies: list[dict[str, Any]] = json.load(response)
        return replies

    def text(self, text: str, language: str = "en", **metadata: Any) -> str:  # noqa: ANN401 - any JSON
        """Return the texts of the replies, one under the other."""
        replies = self.say(text, language, **metadata)
        return "\n".join(reply["text"] for reply in replies if "text" in reply)


def environment(folder: Path, **changes: str) -> dict[str, str]:
    return {**os.environ, **PATIENT, "LAOCAI_DATA_FOLDER": str(folder), **changes}


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a program of chatbot/ to its end."""
    return subprocess.run(
        [PYTHON, *arguments],
        cwd=ROOT,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@contextmanager
def running_bot(
    folder: Path, api_url: str, actions_url: str | None = None, **changes: str
) -> Iterator[RunningBot]:
    """Run both programs; with `actions_url` Rasa alone, which asks for its actions there."""
    bot = RunningBot(free_port(), free_port(), folder / "trackers.sqlite3", folder / "bot.log")
    environ = environment(
        folder,
        LAOCAI_API_URL=api_url,
        LAOCAI_BOT_URL=bot.url,
        LAOCAI_BOT_ACTIONS_URL=actions_url or f"http://127.0.0.1:{bot.actions_port}",
        **changes,
    )
    with bot.log.open("w") as log:
        programs = [
            subprocess.Popen(
                [PYTHON, "chatbot/serve.py", program], cwd=ROOT, env=environ, stdout=log, stderr=log
            )
            for program in (["bot"] if actions_url else ["actions", "bot"])
        ]
        try:
            if actions_url is None:
                _wait_until_answering(bot.actions_port, "/health", programs, bot.log)
            _wait_until_answering(bot.port, "/", programs, bot.log)
            yield bot
        finally:
            for program in programs:
                program.terminate()
            for program in programs:
                program.wait(timeout=20)


def _wait_until_answering(
    port: int, path: str, programs: list[subprocess.Popen[bytes]], log: Path
) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            if any(program.poll() is not None for program in programs):
                break
            time.sleep(0.1)
    raise AssertionError(f"the bot did not start:\n{log.read_text()[-3000:]}")
