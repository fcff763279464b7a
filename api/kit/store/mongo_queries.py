"""Checked filters, pages and updates in MongoDB's own language."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from bson.regex import Regex

from api.kit.store.queries import AllOf, AnyOf, Comparison, Condition, Operator, Page
from api.kit.store.updates import Change
from api.kit.store.values import Rank, Value, rank

MongoFilter = dict[str, Any]

# The BSON types of a rank, by the names that $type knows.
_TYPES = {
    Rank.NUMBER: "number",
    Rank.STRING: "string",
    Rank.DICTIONARY: "object",
    Rank.LIST: "array",
    Rank.BOOLEAN: "bool",
    Rank.DATETIME: "date",
}


def mongo_filter(condition: Condition) -> MongoFilter:
    """Return a filter for the server."""
    match condition:
        case AllOf(terms):
            return _all([mongo_filter(term) for term in terms])
        case AnyOf(terms):
            return {"$or": [mongo_filter(term) for term in terms]}
        case Comparison(path, Operator.PREFIX, operand):
            return {path: Regex("^" + re.escape(operand))}
        case Comparison(path, operator, operand):
            many = operator in {Operator.IN, Operator.NIN}
            return {path: {str(operator): list(operand) if many else operand}}


def page_filter(condition: AllOf, page: Page) -> MongoFilter:
    """Return a filter for what is wanted of `condition` from where the page begins."""
    if page.after is None:
        return mongo_filter(condition)
    fields = list(zip(page.order, page.after, strict=True))
    return _all([*map(mongo_filter, condition.terms), _keyset(fields)])


def mongo_sort(page: Page) -> list[tuple[str, int]]:
    """Return the order without fields that come a second time."""
    order: dict[str, int] = {}
    for path, direction in page.order:
        order.setdefault(path, direction)
    return list(order.items())


def mongo_update(changes: Sequence[Change]) -> dict[str, dict[str, Any]]:
    """Return an update for the server."""
    update: dict[str, dict[str, Any]] = {}
    for change in changes:
        update.setdefault(change.operator, {})[change.path] = change.value
    return update or {"$set": {}}


def _all(filters: Sequence[MongoFilter]) -> MongoFilter:
    if not filters:
        return {}
    return filters[0] if len(filters) == 1 else {"$and": list(filters)}


def _keyset(fields: Sequence[tuple[tuple[str, int], Value]]) -> MongoFilter:
    """Return "later in this order than these values"."""
    ((path, direction), value), *rest = fields
    beyond = _beyond(path, direction, value)
    if not rest:
        return {"$or": beyond}
    return {"$or": [*beyond, {"$and": [{path: {"$eq": value}}, _keyset(rest)]}]}


def _beyond(path: str, direction: int, value: Value) -> list[MongoFilter]:
    """Return filters for what sorts after `value`, within its type and in other types."""
    kind = rank(value)
    if kind is Rank.NOTHING:
        return [{path: {"$ne": None}}] if direction > 0 else [_NEVER]
    within = {path: {"$gt" if direction > 0 else "$lt": value}}
    if direction > 0:
        return [within, *_of_types(path, (later for later in _TYPES if later > kind))]
    earlier = _of_types(path, (other for other in _TYPES if other < kind))
    return [within, *earlier, {path: {"$eq": None}}]


_NEVER: MongoFilter = {"_id": {"$in": []}}


def _of_types(path: str, kinds: Iterable[Rank]) -> list[MongoFilter]:
    names = [_TYPES[kind] for kind in kinds]
    return [{path: {"$type": names}}] if names else []
