"""kill -9 before every thirteenth write of the jobs: whoever goes on ends where nobody was killed, and tells nobody twice."""

import asyncio
import shutil
from pathlib import Path

import pytest

from api.context import Services
from api.kit.jobs import JOBS
from tests.feedback.desk_play import DeskPlay
from tests.killing import killed

pytestmark = pytest.mark.own_file

PROCESS = "tests.feedback.telling_process"

KILLS_AT_LEAST = 6


async def much_is_due(play: DeskPlay) -> None:
    """Leave a repair in silence that two follow, and a report that nobody accepts."""
    silent = await play.reported()
    await play.joined(silent)
    await play.fixed(await play.at_work(silent))
    await play.reported(category="water-supply")
    # What was told up to now is not what is killed here.
    await play.services.store[JOBS].delete_many({"kind": "feedback.tell"})


async def test_telling_warning_and_closing_survive_kill_9(
    play: DeskPlay, services: Services, tmp_path: Path
) -> None:
    await much_is_due(play)
    await services.store.scrub()
    other = tmp_path / "unguarded"
    other.mkdir()
    shutil.copy(tmp_path / "test.db", tmp_path / "left.db")
    for name in ("left.db", "keys.json", "ticket-secret", "bot-secret", "device-key"):
        shutil.copy(tmp_path / name, other / name)

    (whole, *results), unguarded = await asyncio.gather(
        killed(PROCESS, tmp_path), killed(PROCESS, other, "unguarded")
    )

    assert whole["whole"]["steps"]["close"] == 1
    assert whole["whole"]["steps"]["escalate"] == 3
    assert len(results) >= KILLS_AT_LEAST
    assert results == [{}] * len(results)
    assert any(unguarded[1:])
