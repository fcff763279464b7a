"""Takes what was deleted out of the embedded file.

SQLite leaves deleted bytes in three places. Free space within pages: the writer overwrites it with
zeros (`secure_delete`). The write-ahead log: emptied here. And copies of entries that moved from
page to page, in the gaps of the pages that they left, which `secure_delete` does not reach: only
writing the whole file anew leaves them out.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from api.kit.store.contract import StoreUnavailable
from api.kit.store.sqlite_connection import connected, store_error


def scrub(path: Path, *, whole: bool) -> None:
    """Empty the log, with `whole` after a rewrite of the file; raises StoreUnavailable."""
    try:
        with closing(connected(path)) as connection:
            if whole:
                # The copy is as large as the file: not in memory. SQLite unlinks it at once.
                connection.execute("PRAGMA temp_store=FILE")
                connection.execute("VACUUM")
            (is_busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as error:
        raise store_error(error) from error
    if is_busy:
        raise StoreUnavailable("somebody reads or writes for too long to empty the log")
