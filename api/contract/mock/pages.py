"""Pages of a list whose items are numbers, with cursors that are opaque to apps."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError

_PAGE_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class Page:
    numbers: range
    in_all: int

    @property
    def has_next(self) -> bool:
        return self.numbers.stop < self.in_all

    @property
    def has_previous(self) -> bool:
        return self.numbers.start > 0

    @staticmethod
    def cursor(number: int) -> str:
        """Return what stands for this item in `after`."""
        return base64.urlsafe_b64encode(f"mock:{number}".encode()).decode()


def page_of(arguments: Mapping[str, Any], in_all: int) -> Page:
    """Return the page that `first` and `after` ask for, as the server would or would not give it."""
    first = arguments.get("first", in_all)
    if not 1 <= first <= _PAGE_AT_MOST and "first" in arguments:
        raise GraphQLError("A page has 1 to 100 items.", extensions={"code": "INVALID_PAGE_SIZE"})
    start = _number(arguments["after"]) + 1 if arguments.get("after") else 0
    start = min(start, in_all)
    return Page(range(start, min(start + first, in_all)), in_all)


def _number(cursor: str) -> int:
    try:
        kind, _, number = base64.urlsafe_b64decode(cursor.encode()).decode().partition(":")
    except ValueError:
        kind, number = "", ""
    if kind != "mock" or not number.isdecimal() or len(number) > 4:
        raise GraphQLError(
            "This cursor is not of this list.", extensions={"code": "INVALID_CURSOR"}
        )
    return int(number)
