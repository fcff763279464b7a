"""Parsing and validation once per document, not once per request."""

from collections import OrderedDict
from collections.abc import Iterator

from graphql import DocumentNode, GraphQLError, validate
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule
from strawberry.types import ExecutionContext
from typing_extensions import override

_MISTAKES_AT_MOST = 5
_MESSAGE_CHARACTERS_AT_MOST = 300


class DocumentMemory:
    """Valid documents by their text, within a number of characters.

    Bounded by size, not by count: a syntax tree takes 50 to 280 bytes a character, so that a count
    which serves the apps would let a stranger's documents fill the process. What is not valid is
    never kept. The least recently used go first.
    """

    def __init__(self, characters: int) -> None:
        self._characters = characters
        self._held = 0
        self._nodes: OrderedDict[str, DocumentNode] = OrderedDict()

    def __len__(self) -> int:
        return len(self._nodes)

    def get(self, document: str) -> DocumentNode | None:
        """Return the parsed and validated document of this text, or None."""
        node = self._nodes.get(document)
        if node is not None:
            self._nodes.move_to_end(document)
        return node

    def add(self, document: str, node: DocumentNode) -> None:
        """Remember a valid document."""
        if document not in self._nodes:
            self._held += len(document)
        self._nodes[document] = node
        while self._held > self._characters:
            forgotten, _ = self._nodes.popitem(last=False)
            self._held -= len(forgotten)


class RememberedDocuments(SchemaExtension):
    """Takes documents from a memory, and adds those that prove valid."""

    def __init__(self, memory: DocumentMemory) -> None:
        self._memory = memory
        self._is_known = False

    @override
    def on_parse(self) -> Iterator[None]:
        if self.execution_context.query is not None:
            known = self._memory.get(self.execution_context.query)
            self.execution_context.graphql_document = known
            self._is_known = known is not None
        yield

    @override
    def on_validate(self) -> Iterator[None]:
        context = self.execution_context
        if self._is_known:
            context.pre_execution_errors = []
        elif context.graphql_document is not None:
            context.pre_execution_errors = _mistakes(context)
        yield
        if not context.pre_execution_errors and context.query and context.graphql_document:
            self._memory.add(context.query, context.graphql_document)


def _mistakes(context: ExecutionContext) -> list[GraphQLError]:
    """Validate as Strawberry does, but stop early: a hundred suggestions cost a second of everybody's time."""
    assert context.graphql_document is not None, "there is something to validate"  # noqa: S101
    found = validate(
        context.schema._schema,  # pyright: ignore[reportPrivateUsage] - Strawberry validates it so
        context.graphql_document,
        (*context.validation_rules, MaybeNullValidationRule, OneOfInputValidationRule),
        max_errors=_MISTAKES_AT_MOST,
        hide_suggestions=True,
    )
    for error in found:
        if len(error.message) > _MESSAGE_CHARACTERS_AT_MOST:
            error.message = f"{error.message[:_MESSAGE_CHARACTERS_AT_MOST]}…"
    return found
