"""A delivery that is killed at any of its writes, up to the draft, loses neither the value nor the draft."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from api.context import Services
from api.kit.store import Store
from api.settings import Settings
from tests.conditions.stations import a_rule
from tests.killing import killed

pytestmark = pytest.mark.own_file

NOTHING, EVERYTHING = [0, 0, 0], [1, 1, 1]


async def what_kills_leave(
    services: Services, store: Store, settings: Settings, folder: Path, *arguments: str
) -> list[dict[str, Any]]:
    await a_rule(services, holds_for_minutes=0)
    await store.close()
    shutil.copytree(settings.data_folder, folder, ignore=shutil.ignore_patterns("killed"))
    shutil.copy(folder / "test.db", folder / "before.db")
    return await killed("tests.conditions.observing_process", folder, *arguments)


async def test_a_kill_leaves_all_or_nothing_and_one_draft_comes_of_it(
    services: Services, store: Store, settings: Settings, tmp_path: Path
) -> None:
    found = await what_kills_leave(services, store, settings, tmp_path / "killed")

    assert len(found) > 8
    assert all(it["left"] in (NOTHING, EVERYTHING) for it in found)
    assert [it["in_the_end"] for it in found] == [[1, 1, 1, 1]] * len(found)


async def test_control_without_a_transaction_a_warning_is_lost(
    services: Services, store: Store, settings: Settings, tmp_path: Path
) -> None:
    found = await what_kills_leave(services, store, settings, tmp_path / "killed", "unguarded")

    assert any(it["in_the_end"] != [1, 1, 1, 1] for it in found)
