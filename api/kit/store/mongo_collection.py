"""The calls of a collection, as commands to MongoDB."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeVar

import bson
from pymongo import ReturnDocument

from api.kit.store.contract import (
    CollectionSpec,
    Document,
    DuplicateKey,
    Filter,
    Sort,
    UnsupportedOperator,
    Update,
    WriteConflict,
)
from api.kit.store.mongo_connection import Driver, settled
from api.kit.store.mongo_queries import (
    MongoFilter,
    mongo_filter,
    mongo_sort,
    mongo_update,
    page_filter,
)
from api.kit.store.mongo_unique import refuse_duplicates
from api.kit.store.queries import checked_path, parsed_filter, parsed_page
from api.kit.store.specs import ListRule
from api.kit.store.updates import parsed_update
from api.kit.store.values import BYTES_AT_MOST, stored_document

T = TypeVar("T")


class Calls(Protocol):
    """What a collection needs of its store."""

    @property
    def database(self) -> Driver: ...

    @property
    def in_transaction(self) -> bool: ...

    async def run(self, name: str, call: Callable[[Driver], Awaitable[T]]) -> T:
        """Make a call with the session of this task's transaction, or with None."""
        ...

    async def run_whole(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do `work`, which writes several documents, in a transaction: the open one or its own."""
        ...


class MongoCollection:
    """Implements `Collection`; the contract says what each call does."""

    def __init__(self, store: Calls, spec: CollectionSpec) -> None:
        self._store = store
        self._spec = spec
        self._lists = ListRule(spec)

    @property
    def _documents(self) -> Driver:
        return self._store.database[self._spec.name]

    async def get(self, document_id: str) -> Document | None:
        return await self._find_first({"_id": document_id})

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
        page = parsed_page(sort, limit, after)
        asked = page_filter(parsed_filter(filter), page)
        if limit == 0:
            return []

        async def call(session: Driver) -> list[Document]:
            cursor = self._documents.find(
                asked, sort=mongo_sort(page), limit=limit or 0, session=session
            )
            found: list[Document] = await cursor.to_list(None)
            return found

        return await self._store.run(self._spec.name, call)

    async def find_one(self, filter: Filter, *, sort: Sort = ()) -> Document | None:
        found = await self.find(filter, sort=sort, limit=1)
        return found[0] if found else None

    async def insert(self, document: Document) -> None:
        await self._insert([self._stored(document)])

    async def insert_many(self, documents: Sequence[Document]) -> None:
        checked = [self._stored(document) for document in documents]
        if self._store.in_transaction:
            await self._insert(checked)
        elif checked:
            await self._store.run_whole(lambda: self._send(checked))

    async def update_one(
        self, filter: Filter, update: Update, *, sort: Sort = ()
    ) -> Document | None:
        condition, changes = parsed_filter(filter), parsed_update(update)
        self._lists.check_changes(changes)
        page = parsed_page(sort)

        async def call(session: Driver) -> Document | None:
            changed: Document | None = await self._documents.find_one_and_update(
                mongo_filter(condition),
                mongo_update(changes),
                sort=mongo_sort(page),
                return_document=ReturnDocument.AFTER,
                session=session,
            )
            return changed

        return await self._store.run(self._spec.name, call)

    async def update_many(self, filter: Filter, update: Update) -> int:
        asked, changes = mongo_filter(parsed_filter(filter)), parsed_update(update)
        self._lists.check_changes(changes)

        async def call(session: Driver) -> int:
            result = await self._documents.update_many(
                asked, mongo_update(changes), session=session
            )
            return int(result.matched_count)

        return await self._store.run_whole(lambda: self._store.run(self._spec.name, call))

    async def upsert(self, document: Document) -> None:
        stored = self._stored(document)
        by_id = {"_id": stored["_id"]}

        async def call(session: Driver) -> None:
            await self._documents.replace_one(by_id, stored, upsert=True, session=session)

        await self._store.run(self._spec.name, call)

    async def replace_if_version(self, document: Document, version: int) -> Document | None:
        stored = self._stored({**document, "version": version + 1})
        asked = {"_id": stored["_id"], "version": version}

        async def call(session: Driver) -> bool:
            result = await self._documents.replace_one(asked, stored, session=session)
            return bool(result.matched_count)

        return stored if await self._store.run(self._spec.name, call) else None

    async def delete_one(self, filter: Filter) -> Document | None:
        asked = mongo_filter(parsed_filter(filter))

        async def call(session: Driver) -> Document | None:
            removed: Document | None = await self._documents.find_one_and_delete(
                asked, sort=[("_id", 1)], session=session
            )
            return removed

        return await self._store.run(self._spec.name, call)

    async def delete_many(self, filter: Filter) -> int:
        asked = mongo_filter(parsed_filter(filter))

        async def call(session: Driver) -> int:
            result = await self._documents.delete_many(asked, session=session)
            return int(result.deleted_count)

        return await self._store.run_whole(lambda: self._store.run(self._spec.name, call))

    async def count(self, filter: Filter) -> int:
        asked = mongo_filter(parsed_filter(filter))

        async def call(session: Driver) -> int:
            return int(await self._documents.count_documents(asked, session=session))

        return await self._store.run(self._spec.name, call)

    async def count_by(self, field: str, filter: Filter) -> dict[Any, int]:
        stages = [
            {"$match": mongo_filter(parsed_filter(filter))},
            {"$group": {"_id": f"${checked_path(field)}", "count": {"$sum": 1}}},
        ]

        async def call(session: Driver) -> list[Document]:
            cursor = await settled(self._documents.aggregate(stages, session=session))
            groups: list[Document] = await cursor.to_list(None)
            return groups

        counts: Counter[Any] = Counter()
        for group in await self._store.run(self._spec.name, call):
            if not isinstance(group["_id"], list | dict):
                counts[group["_id"]] += int(group["count"])
        return dict(counts)

    async def _find_first(self, asked: MongoFilter) -> Document | None:
        async def call(session: Driver) -> Document | None:
            found: Document | None = await self._documents.find_one(asked, session=session)
            return found

        return await self._store.run(self._spec.name, call)

    async def _insert(self, documents: Sequence[Document]) -> None:
        if not self._store.in_transaction:
            await self._send(documents)
            return
        await refuse_duplicates(self._spec, documents, self._is_taken)
        try:
            await self._send(documents)
        except DuplicateKey as error:
            raise WriteConflict("another transaction inserted the same key") from error

    async def _is_taken(self, asked: MongoFilter) -> bool:
        return await self._find_first(asked) is not None

    async def _send(self, documents: Sequence[Document]) -> None:
        async def call(session: Driver) -> None:
            await self._documents.insert_many(documents, session=session)

        await self._store.run(self._spec.name, call)

    def _stored(self, document: Document) -> Document:
        result = stored_document(document)
        self._lists.check_document(result)
        if len(bson.encode(result)) > BYTES_AT_MOST:
            raise UnsupportedOperator(f"a document of more than {BYTES_AT_MOST} bytes")
        return result
