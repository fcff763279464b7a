"""POST /graphql (GraphQL over HTTP), as a plain ASGI application.

What is refused before it runs is a 4xx in GraphQL's own shape: `errors[].message` in the reader's
language, a stable `errors[].extensions.code`. What runs is answered with 200, single failed fields
included; only when the store gave no data at all does 503 say so to whoever retries.
"""

from typing import Any

import orjson
from starlette.types import Receive, Scope, Send
from strawberry.schema import BaseSchema
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from api.accounts.caller import ANONYMOUS, Caller
from api.context import Context, Services, bearer_token
from api.edge.media_types import answer_type, is_utf8_json
from api.edge.operations import Operations
from api.edge.problem_codes import codes_in, problem_codes
from api.edge.replies import encoded_errors, refusal, reply
from api.edge.request_limits import RequestLimits
from api.edge.request_meters import RequestMeters
from api.edge.request_record import RequestRecord
from api.kit.addresses import line_of
from api.kit.bounded_body import ClientGone, read_body
from api.kit.document_refusals import DocumentRefused
from api.kit.graphql_request import GraphQLRequest, parsed_json, request_of
from api.kit.presented_errors import ErrorCode
from api.kit.request_refusals import (
    BodyTooLarge,
    DataOutOfReach,
    MethodNotAllowed,
    OperationNotFound,
    RequestRefused,
    SubscriptionOverHttp,
    TooManyRequests,
    UnsupportedMediaType,
)
from api.kit.store import StoreError
from api.kit.tickets import Ticket
from locales import negotiate, translator

_CALL_FOR_HELP_BYTES = 8_192
"""What is read of a request beyond the allowance, to see whether it calls for help."""
_RUNS_OVER_HTTP = frozenset({OperationType.QUERY, OperationType.MUTATION})


class GraphQLOverHttp:
    """Answers POST; `page`, when given, is the HTML that GET shows a browser (GraphiQL)."""

    def __init__(
        self,
        schema: BaseSchema,
        operations: Operations,
        limits: RequestLimits,
        meters: RequestMeters,
        *,
        bytes_at_most: int,
        body_seconds: float,
        page: str | None,
    ) -> None:
        self._schema = schema
        self._operations = operations
        self._limits = limits
        self._meters = meters
        self._problem_codes = problem_codes(schema)
        self._bytes_at_most = bytes_at_most
        self._body_seconds = body_seconds
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        record = RequestRecord.of(scope)
        if self._page is not None and _is_for_the_page(scope, record):
            await reply(send, 200, self._page.encode(), "text/html; charset=utf-8")
            return
        headers = {"vary": "accept, accept-language"}
        try:
            status, body = await self._answered(scope, receive, record)
        except ClientGone:
            return
        except (RequestRefused, DocumentRefused) as error:
            self._meters.refused(error.code.name)
            translate = translator(negotiate(record.headers.get("accept-language")))
            status, body = _status(error), encoded_errors(refusal(error, translate))
            if isinstance(error, TooManyRequests):
                headers["retry_after"] = str(error.retry_after_seconds)
        if status == MethodNotAllowed.status:
            headers["allow"] = "POST"
        if status == 503:
            headers["retry_after"] = "1"
        media_type = answer_type(record.headers.get("accept", ""))
        await reply(send, status, body, f"{media_type}; charset=utf-8", **headers)

    async def _answered(
        self, scope: Scope, receive: Receive, record: RequestRecord
    ) -> tuple[int, bytes]:
        services: Services = scope["app"].state.services
        ticket = ticket_of(services, record)
        try:
            await self._limits.check_client(services.limits, record.address, ticket)
        except TooManyRequests as overdrawn:
            asked = await self._call_for_help(scope, receive, record, overdrawn)
        else:
            asked = await self._asked(scope, receive, record, self._bytes_at_most)
        request, document = asked
        parent = record.headers.get("traceparent")
        with self._meters.running(record.operation, parent, record.trace_id):
            context = await context_of(services, record, ticket, document)
            if not self._limits.is_call_for_help(document):
                await self._limits.check_person(services.limits, context.caller.person_id)
            result = await self._executed(document, request, context)
        self._meters.failed(record.operation, codes_in(result, self._problem_codes))
        return _status_of(result), _encoded(result)

    async def _asked(
        self, scope: Scope, receive: Receive, record: RequestRecord, bytes_at_most: int
    ) -> tuple[GraphQLRequest, str]:
        """Return the request, and the document that it means. Raises RequestRefused or DocumentRefused."""
        if scope["method"] != "POST":
            raise MethodNotAllowed
        request = request_of(
            parsed_json(await _body(receive, record, bytes_at_most, self._body_seconds))
        )
        runnable = self._operations.runnable(request)
        record.operation = runnable.name
        return request, runnable.document

    async def _call_for_help(
        self, scope: Scope, receive: Receive, record: RequestRecord, overdrawn: TooManyRequests
    ) -> tuple[GraphQLRequest, str]:
        """Return what was asked beyond the allowance if it calls for help; else raise `overdrawn`."""
        services: Services = scope["app"].state.services
        try:
            request, document = await self._asked(scope, receive, record, _CALL_FOR_HELP_BYTES)
        except (RequestRefused, DocumentRefused):
            raise overdrawn from None
        if not self._limits.is_call_for_help(document):
            raise overdrawn
        await self._limits.check_call_for_help(services.limits, record.address)
        return request, document

    async def _executed(
        self, document: str, request: GraphQLRequest, context: Context
    ) -> ExecutionResult:
        try:
            return await self._schema.execute(
                document,
                variable_values=request.variables,
                context_value=context,
                operation_name=request.operation_name,
                allowed_operation_types=_RUNS_OVER_HTTP,
            )
        except CannotGetOperationTypeError as error:
            raise OperationNotFound from error
        except InvalidOperationTypeError as error:
            raise SubscriptionOverHttp from error


