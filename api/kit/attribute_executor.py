"""GraphQL execution that reads plain attributes as plain attributes.

Nearly all that our apps ask for are attributes of what one resolver returned. For each of them the
executor makes a path, a resolver's info and a dozen calls; here a tree of attributes is read
directly, as long as every value is exactly what the schema promises. Where one is not, or where a
resolver has to be called, the executor's own way is taken from there, and reports errors as ever.
"""

import math
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, cast

from graphql import (
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
)
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import CustomGraphQLEnumType, GraphQLCoreConverter
from strawberry.types.field import StrawberryField
from typing_extensions import override

from api.kit.seeing.tracer import SpanKind, Tracer

Fields = dict[str, FieldDetailsList]
Result = dict[str, object]

_UNSURE = object()
"""What a reader returns when the value is for the executor to judge."""
_ATTRIBUTES = "laocai.attributes"
_SMALLEST_INT, _LARGEST_INT = -(2**31), 2**31 - 1


class AttributeExecutor(StrawberryGraphQLCoreExecutionContext):
    """Takes the short way through attributes, and Strawberry's for every other field."""

    @override
    @classmethod
    def build(cls, *arguments: Any, **options: Any) -> Any:
        # Suggestions for a mistaken variable compare it with every name of the schema, and fail on
        # letters whose lower case is longer, such as U+0130.
        inherited: Callable[..., Any] = cast("Any", super()).build
        return inherited(*arguments, **{**options, "hide_suggestions": True})

    @override
    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path | None,
        grouped_field_set: Fields,
        position_context: Any,
    ) -> Any:
        if self.middleware_manager and self.middleware_manager.middlewares:
            return super().execute_fields(
                parent_type, source_value, path, grouped_field_set, position_context
            )
        found = dict(self._read(parent_type, source_value, grouped_field_set))
        rest = {name: grouped_field_set[name] for name in found if found[name] is _UNSURE}
        if not rest:
            return found
        results = super().execute_fields(parent_type, source_value, path, rest, position_context)
        return _joined(found, results) if isinstance(results, dict) else _awaited(found, results)

    @override
    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: Any,
        field_details_list: FieldDetailsList,
        path: Path,
        position_context: Any,
    ) -> Any:
        inherited: Callable[..., object] = super().execute_field
        result = inherited(parent_type, source, field_details_list, path, position_context)
        tracer: Tracer | None = getattr(self.context_value, "tracer", None)
        is_traced = tracer is not None and tracer.is_on and path.prev is None
        if tracer is None or not is_traced or not isinstance(result, Awaitable):
            return result
        name = field_details_list[0].node.name.value
        return _in_span(tracer, name, cast("Awaitable[object]", result))

    def read_object(
        self, kind: GraphQLObjectType, source: object, details: FieldDetailsList
    ) -> object:
        """Return all that is asked of `source`, or _UNSURE when one of its fields is."""
        fields = self.collect_subfields(kind, details).grouped_field_set
        found: Result = {}
        for name, value in self._read(kind, source, fields):
            if value is _UNSURE:
                return _UNSURE
            found[name] = value
        return found

    def _read(
        self, kind: GraphQLObjectType, source: object, fields: Fields
    ) -> Iterator[tuple[str, object]]:
        attributes = _attributes_of(kind)
        for response_name, details in fields.items():
            attribute = attributes.get(details[0].node.name.value)
            yield response_name, attribute.read(self, source, details) if attribute else _UNSURE


Read = Callable[[AttributeExecutor, object, FieldDetailsList], object]


@dataclass(frozen=True, slots=True)
class _Attribute:
    name: str
    value: Read

    def read(
        self, executor: AttributeExecutor, source: object, details: FieldDetailsList
    ) -> object:
        try:
            return self.value(executor, getattr(source, self.name), details)
        except Exception:
            # Raised once more on the executor's way, which knows where and tells whom.
            return _UNSURE


