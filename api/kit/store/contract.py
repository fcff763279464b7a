"""What a slice may ask of the store: a closed subset of MongoDB's query language (design, section 4).

Documents are plain dictionaries with a string `_id`, at most 100 levels deep and 16 MB long.
Values: None, bool, int (64 bits), finite float, str (no NUL, no lone surrogate), aware datetime
(kept in UTC, cut to the millisecond), and lists and dictionaries of these; keys are non-empty and
hold neither "." nor NUL nor a leading "$".

Filter: `{"path": value}` or `{"path": {"$in": [...], ...}}` with `$eq $in $nin $ne $gt $gte $lt
$lte $exists $prefix`, combined by `$and` and `$or`. Matching is MongoDB's: None matches a missing
field, a list matches when one element does (`$ne`, `$nin`: when none does), a path looks into the
dictionaries of a list, comparisons stay within one type. Operands are scalars; None has no order.
Paths are dotted, at most 5 names deep; in a filter, sort or index a name is not a number and holds
no quote or backslash.

Order: missing and None, numbers, strings, booleans, datetimes. A sort field holds scalars.

Update: `$set $unset $inc $min $max $push $pull $addToSet`, each path once; `_id` stays. `$pull`
and `$addToSet` take a scalar. A number in the path is a place in a list, or a key.

Anything else raises UnsupportedOperator, before anything is written. So does an update that does
not fit the document (`$inc` of a string), and a list in a field whose index is not `many`.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Document = dict[str, Any]
Filter = Mapping[str, Any]
Update = Mapping[str, Mapping[str, Any]]
Direction = Literal[1, -1]
Sort = Sequence[tuple[str, Direction]]


@dataclass(frozen=True, slots=True)
class Index:
    """An index over dotted `fields`.

    `unique`: two documents may not agree on all fields (missing is a value: None). `partial`: only
    documents that match this filter, made of values, `$in $gt $gte $lt $lte` and `$exists: True`,
    are indexed. `expire_after_seconds`: a document is removed that long after the datetime in the
    (single) field; removal may lag by a minute or two, so readers still filter by time.
    `many`: the single field holds a list of scalars, and each element is looked up on its own;
    such an index is nothing else besides.
    """

    fields: tuple[str, ...]
    unique: bool = False
    partial: Filter | None = None
    expire_after_seconds: int | None = None
    many: bool = False


@dataclass(frozen=True, slots=True)
class CollectionSpec:
    """A collection a slice declares, beside its repository: `PLACES = CollectionSpec("places", ...)`."""

    name: str
    indexes: tuple[Index, ...] = field(default=(), hash=False)  # filters are dictionaries


class Collection(Protocol):
    """One collection. Every call is atomic on its own; inside `Store.transaction()` it joins."""

    async def get(self, document_id: str) -> Document | None: ...

    async def get_many(self, document_ids: Sequence[str]) -> dict[str, Document]:
        """Return the documents that exist, by id."""
        ...

    async def find(
        self,
        filter: Filter,
        *,
        sort: Sort = (),
        limit: int | None = None,
        after: Sequence[Any] | None = None,
    ) -> list[Document]:
        """Return the matching documents in order of `sort`, ties broken by `_id` ascending.

        `after` holds the last seen document's value of every field of `sort`, then its `_id`: only
        what comes later in that order is returned (keyset paging). A missing field is None.
        """
        ...

    async def find_one(self, filter: Filter, *, sort: Sort = ()) -> Document | None: ...

    async def insert(self, document: Document) -> None:
        """Insert, or raise DuplicateKey (by `_id` or a unique index)."""
        ...

    async def insert_many(self, documents: Sequence[Document]) -> None:
        """Insert all or none; raises DuplicateKey."""
        ...

    async def update_one(
        self, filter: Filter, update: Update, *, sort: Sort = ()
    ) -> Document | None:
        """Apply `update` to the first match in one step and return it as it is after, or None."""
        ...

    async def update_many(self, filter: Filter, update: Update) -> int:
        """Apply `update` to every match; return how many matched."""
        ...

    async def upsert(self, document: Document) -> None:
        """Insert `document`, or replace the whole document that has its `_id`."""
        ...

    async def replace_if_version(self, document: Document, version: int) -> Document | None:
        """Replace the document of the same `_id` if its `version` is still this one.

        Returns what was stored, its `version` one higher, or None when somebody was faster.
        """
        ...

    async def delete_one(self, filter: Filter) -> Document | None:
        """Remove the first match and return it as it was, or None."""
        ...

    async def delete_many(self, filter: Filter) -> int: ...

    async def count(self, filter: Filter) -> int: ...

    async def count_by(self, field: str, filter: Filter) -> dict[Any, int]:
        """Count the matches for each scalar value of `field` (missing counts as None).

        Documents that hold a list or a dictionary there are left out; True and 1 are one key.
        """
        ...


class Store(Protocol):
    """The one door to documents."""

    async def open(self, specs: Sequence[CollectionSpec]) -> None:
        """Connect, and create what is missing of `specs`; raises StoreError when it is open."""
        ...

    async def close(self) -> None: ...

    async def ping(self) -> None:
        """Raise StoreUnavailable unless a trivial read answers in time."""
        ...

    def __getitem__(self, spec: CollectionSpec) -> Collection: ...

    def transaction(self) -> AbstractAsyncContextManager[None]:
        """All calls of this task inside the block commit together, or, when it raises, not at all.

        Isolation is at least snapshot; a write conflict is retried by the engine only where the
        block has not begun, else raises WriteConflict. A nested block joins the outer one.

        A DuplicateKey of `insert` or `insert_many` may be caught inside the block, which goes on.
        Any other error of a call that was sent ends the transaction: later calls raise StoreError,
        and nothing is committed even when the block swallows it. A task that was started inside
        the block (`gather`, `wait_for`) is another task: until the block ends its calls raise
        StoreError. Use `asyncio.timeout` there, and keep blocks short.
        """
        ...

    async def scrub(self, *, whole: bool = False) -> None:
        """Take what was deleted out of the files that this engine itself keeps.

        Short without `whole`, which is for after an erasure, when few write: it may take as long as
        copying all files, and writes wait meanwhile. Not in a transaction. Raises StoreUnavailable;
        then try again later.
        """
        ...


class StoreError(Exception):
    """Something the store could not do."""


class DuplicateKey(StoreError):
    """A document with this `_id`, or these values of a unique index, exists. `fields` names them."""

    def __init__(self, collection: str, fields: tuple[str, ...]) -> None:
        self.collection = collection
        self.fields = fields
        super().__init__(f"duplicate {', '.join(fields)} in {collection}")


class UnsupportedOperator(StoreError):
    """The query, update or value lies outside the documented subset: a bug of the caller."""


class WriteConflict(StoreError):
    """Another transaction changed the same documents; the whole block may be tried again."""


class StoreUnavailable(StoreError):
    """The engine did not answer in time."""
