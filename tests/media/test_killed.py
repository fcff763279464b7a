"""kill -9 before every write, to the store or to files: whoever goes on finishes it, and nothing is left."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

import httpx

from api.context import Services
from api.kit.store import Store
from tests.accounts.families import person_id_of
from tests.accounts.people import signed_in
from tests.conftest import MovableClock
from tests.killing import killed
from tests.media.uploading import finished, request, sent_in

PROCESS = "tests.media.killed_process"

READY: dict[str, Any] = {"states": ["ready"], "files": 2, "orphans": 0}
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
    assert results == [READY] * len(results)
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
    assert results == [NOTHING] * len(results)
    assert any(result["orphans"] for result in document_first)
