"""The published contract is the code, and every published operation is valid in it."""

import re
from pathlib import Path

import pytest
from graphql import (
    FieldDefinitionNode,
    FieldNode,
    GraphQLSchema,
    InputObjectTypeDefinitionNode,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    OperationDefinitionNode,
    TypeNode,
    UnionTypeDefinitionNode,
    build_schema,
    parse,
    validate,
)

from api.schema import schema
from tests.conftest import OPERATIONS, ROOT


def named(kind: TypeNode) -> str:
    """Return the name inside lists and non-nulls."""
    if isinstance(kind, ListTypeNode | NonNullTypeNode):
        return named(kind.type)
    assert isinstance(kind, NamedTypeNode)
    return kind.name.value


PUBLISHED_TEXT = (ROOT / "graphql" / "schema.graphql").read_text(encoding="utf-8")
DOCUMENTS = sorted(OPERATIONS.rglob("*.graphql"))
DEFINITIONS = parse(PUBLISHED_TEXT).definitions
OBJECTS = {
    node.name.value: node for node in DEFINITIONS if isinstance(node, ObjectTypeDefinitionNode)
}
INPUTS = {
    node.name.value: {member.name.value for member in node.fields or ()}
    for node in DEFINITIONS
    if isinstance(node, InputObjectTypeDefinitionNode)
}
UNIONS = {
    node.name.value: [named(member) for member in node.types or ()]
    for node in DEFINITIONS
    if isinstance(node, UnionTypeDefinitionNode)
}
ROOTS = ("Query", "Mutation", "Subscription")
CREATES_OR_SPENDS = re.compile(
    r"^(register|create|send|add|book|issue|pay|redeem|report|start|move|spend)"
)


def fields_of(kind: str) -> dict[str, FieldDefinitionNode]:
    node = OBJECTS.get(kind)
    return {field.name.value: field for field in (node.fields or ())} if node else {}


def operations_in(path: Path) -> list[OperationDefinitionNode]:
    definitions = parse(path.read_text(encoding="utf-8")).definitions
    return [node for node in definitions if isinstance(node, OperationDefinitionNode)]


@pytest.fixture(scope="module")
def published() -> GraphQLSchema:
    return build_schema(PUBLISHED_TEXT)


def test_the_published_schema_is_the_code() -> None:
    assert schema.as_str().strip() == PUBLISHED_TEXT.strip(), "run `make schema`, read the diff"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_published_operation_is_valid(published: GraphQLSchema, path: Path) -> None:
    assert validate(published, parse(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_published_operation_has_the_name_of_its_file(path: Path) -> None:
    names = [node.name.value if node.name else None for node in operations_in(path)]

    assert names == [path.stem]


def test_every_root_field_has_a_published_operation() -> None:
    asked = {
        selection.name.value
        for path in DOCUMENTS
        for operation in operations_in(path)
        for selection in operation.selection_set.selections
        if isinstance(selection, FieldNode)
    }
    offered = {name for root in ROOTS for name in fields_of(root)}

    assert offered - asked == set()


@pytest.mark.parametrize("name", fields_of("Mutation"))
def test_a_mutation_answers_success_or_a_problem_with_a_code(name: str) -> None:
    verb = name[0].upper() + name[1:]
    result = named(fields_of("Mutation")[name].type)
    members = UNIONS.get(result, [])

    assert result == f"{verb}Result"
    assert members[0] == f"{verb}Success"
    assert members[1:]
    for error in members[1:]:
        assert [named(interface) for interface in OBJECTS[error].interfaces or ()] == ["Problem"]
        assert isinstance(fields_of(error)["code"].type, NonNullTypeNode), f"{error}.code"


@pytest.mark.parametrize(
    "name", [name for name in fields_of("Mutation") if CREATES_OR_SPENDS.match(name)]
)
def test_a_mutation_that_creates_or_spends_takes_an_idempotency_key(name: str) -> None:
    arguments = fields_of("Mutation")[name].arguments or ()
    inside = {member for node in arguments for member in INPUTS.get(named(node.type), set())}

    assert "idempotencyKey" in inside | {node.name.value for node in arguments}


@pytest.mark.parametrize("name", fields_of("Query"))
def test_a_list_at_the_root_is_a_connection(name: str) -> None:
    field = fields_of("Query")[name]
    outer = field.type.type if isinstance(field.type, NonNullTypeNode) else field.type
    arguments = {node.name.value for node in field.arguments or ()}

    assert not isinstance(outer, ListTypeNode)
    assert named(outer).endswith("Connection") == ({"first", "after"} <= arguments)


def test_every_number_with_a_unit_says_which() -> None:
    silent = [
        f"{kind}.{name}"
        for kind in OBJECTS
        for name, field in fields_of(kind).items()
        if named(field.type) == "Float" and field.description is None
    ]

    assert silent == []
