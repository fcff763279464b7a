"""Connections to the embedded file, and what its errors mean."""

import random
import sqlite3
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from api.kit.store.contract import DuplicateKey, StoreError, StoreUnavailable

BUSY_SECONDS: Final = 10.0
LOOK_AGAIN_SECONDS: Final = (0.0002, 0.001)
_PRIMARY_CODE = 0xFF
STATEMENTS_KEPT: Final = 512
CACHE_KIBIBYTES: Final = 16_384


def connected(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Return a connection in autocommit mode; transactions are begun by name."""
    connection = sqlite3.connect(
        path,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        cached_statements=STATEMENTS_KEPT,
        check_same_thread=False,
    )
    # Two processes that turn a new file to WAL at once are in each other's way, and SQLite does not
    # wait by itself there.
    execute_when_free(connection, "PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"PRAGMA cache_size=-{CACHE_KIBIBYTES}")
    connection.execute("PRAGMA temp_store=MEMORY")
    # Some builds of SQLite overwrite what is deleted, some do not: all of ours do.
    connection.execute("PRAGMA secure_delete=ON")
    if read_only:
        connection.execute("PRAGMA query_only=ON")
    return connection


def wait_for_nobody(connection: sqlite3.Connection) -> None:
    """Make it the connection of a writer, which waits for other processes in `begin_writing`."""
    connection.execute("PRAGMA busy_timeout=0")


def begin_writing(connection: sqlite3.Connection) -> None:
    """Begin a transaction when no other process has one; raises sqlite3.Error after BUSY_SECONDS.

    SQLite's own waiting sleeps up to 100 ms between two looks, in which others write many times.
    """
    execute_when_free(connection, "BEGIN IMMEDIATE")


def execute_when_free(connection: sqlite3.Connection, statement: str) -> None:
    """Execute it when nobody else has the file locked; raises sqlite3.Error after BUSY_SECONDS."""
    deadline = monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute(statement)
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & _PRIMARY_CODE == sqlite3.SQLITE_BUSY
            if not is_busy or monotonic() > deadline:
                raise
            sleep(random.uniform(*LOOK_AGAIN_SECONDS))  # noqa: S311 - jitter, not a secret
        else:
            return


@contextmanager
def duplicates_named(
    collection: str, unique_indexes: Mapping[str, tuple[str, ...]]
) -> Generator[None]:
    """Turn the violation of a unique index into DuplicateKey with the fields of that index."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        named = [fields for name, fields in unique_indexes.items() if f"'{name}'" in str(error)]
        raise DuplicateKey(collection, named[0] if named else ("_id",)) from error


def store_error(error: sqlite3.Error) -> StoreError:
    """Return the error of the contract for an error of the file."""
    if isinstance(error, sqlite3.OperationalError) and "no such table" in str(error):
        return StoreError(f"the store was not opened with this collection: {error}")
    return StoreUnavailable(str(error))
