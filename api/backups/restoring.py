"""Puts a backup into a data folder that has no store: all of it or nothing that anybody would start on."""

import shutil
from pathlib import Path
from typing import IO, Final

from api.backups.archive import Manifest, unpacked
from api.backups.errors import BackupDamaged, StoreExists
from api.kit.store.opening import STORE_FILE
from api.kit.store.sqlite_copy import is_sound
from api.kit.whole_file import flush

UNPACKED: Final = ".restoring"


def restore_backup(source: IO[bytes], data_folder: Path) -> Manifest:
    """Restore a backup. Raises StoreExists, NotABackup, BackupDamaged, OSError.

    Everything is unpacked, compared with its digest and on the disk before the first file is moved to its
    place, and the store is moved last. Whoever is killed in between left no store: the same command
    begins anew.
    """
    store = data_folder / STORE_FILE
    if store.exists():
        raise StoreExists(folder=data_folder)
    scratch = data_folder / UNPACKED
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True, mode=0o700)
    try:
        manifest = unpacked(source, scratch)
        if STORE_FILE not in manifest.digests or not is_sound(scratch / STORE_FILE):
            raise BackupDamaged(name=STORE_FILE)
        _on_the_disk(scratch, manifest)
        _put_in_place(scratch, data_folder, manifest)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return manifest


def _on_the_disk(scratch: Path, manifest: Manifest) -> None:
    for name in manifest.digests:
        flush(scratch / name)


def _put_in_place(scratch: Path, data_folder: Path, manifest: Manifest) -> None:
    names = [name for name in manifest.digests if name != STORE_FILE]
    for name in [*names, STORE_FILE]:
        target = data_folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (scratch / name).replace(target)
        flush(target.parent)
