"""One file a process that stays open for all tests, and is brought back to the same content before each.

A store has 160 collections: every connection to a new file reads what 700 tables, indexes and triggers are made of.
"""

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from api.collections import COLLECTIONS
from api.kit.clock import Clock, system_clock
from api.kit.store.sqlite import SqliteStore

Rows = Mapping[int, tuple[object, ...]]
"""(number, id, document) by number."""
Content = Mapping[str, Rows]
"""What is in a store: rows by collection; a collection that is not named is empty."""

NOTHING: Content = {}


class KeptFile:
    """`store` is open as long as the process lives, and goes by the clock of the test that has it."""

    def __init__(self, path: Path) -> None:
        self.store = SqliteStore(path, lambda: self._clock())
        self._clock: Clock = system_clock

    async def lent(self, content: Content, clock: Clock) -> SqliteStore:
        """Return the store, holding this and nothing else, whatever the test before left in it."""
        self._clock = clock
        await self.store.write(lambda connection: _bring_back(connection, content))
        return self.store


def content_of(connection: sqlite3.Connection) -> Content:
    held = {spec.name: _rows(connection, spec.name) for spec in COLLECTIONS}
    return {name: rows for name, rows in held.items() if rows}


def _rows(connection: sqlite3.Connection, name: str) -> dict[int, tuple[object, ...]]:
    return {row[0]: row for row in connection.execute(f'SELECT * FROM "{name}"')}  # noqa: S608


def _bring_back(connection: sqlite3.Connection, content: Content) -> None:
    for spec in COLLECTIONS:
        wanted, present = content.get(spec.name, {}), _rows(connection, spec.name)
        if present == wanted:
            continue
        kept = {number for number, row in present.items() if wanted.get(number) == row}
        gone = [(number,) for number in present.keys() - kept]
        back = [row for number, row in wanted.items() if number not in kept]
        connection.executemany(f'DELETE FROM "{spec.name}" WHERE number = ?', gone)  # noqa: S608
        connection.executemany(f'INSERT INTO "{spec.name}" VALUES (?, ?, ?)', back)  # noqa: S608
