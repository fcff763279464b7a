"""What of a schema is deprecated: why, and from which day on it may go."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    is_introspection_type,
)
from graphql.type import DEFAULT_DEPRECATION_REASON

_LAST_SENTENCE = re.compile(r"(?P<why>.+\.) Goes after (?P<day>\d{4}-\d{2}-\d{2})\.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Deprecation:
    """`coordinate` as in a schema: `CardPass.refund`, `Query.places(near:)`."""

    coordinate: str
    reason: str

    @property
    def last_day(self) -> date | None:
        """The last day on which it is there, None when its reason names none or says nothing else."""
        said = _LAST_SENTENCE.fullmatch(self.reason)
        if said is None:
            return None
        try:
            return date.fromisoformat(said["day"])
        except ValueError:
            return None

    def is_due(self, today: date) -> bool:
        """Tell whether its last day is past."""
        return self.last_day is not None and self.last_day < today


def deprecations_of(schema: GraphQLSchema) -> list[Deprecation]:
    """Return all that is deprecated, in the order of the schema."""
    return [
        Deprecation(coordinate, reason)
        for kind in schema.type_map.values()
        if not is_introspection_type(kind)
        for coordinate, reason in _of(kind)
        if reason is not None
    ]


def unfounded(schema: GraphQLSchema) -> list[Deprecation]:
    """Return what is deprecated without a reason, or without the day after which it goes."""
    return [
        one
        for one in deprecations_of(schema)
        if one.last_day is None or one.reason.startswith(DEFAULT_DEPRECATION_REASON)
    ]


def _of(kind: object) -> Iterator[tuple[str, str | None]]:
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        for name, field in kind.fields.items():
            yield f"{kind.name}.{name}", field.deprecation_reason
            for argument, taken in field.args.items():
                yield f"{kind.name}.{name}({argument}:)", taken.deprecation_reason
    elif isinstance(kind, GraphQLInputObjectType):
        for name, member in kind.fields.items():
            yield f"{kind.name}.{name}", member.deprecation_reason
    elif isinstance(kind, GraphQLEnumType):
        for name, value in kind.values.items():
            yield f"{kind.name}.{name}", value.deprecation_reason
