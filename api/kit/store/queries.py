"""Filters, sorts and paging, read once and checked, in a form both engines compile."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from api.kit.store.contract import Filter, Sort, UnsupportedOperator
from api.kit.store.values import Value, checked_key, checked_text, stored_scalar

PATH_NAMES_AT_MOST = 5


class Operator(StrEnum):
    EQ = "$eq"
    NE = "$ne"
    IN = "$in"
    NIN = "$nin"
    GT = "$gt"
    GTE = "$gte"
    LT = "$lt"
    LTE = "$lte"
    EXISTS = "$exists"
    PREFIX = "$prefix"


ORDERING = frozenset({Operator.GT, Operator.GTE, Operator.LT, Operator.LTE})
_OPERATORS: dict[str, Operator] = {str(operator): operator for operator in Operator}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One test of one path; `operand` is checked: a scalar, or a tuple of scalars for `$in $nin`."""

    path: str
    operator: Operator
    operand: Value


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when every term is; true without terms."""

    terms: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    terms: tuple["Condition", ...]


Condition = Comparison | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Page:
    """An order, which always ends with `_id` ascending, and the part of it that is wanted."""

    order: tuple[tuple[str, int], ...]
    limit: int | None
    after: tuple[Value, ...] | None


def parsed_filter(filter: Filter) -> AllOf:
    """Return what `filter` asks; raises UnsupportedOperator."""
    return AllOf(tuple(_terms(filter)))


def parsed_page(sort: Sort, limit: int | None = None, after: Sequence[Any] | None = None) -> Page:
    """Return the order and the part of it that is wanted; raises UnsupportedOperator."""
    order = tuple((checked_path(path), _direction(direction)) for path, direction in sort)
    if limit is not None and (isinstance(limit, bool) or limit < 0):
        raise UnsupportedOperator(f"the limit {limit}")
    if after is not None and len(after) != len(order) + 1:
        raise UnsupportedOperator("`after` needs a value for every field of the sort, and an _id")
    return Page(
        (*order, ("_id", 1)), limit, None if after is None else tuple(map(stored_scalar, after))
    )


@lru_cache(maxsize=4096)
def checked_path(path: str) -> str:
    """Return `path` if it may be filtered, sorted or indexed; raises UnsupportedOperator."""
    names = path.split(".")
    if len(names) > PATH_NAMES_AT_MOST:
        raise UnsupportedOperator(f"a path of more than {PATH_NAMES_AT_MOST} names: {path!r}")
    for name in map(checked_key, names):
        if name.isdecimal() or any(c in '"\\' or c < " " for c in name):
            raise UnsupportedOperator(f"the path {path!r}")
    return path


def _direction(direction: int) -> int:
    if direction not in {1, -1}:
        raise UnsupportedOperator(f"the direction {direction!r}")
    return direction


def _terms(filter: Filter) -> Iterator[Condition]:
    for key, value in filter.items():
        if key in {"$and", "$or"}:
            parts = _parts(key, value)
            yield AllOf(parts) if key == "$and" else AnyOf(parts)
        elif isinstance(value, Mapping):
            yield from _comparisons(checked_path(key), value)  # pyright: ignore[reportUnknownArgumentType]
        else:
            yield Comparison(checked_path(key), Operator.EQ, stored_scalar(value))


def _parts(key: str, filters: Value) -> tuple[Condition, ...]:
    if not isinstance(filters, list | tuple) or not filters:
        raise UnsupportedOperator(f"{key} takes a list of filters, at least one")
    return tuple(parsed_filter(part) for part in filters)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def _comparisons(path: str, tests: Mapping[str, Any]) -> Iterator[Comparison]:
    if not tests:
        raise UnsupportedOperator("an empty dictionary where a scalar is compared")
    for name, value in tests.items():
        operator = _OPERATORS.get(name)
        if operator is None:
            raise UnsupportedOperator(f"{name!r} in a filter")
        yield Comparison(path, operator, _operand(operator, value))


def _operand(operator: Operator, value: Value) -> Value:
    if operator in {Operator.IN, Operator.NIN}:
        if not isinstance(value, list | tuple | set | frozenset):
            raise UnsupportedOperator(f"{operator} takes a list")
        return tuple(map(stored_scalar, value))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    if operator is Operator.EXISTS:
        if not isinstance(value, bool):
            raise UnsupportedOperator("$exists takes True or False")
        return value
    if operator is Operator.PREFIX:
        if not isinstance(value, str):
            raise UnsupportedOperator("$prefix takes a string")
        return checked_text(value)
    if value is None and operator in ORDERING:
        raise UnsupportedOperator(f"{operator} with None, which has no order")
    return stored_scalar(value)
