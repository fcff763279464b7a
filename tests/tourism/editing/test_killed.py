"""kill -9 before every write of a publication and of a load: all of it is there, or nothing."""

import json
import shutil
from pathlib import Path

import pytest

from api.accounts.caller import PROVINCE, Caller, Grant, Role
from api.context import Services
from api.kit.store import Store
from api.tourism.content_files import SHIPPED_CONTENT
from api.tourism.editing.records import PlaceChange
from tests.killing import killed
from tests.tourism.editing.killed_editor import DRAFT_OF, PLACE

pytestmark = pytest.mark.own_file

PROCESS = "tests.tourism.editing.killed_editor"

EDITOR = Caller(DRAFT_OF, grants=frozenset({Grant(Role.CONTENT_EDITOR, PROVINCE)}))
BEFORE = {
    "places": 145,
    "altitude": 1000.0,
    "category": "market",
    "kept": 0,
    "versions": 0,
    "drafts": 1,
    "noted": 0,
}
PUBLISHED = {**BEFORE, "altitude": 990.0, "kept": 2, "versions": 2, "drafts": 0, "noted": 1}
LOADED = {**PUBLISHED, "category": "town", "places": 144, "kept": 3, "versions": 3}


@pytest.fixture
async def a_draft(province: None, services: Services) -> str:
    """The draft whose publication is killed."""
    change = PlaceChange({}, {"altitude_metres": 990})
    return (await services.tourism.editing.drafts.propose(EDITOR, PLACE, change)).draft.id


async def left_in(folder: Path, store: Store) -> None:
    await store.scrub()
    shutil.copy(folder / "test.db", folder / "left.db")


async def test_a_publication_survives_kill_9_before_each_of_its_writes(
    a_draft: str, store: Store, tmp_path: Path
) -> None:
    await left_in(tmp_path, store)

    results = await killed(PROCESS, tmp_path, "publish")

    assert len(results) >= 9
    assert [result["found"] for result in results] == [BEFORE] * len(results)
    assert [result["done"] for result in results] == [PUBLISHED] * len(results)


async def test_a_load_survives_kill_9_before_each_of_its_writes(
    a_draft: str, services: Services, store: Store, tmp_path: Path
) -> None:
    await services.tourism.editing.publishing.publish(EDITOR, a_draft, "key-of-the-test-0001")
    content = Path(shutil.copytree(SHIPPED_CONTENT, tmp_path / "content"))
    document = json.loads((content / "places.json").read_text())
    document["places"].pop()
    document["places"][54].update(category="town", altitude_metres=980)
    (content / "places.json").write_text(json.dumps(document))
    await left_in(tmp_path, store)

    results = await killed(PROCESS, tmp_path, "load")

    assert len(results) >= 9
    assert [result["found"] for result in results] == [PUBLISHED] * len(results)
    assert [result["done"] for result in results] == [LOADED] * len(results)


async def test_control_without_a_transaction_half_of_it_is_left(
    a_draft: str, store: Store, tmp_path: Path
) -> None:
    await left_in(tmp_path, store)

    results = await killed(PROCESS, tmp_path, "publish", "unguarded")

    assert any(result["found"] not in (BEFORE, PUBLISHED) for result in results)
