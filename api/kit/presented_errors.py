"""What of an error the client sees: a stable code, and a message in the reader's language.

Expected refusals speak for themselves, GraphQL's own errors pass (they name what the sender wrote),
and anything else is a bug: masked, and logged under the trace id that the client is given.
"""

from collections.abc import Iterator
from enum import StrEnum, auto
from typing import Any, Protocol

import structlog
from graphql import GraphQLError, GraphQLSyntaxError
from strawberry.extensions import SchemaExtension
from strawberry.schema.exceptions import CannotGetOperationTypeError
from strawberry.types.execution import StreamExecutionResult
from typing_extensions import override

from api.kit.errors import N_, DomainError
from api.kit.request_refusals import OperationNotFound, extensions_of
from api.kit.store import StoreUnavailable, WriteConflict
from locales import Translator

log = structlog.get_logger()

UNEXPECTED = N_("Unexpected error.")
STORE_UNAVAILABLE = N_("We cannot reach our data right now. Please try again in a moment.")


class ErrorCode(StrEnum):
    """Codes of errors that no slice raised; clients switch on `extensions.code`."""

    INTERNAL = auto()
    STORE_UNAVAILABLE = auto()
    GRAPHQL_PARSE_FAILED = auto()
    GRAPHQL_VALIDATION_FAILED = auto()
    BAD_USER_INPUT = auto()


class Reader(Protocol):
    """Who reads an error: the request's context."""

    trace_id: str
    translate: Translator


class PresentedErrors(SchemaExtension):
    """Presents the errors of every result, also of those a subscription yields."""

    _is_stream = False

    @override
    def on_operation(self) -> Iterator[None]:
        yield
        result = self.execution_context.result
        if result is not None and not self._is_stream:
            self._present(result)

    @override
    def on_stream_result(self, result: StreamExecutionResult) -> Iterator[None]:
        self._is_stream = True
        self._present(result)
        yield

    def _present(self, result: Any) -> None:  # noqa: ANN401 - several unrelated result classes
        if result.errors:
            result.errors = all_presented(result.errors, self.execution_context.context)


def all_presented(errors: list[GraphQLError], reader: Reader) -> list[GraphQLError]:
    """Return what the client is sent for `errors`; those that have their code are left alone."""
    return [
        error if (error.extensions or {}).get("code") else presented(error, reader)
        for error in errors
    ]


def presented(error: GraphQLError, reader: Reader) -> GraphQLError:
    """Return the error that the client is sent in place of `error`."""
    cause = _cause(error)
    if isinstance(cause, DomainError):
        return _replaced(error, cause.localized(reader.translate), **extensions_of(cause))
    if isinstance(cause, StoreUnavailable | WriteConflict):
        log.warning("store unavailable", error=type(cause).__name__, trace_id=reader.trace_id)
        return _replaced(
            error,
            reader.translate(STORE_UNAVAILABLE),
            code=ErrorCode.STORE_UNAVAILABLE.name,
            retryable=True,
        )
    if isinstance(cause, GraphQLError) and (code := _senders_mistake(error, cause)):
        return _replaced(error, error.message, code=code.name)
    log.error(
        "unexpected error",
        error=type(cause).__name__,
        path=error.path,
        trace_id=reader.trace_id,
        exc_info=cause,
    )
    return _replaced(
        error,
        reader.translate(UNEXPECTED),
        code=ErrorCode.INTERNAL.name,
        traceId=reader.trace_id,
    )


def _cause(error: GraphQLError) -> Exception:
    cause: Exception = error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return OperationNotFound() if isinstance(cause, CannotGetOperationTypeError) else cause


def _senders_mistake(error: GraphQLError, cause: GraphQLError) -> ErrorCode | None:
    """Return the code of an error that lies in the document or its variables, else None."""
    if isinstance(cause, GraphQLSyntaxError):
        return ErrorCode.GRAPHQL_PARSE_FAILED
    if error.path is None:
        is_of_variables = cause is not error
        return ErrorCode.BAD_USER_INPUT if is_of_variables else ErrorCode.GRAPHQL_VALIDATION_FAILED
    # While executing, errors that name a place in the document are of arguments; the others are
    # of what we returned.
    return ErrorCode.BAD_USER_INPUT if cause.nodes else None


def _replaced(error: GraphQLError, message: str, **extensions: object) -> GraphQLError:
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions,
    )
