"""Looking for a duplicate before inserting: the server ends a transaction when it meets one."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from api.kit.store.contract import CollectionSpec, Document, DuplicateKey, Index
from api.kit.store.mongo_queries import MongoFilter, mongo_filter
from api.kit.store.queries import AllOf, Comparison, Operator
from api.kit.store.specs import is_covered, partial_comparisons
from api.kit.store.values import MISSING, Rank, Value, rank, value_at

ASKED_TOGETHER = 100

_BY_ID = Index(("_id",), unique=True)


@dataclass(frozen=True, slots=True)
class Claim:
    """The values of a unique index that a new document would take."""

    index: Index
    values: tuple[tuple[Rank, Value], ...]

    def filter(self) -> MongoFilter:
        """Return what finds the document that has taken them."""
        same = (
            Comparison(path, Operator.EQ, value)
            for path, (_, value) in zip(self.index.fields, self.values, strict=True)
        )
        return mongo_filter(AllOf((*partial_comparisons(self.index), *same)))


async def refuse_duplicates(
    spec: CollectionSpec,
    documents: Sequence[Document],
    is_taken: Callable[[MongoFilter], Awaitable[bool]],
) -> None:
    """Raise DuplicateKey if `documents` cannot be inserted beside each other and what is there."""
    claims = [claim for document in documents for claim in _claims(spec, document)]
    _refuse_among(spec, claims)
    for start in range(0, len(claims), ASKED_TOGETHER):
        together = claims[start : start + ASKED_TOGETHER]
        if await is_taken({"$or": [claim.filter() for claim in together]}):
            for claim in together:
                if await is_taken(claim.filter()):
                    raise DuplicateKey(spec.name, claim.index.fields)


def _refuse_among(spec: CollectionSpec, claims: Sequence[Claim]) -> None:
    taken: set[tuple[int, tuple[tuple[Rank, Value], ...]]] = set()
    for claim in claims:
        key = (id(claim.index), claim.values)
        if key in taken:
            raise DuplicateKey(spec.name, claim.index.fields)
        taken.add(key)


def _claims(spec: CollectionSpec, document: Document) -> Iterator[Claim]:
    for index in (_BY_ID, *spec.indexes):
        if index.unique and is_covered(document, index):
            values = (value_at(document, path.split(".")) for path in index.fields)
            present = (None if value is MISSING else value for value in values)
            yield Claim(index, tuple((rank(value), value) for value in present))
