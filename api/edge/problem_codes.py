"""Which stable codes an answer has: in `errors`, and where a root field answered a Problem."""

from collections.abc import Iterator
from typing import Any, cast

from graphql import GraphQLEnumType, GraphQLInterfaceType
from strawberry.schema.base import BaseSchema
from strawberry.types import ExecutionResult

_PROBLEM = "Problem"
_UNCODED = "NONE"


def problem_codes(schema: BaseSchema) -> frozenset[str]:
    """Return every code that the schema can answer in a Problem: no other text becomes a label."""
    printed = getattr(schema, "_schema")  # noqa: B009 - graphql-core's schema behind Strawberry's
    problem = printed.type_map.get(_PROBLEM)
    if not isinstance(problem, GraphQLInterfaceType):
        return frozenset()
    found: set[str] = set()
    for kind in printed.get_implementations(problem).objects:
        field = kind.fields.get("code")
        code: Any = field.type if field else None
        code = getattr(code, "of_type", code)  # behind its non-null
        if isinstance(code, GraphQLEnumType):
            found.update(code.values)
    return frozenset(found)


def codes_in(result: ExecutionResult, known: frozenset[str]) -> Iterator[str]:
    """Yield the code of each error, and of each root field's Problem whose `code` was asked for."""
    for error in result.errors or ():
        yield str((error.extensions or {}).get("code") or _UNCODED)
    for value in (result.data or {}).values():
        code = cast("dict[str, object]", value).get("code") if isinstance(value, dict) else None
        if isinstance(code, str) and code in known:
            yield code
