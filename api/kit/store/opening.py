"""The choice of the engine, by settings alone (design, section 3)."""

from pathlib import Path
from typing import Final

from api.kit.clock import Clock, system_clock
from api.kit.store.contract import Store
from api.kit.store.sqlite import SqliteStore

STORE_FILE: Final = "laocai.db"
"""The embedded store's name in the data folder."""


def store_for(
    mongodb_url: str | None,
    database: str,
    driver: str,
    path: Path,
    clock: Clock = system_clock,
) -> Store:
    """Return the store, not yet open: MongoDB when there is a URL, else the SQLite file at `path`.

    `clock` decides in the embedded engine what has expired; MongoDB's server has its own.
    """
    if mongodb_url is None:
        return SqliteStore(path, clock)
    from api.kit.store.mongo import MongoStore  # the drivers cost memory: only who asks pays

    return MongoStore(mongodb_url, database, driver)
