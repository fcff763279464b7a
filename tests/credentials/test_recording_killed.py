"""kill -9 before each write of a gate's report: facts are whole, and told again they are all there once."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from api.context import Services
from api.kit.store import Store
from tests.conftest import NOW
from tests.credentials.cards import a_gate, a_phone
from tests.killing import killed

pytestmark = pytest.mark.own_file

PROCESS = "tests.credentials.recording_process"

SCANS = 3


async def a_report(services: Services) -> str:
    """Return what a gate tells: a good scan, its code used again, and a forgery."""
    gate = await a_gate(services.credentials)
    _, phone = await a_phone(services.credentials)
    shown = phone.shows(NOW)
    scans = [
        {"id": f"scan-of-a-report-{number}", "shown": text, "at": NOW.isoformat()}
        for number, text in enumerate((shown, shown, "a forgery"))
    ]
    return json.dumps({"gate": gate.id, "scope": str(gate.scope), "scans": scans})


async def test_a_report_survives_kill_9_before_each_of_its_writes(
    services: Services, store: Store, tmp_path: Path
) -> None:
    report = await a_report(services)
    await store.scrub()
    other = tmp_path / "unguarded"
    other.mkdir()
    shutil.copy(tmp_path / "test.db", tmp_path / "left.db")
    for name in ("left.db", "keys.json"):
        shutil.copy(tmp_path / name, other / name)

    results, unguarded = await asyncio.gather(
        killed(PROCESS, tmp_path, REPORT=report), killed(PROCESS, other, "unguarded", REPORT=report)
    )

    assert len(results) >= SCANS
    assert [result["torn"] for result in results] == [0] * len(results)
    assert {result["in_the_end"] for result in results} == {SCANS}
    assert {result["kept"] for result in results} >= {0, 1, 2}
    assert any(result["torn"] for result in unguarded)
