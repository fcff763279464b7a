"""`laocai satisfaction`, as an operator runs it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.feedback.satisfaction.records import Grade
from api.feedback.satisfaction.tallies import TALLIES
from api.kit.clock import system_clock
from api.settings import settings
from api.wiring import wired
from tests.feedback.rating import a_person, an_ended_visit, gives, said


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LAOCAI_DATA_FOLDER", str(tmp_path))
    settings.cache_clear()
    yield
    settings.cache_clear()


def laocai(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["satisfaction", *arguments])


async def two_ratings() -> None:
    async with wired(settings()) as services:
        for grade in (Grade.SATISFIED, Grade.DISSATISFIED):
            caller = await a_person(services)
            rating = await an_ended_visit(services, caller, at=system_clock())
            await gives(services, caller, rating, said(grade))


async def tamper() -> None:
    async with wired(settings()) as services:
        await services.store[TALLIES].update_many({}, {"$inc": {"total": 3}})


def test_sound_counts_are_counted() -> None:
    asyncio.run(two_ratings())

    result = laocai("check")

    expected = "2 ratings in 1 tallies.\n"
    assert (result.exit_code, result.stdout, result.stderr) == (0, expected, "")


def test_counts_that_somebody_changed_are_named() -> None:
    asyncio.run(two_ratings())
    asyncio.run(tamper())

    result = laocai("check")

    assert result.exit_code == 1
    assert result.stderr.endswith(" interaction total: expected 2, found 5\n")
