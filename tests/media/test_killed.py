"""kill -9 before every write, to the store or to files: whoever goes on finishes it, and nothing is left."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.context import Services
from api.kit.store import Store
from api.media.records import BlurBox
from tests.accounts.families import person_id_of
from tests.accounts.people import signed_in
from tests.conftest import MovableClock
from tests.killing import killed
from tests.media.uploading import finished, request, sent_in

pytestmark = pytest.mark.own_file

PROCESS = "tests.media.killed_process"

READY: dict[str, Any] = {"states": ["ready"], "files": 2, "orphans": 0}
BLURRED: dict[str, Any] = {"states": ["ready"], "files": 3, "orphans": 0, "clear": 0}
NOTHING: dict[str, Any] = {"states": [], "files": 0, "orphans": 0}


async def copied(store: Store, folder: Path, name: str) -> Path:
    """Return a copy of the data folder as it is now."""
    await store.scrub()
    base = folder.with_name(f"{folder.name}-{name}")
    base.mkdir()
    shutil.copy(folder / "test.db", base / "left.db")
    shutil.copy(folder / "keys.json", base / "keys.json")
    shutil.copytree(folder / "media", base / "media")
    return base


def without_clear(result: dict[str, Any]) -> dict[str, Any]:
    """Leave out how many photos are shown that were not blurred."""
    return {name: value for name, value in result.items() if name != "clear"}


async def test_a_blur_survives_kill_9_before_each_of_its_writes_and_never_shows_the_original(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    tmp_path: Path,
) -> None:
    photo = await finished(client, services, clock, await signed_in(client, services))
    await services.media.blurring.blur(photo["id"], 0, [BlurBox(0.1, 0.1, 0.2, 0.2)])
    base, other = [await copied(store, tmp_path, name) for name in ("guarded", "unguarded")]

    results, noted_first = await asyncio.gather(
        killed(PROCESS, base, "process", "watched", PERSON=""),
        killed(PROCESS, other, "process", "unguarded", PERSON=""),
    )

    assert len(results) >= 8
    assert results == [BLURRED] * len(results)
    assert any(result["states"] == ["blurring"] for result in noted_first)


async def test_work_on_a_photo_survives_kill_9_before_each_of_its_writes(
    client: httpx.AsyncClient, services: Services, store: Store, tmp_path: Path
) -> None:
    await sent_in(client, await signed_in(client, services))
    base, other = [await copied(store, tmp_path, name) for name in ("guarded", "unguarded")]

    results, untidy = await asyncio.gather(
        killed(PROCESS, base, "process", PERSON=""),
        killed(PROCESS, other, "process", "unguarded", PERSON=""),
    )

    assert len(results) >= 9
    assert [without_clear(result) for result in results] == [READY] * len(results)
    assert any(result["orphans"] for result in untidy)


async def test_an_erasure_survives_kill_9_before_each_of_its_writes(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    tmp_path: Path,
) -> None:
    mai = await signed_in(client, services)
    await finished(client, services, clock, mai)
    await sent_in(client, mai)
    await request(client, mai)
    person = await person_id_of(services, mai)
    base, other = [await copied(store, tmp_path, name) for name in ("guarded", "unguarded")]

    results, document_first = await asyncio.gather(
        killed(PROCESS, base, "erase", PERSON=person),
        killed(PROCESS, other, "erase", "unguarded", PERSON=person),
    )

    assert len(results) >= 9
    assert [without_clear(result) for result in results] == [NOTHING] * len(results)
    assert any(result["orphans"] for result in document_first)
