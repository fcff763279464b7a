"""Reads JSON from strangers: bounded, and only what every reader would understand the same way."""

import json
import re
from collections import Counter
from typing import Any

from api.kit.json_values import is_list
from api.tourism.exchange.errors import UnreadableDocument

BYTES_AT_MOST = 50_000_000
LEVELS_AT_MOST = 32
# Possessive: nothing is remembered to come back to, which would take a hundred bytes for each of a text's.
_OUTSIDE_STRINGS = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff\x00]")


def read_json(data: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value. Raises UnreadableDocument.

    Refused are more than 50 MB or 32 levels, other encodings than UTF-8, names twice in one object,
    NaN and infinities, numbers too large for a double, NUL and half surrogate pairs.
    """
    if len(data) > BYTES_AT_MOST:
        raise UnreadableDocument(f"more than {BYTES_AT_MOST} bytes")
    _check_levels(data)
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_float=_float,
            parse_int=_int,
        )
    except (ValueError, RecursionError) as error:
        raise UnreadableDocument(str(error)[:200]) from error
    return value


def _check_levels(data: bytes) -> None:
    # Before it is parsed: what is nested too deep costs a parser its stack.
    level = 0
    for token in _OUTSIDE_STRINGS.finditer(data):
        sign = data[token.start()]
        if sign in b"[{":
            level += 1
            if level > LEVELS_AT_MOST:
                raise UnreadableDocument(f"more than {LEVELS_AT_MOST} levels")
        elif sign in b"]}":
            level -= 1


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) < len(members):
        (twice, _), *_ = Counter(name for name, _ in members).most_common(1)
        raise ValueError(f"{twice[:60]!r} is there twice")
    for name, value in members:
        _check_text(name)
        _check_texts(value)
    return found


def _check_texts(value: Any) -> None:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        _check_text(value)
    elif is_list(value):
        for item in value:
            _check_texts(item)


def _check_text(text: str) -> None:
    if _SURROGATE.search(text):
        raise ValueError("a text holds NUL or half a surrogate pair")


def _constant(name: str) -> float:
    raise ValueError(f"{name} is no number in JSON")


def _float(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise ValueError(f"{digits[:40]} is too large")
    return value


def _int(digits: str) -> int:
    if len(digits) > 18:
        raise ValueError(f"{digits[:40]} is too large")
    return int(digits)
