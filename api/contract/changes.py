"""What of a contract changed since another one, and whether apps that were built on that one go on working."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

from graphql import GraphQLSchema, parse, validate
from graphql.utilities import (
    BreakingChange,
    BreakingChangeType,
    DangerousChange,
    SafeChangeType,
    find_schema_changes,
)
from graphql.utilities.find_schema_changes import SchemaChange

from api.contract.deprecations import Deprecation, deprecations_of
from api.contract.published import Contract


class Level(Enum):
    BREAKING = "breaking"
    DUE = "due"
    DANGEROUS = "dangerous"
    SAFE = "safe"


@dataclass(frozen=True, slots=True)
class Change:
    """`text` names where it is, and is the same in every run. Due: broken as was announced."""

    level: Level
    kind: str
    text: str


_REMOVALS = frozenset(
    {
        BreakingChangeType.FIELD_REMOVED,
        BreakingChangeType.ARG_REMOVED,
        BreakingChangeType.VALUE_REMOVED_FROM_ENUM,
    }
)


def changes_between(old: Contract, new: Contract, today: date) -> list[Change]:
    """Return what changed, the worst first.

    Whatever only reads otherwise (descriptions) is left out. A removal is due, and breaks nothing that was
    not announced, once the day that its deprecation named is past; a document that still asks for it breaks all the same.
    """
    before, after = old.schema(), new.schema()
    announced = {one.coordinate: one for one in deprecations_of(before)}
    found = [
        _change(change, announced, today)
        for change in find_schema_changes(before, after)
        if change.type is not SafeChangeType.DESCRIPTION_CHANGED
    ]
    newly = [one for one in deprecations_of(after) if one.coordinate not in announced]
    found += [_deprecated(one) for one in newly]
    found += _broken_documents(old, after)
    order = list(Level)
    return sorted(found, key=lambda change: (order.index(change.level), change.kind, change.text))


def _change(change: SchemaChange, announced: dict[str, Deprecation], today: date) -> Change:
    text = change.description.removesuffix(".")
    if isinstance(change, BreakingChange):
        coordinate = next((word for word in text.split() if word in announced), None)
        is_due = coordinate is not None and announced[coordinate].is_due(today)
        is_due = is_due and change.type in _REMOVALS
        return Change(Level.DUE if is_due else Level.BREAKING, change.type.name, text)
    level = Level.DANGEROUS if isinstance(change, DangerousChange) else Level.SAFE
    return Change(level, change.type.name, text)


def _deprecated(one: Deprecation) -> Change:
    return Change(Level.SAFE, "DEPRECATED", f"{one.coordinate} was deprecated")


def _broken_documents(old: Contract, after: GraphQLSchema) -> Iterator[Change]:
    """Tell each document of the old contract that the new schema refuses, whatever was announced."""
    for name, text in old.documents.items():
        for error in validate(after, parse(text)):
            told = error.message.removesuffix(".")
            yield Change(Level.BREAKING, "DOCUMENT_REFUSED", f"{name} is refused: {told}")
