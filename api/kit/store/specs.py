"""What collections declare, checked once, and whether documents and updates fit it."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from api.kit.store.contract import CollectionSpec, Document, Index, UnsupportedOperator
from api.kit.store.queries import ORDERING, Comparison, Operator, checked_path, parsed_filter
from api.kit.store.updates import Change
from api.kit.store.values import MISSING, Value, compare, is_dictionary, is_list, rank, value_at

SPECS_REMEMBERED: Final = 1_000
"""More than the product has, and than a suite of tests needs at once."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_SIGNS: dict[Operator, set[int]] = {
    Operator.GT: {1},
    Operator.GTE: {0, 1},
    Operator.LT: {-1},
    Operator.LTE: {-1, 0},
}
_PARTIAL_OPERATORS = ORDERING | {Operator.EQ, Operator.IN}


def checked_spec(spec: CollectionSpec) -> CollectionSpec:
    """Return `spec`, or raise UnsupportedOperator."""
    if not _NAME.fullmatch(spec.name) or spec.name.startswith("sqlite_") or "__" in spec.name:
        raise UnsupportedOperator(f"the collection name {spec.name!r}")
    for index in spec.indexes:
        _check_index(index)
    return spec


def _check_index(index: Index) -> None:
    if not index.fields:
        raise UnsupportedOperator("an index without fields")
    for path in index.fields:
        checked_path(path)
    special = index.unique or index.partial is not None or index.expire_after_seconds is not None
    if index.many and (special or len(index.fields) > 1):
        raise UnsupportedOperator("a `many` index is over one field, and nothing else besides")
    if index.expire_after_seconds is not None and len(index.fields) > 1:
        raise UnsupportedOperator("an index that expires is over one field")
    for comparison in partial_comparisons(index):
        _check_partial(comparison)


def _check_partial(comparison: Comparison) -> None:
    present = comparison.operator is Operator.EXISTS and comparison.operand is True
    if not present and comparison.operator not in _PARTIAL_OPERATORS:
        raise UnsupportedOperator(f"{comparison.operator} in a partial index")


def partial_comparisons(index: Index) -> Iterator[Comparison]:
    """Yield the terms of the filter of a partial index."""
    for term in parsed_filter(index.partial or {}).terms:
        if not isinstance(term, Comparison):
            raise UnsupportedOperator("$and or $or in a partial index")
        yield term


def is_covered(document: Document, index: Index) -> bool:
    """Return whether an index has this (checked) document: all, but for partial indexes."""
    return all(
        _holds(comparison, value_at(document, comparison.path.split(".")))
        for comparison in partial_comparisons(index)
    )


def _holds(comparison: Comparison, value: Value) -> bool:
    if comparison.operator is Operator.EXISTS:
        return value is not MISSING
    operands = comparison.operand if comparison.operator is Operator.IN else (comparison.operand,)
    signs = _SIGNS.get(comparison.operator, {0})
    return any(rank(value) == rank(o) and compare(value, o) in signs for o in operands)


def scalar_paths(spec: CollectionSpec) -> frozenset[str]:
    """Return the fields that hold no list: those of all indexes which are not `many`."""
    plain = [index for index in spec.indexes if not index.many]
    fields = {path for index in plain for path in index.fields}
    return frozenset(fields | {c.path for index in plain for c in partial_comparisons(index)})


def many_paths(spec: CollectionSpec) -> frozenset[str]:
    """Return the fields whose elements are indexed."""
    return frozenset(index.fields[0] for index in spec.indexes if index.many) - scalar_paths(spec)


class ListRule:
    """Only a field with a `many` index, and none that leads to it, may hold a list."""

    def __init__(self, spec: CollectionSpec) -> None:
        self._paths = [(path.split("."), False) for path in scalar_paths(spec)]
        self._paths += [(path.split("."), True) for path in many_paths(spec)]

    def check_document(self, document: Document) -> None:
        """Raise UnsupportedOperator when a list lies where an index takes none."""
        for names, many in self._paths:
            _refuse_list(document, names, many=many)

    def check_changes(self, changes: Sequence[Change]) -> None:
        """Raise UnsupportedOperator when a change would put a list where an index takes none."""
        for change in changes:
            for names, many in self._paths:
                rest = _remaining(names, change.path.split("."))
                if rest is not None:
                    _refuse_change(change, rest, many=many)


@lru_cache(maxsize=SPECS_REMEMBERED)
def list_rule_of(spec: CollectionSpec) -> ListRule:
    """Return the rule of a collection, made once."""
    return ListRule(spec)


def _remaining(names: list[str], changed: list[str]) -> list[str] | None:
    """Return what of the path `names` lies inside the changed value, or None."""
    return names[len(changed) :] if names[: len(changed)] == changed else None


def _refuse_change(change: Change, rest: list[str], *, many: bool) -> None:
    if change.operator in {"$push", "$addToSet"}:
        if rest or not many:
            raise UnsupportedOperator(f"{change.operator} at {change.path!r}: not a `many` index")
    elif change.operator in {"$set", "$min", "$max"}:
        _refuse_list(change.value, rest, many=many)


def _refuse_list(value: Value, names: list[str], *, many: bool) -> None:
    for name in names:
        if is_list(value):
            raise UnsupportedOperator(f"a list on the way to the indexed field {name!r}")
        if not is_dictionary(value):
            return
        value = value.get(name)
    if is_list(value) and not many:
        raise UnsupportedOperator("a list in a field whose index is not `many`")