def _joined(found: Result, results: Result) -> Result:
    found.update(results)
    return {name: value for name, value in found.items() if value is not _UNSURE}


async def _in_span(tracer: Tracer, field: str, result: Awaitable[object]) -> object:
    """Wait for a root field; it is called only here, so that what it asks for lies in its span."""
    with tracer.span(field, SpanKind.INTERNAL):
        return await result


async def _awaited(found: Result, results: Awaitable[Result]) -> Result:
    return _joined(found, await results)


def _attributes_of(kind: GraphQLObjectType) -> dict[str, _Attribute]:
    """Return the attributes among the fields of a type, found out once."""
    known: dict[str, _Attribute] | None = kind.extensions.get(_ATTRIBUTES)
    if known is None:
        known = {
            name: attribute
            for name, field in kind.fields.items()
            if (attribute := _attribute(field)) is not None
        }
        kind.extensions[_ATTRIBUTES] = known
    return known


def _attribute(field: GraphQLField) -> _Attribute | None:
    definition = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    if not isinstance(definition, StrawberryField) or not definition.is_basic_field:
        return None
    value = _reader(field.type)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
    return _Attribute(definition.python_name, value) if value else None


def _reader(kind: object) -> Read | None:
    if isinstance(kind, GraphQLNonNull):
        return _present_reader(kind.of_type)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
    present = _present_reader(kind)
    if present is None:
        return None

    def read(executor: AttributeExecutor, value: object, details: FieldDetailsList) -> object:
        return None if value is None else present(executor, value, details)

    return read


def _present_reader(kind: object) -> Read | None:
    """Return the reader of values that are not null; to it, None is like any wrong value."""
    if isinstance(kind, GraphQLScalarType):
        return _SCALARS.get(kind.name)
    if isinstance(kind, CustomGraphQLEnumType):
        return _enum_reader(kind)
    if isinstance(kind, GraphQLList):
        return _list_reader(kind.of_type)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
    if isinstance(kind, GraphQLObjectType) and kind.is_type_of is None:
        return _object_reader(kind)
    return None


def _object_reader(kind: GraphQLObjectType) -> Read:
    def read(executor: AttributeExecutor, value: object, details: FieldDetailsList) -> object:
        return _UNSURE if value is None else executor.read_object(kind, value, details)

    return read


def _list_reader(item: object) -> Read | None:
    read_item = _reader(item)
    if read_item is None:
        return None

    def read(executor: AttributeExecutor, value: object, details: FieldDetailsList) -> object:
        if not isinstance(value, list):
            return _UNSURE
        found: list[object] = []
        for element in cast("list[object]", value):
            found.append(read_item(executor, element, details))
            if found[-1] is _UNSURE:
                return _UNSURE
        return found

    return read


def _enum_reader(kind: CustomGraphQLEnumType) -> Read:
    members = cast("type[Enum]", kind.wrapped_cls)
    words = {members(value.value): name for name, value in kind.values.items()}

    def read(_: AttributeExecutor, value: object, __: FieldDetailsList) -> object:
        return words.get(value, _UNSURE) if isinstance(value, members) else _UNSURE

    return read


def _text(_: AttributeExecutor, value: object, __: FieldDetailsList) -> object:
    return value if type(value) is str else _UNSURE


def _integer(_: AttributeExecutor, value: object, __: FieldDetailsList) -> object:
    if not isinstance(value, int) or isinstance(value, bool):
        return _UNSURE
    return value if _SMALLEST_INT <= value <= _LARGEST_INT else _UNSURE


def _float(_: AttributeExecutor, value: object, __: FieldDetailsList) -> object:
    return value if isinstance(value, float) and math.isfinite(value) else _UNSURE


def _boolean(_: AttributeExecutor, value: object, __: FieldDetailsList) -> object:
    return value if isinstance(value, bool) else _UNSURE


_SCALARS: dict[str, Read] = {
    "String": _text,
    "ID": _text,
    "Int": _integer,
    "Float": _float,
    "Boolean": _boolean,
}
