"""An approval that is killed at any of its writes has issued everything or nothing."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from api.kit.store import Store
from api.settings import Settings
from tests.alerts.composing.officers import CONFIRMATION, AlertDesk
from tests.killing import killed

pytestmark = pytest.mark.own_file

NOTHING = {"state": "waiting", "counts": [0, 0, 0]}
EVERYTHING = {"state": "issued", "counts": [1, 1, 1]}


async def what_kills_leave(
    desk: AlertDesk, store: Store, settings: Settings, folder: Path, *arguments: str
) -> list[dict[str, Any]]:
    """Let a draft wait, and approvals of it be killed at each of their writes."""
    waiting = await desk.submit(await desk.compose())
    await store.close()
    shutil.copytree(settings.data_folder, folder, ignore=shutil.ignore_patterns("killed"))
    shutil.copy(folder / "test.db", folder / "waiting.db")
    asked = {
        "person": desk.approver.person_id,
        "grants": [str(grant) for grant in desk.approver.grants],
        "agency": waiting.agency_id,
        "draft": waiting.id,
        "digest": waiting.digest,
        "confirmation": CONFIRMATION,
    }
    module = "tests.alerts.composing.issuing_process"
    return await killed(module, folder, *arguments, ASKED=json.dumps(asked))


async def test_a_kill_leaves_a_draft_that_waits_or_a_warning_that_is_whole(
    desk: AlertDesk, store: Store, settings: Settings, tmp_path: Path
) -> None:
    left = await what_kills_leave(desk, store, settings, tmp_path / "killed")

    assert len(left) > 3
    assert left[:-1] == [NOTHING] * (len(left) - 1)
    assert left[-1] == EVERYTHING


async def test_control_without_a_transaction_something_is_half_done(
    desk: AlertDesk, store: Store, settings: Settings, tmp_path: Path
) -> None:
    left = await what_kills_leave(desk, store, settings, tmp_path / "killed", "unguarded")

    assert any(one not in (NOTHING, EVERYTHING) for one in left)
