"""The contract as plainly as it can be written: documents in a dictionary, no index, no cleverness.

It shares with the engines what refuses input, and nothing of what answers it.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cmp_to_key
from typing import Any

from api.kit.store.contract import (
    CollectionSpec,
    Document,
    DuplicateKey,
    Filter,
    Sort,
    StoreError,
    StoreUnavailable,
    UnsupportedOperator,
    Update,
)
from api.kit.store.queries import checked_path, parsed_filter, parsed_page
from api.kit.store.specs import ListRule, checked_spec
from api.kit.store.transactions import Transactions
from api.kit.store.updates import parsed_update
from api.kit.store.values import BYTES_AT_MOST, Value, is_dictionary, is_list, stored_document

Documents = dict[str, dict[str, Document]]
MISSING: Value = type("Missing", (), {})()


class ModelStore:
    """Implements `Store` in memory: a transaction works on a copy of everything."""

    def __init__(self) -> None:
        self._committed: Documents = {}
        self._transactions: Transactions[_Copy] = Transactions()
        self._lock = asyncio.Lock()
        self._is_open = False

    async def open(self, specs: Sequence[CollectionSpec]) -> None:
        if self._is_open:
            raise StoreError("the store is open already")
        self._is_open = True
        for spec in specs:
            self._committed.setdefault(checked_spec(spec).name, {})

    async def close(self) -> None:
        self._is_open = False

    async def ping(self) -> None:
        async with self.reading():
            return

    def __getitem__(self, spec: CollectionSpec) -> "ModelCollection":
        return ModelCollection(self, spec)

    def transaction(self) -> AbstractAsyncContextManager[None]:
        opened = self._transactions.current()
        return self._begun() if opened is None else self._transactions.joined(opened)

    async def scrub(self, *, whole: bool = False) -> None:
        """Nothing is kept in files."""

    @asynccontextmanager
    async def _begun(self) -> AsyncGenerator[None]:
        async with self._lock:
            copy = _Copy(deepcopy(self._committed))
            async with self._transactions.begun(copy):
                yield
            self._committed = copy.documents

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[Documents]:
        """Give what this task sees."""
        if not self._is_open:
            raise StoreUnavailable("the store is not open")
        opened = self._transactions.current()
        yield self._committed if opened is None else opened.handle.documents

    @asynccontextmanager
    async def writing(self, *, inserts: bool = False) -> AsyncGenerator[Documents]:
        """Give a copy that takes the place of what it was made of, unless the block raises."""
        if not self._is_open:
            raise StoreUnavailable("the store is not open")
        opened = self._transactions.current()
        if opened is None:
            async with self._lock:
                copy = deepcopy(self._committed)
                yield copy
                self._committed = copy
            return
        with opened.failing_on_error((DuplicateKey,) if inserts else ()):
            copy = deepcopy(opened.handle.documents)
            yield copy
            opened.handle.documents = copy


@dataclass(slots=True)
class _Copy:
    documents: Documents

    async def commit(self) -> None:
        return

    async def roll_back(self) -> None:
        return


class ModelCollection:
    """Implements `Collection` in memory."""

    def __init__(self, store: ModelStore, spec: CollectionSpec) -> None:
        self._store = store
        self._spec = spec
        self._lists = ListRule(spec)

    async def get(self, document_id: str) -> Document | None:
        async with self._store.reading() as documents:
            return deepcopy(documents[self._spec.name].get(document_id))

    async def get_many(self, document_ids: Sequence[str]) -> dict[str, Document]:
        found = [await self.get(document_id) for document_id in document_ids]
        return {document["_id"]: document for document in found if document is not None}

    async def find(
        self,
        filter: Filter,
        *,
        sort: Sort = (),
        limit: int | None = None,
        after: Sequence[Any] | None = None,
    ) -> list[Document]:
        parsed_filter(filter)
        parsed_page(sort, limit, after)
        async with self._store.reading() as documents:
            return deepcopy(self._found(documents, filter, sort, after)[:limit])

    async def find_one(self, filter: Filter, *, sort: Sort = ()) -> Document | None:
        return next(iter(await self.find(filter, sort=sort, limit=1)), None)

    async def insert(self, document: Document) -> None:
        await self.insert_many([document])

    async def insert_many(self, documents: Sequence[Document]) -> None:
        stored = [self._stored(document) for document in documents]
        async with self._store.writing(inserts=True) as all_documents:
            for document in stored:
                if document["_id"] in all_documents[self._spec.name]:
                    raise DuplicateKey(self._spec.name, ("_id",))
                self._put(all_documents, document)

    async def update_one(
        self, filter: Filter, update: Update, *, sort: Sort = ()
    ) -> Document | None:
        parsed_filter(filter)
        parsed_page(sort)
        self._lists.check_changes(parsed_update(update))
        async with self._store.writing() as documents:
            for document in self._found(documents, filter, sort):
                self._put(documents, updated(document, update))
                return deepcopy(documents[self._spec.name][document["_id"]])
            return None

    async def update_many(self, filter: Filter, update: Update) -> int:
        parsed_filter(filter)
        self._lists.check_changes(parsed_update(update))
        async with self._store.writing() as documents:
            found = self._found(documents, filter)
            for document in found:
                self._put(documents, updated(document, update))
            return len(found)

    async def upsert(self, document: Document) -> None:
        stored = self._stored(document)
        async with self._store.writing() as documents:
            self._put(documents, stored)

    async def replace_if_version(self, document: Document, version: int) -> Document | None:
        stored = self._stored({**document, "version": version + 1})
        async with self._store.writing() as documents:
            if not self._found(documents, {"_id": stored["_id"], "version": version}):
                return None
            self._put(documents, stored)
            return deepcopy(stored)

    async def delete_one(self, filter: Filter) -> Document | None:
        parsed_filter(filter)
        async with self._store.writing() as documents:
            for document in self._found(documents, filter):
                return documents[self._spec.name].pop(document["_id"])
            return None

    async def delete_many(self, filter: Filter) -> int:
        parsed_filter(filter)
        async with self._store.writing() as documents:
            found = self._found(documents, filter)
            for document in found:
                del documents[self._spec.name][document["_id"]]
            return len(found)

    async def count(self, filter: Filter) -> int:
        return len(await self.find(filter))

    async def count_by(self, field: str, filter: Filter) -> dict[Any, int]:
        counts: dict[Any, int] = {}
        for document in await self.find(filter):
            value = value_for_order(document, checked_path(field))
            if not isinstance(value, list | dict):
                value = None if value is MISSING else value
                counts[value] = counts.get(value, 0) + 1
        return counts

    def _stored(self, document: Document) -> Document:
        stored = stored_document(document)
        self._lists.check_document(stored)
        if len(repr(stored)) > BYTES_AT_MOST:
            raise UnsupportedOperator("a document that is too long")
        return stored

    def _found(
        self,
        documents: Documents,
        filter: Filter,
        sort: Sort = (),
        after: Sequence[Any] | None = None,
    ) -> list[Document]:
        order = [*sort, ("_id", 1)]

        def compared(left: Document, right: Document) -> int:
            values = ((value_for_order(left, p), value_for_order(right, p), d) for p, d in order)
            return next((c * d for a, b, d in values if (c := compare(a, b))), 0)

        found = [
            document
            for document in documents[self._spec.name].values()
            if matches(document, filter)
        ]
        found.sort(key=cmp_to_key(compared))
        return [document for document in found if after is None or is_after(document, order, after)]

    def _put(self, documents: Documents, document: Document) -> None:
        for index in self._spec.indexes:
            if index.unique and self._is_taken(
                documents, document, index.fields, index.partial or {}
            ):
                raise DuplicateKey(self._spec.name, index.fields)
        documents[self._spec.name][document["_id"]] = document

    def _is_taken(
        self, documents: Documents, document: Document, fields: Sequence[str], partial: Filter
    ) -> bool:
        return matches(document, partial) and any(
            other["_id"] != document["_id"]
            and matches(other, partial)
            and all(
                compare(value_for_order(document, path), value_for_order(other, path)) == 0
                for path in fields
            )
            for other in documents[self._spec.name].values()
        )


def normal(value: Value) -> Value:
    """Return an operand as it is compared: moments in UTC, to the millisecond."""
    if isinstance(value, datetime):
        moment = value.astimezone(UTC)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    return value


def rank(value: Value) -> int:
    if value is None or value is MISSING:
        return 0
    if isinstance(value, bool):
        return 5
    kinds: list[tuple[int, Any]] = [(1, int | float), (2, str), (3, dict), (4, list), (6, datetime)]
    return next(place for place, kind in kinds if isinstance(value, kind))


def compare(left: Value, right: Value) -> int:
    if rank(left) != rank(right):
        return rank(left) - rank(right)
    if rank(left) in {0, 3, 4} or left == right:
        return 0
    return -1 if left < right else 1


def is_after(document: Document, order: Sequence[tuple[str, int]], after: Sequence[Any]) -> bool:
    for (path, direction), value in zip(order, after, strict=True):
        difference = compare(value_for_order(document, path), normal(value)) * direction
        if difference:
            return difference > 0
    return False


def value_for_order(document: Document, path: str) -> Value:
    value: Value = document
    for name in path.split("."):
        if is_list(value):
            return value
        value = value.get(name, MISSING) if is_dictionary(value) else MISSING
    return value


def reached(value: Value, names: Sequence[str]) -> Iterator[Value]:
    """Yield what lies at a path, in every dictionary of the lists on the way."""
    if not names:
        yield value
    elif is_dictionary(value):
        yield from reached(value[names[0]], names[1:]) if names[0] in value else iter((MISSING,))
    elif is_list(value):
        for element in value:
            if is_dictionary(element):
                yield from reached(element, names)
    else:
        yield MISSING


def matches(document: Document, filter: Filter) -> bool:
    for key, condition in filter.items():
        if key == "$and":
            held = all(matches(document, part) for part in condition)
        elif key == "$or":
            held = any(matches(document, part) for part in condition)
        elif is_dictionary(condition):
            held = all(holds(document, key, name, value) for name, value in condition.items())
        else:
            held = holds(document, key, "$eq", condition)
        if not held:
            return False
    return True


def holds(document: Document, path: str, operator: str, operand: Value) -> bool:
    reachable = list(reached(document, path.split(".")))
    values = [e for value in reachable for e in (value if is_list(value) else [value])]

    def some(test: Callable[[Any], bool]) -> bool:
        return any(test(value) for value in values)

    def equals(value: Value, other: Value) -> bool:
        return rank(value) not in {3, 4} and compare(value, normal(other)) == 0

    match operator:
        case "$eq":
            return some(lambda value: equals(value, operand))
        case "$ne":
            return not some(lambda value: equals(value, operand))
        case "$in":
            return some(lambda value: any(equals(value, other) for other in operand))
        case "$nin":
            return not some(lambda value: any(equals(value, other) for other in operand))
        case "$exists":
            return any(value is not MISSING for value in reachable) is operand
        case "$prefix":
            return some(lambda value: isinstance(value, str) and value.startswith(operand))
        case _:
            bound = normal(operand)
            signs = {"$gt": {1}, "$gte": {0, 1}, "$lt": {-1}, "$lte": {-1, 0}}[operator]
            return some(lambda v: rank(v) == rank(bound) and _sign(compare(v, bound)) in signs)


def _sign(difference: int) -> int:
    return (difference > 0) - (difference < 0)


def updated(document: Document, update: Update) -> Document:
    """Return a changed copy; raises UnsupportedOperator where the document does not fit."""
    changed = deepcopy(document)
    for operator, changes in update.items():
        for path, operand in changes.items():
            _change(changed, operator, path.split("."), normal(deepcopy(operand)))
    return stored_document(changed)


def _change(container: Value, operator: str, names: Sequence[str], operand: Value) -> None:
    key: Value = names[0]
    if is_list(container) and key.isdecimal() and key == str(int(key)):
        key = int(key)
        old = container[key] if key < len(container) else MISSING
    elif is_dictionary(container):
        old = container.get(key, MISSING)
    else:
        _unfit(operator not in {"$unset", "$pull"})
        return
    if len(names) > 1:
        if old is MISSING:
            if operator in {"$unset", "$pull"}:
                return
            old = {}
        _change(old, operator, names[1:], operand)
        _assign(container, key, old)
    else:
        new = _result(operator, old, operand)
        if new is not MISSING:
            _assign(container, key, new)
        elif is_dictionary(container):
            container.pop(key, None)
        elif old is not MISSING:
            container[key] = None


def _assign(container: Value, key: Value, value: Value) -> None:
    if is_list(container):
        container.extend([None] * (key + 1 - len(container)))
    container[key] = value


def _result(operator: str, old: Value, operand: Value) -> Value:
    if operator in {"$push", "$pull", "$addToSet"}:
        if old is MISSING and operator == "$pull":
            return MISSING
        elements: list[Value] = [] if old is MISSING else old
        _unfit(not is_list(elements))
        same = [e for e in elements if rank(e) not in {3, 4} and compare(e, operand) == 0]
        if operator == "$pull":
            return [element for element in elements if not any(element is s for s in same)]
        return elements if operator == "$addToSet" and same else [*elements, operand]
    if operator == "$unset":
        return MISSING
    if operator == "$inc":
        _unfit(old is not MISSING and rank(old) != 1)
        return operand if old is MISSING else old + operand
    if operator == "$set" or old is MISSING:
        return operand
    difference = compare(operand, old)
    return operand if (difference < 0 if operator == "$min" else difference > 0) else old


def _unfit(condition: bool) -> None:
    if condition:
        raise UnsupportedOperator("the update does not fit the document")
