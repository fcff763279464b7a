"""`python -m MODULE` without its seconds of imports: forked by a server that has made them once.

What a test starts so is a process like any other: it can be killed, and opens its own files.
"""

import asyncio
import gc
import os
import runpy
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from tempfile import NamedTemporaryFile
from typing import BinaryIO, Final

from tests.conftest import ROOT

_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(["api.main", "api.worker", "tests.processes"])

ENDS_WITHIN_SECONDS: Final = 60.0


class Running:
    """A process, and what it prints."""

    def __init__(
        self, module: str, arguments: tuple[str, ...], environment: Mapping[str, str]
    ) -> None:
        reading, writing = _FORKS.Pipe(duplex=False)
        self._process = _FORKS.Process(
            target=_run, args=(writing, module, arguments, dict(environment)), daemon=True
        )
        self._process.start()
        writing.close()
        self._printed: BinaryIO = os.fdopen(os.dup(reading.fileno()), "rb")
        reading.close()

    @property
    def exit_code(self) -> int | None:
        """None while it runs; minus the signal that ended it."""
        return self._process.exitcode

    def signal(self, number: int) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def end(self) -> None:
        """Kill it, whatever it does."""
        self._process.kill()
        self._process.join()
        self._process.close()
        self._printed.close()

    async def line(self) -> bytes:
        """Wait for the next line; empty when the process has ended."""
        return await asyncio.to_thread(self._printed.readline)

    async def rest(self) -> bytes:
        """Wait for the end of the process, and return what it printed until then."""
        rest = await asyncio.to_thread(self._printed.read)
        self._printed.close()
        await asyncio.to_thread(self._process.join)
        self._process.close()
        return rest

    async def terminate(self) -> bytes:
        """Send SIGTERM, wait for the end, and return what it had printed and nobody had read."""
        self._process.terminate()
        return await self.rest()

    async def kill(self) -> bytes:
        """Send SIGKILL, and return what it had printed and nobody had read."""
        self._process.kill()
        return await self.rest()


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


def ran(module: str, *arguments: str, **environment: str) -> Ended:
    """Run `python -m module argument …` to its end."""
    with NamedTemporaryFile("r+") as said, NamedTemporaryFile("r+") as warned:
        process = _FORKS.Process(
            target=_run_into,
            args=(said.name, warned.name, module, arguments, {**os.environ, **environment}),
            daemon=True,
        )
        process.start()
        process.join(ENDS_WITHIN_SECONDS)
        if process.exitcode is None:
            process.kill()
            raise TimeoutError(f"{module} did not end: {warned.read()}")
        return Ended(process.exitcode, said.read(), warned.read())


async def started(module: str, *arguments: str, **environment: str) -> Running:
    """Start `python -m module argument …`."""
    return await asyncio.to_thread(Running, module, arguments, {**os.environ, **environment})


async def lines_before_kill(lines: int, module: str, *arguments: str) -> list[str]:
    """Start a process, kill it after that many lines, and return every whole line it printed."""
    process = await started(module, *arguments)
    printed = b"".join([await process.line() for _ in range(lines)])
    printed += await process.kill()
    return [line.decode().strip() for line in printed.splitlines(True) if line.endswith(b"\n")]


def _run_into(
    said: str, warned: str, module: str, arguments: tuple[str, ...], environment: dict[str, str]
) -> None:
    for path, number in ((said, 1), (warned, 2)):
        with open(path, "wb") as file:
            os.dup2(file.fileno(), number)
    _run_module(module, arguments, environment)


def _run(
    output: Connection, module: str, arguments: tuple[str, ...], environment: dict[str, str]
) -> None:
    os.dup2(output.fileno(), 1)
    output.close()
    _run_module(module, arguments, environment)


def _run_module(module: str, arguments: tuple[str, ...], environment: dict[str, str]) -> None:
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    gc.freeze()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
