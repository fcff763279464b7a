"""What the contract's own scalars take: texts and numbers of their form, as the server does."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from graphql import GraphQLError, GraphQLScalarType, GraphQLSchema

_DONG_AT_MOST = 2**53 - 1


def with_checked_scalars(schema: GraphQLSchema) -> GraphQLSchema:
    """Let the scalars of `schema`, which has only their names, refuse what is not of their form."""
    for name, check in _CHECKS.items():
        kind = schema.get_type(name)
        if isinstance(kind, GraphQLScalarType):
            kind.coerce_input_value = check
            kind.parse_value = check  # type: ignore[method-assign, assignment]
    return schema


def _iso(read: Callable[[str], object], what: str) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:  # noqa: ANN401 - JSON
        try:
            if isinstance(value, str):
                read(value)
                return value
        except ValueError:
            pass
        raise GraphQLError(f"Value cannot represent a {what}.")

    return check


def _dong(value: Any) -> int:  # noqa: ANN401 - JSON
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _DONG_AT_MOST:
        raise GraphQLError("Value cannot represent a Dong.")
    return value


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "Date": _iso(date.fromisoformat, "Date"),
    "DateTime": _iso(datetime.fromisoformat, "DateTime"),
    "Time": _iso(time.fromisoformat, "Time"),
    "Dong": _dong,
}
