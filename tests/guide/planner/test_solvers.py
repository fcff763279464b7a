"""The processes that solve: what hangs is killed, what dies is replaced, what comes too late is turned away."""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest

from api.guide.planner.errors import PlannerBusy, PlannerFailed, TooManyAtOnce
from api.guide.planner.routing_problem import Day, RoutingProblem, Stop
from api.guide.planner.solvers import Solvers
from tests.conftest import ROOT

A_DAY = Day(480, 1080, 0, 0, 0, ())
PROBLEM = RoutingProblem(
    stops=(Stop(1, 60, ((480, 1080),), 100, is_must=False, holds_meal=False),),
    days=(A_DAY,),
    matrices=(((0, 10), (10, 0)),),
    rest_percent=0,
    solutions_at_most=5,
    seconds_at_most=1.0,
)
HANGS = (sys.executable, "-c", "import sys, time; sys.stdin.readline(); time.sleep(600)")
DIES = (sys.executable, "-c", "import sys; sys.stdin.readline(); sys.exit(1)")
BABBLES = (sys.executable, "-c", "import sys; sys.stdin.readline(); print('no JSON', flush=True)")
ANOTHER_S = (
    sys.executable,
    "-c",
    'import sys; sys.stdin.readline(); print(\'{"number": 999, "routes": []}\', flush=True)',
)
LATE = """
import json, sys

def asked():
    return json.loads(sys.stdin.readline())["number"]

def answer(number):
    print(json.dumps({"number": number, "routes": [[0]]}), flush=True)

answer(asked())
late = asked()
asked()
answer(late)
"""
ANSWERS_LATE = (sys.executable, "-c", LATE)
"""Answers its second question when it is asked a third."""


async def test_a_process_is_made_when_it_is_needed_and_used_again() -> None:
    solvers = Solvers(1, 4, 30)
    assert solvers.process_ids == ()

    first = await solvers.solve(PROBLEM)
    made = solvers.process_ids
    again = await solvers.solve(PROBLEM)

    assert first == again == [[0]]
    assert len(made) == 1
    assert solvers.process_ids == made
    await solvers.close()


@pytest.mark.parametrize("command", [DIES, BABBLES, ANOTHER_S, ("/nowhere/solver",)])
async def test_a_process_that_fails_is_a_refusal_and_not_kept(command: tuple[str, ...]) -> None:
    solvers = Solvers(1, 4, 30, command)

    with pytest.raises(PlannerFailed):
        await solvers.solve(PROBLEM)

    assert solvers.process_ids == ()


async def test_a_process_that_hangs_is_killed_in_time() -> None:
    solvers = Solvers(1, 4, 0.5, HANGS)

    async with asyncio.timeout(10):
        with pytest.raises(PlannerFailed):
            await solvers.solve(PROBLEM)

    assert solvers.process_ids == ()


async def test_a_process_that_is_killed_while_idle_is_replaced() -> None:
    solvers = Solvers(1, 4, 30)
    await solvers.solve(PROBLEM)
    (killed,) = solvers.process_ids
    os.kill(killed, signal.SIGKILL)

    routes = await solvers.solve(PROBLEM)

    assert routes == [[0]]
    assert killed not in solvers.process_ids
    await solvers.close()


async def test_who_comes_when_too_many_are_admitted_is_turned_away() -> None:
    solvers = Solvers(1, 1, 30)

    async with solvers.admitted("a"), solvers.admitted("b"):
        with pytest.raises(PlannerBusy) as refusal:
            async with solvers.admitted("c"):
                pass

    assert refusal.value.retry_after_seconds == 5
    async with solvers.admitted("c"):
        pass


@pytest.mark.parametrize(("each_at_most", "is_admitted"), [(2, True), (9, False)])
async def test_one_asker_leaves_places_for_others_but_not_without_the_share(
    each_at_most: int, is_admitted: bool
) -> None:
    solvers = Solvers(1, 8, 30, each_at_most=each_at_most)

    async with AsyncExitStack() as places:
        taken = 0
        with suppress(TooManyAtOnce, PlannerBusy):
            for _ in range(12):
                await places.enter_async_context(solvers.admitted("one"))
                taken += 1
        another = await _admitted(solvers, "another")

    assert taken == each_at_most
    assert another is is_admitted
    assert await _admitted(solvers, "one")


async def _admitted(solvers: Solvers, asker: str) -> bool:
    try:
        async with solvers.admitted(asker):
            return True
    except PlannerBusy:
        return False


async def test_who_gets_no_turn_in_time_is_turned_away() -> None:
    solvers = Solvers(1, 8, 0.5, HANGS)

    outcomes = await asyncio.gather(*(_outcome(solvers) for _ in range(3)))

    assert {type(it) for it in outcomes} == {PlannerFailed, PlannerBusy}
    assert solvers.process_ids == ()


async def _outcome(solvers: Solvers) -> Exception | None:
    try:
        await solvers.solve(PROBLEM)
    except (PlannerFailed, PlannerBusy) as problem:
        return problem
    return None


async def test_an_answer_to_who_went_away_is_not_given_to_the_next() -> None:
    solvers = Solvers(1, 4, 30, ANSWERS_LATE)
    await solvers.solve(PROBLEM)
    (first,) = solvers.process_ids
    gone = asyncio.create_task(solvers.solve(PROBLEM))
    while solvers.process_ids:  # noqa: ASYNC110 - until the process is at work
        await asyncio.sleep(0.01)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone

    routes = await solvers.solve(PROBLEM)

    assert routes == [[0]]
    assert first not in solvers.process_ids
    await solvers.close()


def test_the_process_ends_with_its_input() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "api.guide.planner.solver_process"],
        input=b"",
        capture_output=True,
        timeout=60,
        check=False,
        cwd=Path(ROOT),
    )

    assert (ran.returncode, ran.stdout) == (0, b"")
