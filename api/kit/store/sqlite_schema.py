"""Tables, indexes and triggers of the embedded engine, created where they are missing.

A collection is a table of its name. A `many` index is a table of its own, `<collection>__<field>`,
that triggers keep: a row an element.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from functools import lru_cache

from api.kit.store.contract import CollectionSpec, Index, StoreError
from api.kit.store.queries import AllOf
from api.kit.store.specs import (
    SPECS_REMEMBERED,
    many_paths,
    partial_comparisons,
    scalar_paths,
)
from api.kit.store.sql import Compiler, Table
from api.kit.store.sql_keys import Parameters, json_path, key_at, key_of_element, named

LAYOUT = 1
OLDEST_SQLITE = (3, 35, 0)


def table_of(spec: CollectionSpec) -> Table:
    keys = {path: key_at("document", path.split(".")) for path in scalar_paths(spec)}
    elements = {path: f"{spec.name}__{path}" for path in many_paths(spec) - {"_id"}}
    return Table(spec.name, {**keys, "_id": "id"}, elements)


def create(connection: sqlite3.Connection, specs: Sequence[CollectionSpec]) -> None:
    """Create what is missing of `specs` in one transaction; raises StoreError."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        _claim_layout(connection)
        present = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        for spec in specs:
            for name, statement in _definitions(spec):
                if name not in present:
                    _execute(connection, spec, statement)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def index_name(spec: CollectionSpec, index: Index) -> str:
    """Return a name that changes with the definition, so that a changed index is a new one."""
    definition = repr((index.fields, index.unique, index.partial))
    digest = hashlib.sha256(definition.encode()).hexdigest()[:8]
    return f"{spec.name}.{'+'.join(index.fields)}.{digest}"


def _claim_layout(connection: sqlite3.Connection) -> None:
    (layout,) = connection.execute("PRAGMA user_version").fetchone()
    if layout not in {0, LAYOUT}:
        raise StoreError(f"the file has layout {layout}; this version reads layout {LAYOUT}")
    if layout != LAYOUT:  # a transaction that writes nothing is committed at once
        connection.execute(f"PRAGMA user_version={LAYOUT}")


def _execute(connection: sqlite3.Connection, spec: CollectionSpec, statement: str) -> None:
    try:
        connection.execute(statement)
    except sqlite3.IntegrityError as error:
        raise StoreError(f"{spec.name} holds duplicates that a unique index forbids") from error


@lru_cache(maxsize=SPECS_REMEMBERED)
def _definitions(spec: CollectionSpec) -> tuple[tuple[str, str], ...]:
    """Return what a collection is made of: the names in `sqlite_master` and the statements."""
    return tuple(_parts(spec, table_of(spec)))


def _parts(spec: CollectionSpec, table: Table) -> Iterator[tuple[str, str]]:
    yield (
        spec.name,
        f"CREATE TABLE {named(spec.name)}"
        " (number INTEGER PRIMARY KEY, id NOT NULL UNIQUE, document NOT NULL)",
    )
    for index in spec.indexes:
        if not index.many:
            yield index_name(spec, index), _index(spec, table, index)
    for path in table.element_tables:
        yield from _element_table(table, path)


def _index(spec: CollectionSpec, table: Table, index: Index) -> str:
    keys = [table.keys[path] for path in index.fields]
    columns = ",".join(keys if index.unique else [*keys, "id"])
    where = Compiler(table, Parameters(literal=True)).where(
        AllOf(tuple(partial_comparisons(index)))
    )
    return (
        f"CREATE {'UNIQUE ' if index.unique else ''}INDEX"
        f" {named(index_name(spec, index))} ON {named(spec.name)} ({columns})"
        + (f" WHERE {where}" if index.partial else "")
    )


def _element_table(table: Table, path: str) -> Iterator[tuple[str, str]]:
    name = table.element_tables[path]
    elements, by_number = named(name), f"{name}__number"
    names = path.split(".")
    where = json_path(names)
    yield (
        name,
        f"CREATE TABLE {elements}"
        " (key NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (key, number)) WITHOUT ROWID",
    )
    yield name, _filled(table, path)
    yield by_number, f"CREATE INDEX {named(by_number)} ON {elements} (number)"

    def added(document: str) -> str:
        listed = f"json_type({document},{where})='array'"
        return (
            f"INSERT INTO {elements} SELECT DISTINCT {key_of_element('e')}, new.number"
            f" FROM json_each({document},{where}) AS e WHERE {listed};"
            f" INSERT INTO {elements} SELECT {key_at(document, names)}, new.number"
            f" WHERE {listed} IS NOT 1;"
        )

    removed = f"DELETE FROM {elements} WHERE number = old.number;"
    differs = " OR ".join(
        f"{read}(old.document,{where}) IS NOT {read}(new.document,{where})"
        for read in ("json_type", "json_extract")
    )
    yield _trigger(table, path, "INSERT", added("new.document"))
    yield _trigger(table, path, "UPDATE", f"{removed} {added('new.document')}", differs)
    yield _trigger(table, path, "DELETE", removed)


def _trigger(table: Table, path: str, event: str, body: str, when: str = "") -> tuple[str, str]:
    name = f"{table.element_tables[path]}__{event.lower()}"
    return (
        name,
        f"CREATE TRIGGER {named(name)} AFTER {event} ON {named(table.name)}"
        f" {f'WHEN {when}' if when else ''} BEGIN {body} END",
    )


def _filled(table: Table, path: str) -> str:
    """Return what fills a new table of elements from the documents that are already there."""
    main, elements = named(table.name), named(table.element_tables[path])
    names = path.split(".")
    where = json_path(names)
    return (
        f"INSERT INTO {elements}"
        f" SELECT DISTINCT {key_of_element('e')}, number FROM {main}, json_each(document,{where}) AS e"
        f" WHERE json_type(document,{where})='array'"
        f" UNION ALL SELECT {key_at('document', names)}, number FROM {main}"
        f" WHERE json_type(document,{where}) IS NOT 'array'"
    )
