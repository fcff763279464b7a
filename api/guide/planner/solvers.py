"""The processes that solve, off the event loop: few, made when they are needed, killed when they hang."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path

import structlog

import api
from api.guide.planner.errors import PlannerBusy, PlannerFailed, TooManyAtOnce
from api.guide.planner.routing_problem import Routes, RoutingProblem
from api.guide.planner.solver_messages import problem_line, routes_in

log = structlog.get_logger()

_ROOT = str(Path(api.__file__).resolve().parents[1])
_COMMAND = (sys.executable, "-m", "api.guide.planner.solver_process")
EACH_AT_MOST = 2
"""Plans at a time for one person, or for one address of who is not signed in."""

_ANSWER_BYTES_AT_MOST = 1024 * 1024


class SolverDied(PlannerFailed):
    """The process ended without an answer."""


class Solvers:
    """`processes` solve at a time, `waiting_at_most` requests wait for one; `seconds` for each of both.

    `each_at_most`: of them are one asker's, so that nobody takes all. `command`: what is started; another one for trials.
    """

    def __init__(
        self,
        processes: int,
        waiting_at_most: int,
        seconds: float,
        command: Sequence[str] = _COMMAND,
        each_at_most: int = EACH_AT_MOST,
    ) -> None:
        self._free = asyncio.Semaphore(processes)
        self._idle: list[Process] = []
        self._processes = processes
        self._waiting_at_most = waiting_at_most
        self._seconds = seconds
        self._command = tuple(command)
        self._each_at_most = each_at_most
        self._under_way = Counter[str]()
        self._numbers = count(1)

    @property
    def process_ids(self) -> tuple[int, ...]:
        """Of the processes that are idle."""
        return tuple(process.pid for process in self._idle)

    @asynccontextmanager
    async def admitted(self, asker: str) -> AsyncGenerator[None]:
        """Hold a place among those who are served or wait. Raises TooManyAtOnce, or PlannerBusy when there is none.

        To be taken before anything is reckoned for a question: what comes too late must cost nothing.
        """
        if self._under_way[asker] >= self._each_at_most:
            seconds = TooManyAtOnce.retry_after_seconds
            raise TooManyAtOnce(most=self._each_at_most, seconds=seconds)
        if self._under_way.total() >= self._processes + self._waiting_at_most:
            raise PlannerBusy(seconds=PlannerBusy.retry_after_seconds)
        self._under_way[asker] += 1
        try:
            yield
        finally:
            self._under_way[asker] -= 1
            self._under_way += Counter()  # forgets who has none left

    async def solve(self, problem: RoutingProblem) -> Routes:
        """Return the routes. Raises PlannerBusy when no turn comes, PlannerFailed when there is no answer."""
        async with self._turn():
            return await self._solved(problem)

    async def close(self) -> None:
        """End the processes that are idle; those at work end with the requests they work for."""
        while self._idle:
            await _ended(self._idle.pop())

    @asynccontextmanager
    async def _turn(self) -> AsyncGenerator[None]:
        try:
            async with asyncio.timeout(self._seconds):
                await self._free.acquire()
        except TimeoutError:
            raise PlannerBusy(seconds=PlannerBusy.retry_after_seconds) from None
        try:
            yield
        finally:
            self._free.release()

    async def _solved(self, problem: RoutingProblem) -> Routes:
        while self._idle:
            try:
                return await self._solved_by(self._idle.pop(), problem)
            except SolverDied:
                continue  # it may have died while nobody needed it: that is no fault of the question
        return await self._solved_by(await self._started(), problem)

    async def _solved_by(self, process: Process, problem: RoutingProblem) -> Routes:
        number = next(self._numbers)
        is_well = False
        try:
            async with asyncio.timeout(self._seconds):
                answered, routes = await _answer(process, problem_line(number, problem))
            is_well = answered == number
        except TimeoutError as error:
            log.warning("solver timed out", seconds=self._seconds)
            raise PlannerFailed from error
        except (OSError, EOFError) as error:
            log.warning("solver died", error=type(error).__name__)
            raise SolverDied from error
        except (ValueError, KeyError) as error:
            log.warning("solver answered nonsense", error=type(error).__name__)
            raise PlannerFailed from error
        finally:
            # Also when the request was given up: an answer that comes late would be taken for another's.
            if is_well:
                self._idle.append(process)
            else:
                await asyncio.shield(_ended(process))
        if not is_well:
            raise PlannerFailed
        return routes

    async def _started(self) -> Process:
        try:
            return await asyncio.create_subprocess_exec(
                *self._command,
                stdin=PIPE,
                stdout=PIPE,
                env={"PYTHONPATH": _ROOT, "PATH": os.environ.get("PATH", "")},
                limit=_ANSWER_BYTES_AT_MOST,
            )
        except OSError as error:
            log.warning("solver not started", error=type(error).__name__)
            raise PlannerFailed from error


async def _answer(process: Process, line: bytes) -> tuple[int, Routes]:
    writer, reader = process.stdin, process.stdout
    if writer is None or reader is None:
        raise EOFError
    writer.write(line)
    await writer.drain()
    answer = await reader.readline()
    if not answer.endswith(b"\n"):
        raise EOFError
    return routes_in(answer)


async def _ended(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()
    if process.stdin is not None:
        process.stdin.close()
