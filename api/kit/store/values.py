"""What may be stored: every value is checked and copied before an engine sees it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import IntEnum
from math import isfinite
from typing import Any, Final, TypeAlias, TypeGuard

from api.kit.store.contract import Document, UnsupportedOperator

Value: TypeAlias = Any  # None, bool, int, float, str, datetime, or a list or dictionary of these

LEVELS_AT_MOST = 100
BYTES_AT_MOST = 16_000_000
INT64_LOWEST = -(2**63)
INT64_HIGHEST = 2**63 - 1


class Missing:
    """The type of MISSING: a path that leads nowhere."""


MISSING: Final = Missing()


class Rank(IntEnum):
    """Types in the order in which values of different types sort."""

    NOTHING = 0
    NUMBER = 1
    STRING = 2
    DICTIONARY = 3
    LIST = 4
    BOOLEAN = 5
    DATETIME = 6


def stored_document(document: Document) -> Document:
    """Return the copy of `document` that is stored; raises UnsupportedOperator."""
    if not isinstance(document.get("_id"), str):
        raise UnsupportedOperator("a document needs a string _id")
    return _dictionary(document, 1)


def stored(value: Value) -> Value:
    """Return `value` as it is stored; raises UnsupportedOperator."""
    return _checked(value, 1)


def stored_scalar(value: Value) -> Value:
    """Return `value` as it is compared; raises UnsupportedOperator for lists and dictionaries."""
    if isinstance(value, list | tuple | dict):
        raise UnsupportedOperator("a list or dictionary where a scalar is compared")
    return _checked(value, 1)


def is_dictionary(value: Value) -> TypeGuard[dict[str, Value]]:
    return isinstance(value, dict)


def is_list(value: Value) -> TypeGuard[list[Value]]:
    return isinstance(value, list)


def rank(value: Value) -> Rank:
    """Return the type of a stored value (or MISSING)."""
    if value is None or value is MISSING:
        return Rank.NOTHING
    return _RANKS[type(value)]


def compare(left: Value, right: Value) -> int:
    """Return -1, 0 or 1 in the order of sorting; two lists, or two dictionaries, are 0."""
    kind, other = rank(left), rank(right)
    if kind != other:
        return -1 if kind < other else 1
    if kind in {Rank.NOTHING, Rank.DICTIONARY, Rank.LIST} or left == right:
        return 0
    return -1 if left < right else 1


_RANKS: Final[dict[type, Rank]] = {
    bool: Rank.BOOLEAN,
    int: Rank.NUMBER,
    float: Rank.NUMBER,
    str: Rank.STRING,
    dict: Rank.DICTIONARY,
    list: Rank.LIST,
    datetime: Rank.DATETIME,
}


def value_at(value: Value, names: Sequence[str]) -> Value:
    """Return what lies at `names` inside dictionaries, or MISSING."""
    for name in names:
        if not is_dictionary(value) or name not in value:
            return MISSING
        value = value[name]
    return value


def _checked(value: Value, level: int) -> Value:
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str):
        return checked_text(value)
    if isinstance(value, int):
        return checked_integer(int(value))
    if isinstance(value, float):
        return checked_float(float(value))
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, dict):
        return _dictionary(value, level)  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(value, list | tuple):
        _refuse_depth(level)
        return [_checked(element, level + 1) for element in value]  # pyright: ignore[reportUnknownVariableType]
    raise UnsupportedOperator(f"a value of type {type(value).__name__}")


def checked_text(value: str) -> str:
    text = value if type(value) is str else str.__str__(value)
    if "\0" in text:
        raise UnsupportedOperator("a string with NUL")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise UnsupportedOperator("a string with a lone surrogate") from error
    return text


def checked_integer(value: int) -> int:
    if not INT64_LOWEST <= value <= INT64_HIGHEST:
        raise UnsupportedOperator("an integer of more than 64 bits")
    return value


def checked_float(value: float) -> float:
    if not isfinite(value):
        raise UnsupportedOperator("a float that is not finite")
    return value


def _moment(value: datetime) -> datetime:
    if value.utcoffset() is None:
        raise UnsupportedOperator("a datetime without a time zone")
    try:
        utc = value.astimezone(UTC)
    except OverflowError as error:
        raise UnsupportedOperator("a datetime outside the years 1 to 9999 UTC") from error
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000, fold=0)


def _dictionary(value: dict[Any, Value], level: int) -> Document:
    _refuse_depth(level)
    return {checked_key(key): _checked(element, level + 1) for key, element in value.items()}


def checked_key(key: Value) -> str:
    """Return `key` if it may name a field, else raise UnsupportedOperator."""
    if not isinstance(key, str) or not key or key[0] == "$" or "." in key:
        raise UnsupportedOperator(f"the key {key!r}")
    return checked_text(key)


def _refuse_depth(level: int) -> None:
    if level > LEVELS_AT_MOST:
        raise UnsupportedOperator(f"more than {LEVELS_AT_MOST} levels")
