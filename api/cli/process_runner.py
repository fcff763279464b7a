"""Runs the processes of a Procfile under one parent, for `make run`.

Each is restarted when it dies, stopped by one signal, and, on Linux, never outlives the parent,
not even one that was killed.
"""

import asyncio
import ctypes
import os
import shlex
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_STOP_SECONDS = 10.0
_RESTART_SECONDS = (1.0, 2.0, 5.0, 15.0, 30.0)
_STEADY_SECONDS = 5.0
_LINE_BYTES_AT_MOST = 1 << 20


@dataclass(frozen=True, slots=True)
class Program:
    """One line of a Procfile: a name, and a command without shell syntax."""

    name: str
    command: tuple[str, ...]


def read_procfile(path: Path) -> list[Program]:
    """Return the programs of `path`, in its order."""
    programs: list[Program] = []
    for line in path.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, command = line.partition(":")
            programs.append(Program(name.strip(), tuple(shlex.split(command))))
    return programs


class ProcessRunner:
    """Keeps `programs` running until SIGINT or SIGTERM."""

    def __init__(self, programs: Sequence[Program]) -> None:
        self._programs = programs
        self._width = max(len(program.name) for program in programs)
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """Return when every program has stopped after a signal."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop.set)
        async with asyncio.TaskGroup() as programs:
            for program in self._programs:
                programs.create_task(self._keep_running(program))

    async def _keep_running(self, program: Program) -> None:
        deaths = 0
        loop = asyncio.get_running_loop()
        while not self._stop.is_set():
            started = loop.time()
            status = await self._run_once(program)
            if self._stop.is_set():
                return
            deaths = 1 if loop.time() - started > _STEADY_SECONDS else deaths + 1
            pause = _RESTART_SECONDS[min(deaths, len(_RESTART_SECONDS)) - 1]
            self.say(program.name, f"ended ({status}); again in {pause:g} s")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), pause)

    async def _run_once(self, program: Program) -> str:
        try:
            process = await asyncio.create_subprocess_exec(
                *program.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent,
                limit=_LINE_BYTES_AT_MOST,
            )
        except OSError as error:
            return str(error)
        output = asyncio.create_task(self._relay(program, process))
        await self._wait(process)
        await output
        return f"status {process.returncode}"

    async def _wait(self, process: asyncio.subprocess.Process) -> None:
        ended = asyncio.create_task(process.wait())
        asked = asyncio.create_task(self._stop.wait())
        await asyncio.wait({ended, asked}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        if not ended.done():
            process.terminate()
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(ended), _STOP_SECONDS)
        # The whole session: a program's own children must not keep its port.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await ended

    async def _relay(self, program: Program, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None, "stdout is a pipe"  # noqa: S101
        while True:
            try:
                line = await process.stdout.readline()
            except ValueError:  # longer than the limit: the rest of the line follows
                continue
            if not line:
                return
            self.say(program.name, line.decode(errors="replace").rstrip())

    def say(self, name: str, text: str) -> None:
        """Print a line of the program of this name."""
        sys.stdout.write(f"{name:<{self._width}} | {text}\n")
        sys.stdout.flush()


def _die_with_parent() -> None:
    """Ask Linux to end this process when the runner dies, even by SIGKILL."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
