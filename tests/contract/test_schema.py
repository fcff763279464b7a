"""The published contract is the code, and every published operation is valid in it."""

import re
from pathlib import Path

import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    OperationDefinitionNode,
    build_schema,
    get_named_type,
    is_introspection_type,
    is_list_type,
    is_non_null_type,
    parse,
    validate,
)

from api.schema import schema
from tests.conftest import OPERATIONS, ROOT

PUBLISHED_TEXT = (ROOT / "graphql" / "schema.graphql").read_text(encoding="utf-8")
DOCUMENTS = sorted(OPERATIONS.rglob("*.graphql"))
LIFECYCLE = re.compile(r"^(register|create|send|add|book|issue|pay|redeem|report|start|move|spend)")


@pytest.fixture(scope="module")
def published() -> GraphQLSchema:
    return build_schema(PUBLISHED_TEXT)


def object_types(published: GraphQLSchema) -> list[GraphQLObjectType]:
    return [
        kind
        for kind in published.type_map.values()
        if isinstance(kind, GraphQLObjectType) and not is_introspection_type(kind)
    ]


def test_the_published_schema_is_the_code() -> None:
    assert schema.as_str().strip() == PUBLISHED_TEXT.strip(), "run `make schema`, read the diff"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_published_operation_is_valid(published: GraphQLSchema, path: Path) -> None:
    assert validate(published, parse(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_published_operation_has_the_name_of_its_file(path: Path) -> None:
    definitions = parse(path.read_text(encoding="utf-8")).definitions
    names = [
        node.name.value if node.name else None
        for node in definitions
        if isinstance(node, OperationDefinitionNode)
    ]

    assert names == [path.stem]


def test_every_root_field_has_a_published_operation(published: GraphQLSchema) -> None:
    asked = {
        selection.name.value
        for path in DOCUMENTS
        for definition in parse(path.read_text(encoding="utf-8")).definitions
        if isinstance(definition, OperationDefinitionNode)
        for selection in definition.selection_set.selections
        if hasattr(selection, "name")
    }
    offered = {
        name
        for root in (published.query_type, published.mutation_type, published.subscription_type)
        if root is not None
        for name in root.fields
    }

    assert offered - asked == set()


def test_every_mutation_answers_success_or_a_problem_with_a_code(
    published: GraphQLSchema,
) -> None:
    problem = published.type_map["Problem"]
    assert isinstance(problem, GraphQLInterfaceType)
    for name, field in (published.mutation_type.fields if published.mutation_type else {}).items():
        verb = name[0].upper() + name[1:]
        result = get_named_type(field.type)

        assert isinstance(result, GraphQLUnionType), name
        assert result.name == f"{verb}Result"
        members = {kind.name: kind for kind in result.types}
        assert f"{verb}Success" in members
        errors = [kind for kind in members.values() if kind.name != f"{verb}Success"]
        assert errors, name
        for error in errors:
            assert problem in error.interfaces, f"{error.name} implements Problem"
            assert is_non_null_type(error.fields["code"].type), f"{error.name}.code"


def test_every_mutation_that_creates_or_spends_takes_an_idempotency_key(
    published: GraphQLSchema,
) -> None:
    for name, field in (published.mutation_type.fields if published.mutation_type else {}).items():
        if LIFECYCLE.match(name):
            taken = {
                inner
                for argument in field.args.values()
                for inner in getattr(get_named_type(argument.type), "fields", {})
            }
            assert "idempotencyKey" in taken | set(field.args), name


def test_lists_of_things_at_the_root_are_connections(published: GraphQLSchema) -> None:
    assert published.query_type is not None
    for name, field in published.query_type.fields.items():
        plain = field.type.of_type if is_non_null_type(field.type) else field.type
        assert not is_list_type(plain), f"Query.{name} is a connection"
        named = get_named_type(field.type).name
        if named.endswith("Connection"):
            assert {"first", "after"} <= set(field.args), name


def test_every_number_with_a_unit_says_which(published: GraphQLSchema) -> None:
    silent = [
        f"{kind.name}.{name}"
        for kind in object_types(published)
        for name, field in kind.fields.items()
        if get_named_type(field.type).name == "Float" and not field.description
    ]

    assert silent == []
