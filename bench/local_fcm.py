"""A local FCM that costs little: TLS, HTTP/2 and the token endpoint, in a process of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bench.races import ROOT, free_port
from tests.notifications.fake_fcm import PROJECT, write_credentials
from tests.notifications.http2_server import server_context

WAIT_SECONDS = 180.0
_ACCEPTED = b'{"name":"projects/laocai/messages/0:1700000000000000%0123456789abcdef"}'
_TOKEN = b'{"access_token":"ya29.a-token-of-the-bench","expires_in":3600,"token_type":"Bearer"}'
_JSON = [("content-type", "application/json; charset=UTF-8")]


@dataclass(frozen=True, slots=True)
class LocalFcm:
    """`certificates`: the file to trust; `credentials`: a service account whose tokens come from here."""

    url: str
    certificates: str
    credentials: Path

    @property
    def send_url(self) -> str:
        return f"{self.url}/v1/projects/{PROJECT}/messages:send"


@contextmanager
def local_fcm(folder: Path) -> Generator[LocalFcm]:
    """Serve on a free port until the end of the block."""
    _, certificates = server_context(folder)
    url = f"https://127.0.0.1:{(port := free_port())}"
    command = [sys.executable, "-m", "bench.local_fcm", str(port), certificates]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        _until_ready(url, certificates)
        yield LocalFcm(url, certificates, write_credentials(folder, f"{url}/token"))
    finally:
        process.terminate()
        process.wait(WAIT_SECONDS)


async def app(scope: Any, protocol: Any) -> None:  # noqa: ANN401 - RSGI has no types
    """Take every message, and give every service account the same token (RSGI)."""
    await protocol()
    protocol.response_bytes(200, _JSON, _TOKEN if scope.path == "/token" else _ACCEPTED)


def _until_ready(url: str, certificates: str) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        try:
            httpx.get(f"{url}/token", verify=certificates, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(url)


def _serve(port: int, certificates: str) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    file = Path(certificates)
    Granian(
        "bench.local_fcm:app",
        port=port,
        interface=Interfaces.RSGI,
        websockets=False,
        log_enabled=False,
        ssl_cert=file,
        ssl_key=file,
    ).serve()


if __name__ == "__main__":
    _serve(int(sys.argv[1]), sys.argv[2])
