"""`laocai audit verify`, as an operator runs it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.kit.audit_log import AUDIT_ROWS, AuditEntry
from api.settings import settings
from api.wiring import wired


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LAOCAI_DATA_FOLDER", str(tmp_path))
    settings.cache_clear()
    yield
    settings.cache_clear()


def verify(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["audit", "verify", *arguments])


async def append(count: int) -> None:
    async with wired(settings()) as services:
        for number in range(count):
            await services.audit.append(
                AuditEntry("staff-1", "person.read", f"person-{number}", "all", {})
            )


async def remove(number: int) -> None:
    async with wired(settings()) as services:
        await services.store[AUDIT_ROWS].delete_many({"number": number})


def test_a_sound_log_prints_its_head() -> None:
    asyncio.run(append(3))

    result = verify()

    count, _, digest = result.stdout.strip().partition(":")
    assert (result.exit_code, count, len(digest)) == (0, "3", 64)


def test_a_head_that_was_noted_down_is_met_again() -> None:
    asyncio.run(append(2))
    noted = verify().stdout.strip()
    asyncio.run(append(1))

    result = verify("--expect", noted)

    assert result.exit_code == 0
    assert result.stdout.startswith("3:")


def test_faults_are_named_and_end_with_status_1() -> None:
    asyncio.run(append(3))
    asyncio.run(remove(2))

    result = verify()

    assert result.exit_code == 1
    assert result.stderr.strip().splitlines()[-1] == "Row 2 is missing."


def test_an_expected_head_that_is_not_there_ends_with_status_1() -> None:
    asyncio.run(append(1))

    result = verify("--expect", f"2:{'a' * 64}")

    assert result.exit_code == 1
    assert "has not the expected head of row 2" in result.stderr


def test_an_expected_head_that_is_not_one_is_refused() -> None:
    result = verify("--expect", "three")

    assert result.exit_code == 2
    assert "COUNT:DIGEST" in result.stderr
