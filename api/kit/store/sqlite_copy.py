"""A copy of the embedded file as of one moment, while others read and write it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from api.kit.store.contract import StoreError
from api.kit.store.sqlite_connection import connected


def copy_file(source: Path, target: Path) -> None:
    """Write `target`, which must not exist. Raises StoreError."""
    try:
        with closing(connected(source)) as connection:
            connection.execute("VACUUM INTO ?", [str(target)])
    except sqlite3.Error as error:
        raise StoreError(f"the file could not be copied: {error}") from error


def is_sound(file: Path) -> bool:
    """Tell whether SQLite finds nothing wrong in a file that nobody else has open."""
    try:
        with closing(sqlite3.connect(file)) as connection:
            found: list[tuple[str]] = connection.execute("PRAGMA integrity_check(1)").fetchall()
    except sqlite3.Error:
        return False
    return found == [("ok",)]
