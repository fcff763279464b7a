"""Small files that are there whole or not at all, readable by their owner only."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path


def create_whole(file: Path, text: str) -> None:
    """Create `file` with its folder; of several processes the first one wins."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = _draft(file, text)
    with suppress(FileExistsError):
        os.link(draft, file)
    draft.unlink()
    flush(file.parent)


def replace_whole(file: Path, text: str) -> None:
    """Put `text` in place of what `file` holds, in one step."""
    _draft(file, text).replace(file)
    flush(file.parent)


@contextmanager
def alone_with(file: Path) -> Generator[None]:
    """Keep other processes that ask for the same out, while `file` is read and replaced."""
    with file.with_name(f"{file.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def flush(path: Path) -> None:
    """Have a file, or the names in a folder, survive a power cut.

    Without the folder's, it could bring an earlier file back, after what depends on the new one.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _draft(file: Path, text: str) -> Path:
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    return draft
