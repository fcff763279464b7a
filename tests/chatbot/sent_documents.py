"""Whether what a dialogue sends is what the API takes: the documents as published, the variables by the schema."""

from functools import cache

from dialogue.province import Answer
from graphql import (
    GraphQLSchema,
    OperationDefinitionNode,
    build_schema,
    parse,
    validate,
)
from graphql.execution.values import get_variable_values

from tests.chatbot.dialogues import ToldProvince
from tests.conftest import ROOT


class CheckedProvince(ToldProvince):
    """A told province that refuses documents and variables which the API would refuse."""

    async def ask(self, operation: str, variables: Answer, *, language: str) -> Answer:
        assert wrong_with(operation, variables) == []
        return await super().ask(operation, variables, language=language)


@cache
def _schema() -> GraphQLSchema:
    return build_schema((ROOT / "graphql" / "schema.graphql").read_text(encoding="utf-8"))


@cache
def _operation(name: str) -> tuple[OperationDefinitionNode, tuple[str, ...]]:
    text = (ROOT / "graphql" / "operations" / f"{name}.graphql").read_text(encoding="utf-8")
    document = parse(text)
    (operation,) = (one for one in document.definitions if isinstance(one, OperationDefinitionNode))
    return operation, tuple(error.message for error in validate(_schema(), document))


def wrong_with(name: str, variables: Answer) -> list[str]:
    """Return what the API would find wrong with an operation and its variables."""
    operation, errors = _operation(name)
    declared = {one.variable.name.value for one in operation.variable_definitions or ()}
    unknown = [f"${one} is not declared" for one in variables.keys() - declared]
    coerced = get_variable_values(_schema(), operation.variable_definitions or (), variables)
    invalid = [error.message for error in coerced] if isinstance(coerced, list) else []
    return [*errors, *unknown, *invalid]
