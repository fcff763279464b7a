"""The embedded engine: one SQLite file (first version: correct, not yet fast)."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cmp_to_key
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

import orjson

from api.kit.store.contract import (
    CollectionSpec,
    Document,
    DuplicateKey,
    Filter,
    Index,
    Sort,
    StoreError,
    UnsupportedOperator,
    Update,
)

T = TypeVar("T")
MISSING: Any = type("Missing", (), {})()
_INT64 = 2**63


def checked(value: Any) -> Any:
    """Return `value` as it is stored, or raise UnsupportedOperator."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if not -_INT64 <= value < _INT64:
            raise UnsupportedOperator("an integer beyond 64 bits")
        return int(value)
    if isinstance(value, float):
        if not isfinite(value):
            raise UnsupportedOperator("a float that is not finite")
        return float(value)
    if isinstance(value, str):
        text = str.__str__(value)
        if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
            raise UnsupportedOperator("a string with NUL or a lone surrogate")
        return text
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise UnsupportedOperator("a naive datetime")
        utc = value.astimezone(UTC)
        return utc.replace(microsecond=utc.microsecond // 1000 * 1000)
    if isinstance(value, list | tuple):
        return [checked(element) for element in value]
    if isinstance(value, dict):
        return {_checked_key(key): checked(element) for key, element in value.items()}
    raise UnsupportedOperator(f"a value of type {type(value).__name__}")


def _checked_key(key: Any) -> str:
    if not isinstance(key, str) or not key or "." in key or key.startswith("$"):
        raise UnsupportedOperator(f"the key {key!r}")
    return str(checked(key))


def _scalar(value: Any) -> Any:
    if isinstance(value, list | tuple | dict):
        raise UnsupportedOperator("a list or dictionary to compare with")
    return checked(value)


def rank(value: Any) -> int:
    if value is None or value is MISSING:
        return 0
    if isinstance(value, bool):
        return 5
    for place, kind in ((1, int | float), (2, str), (3, dict), (4, list), (6, datetime)):
        if isinstance(value, kind):
            return place
    raise UnsupportedOperator(type(value).__name__)


def compare(a: Any, b: Any) -> int:
    if rank(a) != rank(b):
        return -1 if rank(a) < rank(b) else 1
    if rank(a) in {0, 3, 4} or a == b:
        return 0
    return -1 if a < b else 1


def reach(value: Any, parts: Sequence[str]) -> Iterator[Any]:
    if not parts:
        yield value
    elif isinstance(value, dict):
        if parts[0] in value:
            yield from reach(value[parts[0]], parts[1:])
        else:
            yield MISSING
    elif isinstance(value, list):
        for element in value:
            if isinstance(element, dict):
                yield from reach(element, parts)
    else:
        yield MISSING


def first(document: Document, path: str) -> Any:
    return next(iter(reach(document, path.split("."))), MISSING)


def _candidates(document: Document, path: str) -> Iterator[Any]:
    for value in reach(document, path.split(".")):
        if isinstance(value, list):
            yield from value
        else:
            yield value


def _equal(value: Any, operand: Any) -> bool:
    return (
        rank(value) == rank(operand) and rank(value) not in {3, 4} and compare(value, operand) == 0
    )


def _test(document: Document, path: str, operator: str, operand: Any) -> bool:
    values = list(_candidates(document, path))
    match operator:
        case "$eq":
            return any(_equal(value, _scalar(operand)) for value in values)
        case "$ne":
            return not _test(document, path, "$eq", operand)
        case "$in":
            return any(_test(document, path, "$eq", element) for element in operand)
        case "$nin":
            return not _test(document, path, "$in", operand)
        case "$gt" | "$gte" | "$lt" | "$lte":
            if _scalar(operand) is None:
                raise UnsupportedOperator("None has no order")
            signs = {"$gt": {1}, "$gte": {0, 1}, "$lt": {-1}, "$lte": {-1, 0}}[operator]
            bound = _scalar(operand)
            return any(rank(v) == rank(bound) and compare(v, bound) in signs for v in values)
        case "$exists":
            present = any(v is not MISSING for v in reach(document, path.split(".")))
            return present is operand
        case "$prefix":
            return any(isinstance(v, str) and v.startswith(operand) for v in values)
        case _:
            raise UnsupportedOperator(operator)


def matches(document: Document, filter: Filter) -> bool:
    return all(_matches_term(document, key, condition) for key, condition in filter.items())


def _matches_term(document: Document, key: str, condition: Any) -> bool:
    if key in {"$and", "$or"}:
        results = [matches(document, part) for part in condition]
        return all(results) if key == "$and" else any(results)
    if key.startswith("$"):
        raise UnsupportedOperator(key)
    if not isinstance(condition, Mapping):
        return _test(document, key, "$eq", condition)
    return all(_test(document, key, operator, value) for operator, value in condition.items())


def _parent(document: Document, path: str) -> tuple[Document, str]:
    *parents, leaf = path.split(".")
    for part in parents:
        document = document.setdefault(part, {})
        if not isinstance(document, dict):
            raise UnsupportedOperator(f"no object at {path}")
    return document, leaf


def updated(document: Document, update: Update) -> Document:
    """Return a changed copy of `document`."""
    changed: Document = orjson.loads(orjson.dumps(_encode(document)))
    changed = _decode(changed)
    for operator, changes in update.items():
        for path, value in changes.items():
            _apply(changed, operator, path, value)
    return changed


def _apply(document: Document, operator: str, path: str, operand: Any) -> None:
    if path == "_id":
        raise UnsupportedOperator("_id does not change")
    parent, leaf = _parent(document, path)
    value = checked(operand)
    old = parent.get(leaf, MISSING)
    match operator:
        case "$set":
            parent[leaf] = value
        case "$unset":
            parent.pop(leaf, None)
        case "$inc":
            parent[leaf] = checked((0 if old is MISSING else old) + value)
        case "$min" | "$max":
            sign = 1 if operator == "$min" else -1
            if old is MISSING or compare(old, value) == sign:
                parent[leaf] = value
        case "$push":
            parent[leaf] = [*([] if old is MISSING else old), value]
        case "$pull":
            if old is not MISSING:
                parent[leaf] = [element for element in old if not _equal(element, value)]
        case "$addToSet":
            elements: list[Any] = [] if old is MISSING else old
            if not any(_equal(element, value) for element in elements):
                parent[leaf] = [*elements, value]
        case _:
            raise UnsupportedOperator(operator)


def _encode(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"$date": value.isoformat()}
    if isinstance(value, list):
        return [_encode(element) for element in value]
    if isinstance(value, dict):
        return {key: _encode(element) for key, element in value.items()}
    return value


def _decode(value: Any) -> Any:
    if isinstance(value, list):
        return [_decode(element) for element in value]
    if isinstance(value, dict):
        if "$date" in value:
            return datetime.fromisoformat(value["$date"])
        return {key: _decode(element) for key, element in value.items()}
    return value


def _ordering(sort: Sort) -> Callable[[Document], Any]:
    def compared(a: Document, b: Document) -> int:
        for path, direction in [*sort, ("_id", 1)]:
            sign = compare(first(a, path), first(b, path)) * direction
            if sign:
                return sign
        return 0

    return cmp_to_key(compared)


def _is_after(document: Document, sort: Sort, after: Sequence[Any]) -> bool:
    for (path, direction), value in zip([*sort, ("_id", 1)], after, strict=True):
        sign = compare(first(document, path), checked(value)) * direction
        if sign:
            return sign > 0
    return False


class SqliteCollection:
    def __init__(self, store: "SqliteStore", spec: CollectionSpec) -> None:
        self._store = store
        self._spec = spec

    async def get(self, document_id: str) -> Document | None:
        return await self.find_one({"_id": document_id})

    async def get_many(self, document_ids: Sequence[str]) -> dict[str, Document]:
        found = await self.find({"_id": {"$in": list(document_ids)}})
        return {document["_id"]: document for document in found}

    async def find(
        self,
        filter: Filter,
        *,
        sort: Sort = (),
        limit: int | None = None,
        after: Sequence[Any] | None = None,
    ) -> list[Document]:
        return await self._store.run(lambda: self._find(filter, sort, limit, after))

    async def find_one(self, filter: Filter, *, sort: Sort = ()) -> Document | None:
        return next(iter(await self.find(filter, sort=sort, limit=1)), None)

    async def insert(self, document: Document) -> None:
        await self.insert_many([document])

    async def insert_many(self, documents: Sequence[Document]) -> None:
        encoded = [self._checked(document) for document in documents]

        def work() -> None:
            for document in encoded:
                if self._find({"_id": document["_id"]}):
                    raise DuplicateKey(self._spec.name, ("_id",))
                self._write(document)

        await self._store.run(work)

    async def update_one(
        self, filter: Filter, update: Update, *, sort: Sort = ()
    ) -> Document | None:
        def work() -> Document | None:
            for document in self._find(filter, sort, 1):
                changed = updated(document, update)
                self._write(changed)
                return changed
            return None

        return await self._store.run(work)

    async def update_many(self, filter: Filter, update: Update) -> int:
        def work() -> int:
            found = self._find(filter)
            for document in found:
                self._write(updated(document, update))
            return len(found)

        return await self._store.run(work)

    async def upsert(self, document: Document) -> None:
        encoded = self._checked(document)
        await self._store.run(lambda: self._write(encoded))

    async def replace_if_version(self, document: Document, version: int) -> Document | None:
        encoded = self._checked({**document, "version": version + 1})

        def work() -> Document | None:
            if not self._find({"_id": encoded["_id"], "version": version}):
                return None
            self._write(encoded)
            return encoded

        return await self._store.run(work)

    async def delete_one(self, filter: Filter) -> Document | None:
        def work() -> Document | None:
            for document in self._find(filter, limit=1):
                self._delete(document)
                return document
            return None

        return await self._store.run(work)

    async def delete_many(self, filter: Filter) -> int:
        def work() -> int:
            found = self._find(filter)
            for document in found:
                self._delete(document)
            return len(found)

        return await self._store.run(work)

    async def count(self, filter: Filter) -> int:
        return len(await self.find(filter))

    async def count_by(self, field: str, filter: Filter) -> dict[Any, int]:
        counts: dict[Any, int] = {}
        for document in await self.find(filter):
            value = first(document, field)
            value = None if value is MISSING else value
            counts[value] = counts.get(value, 0) + 1
        return counts

    def _checked(self, document: Document) -> Document:
        if not isinstance(document.get("_id"), str):
            raise UnsupportedOperator("a document needs a string _id")
        result: Document = checked(document)
        return result

    def _find(
        self,
        filter: Filter,
        sort: Sort = (),
        limit: int | None = None,
        after: Sequence[Any] | None = None,
    ) -> list[Document]:
        rows = self._store.connection.execute(
            "SELECT document FROM documents WHERE collection = ?", (self._spec.name,)
        )
        documents = [_decode(orjson.loads(row[0])) for row in rows]
        found = sorted((d for d in documents if matches(d, filter)), key=_ordering(sort))
        if after is not None:
            found = [document for document in found if _is_after(document, sort, after)]
        return found[:limit]

    def _write(self, document: Document) -> None:
        for index in self._spec.indexes:
            if index.unique:
                self._refuse_duplicate(document, index)
        self._store.connection.execute(
            "INSERT OR REPLACE INTO documents VALUES (?, ?, ?)",
            (self._spec.name, document["_id"], orjson.dumps(_encode(document)).decode()),
        )

    def _refuse_duplicate(self, document: Document, index: Index) -> None:
        partial = index.partial or {}
        if not matches(document, partial):
            return
        values = {path: first(document, path) for path in index.fields}
        same: Filter = {
            **partial,
            "_id": {"$ne": document["_id"]},
            "$and": [{p: None if v is MISSING else v} for p, v in values.items()],
        }
        if self._find(same):
            raise DuplicateKey(self._spec.name, index.fields)

    def _delete(self, document: Document) -> None:
        self._store.connection.execute(
            "DELETE FROM documents WHERE collection = ? AND id = ?",
            (self._spec.name, document["_id"]),
        )


class SqliteStore:
    """`path` is the file; its folder is made."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, "store")
        self._lock = asyncio.Lock()
        self._inside: ContextVar[bool] = ContextVar("inside", default=False)
        self._connection: sqlite3.Connection | None = None

    @property
    def connection(self) -> sqlite3.Connection:
        if self._connection is None:
            raise StoreError("the store is not open")
        return self._connection

    async def open(self, specs: Sequence[CollectionSpec]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        await asyncio.get_running_loop().run_in_executor(self._thread, self._open)

    def _open(self) -> None:
        connection = sqlite3.connect(self._path, timeout=10, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS documents"
            " (collection, id, document, PRIMARY KEY (collection, id))"
        )
        self._connection = connection

    async def close(self) -> None:
        if self._connection is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._connection.close)
            self._connection = None
        self._thread.shutdown()

    async def ping(self) -> None:
        await self.run(lambda: None)

    def __getitem__(self, spec: CollectionSpec) -> SqliteCollection:
        return SqliteCollection(self, spec)

    async def run(self, work: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        if self._inside.get():
            return await loop.run_in_executor(self._thread, work)
        async with self.transaction():
            return await loop.run_in_executor(self._thread, work)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[None]:
        if self._inside.get():
            yield
            return
        async with self._lock:
            token = self._inside.set(True)
            await self._execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                await self._execute("ROLLBACK")
                raise
            else:
                await self._execute("COMMIT")
            finally:
                self._inside.reset(token)

    async def _execute(self, sql: str) -> None:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self.connection.execute, sql)