async def _body(
    receive: Receive, record: RequestRecord, bytes_at_most: int, seconds: float
) -> bytes:
    headers = record.headers
    if "content-encoding" in headers or not is_utf8_json(headers.get("content-type", "")):
        raise UnsupportedMediaType
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > bytes_at_most:
        raise BodyTooLarge(most=bytes_at_most)
    return await read_body(receive, bytes_at_most=bytes_at_most, seconds=seconds)


def ticket_of(services: Services, record: RequestRecord) -> Ticket | None:
    """Return the ticket that the bot sends in a person's stead, None without a good one."""
    token = bearer_token(record.headers.get("authorization"))
    return services.tickets.read(token) if token else None


async def context_of(
    services: Services,
    record: RequestRecord,
    ticket: Ticket | None,
    document: str = "",
    *,
    is_connection: bool = False,
) -> Context:
    """Return the context of a request: the language of Accept-Language, and whose its bearer is.

    A ticket of the bot stands for somebody in some documents only. Raises DataOutOfReach when it cannot
    be found out now.
    """
    token = bearer_token(record.headers.get("authorization"))
    caller = (
        await caller_of(services, token)
        if ticket is None
        else await _delegated_caller(services, ticket, document)
    )
    return Context(
        services,
        negotiate(record.headers.get("accept-language")),
        record.trace_id,
        caller,
        ticket=ticket,
        client_address=line_of(record.address),
        is_connection=is_connection,
    )


async def caller_of(services: Services, token: str | None) -> Caller:
    """Return who is asking with a bearer token. Raises DataOutOfReach."""
    if token is None:
        return ANONYMOUS
    try:
        return await services.accounts.sessions.caller_of(token)
    except StoreError as error:
        raise DataOutOfReach from error


async def _delegated_caller(services: Services, ticket: Ticket, document: str) -> Caller:
    """Return whom the bot asks for with this document. Raises DataOutOfReach."""
    try:
        return await services.delegation.caller_of(ticket, document)
    except StoreError as error:
        raise DataOutOfReach from error


def _is_for_the_page(scope: Scope, record: RequestRecord) -> bool:
    wants_html = "text/html" in record.headers.get("accept", "")
    return scope["method"] == "GET" and wants_html and not scope["query_string"]


def _status(error: RequestRefused | DocumentRefused) -> int:
    return error.status if isinstance(error, RequestRefused) else 400


def _status_of(result: ExecutionResult) -> int:
    if result.data is not None or not result.errors:
        return 200
    codes = {(error.extensions or {}).get("code") for error in result.errors}
    if ErrorCode.STORE_UNAVAILABLE.name in codes:
        return 503
    return 200 if any(error.path for error in result.errors) else 400


def _encoded(result: ExecutionResult) -> bytes:
    answer: dict[str, Any] = {}
    if result.errors:
        answer["errors"] = [error.formatted for error in result.errors]
    if result.data is not None or any(error.path for error in result.errors or ()):
        answer["data"] = result.data
    return orjson.dumps(answer)
