"""Requests answered from the schema alone, behind the same checks of documents and variables as the server's."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationType,
    execute,  # pyright: ignore[reportUnknownVariableType] # its resolvers are untyped
    get_operation_ast,
    parse,
    subscribe,  # pyright: ignore[reportUnknownVariableType]
    validate,
)

from api.contract.mock.draws import Draw
from api.contract.mock.resolving import Info, MockContext, Mocked, kind_of, resolve
from api.contract.mock.settings import MockSettings, Wishes
from api.edge.operations import Operations
from api.kit.graphql_request import GraphQLRequest
from api.kit.request_refusals import OperationNotFound, SubscriptionOverHttp


class MockEngine:
    """Knows the schema and the published documents, and keeps nothing of a request."""

    def __init__(
        self, schema: GraphQLSchema, operations: Operations, settings: MockSettings
    ) -> None:
        self._schema = schema
        self._operations = operations
        self._settings = settings

    def answer(self, request: GraphQLRequest, wishes: Wishes) -> ExecutionResult:
        """Return the answer to a query or a mutation. Raises RequestRefused or DocumentRefused."""
        document = self._document(request)
        if isinstance(document, ExecutionResult):
            return document
        operation = get_operation_ast(document, request.operation_name)
        if operation is None:
            raise OperationNotFound
        if operation.operation is OperationType.SUBSCRIPTION:
            raise SubscriptionOverHttp
        result = execute(
            self._schema,
            document,
            variable_values=request.variables,
            operation_name=request.operation_name,
            context_value=MockContext(self._settings, wishes),
            field_resolver=resolve,
            type_resolver=_kind,
        )
        assert isinstance(result, ExecutionResult), "no resolver here waits"  # noqa: S101
        return result

    async def events(
        self, request: GraphQLRequest, wishes: Wishes
    ) -> AsyncIterator[ExecutionResult]:
        """Yield an event each tick, another one each time. Raises as `answer`."""
        document = self._document(request)
        if isinstance(document, ExecutionResult):
            yield document
            return
        followed = subscribe(
            self._schema,
            document,
            variable_values=request.variables,
            operation_name=request.operation_name,
            context_value=MockContext(self._settings, wishes),
            field_resolver=_event_or_value,
            type_resolver=_kind,
            subscribe_field_resolver=self._ticks,
        )
        events = await followed if asyncio.iscoroutine(followed) else followed
        if isinstance(events, ExecutionResult):
            yield events
            return
        async for event in events:  # type: ignore[union-attr] # an iterator, when it is no result
            yield event

    def _document(self, request: GraphQLRequest) -> DocumentNode | ExecutionResult:
        text = self._operations.runnable(request).document
        try:
            document = parse(text)
        except GraphQLSyntaxError as error:
            return _refused([error], "GRAPHQL_PARSE_FAILED")
        errors = validate(self._schema, document)
        return _refused(errors, "GRAPHQL_VALIDATION_FAILED") if errors else document

    async def _ticks(self, _source: object, info: Info, **arguments: Any) -> AsyncIterator[Mocked]:  # noqa: ANN401
        number = 0
        while True:
            seed = f"{self._settings.seed}/{info.field_name}/{number}"
            yield Mocked(Draw(seed), {"arguments": arguments})
            number += 1
            await asyncio.sleep(self._settings.tick_seconds)


def _refused(errors: list[GraphQLError] | list[GraphQLSyntaxError], code: str) -> ExecutionResult:
    for error in errors:
        error.extensions = {"code": code}
    return ExecutionResult(None, list(errors))


def _event_or_value(source: Mocked, info: Info, **arguments: Any) -> Any:  # noqa: ANN401
    if info.path.prev is not None:
        return resolve(source, info, **arguments)
    context: MockContext = info.context
    of_event = MockSettings(source.draw.key, context.settings.now)
    told = info._replace(context=MockContext(of_event, context.wishes))
    return resolve(None, told, **arguments)


def _kind(value: Any, info: Any, abstract: Any) -> str:  # noqa: ANN401 - an interface or a union
    return kind_of(value, info, abstract)
