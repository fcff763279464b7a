"""Inputs of which what is left out stays as it is, in the terms of api.kit.changes."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import strawberry

from api.kit.changes import UNCHANGED, Unchanged

Given = TypeVar("Given")
Wanted = TypeVar("Wanted")


def present(given: Given | None) -> Given | Unchanged:
    """Return what was given; for what cannot be removed, null says nothing either."""
    return UNCHANGED if given is strawberry.UNSET or given is None else given


def removable(given: Given | None) -> Given | Unchanged | None:
    """Return what was given, None for null."""
    return UNCHANGED if given is strawberry.UNSET else given


def mapped(given: Given | None, wanted: Callable[[Given], Wanted]) -> Wanted | Unchanged | None:
    """Return what `wanted` makes of what was given, None for null."""
    if given is strawberry.UNSET:
        return UNCHANGED
    return None if given is None else wanted(given)


def collected(given: Sequence[Given] | None) -> tuple[Given, ...] | Unchanged:
    """Return what was given; null empties a list."""
    return UNCHANGED if given is strawberry.UNSET else tuple(given or ())
