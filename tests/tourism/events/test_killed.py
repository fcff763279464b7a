"""kill -9 before every write of a change and of a load: all of it is there, or nothing."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from api.context import Services
from api.kit.store import Store
from api.tourism.content_files import SHIPPED_CONTENT
from tests.killing import killed

pytestmark = pytest.mark.own_file

PROCESS = "tests.tourism.events.killed_editor"

BEFORE: dict[str, Any] = {
    "events": 13,
    "name": "Bao Ha temple festival",
    "version": 1,
    "said": [],
    "edition": 15,
    "noted": 0,
}
CHANGED: dict[str, Any] = {
    **BEFORE,
    "version": 2,
    "said": ["2026-08-29"],
    "edition": 16,
    "noted": 1,
}
LOADED: dict[str, Any] = {
    **BEFORE,
    "events": 12,
    "name": "Lord Bay's day",
    "version": 2,
    "edition": 18,
}


async def left_in(folder: Path, store: Store) -> None:
    await store.scrub()
    shutil.copy(folder / "test.db", folder / "left.db")


async def test_a_change_survives_kill_9_before_each_of_its_writes(
    services: Services, festivals: None, store: Store, tmp_path: Path
) -> None:
    await left_in(tmp_path, store)

    results = await killed(PROCESS, tmp_path, "change")

    assert len(results) >= 5
    assert [result["found"] for result in results] == [BEFORE] * len(results)
    assert [result["done"] for result in results] == [CHANGED] * len(results)


async def test_a_load_survives_kill_9_before_each_of_its_writes(
    services: Services, festivals: None, store: Store, tmp_path: Path
) -> None:
    content = Path(shutil.copytree(SHIPPED_CONTENT, tmp_path / "content"))
    document = json.loads((content / "events.json").read_text())
    document["events"].pop()
    document["events"][1]["names"]["en"] = "Lord Bay's day"
    (content / "events.json").write_text(json.dumps(document))
    await left_in(tmp_path, store)

    results = await killed(PROCESS, tmp_path, "load")

    assert len(results) >= 5
    assert [result["found"] for result in results] == [BEFORE] * len(results)
    assert [result["done"] for result in results] == [LOADED] * len(results)


async def test_control_without_a_transaction_half_of_it_is_left(
    services: Services, festivals: None, store: Store, tmp_path: Path
) -> None:
    await left_in(tmp_path, store)

    results = await killed(PROCESS, tmp_path, "change", "unguarded")

    assert any(result["found"] not in (BEFORE, CHANGED) for result in results)
