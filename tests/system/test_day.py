"""A day of the province in some seconds, at a low rate: nothing fails that is no asked-for refusal."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.day import schedule
from bench.day.__main__ import Stage, parsed, staged
from bench.day.asked_for import is_asked_for
from bench.day.playing import VISITS, played
from bench.day.wire import Said

SECONDS, RATE, SEED = 4.0, 4.0, 3
SERVICES = {
    "conditions/Conditions",
    "alerts/ActiveAlerts",
    "safety/AnswerMuster",
    "POST a CAP alert",
    "tourism/PlaceCards",
}
"""Some of what every day has, whatever chance brings."""


async def a_short_day(stage: Stage) -> Sequence[Said]:
    arrivals = schedule.day(SECONDS, RATE, len(stage.cast.phones), SEED)
    await played(stage.wire, stage.cast, arrivals)
    return stage.wire.said


def test_a_short_day_has_no_errors(tmp_path: Path) -> None:
    async def lived() -> Sequence[Said]:
        options = parsed(["--devices", "12", "--people", "4"])
        async with staged(tmp_path, options) as stage:
            return list(await a_short_day(stage))

    said = asyncio.run(lived())

    assert [f"{it.operation}: {it.error}" for it in said if it.error] == []
    assert {it.operation for it in said} >= SERVICES
    assert all(is_asked_for(it.operation, it.refusal) for it in said if it.refusal)


def test_a_day_is_the_same_for_the_same_seed() -> None:
    day = schedule.day(600, 6, 300, 1)

    assert day == schedule.day(600, 6, 300, 1)
    assert day != schedule.day(600, 6, 300, 2)
    assert [it.at for it in day] == sorted(it.at for it in day)


def test_every_phone_reads_the_warning_and_every_visit_is_known() -> None:
    day = schedule.day(600, 6, 300, 1)

    warned = [it for it in day if it.kind == "warning"]
    after = {it.who for it in day if it.kind == "alarmed" and it.at > warned[0].at}
    assert len(warned) == 1
    assert after >= set(range(300))
    assert {it.kind for it in day} | {it.kind for it in schedule.steady(60, 50, 1)} == VISITS.keys()


@pytest.mark.parametrize(
    ("rate", "seconds"), [pytest.param(20.0, 100.0, id="20/s"), pytest.param(5.0, 400.0, id="5/s")]
)
def test_arrivals_come_at_the_asked_rate(rate: float, seconds: float) -> None:
    found = schedule.steady(seconds, rate, 1)

    assert len(found) == pytest.approx(rate * seconds, rel=0.1)
