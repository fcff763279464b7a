"""What each call of a collection does on a connection of the embedded engine."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any

import orjson

from api.kit.store.contract import CollectionSpec, Document, UnsupportedOperator
from api.kit.store.document_text import read, written
from api.kit.store.queries import AllOf, Page, parsed_page
from api.kit.store.specs import SPECS_REMEMBERED
from api.kit.store.sql import Compiler
from api.kit.store.sql_keys import DICTIONARY, LIST, Parameters, named, value_of_key
from api.kit.store.sqlite_connection import duplicates_named
from api.kit.store.sqlite_schema import index_name, table_of
from api.kit.store.updates import Change, apply

Connection = sqlite3.Connection
FIRST = parsed_page((), limit=1)


class Statements:
    """The statements of one collection; every method returns work for a thread."""

    def __init__(self, spec: CollectionSpec) -> None:
        self._name = spec.name
        self._table = table_of(spec)
        self._sql_name = named(spec.name)
        self._unique = {
            index_name(spec, index): index.fields for index in spec.indexes if index.unique
        }

    def get(self, document_id: str) -> Callable[[Connection], Document | None]:
        sql = f"SELECT document FROM {self._sql_name} WHERE id = ?"

        def work(connection: Connection) -> Document | None:
            row = connection.execute(sql, (document_id,)).fetchone()
            return None if row is None else read(row[0])

        return work

    def get_many(self, ids: Sequence[str]) -> Callable[[Connection], list[Document]]:
        sql = f"SELECT document FROM {self._sql_name} WHERE id IN (SELECT value FROM json_each(?))"
        return lambda connection: self._documents(connection, sql, [_json_list(ids)])

    def find(self, condition: AllOf, page: Page) -> Callable[[Connection], list[Document]]:
        sql, parameters = self.selection("document", condition, page)
        return lambda connection: self._documents(connection, sql, parameters)

    def insert(self, documents: Sequence[Document]) -> Callable[[Connection], None]:
        sql = f"INSERT INTO {self._sql_name} (id, document) VALUES (?, ?)"
        rows = [(document["_id"], written(document)) for document in documents]

        def work(connection: Connection) -> None:
            with self._duplicates_named():
                for row in rows:
                    connection.execute(sql, row)

        return work

    def upsert(self, document: Document) -> Callable[[Connection], None]:
        sql = (
            f"INSERT INTO {self._sql_name} (id, document) VALUES (?, ?)"
            " ON CONFLICT (id) DO UPDATE SET document = excluded.document"
        )
        row = (document["_id"], written(document))

        def work(connection: Connection) -> None:
            with self._duplicates_named():
                connection.execute(sql, row)

        return work

    def replace(self, condition: AllOf, document: Document) -> Callable[[Connection], bool]:
        """Replace the document that meets `condition`; answers whether there was one."""
        text = written(document)

        def work(connection: Connection) -> bool:
            for number, _ in self._rows(connection, condition, FIRST):
                self._rewrite(connection, number, text)
                return True
            return False

        return work

    def update_first(
        self, condition: AllOf, changes: Sequence[Change], page: Page
    ) -> Callable[[Connection], Document | None]:
        def work(connection: Connection) -> Document | None:
            for number, text in self._rows(connection, condition, page):
                return self._changed(connection, number, text, changes)
            return None

        return work

    def update_all(
        self, condition: AllOf, changes: Sequence[Change]
    ) -> Callable[[Connection], int]:
        def work(connection: Connection) -> int:
            rows = self._rows(connection, condition, None)
            for number, text in rows:
                self._changed(connection, number, text, changes)
            return len(rows)

        return work

    def delete_first(self, condition: AllOf, page: Page) -> Callable[[Connection], Document | None]:
        sql = f"DELETE FROM {self._sql_name} WHERE number = ?"

        def work(connection: Connection) -> Document | None:
            for number, text in self._rows(connection, condition, page):
                connection.execute(sql, (number,))
                document: Document = read(text)
                return document
            return None

        return work

    def delete_all(
        self, condition: AllOf, at_most: int | None = None
    ) -> Callable[[Connection], int]:
        """Delete what meets `condition`, or some of it when it is more than `at_most`."""
        selected, parameters = self.selection("number", condition, None, at_most)
        sql = f"DELETE FROM {self._sql_name} WHERE number IN ({selected})"

        def work(connection: Connection) -> int:
            return connection.execute(sql, parameters).rowcount

        return work

    def count(self, condition: AllOf) -> Callable[[Connection], int]:
        compiler = Compiler(self._table, Parameters())
        sql = f"SELECT count(*) FROM {self._sql_name} WHERE {compiler.where(condition)}"

        def work(connection: Connection) -> int:
            (total,) = connection.execute(sql, compiler.parameters.values).fetchone()
            return int(total)

        return work

    def count_by(self, path: str, condition: AllOf) -> Callable[[Connection], dict[Any, int]]:
        compiler = Compiler(self._table, Parameters())
        sql = (
            f"SELECT {self._table.sort_key(path)} AS key, count(*) FROM {self._sql_name}"
            f" WHERE {compiler.where(condition)}"
            f" GROUP BY key HAVING key NOT IN ({DICTIONARY},{LIST})"
        )

        def work(connection: Connection) -> dict[Any, int]:
            counts: Counter[Any] = Counter()
            for key, total in connection.execute(sql, compiler.parameters.values):
                counts[value_of_key(key)] += total
            return dict(counts)

        return work

    def selection(
        self, columns: str, condition: AllOf, page: Page | None, limit: int | None = None
    ) -> tuple[str, list[Any]]:
        compiler = Compiler(self._table, Parameters())
        sql = f"SELECT {columns} FROM {self._sql_name} WHERE {compiler.where(condition, page)}"
        if page is not None:
            sql += f" ORDER BY {compiler.order_by(page)}"
            limit = page.limit
        if limit is not None:
            sql += f" LIMIT {compiler.parameters.bound(limit)}"
        return sql, compiler.parameters.values

    def _documents(
        self, connection: Connection, sql: str, parameters: Sequence[Any]
    ) -> list[Document]:
        """Return the documents of a selection; they leave SQLite as one text, in one step."""
        (texts,) = connection.execute(
            f"SELECT group_concat(document) FROM ({sql})", parameters
        ).fetchone()
        documents: list[Document] = [] if texts is None else read(f"[{texts}]")
        return documents

    def _rows(
        self, connection: Connection, condition: AllOf, page: Page | None
    ) -> list[tuple[int, str]]:
        sql, parameters = self.selection("number, document", condition, page)
        return connection.execute(sql, parameters).fetchall()

    def _changed(
        self, connection: Connection, number: int, text: str, changes: Sequence[Change]
    ) -> Document:
        document: Document = read(text)
        apply(document, changes)
        self._rewrite(connection, number, written(document))
        return document

    def _rewrite(self, connection: Connection, number: int, text: str) -> None:
        with self._duplicates_named():
            connection.execute(
                f"UPDATE {self._sql_name} SET document = ? WHERE number = ?", (text, number)
            )

    def _duplicates_named(self) -> AbstractContextManager[None]:
        return duplicates_named(self._name, self._unique)


@lru_cache(maxsize=SPECS_REMEMBERED)
def statements_of(spec: CollectionSpec) -> Statements:
    """Return the statements of a collection, made once."""
    return Statements(spec)


def _json_list(ids: Sequence[str]) -> str:
    try:
        return orjson.dumps(list(ids)).decode()
    except orjson.JSONEncodeError as error:
        raise UnsupportedOperator("ids are strings without lone surrogates") from error
