"""The values of the mock: what GraphQL asks of an object is drawn from which object it is.

Objects have an identity and nothing else. Whoever asks for one by its id, or finds it in a list, sees the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from graphql import (
    GraphQLAbstractType,
    GraphQLEnumType,
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLScalarType,
)

from api.contract.mock import leaves
from api.contract.mock.draws import Draw
from api.contract.mock.pages import Page, page_of
from api.contract.mock.settings import MockSettings, Wishes
from api.contract.mock.words import name_of
from api.kit.formats import money_text

_ITEMS, _IN_ALL = 3, 7
Info = GraphQLResolveInfo[Any]


@dataclass(frozen=True, slots=True)
class Mocked:
    """An object of the answer. `given` are members that are known: of the request, or of its list."""

    draw: Draw
    given: Mapping[str, Any] = field(default_factory=dict[str, Any])
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class MockContext:
    settings: MockSettings
    wishes: Wishes


def resolve(source: Mocked | None, info: Info, **arguments: Any) -> Any:  # noqa: ANN401
    """Answer any field of any type."""
    context: MockContext = info.context
    if source is None:
        return _root(info, context, arguments)
    if info.field_name in source.given:
        return source.given[info.field_name]
    return _value(_type_of(info), info, context, source.draw.inside(info.field_name), arguments)


def kind_of(value: Mocked, info: Info, abstract: GraphQLAbstractType) -> str:
    """Choose what a value of an interface or a union is: of a mutation's answers the success."""
    if value.kind is not None:
        return value.kind
    possible = info.schema.get_possible_types(abstract)
    kinds = [it for it in possible if not _is_problem(it)] or list(possible)
    return value.draw.inside("kind").one_of(sorted(it.name for it in kinds))


def problem_of(info: Info, code: str, draw: Draw) -> Mocked:
    """Return the Problem with that code of a mutation's answer. Raises GraphQLError when it has none."""
    abstract = _named(_type_of(info))
    for kind in info.schema.get_possible_types(abstract):
        codes = _named(kind.fields["code"].type) if _is_problem(kind) else None
        if isinstance(codes, GraphQLEnumType) and code in codes.values:
            return Mocked(draw, {"code": code}, kind.name)
    raise GraphQLError(
        "This mutation is not refused with that code.", extensions={"code": "MOCK_PROBLEM_UNKNOWN"}
    )


def _root(info: Info, context: MockContext, arguments: dict[str, Any]) -> Any:  # noqa: ANN401
    said = _said(arguments)
    draw = Draw(context.settings.seed)
    code = context.wishes.problem
    if code is not None:
        if info.operation.operation.value == "mutation":
            return problem_of(info, code, draw.inside(info.field_name))
        raise GraphQLError("Refused, as was asked for.", extensions={"code": code})
    name = said.get("id") or said.get("code")
    draw = draw.inside(name) if isinstance(name, str) else draw.inside(info.field_name)
    return _value(_type_of(info), info, context, draw, arguments)


def _value(
    kind: Any,  # noqa: ANN401 - a type of GraphQL
    info: Info,
    context: MockContext,
    draw: Draw,
    arguments: dict[str, Any],
) -> Any:  # noqa: ANN401
    if _is_a(kind, GraphQLNonNull):
        return _value(kind.of_type, info, context, draw, arguments)
    if _is_a(kind, GraphQLList):
        many = _ITEMS if context.wishes.items is None else context.wishes.items
        return [
            _value(kind.of_type, info, context, draw.inside(number), arguments)
            for number in range(many)
        ]
    if isinstance(kind, GraphQLEnumType):
        return draw.one_of(
            [it for it, value in kind.values.items() if not value.deprecation_reason]
        )
    if isinstance(kind, GraphQLScalarType):
        return _scalar(kind.name, info.field_name, context, draw)
    return _object(kind, context, draw, arguments)


def _object(
    kind: Any,  # noqa: ANN401 - an object, an interface or a union
    context: MockContext,
    draw: Draw,
    arguments: dict[str, Any],
) -> Mocked:
    name: str = kind.name
    if name == "Position":
        latitude, longitude = leaves.position_of(draw)
        return Mocked(draw, {"latitude": latitude, "longitude": longitude})
    if name == "LocalizedText":
        language = context.wishes.language
        return Mocked(draw, {"text": name_of(draw, language), "language": language})
    if name == "Money":
        amount = leaves.whole_of("amount", draw)
        return Mocked(draw, {"amount": amount, "text": money_text(amount, context.wishes.language)})
    if isinstance(kind, GraphQLObjectType) and name.endswith("Connection"):
        in_all = _IN_ALL if context.wishes.items is None else context.wishes.items
        return _connection(page_of(arguments, in_all), draw)
    identity = draw.key.rpartition("/")[2] if _was_asked_for(draw, arguments) else draw.id()
    # What an object is like hangs on its identity alone, wherever it is met.
    named = {"id": identity, "code": identity} if _has_code(kind) else {"id": identity}
    return Mocked(Draw(context.settings.seed).inside(identity), named)


def _has_code(kind: Any) -> bool:  # noqa: ANN401 - an object, an interface or a union
    member = getattr(kind, "fields", {}).get("code")
    return member is not None and _named(member.type).name == "ID"


def _was_asked_for(draw: Draw, arguments: dict[str, Any]) -> bool:
    said = _said(arguments)
    return draw.key.rpartition("/")[2] in (said.get("id"), said.get("code"))


def _connection(page: Page, draw: Draw) -> Mocked:
    edges = [
        Mocked(draw.inside(number), {"cursor": page.cursor(number)}) for number in page.numbers
    ]
    ends = {
        "hasNextPage": page.has_next,
        "hasPreviousPage": page.has_previous,
        "startCursor": page.cursor(page.numbers[0]) if page.numbers else None,
        "endCursor": page.cursor(page.numbers[-1]) if page.numbers else None,
    }
    return Mocked(draw, {"edges": edges, "pageInfo": Mocked(draw, ends), "totalCount": page.in_all})


def _scalar(kind: str, name: str, context: MockContext, draw: Draw) -> Any:  # noqa: ANN401
    now = context.settings.now
    if kind == "DateTime":
        return leaves.moment_of(name, draw, now).isoformat()
    if kind == "Date":
        return leaves.moment_of(name, draw, now).date().isoformat()
    if kind == "Time":
        return (now.replace(minute=0) + timedelta(minutes=30 * draw.below(8))).strftime("%H:%M:%S")
    if kind in ("Int", "Dong"):
        return leaves.whole_of("amount" if kind == "Dong" else name, draw)
    if kind == "Float":
        return leaves.decimal_of(name, draw)
    if kind == "Boolean":
        return draw.below(2) == 1
    if kind == "ID":
        return draw.id()
    return leaves.text_of(name, draw, context.wishes.language)


def _named(kind: Any) -> Any:  # noqa: ANN401 - any type of GraphQL
    return _named(kind.of_type) if _is_a(kind, GraphQLNonNull, GraphQLList) else kind


def _is_problem(kind: GraphQLObjectType) -> bool:
    return any(it.name == "Problem" for it in kind.interfaces)


def _said(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments with the members of `input` among them."""
    inside: dict[str, Any] = arguments.get("input") or {}
    return arguments | inside


# The types of graphql-core say no more of what they wrap than that it is something.
def _type_of(info: Any) -> Any:  # noqa: ANN401
    return info.return_type


def _is_a(kind: object, *wrappers: type) -> bool:
    return isinstance(kind, wrappers)
