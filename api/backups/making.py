"""Makes a backup of a data folder, while the product runs."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from api.backups.archive import ArchiveWriter, Manifest
from api.backups.errors import NothingToBackUp
from api.generated_secrets import KEYS_AND_SECRETS
from api.kit.clock import Clock
from api.kit.store.opening import STORE_FILE
from api.kit.store.sqlite_copy import copy_file

_OTHER_STORES = frozenset({"trackers.sqlite3"})
"""What the bot remembers of chats for 29 days: nobody misses it, and it need not be anywhere else."""
_PASSING = ("-wal", "-shm", "-journal", ".tmp", ".part")
_SENT_IN = "media/incoming/"
"""What people are sending: it goes when it was worked on."""


def make_backup(
    data_folder: Path, output: IO[bytes], clock: Clock, *, with_keys: bool = False
) -> Manifest:
    """Write the store as of one moment, then the files beside it. Raises NothingToBackUp, StoreError, OSError.

    Files are never changed once they are there, so each that a document of the copy names is in the
    backup, but for those that were removed in the meantime.
    """
    store = data_folder / STORE_FILE
    if not store.exists():
        raise NothingToBackUp(folder=data_folder)
    writer = ArchiveWriter(output)
    with tempfile.TemporaryDirectory(dir=data_folder, prefix=".backup-") as scratch:
        copy = Path(scratch) / STORE_FILE
        copy_file(store, copy)
        writer.add(STORE_FILE, copy)
    for name in _files(data_folder, with_keys=with_keys):
        try:
            writer.add(name, data_folder / name)
        except FileNotFoundError:
            continue  # removed in the meantime
    return writer.finish(clock(), has_keys=with_keys)


def _files(data_folder: Path, *, with_keys: bool) -> Iterator[str]:
    for file in sorted(data_folder.rglob("*")):
        name = file.relative_to(data_folder).as_posix()
        if file.is_file() and not file.is_symlink() and _belongs(name, with_keys=with_keys):
            yield name


def _belongs(name: str, *, with_keys: bool) -> bool:
    first = name.partition("/")[0]
    if first.startswith(".") or name.startswith(_SENT_IN) or name.endswith(_PASSING):
        return False
    if name in KEYS_AND_SECRETS:
        return with_keys
    return name != STORE_FILE and name not in _OTHER_STORES
