"""A process that is killed while it works on media, blurs, or erases: `killed_process BASE SCENARIO [unguarded | watched]`.

BASE holds a data folder as it was before. For each write in turn, to the store or to files, a process
of its own begins and kills itself (SIGKILL) just before that write; then another process goes on. Prints, as JSON,
what was left after each.
"""

import asyncio
import json
import os
import shutil
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from api.collections import COLLECTIONS
from api.context import Services
from api.kit.job_runner import JobRunner
from api.kit.store import Store
from api.kit.store.sqlite import SqliteStore
from api.media import folder_files, orphans
from api.media.decoder import Decoder, Made
from api.media.files import BLURRED
from api.media.processing import Processing
from api.media.records import (
    BlurBox,
    MediaFile,
    MediaFormat,
    MediaKind,
    MediaSize,
    MediaState,
)
from api.media.removal import Removal
from api.media.repository import MEDIA, MediaRepository
from api.wiring import services_on
from api.worker import handlers_of
from tests.accounts.erasing_process import in_a_child
from tests.conftest import NOW, MovableClock, settings_in

WRITES_AT_MOST = 100
Task = Callable[[Store, Services, MovableClock], Awaitable[Any]]


async def run(folder: Path, now: MovableClock, task: Task) -> Any:  # noqa: ANN401
    store = SqliteStore(folder / "left.db", now)
    settings = settings_in(folder)
    await store.open(COLLECTIONS)
    async with services_on(store, settings, now) as services:
        result = await task(store, services, now)
    await store.close()
    return result


async def decoded_at_once(_: Decoder, kind: MediaKind, sent: Path, folder: Path) -> Made:
    """Stand in for the decoder, which is not what is killed here."""
    files = [MediaFile(size, MediaFormat.WEBP, 4, 8, 8) for size in list(MediaSize)[:2]]
    for file in files:
        (folder / file.name).write_bytes(b"made")
    return Made(tuple((file, folder / file.name) for file in files))


async def blurred_at_once(decoder: Decoder, _: Path, __: Sequence[BlurBox], folder: Path) -> Made:
    return await decoded_at_once(decoder, MediaKind.PHOTO, folder, folder)


async def process(store: Store, services: Services, now: MovableClock) -> None:
    await JobRunner(store, now, handlers_of(services)).run_due()


async def erase(store: Store, services: Services, _: MovableClock) -> None:
    await services.media.data.erase(os.environ["PERSON"])


async def left(store: Store, services: Services, _: MovableClock) -> dict[str, Any]:
    """Tell the states of documents, how many files there are, and how many nobody needs."""
    repository = MediaRepository(store)
    documents = await store[MEDIA].find({})
    shown = [document["run"] for document in documents if document["state"] == MediaState.READY]
    files = [stored async for stored in services.media.files.stored()]
    media = await repository.get_many([stored.media_id for stored in files])
    needed = [orphans.is_needed(stored, media.get(stored.media_id)) for stored in files]
    return {
        "states": [document["state"] for document in documents],
        "files": len(files),
        "orphans": needed.count(False),
        "clear": sum(not run.endswith(BLURRED) for run in shown),
    }


def kill_before(number: int) -> None:
    """Let this process end at its write of that number."""
    write, in_thread, count = SqliteStore.write, folder_files.in_thread, 0

    def counted() -> None:
        nonlocal count
        count += 1
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)

    async def counted_write(store: SqliteStore, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        counted()
        return await write(store, *arguments, **options)

    async def counted_file(work: Callable[[], Any]) -> Any:  # noqa: ANN401
        counted()
        return await in_thread(work)

    setattr(SqliteStore, "write", counted_write)  # noqa: B010 - for this process only
    setattr(folder_files, "in_thread", counted_file)  # noqa: B010


async def document_first(removal: Any, media_id: str) -> None:  # noqa: ANN401
    """What `delete` must not do: a kill in between leaves files that nobody knows of."""
    await removal._media.delete(media_id)
    await removal._files.remove(media_id)


def let_blurring_note_first() -> None:
    """What blurring must not do: note an original that is not kept yet."""
    keep, note = folder_files.FolderFiles.keep_sealed, MediaRepository.note_original
    waiting: list[tuple[Any, ...]] = []

    async def keep_later(*arguments: Any) -> None:  # noqa: ANN401
        waiting.append(arguments)

    async def note_first(*arguments: Any) -> bool:  # noqa: ANN401
        is_noted = await note(*arguments)
        for one in waiting:
            await keep(*one)
        return is_noted

    setattr(folder_files.FolderFiles, "keep_sealed", keep_later)  # noqa: B010
    setattr(MediaRepository, "note_original", note_first)  # noqa: B010


async def left_untidy(*_: Any) -> None:  # noqa: ANN401
    """What `_process` must not leave out."""


def _go_on(folder: Path, now: MovableClock, task: Task) -> None:
    asyncio.run(run(folder, now, task))


def main(base: Path, task: Task) -> None:
    due, later = MovableClock(), MovableClock(NOW + timedelta(minutes=5))
    results: list[dict[str, Any]] = []
    for number in range(1, WRITES_AT_MOST):
        folder = base.with_name(f"{base.name}-{number}")
        shutil.copytree(base, folder)

        def killed_work(number: int = number, folder: Path = folder) -> None:
            kill_before(number)
            asyncio.run(run(folder, due, task))

        if not in_a_child(killed_work):
            break
        clear = asyncio.run(run(folder, later, left))["clear"] if "watched" in sys.argv else 0
        in_a_child(partial(_go_on, folder, later, task))
        result = asyncio.run(run(folder, later, left))
        results.append({**result, "clear": result["clear"] + clear})
        shutil.rmtree(folder)
    print(json.dumps(results))  # noqa: T201 - its answer


if __name__ == "__main__":
    setattr(Decoder, "decode", decoded_at_once)  # noqa: B010
    setattr(Decoder, "blur", blurred_at_once)  # noqa: B010
    if "unguarded" in sys.argv:
        setattr(Removal, "delete", document_first)  # noqa: B010
        setattr(Processing, "_tidy", left_untidy)  # noqa: B010
        let_blurring_note_first()
    main(Path(sys.argv[1]), {"process": process, "erase": erase}[sys.argv[2]])
