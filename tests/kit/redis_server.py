"""A Redis of our own on a loopback port, which can be stopped, killed and started again."""

import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

COMMAND = shutil.which("redis-server")
WHY_NOT = "redis-server is not installed (Debian: apt-get install redis-server)"
_DEADLINE_SECONDS = 20


class RedisServer:
    """Starts at once. It keeps nothing on the disk, so a new start is an empty one."""

    def __init__(self, port: int, folder: Path) -> None:
        self._port = port
        self._folder = folder
        self.start()

    @property
    def url(self) -> str:
        return f"async+redis://127.0.0.1:{self._port}"

    def start(self) -> None:
        command = [str(COMMAND), "--port", str(self._port), "--bind", "127.0.0.1", "--save", ""]
        self._process = subprocess.Popen(command, cwd=self._folder, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + _DEADLINE_SECONDS
        while not self._answers():
            assert time.monotonic() < deadline, "Redis did not start"
            assert self._process.poll() is None, "Redis ended at once"

    def freeze(self) -> None:
        """Leave its connections open, and answer nothing more."""
        self._process.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=1) as probe:
                probe.sendall(b"PING\r\n")
                return probe.recv(5) == b"+PONG"
        except OSError:
            return False
