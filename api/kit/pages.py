"""Pages of a listing, and the cursors between them, free of GraphQL.

A cursor is where a page ended: the sort values of its last item, written so that a reader takes it
for what it is, opaque. It is not signed: a forged one points elsewhere in what the caller may read.
"""

import binascii
import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum, auto
from typing import Any, Generic, TypeVar, cast

from api.kit import base64url
from api.kit.errors import N_, DomainError

FIRST_AT_MOST = 100
_CURSOR_CHARACTERS_AT_MOST = 2_048
_MOMENT = "t"
_STORABLE = re.compile(r"[^\x00\ud800-\udfff]*")

Item = TypeVar("Item")


class PageErrorCode(StrEnum):
    """Stable across releases: clients switch on it."""

    INVALID_CURSOR = auto()
    INVALID_PAGE_SIZE = auto()


class PageProblem(DomainError):
    """A page that cannot be given."""


class InvalidCursor(PageProblem):
    code = PageErrorCode.INVALID_CURSOR
    message = N_("This cursor is not one of this list. Start again from the first page.")


class InvalidPageSize(PageProblem):
    code = PageErrorCode.INVALID_PAGE_SIZE
    message = N_("Ask for 1 to {most} items at a time.")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Items in order, with the cursor of each."""

    items: tuple[Item, ...]
    cursors: tuple[str, ...]
    has_next: bool
    has_previous: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """An order of items. A cursor of one listing means nothing in another.

    `name` tells listings apart. `types` are those of the sort values, the tie-breaking id last;
    `type(None)` beside a type in a tuple allows a missing value: `((float, NoneType), str)`.
    """

    name: str
    types: tuple[type | tuple[type, ...], ...]

    def cursor(self, values: Sequence[Any]) -> str:
        """Return the cursor that stands behind the item of these sort values."""
        packed = [self.name, *(_packed(value) for value in values)]
        text = json.dumps(packed, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        return base64url.encoded(text.encode())

    def values(self, cursor: str | None) -> tuple[Any, ...] | None:
        """Return the sort values in `cursor`, None for None. Raises InvalidCursor."""
        if cursor is None:
            return None
        name, *values = _unpacked(cursor)
        fits = len(values) == len(self.types) and all(map(_is_a, values, self.types))
        if name != self.name or not fits:
            raise InvalidCursor
        return tuple(values)

    def page(
        self,
        found: Sequence[Item],
        *,
        first: int,
        after: str | None,
        values: Callable[[Item], Sequence[Any]],
    ) -> Page[Item]:
        """Make a page of what was found: up to `first` items, and one more if there are more.

        `values` gives an item's sort values.
        """
        items = tuple(found[:first])
        cursors = tuple(self.cursor(values(item)) for item in items)
        return Page(items, cursors, has_next=len(found) > first, has_previous=after is not None)


def checked_first(first: int) -> int:
    """Return `first`, or raise InvalidPageSize unless it is 1 to FIRST_AT_MOST."""
    if not 1 <= first <= FIRST_AT_MOST:
        raise InvalidPageSize(most=FIRST_AT_MOST)
    return first


def _packed(value: Any) -> Any:  # noqa: ANN401 - whatever a listing sorts by
    if isinstance(value, datetime):
        return {_MOMENT: value.astimezone(UTC).isoformat()}
    return value


def _unpacked(cursor: str) -> list[Any]:
    if len(cursor) > _CURSOR_CHARACTERS_AT_MOST:
        raise InvalidCursor
    try:
        packed = json.loads(base64url.decoded(cursor))
        values = [_value(part) for part in packed]
    except (
        ValueError,
        TypeError,
        KeyError,
        RecursionError,
        OverflowError,
        binascii.Error,
    ) as error:
        raise InvalidCursor from error
    if not values:
        raise InvalidCursor
    return values


def _value(part: Any) -> Any:  # noqa: ANN401 - checked against the listing's types next
    if isinstance(part, dict):
        moment = datetime.fromisoformat(cast("dict[str, str]", part)[_MOMENT])
        if moment.tzinfo is None:
            raise ValueError(_MOMENT)
        return moment.astimezone(UTC)
    return part


def _is_a(value: Any, wanted: type | tuple[type, ...]) -> bool:  # noqa: ANN401
    if isinstance(value, bool) or not isinstance(value, wanted):
        return False
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    return not isinstance(value, str) or _STORABLE.fullmatch(value) is not None
