"""Subscriptions on /graphql: graphql-transport-ws, behind the same guard as POST.

Strawberry speaks the protocol. Here its messages are checked for shape first (a wrong type would
end the connection as a crash), documents pass the guard, and refusals carry codes.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from functools import cached_property
from json import JSONDecodeError
from typing import Any, cast

import orjson
import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.schema import BaseSchema
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.types import (
    ConnectionInitMessage,
    Message,
    PingMessage,
    SubscribeMessage,
)
from strawberry.types.unset import UnsetType
from typing_extensions import override

from api.context import Context, Services, bearer_token
from api.edge.graphql_http import caller_of, context_of, ticket_of
from api.edge.operations import Operations, Runnable
from api.edge.replies import refusal
from api.edge.request_limits import RequestLimits
from api.edge.request_meters import RequestMeters
from api.edge.request_record import RequestRecord
from api.kit.document_refusals import DocumentRefused
from api.kit.events import calls_when_listening
from api.kit.graphql_request import request_of
from api.kit.request_refusals import DataOutOfReach, RequestRefused, TooManySubscriptions
from api.kit.store import StoreError
from locales import negotiate

log = structlog.get_logger()

INIT_WITHIN = timedelta(seconds=10)
ACCESS_CHANGED = 4403
"""Close code: signed out, or other rights. The app refreshes its session and connects again."""
_ID_BYTES_AT_MOST = 64
_TYPES = frozenset({"connection_init", "ping", "pong", "subscribe", "complete"})
_TYPES_WITH_ID = frozenset({"subscribe", "complete"})


class _Handler(BaseGraphQLTransportWSHandler[Context, None]):
    """One connection. That of somebody signed in ends when what they may do changes.

    `_begun` has an event for each subscription: set when it listens, has sent something, or is over.
    """

    _watch: asyncio.Task[None] | None = None

    @cached_property
    def _begun(self) -> dict[str, asyncio.Event]:
        return {}

    @override
    async def handle(self) -> None:
        with cast("GraphQLOverWebSocket", self.view).meters.connected():
            await super().handle()

    @override
    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        await super().handle_connection_init(message)
        if self.connection_acknowledged and self.context.caller.person_id and not self._watch:
            self._watch = asyncio.create_task(self._end_with_session())

    @override
    async def shutdown(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch
        await super().shutdown()

    async def _end_with_session(self) -> None:
        sessions = self.context.services.accounts.sessions
        try:
            await sessions.until_access_changes(self.context.caller)
        except StoreError as error:
            log.warning("session cannot be looked at", error=type(error).__name__)
        await self.websocket.close(code=ACCESS_CHANGED, reason="Access changed")

    @override
    async def handle_message(self, message: Message) -> None:
        if problem := _malformed(message):
            await self.handle_invalid_message(problem)
            return
        if message["type"] == "connection_init" and message.get("payload", {}) is None:
            message = {"type": "connection_init"}
        await super().handle_message(message)

    @override
    async def handle_ping(self, message: PingMessage) -> None:
        """Answer when all that was subscribed to before listens: from the pong on nothing is missed.

        The protocol has no other word for that, and who reads a list after it has the rest to come.
        """
        for begun in list(self._begun.values()):
            await begun.wait()
        await super().handle_ping(message)

    @override
    async def send_message(self, message: Message) -> None:
        if begun := self._begun.get(str(message.get("id"))):
            begun.set()
        await super().send_message(message)

    @override
    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        if not self.connection_acknowledged or message["id"] in self.operations:
            await super().handle_subscribe(message)
            return
        view = cast("GraphQLOverWebSocket", self.view)
        try:
            self._check_number()
            await self._check_limits(view.limits)
            request = request_of(message["payload"])
            runnable = view.operations.runnable(request)
        except (RequestRefused, DocumentRefused) as error:
            view.meters.refused(error.code.name)
            await self._refuse(message["id"], error)
            return
        log.info("subscribe", operation=runnable.name)
        begun = asyncio.Event()
        with calls_when_listening(begun.set):
            await super().handle_subscribe(
                {
                    "id": message["id"],
                    "type": "subscribe",
                    "payload": {
                        "query": runnable.document,
                        "variables": request.variables,
                        "operationName": request.operation_name,
                    },
                }
            )
        self._follow(message["id"], runnable, begun)

    def _follow(self, id: str, runnable: Runnable, begun: asyncio.Event) -> None:
        """Count an operation as open, and know whether it has begun, until its task is done."""
        meters = cast("GraphQLOverWebSocket", self.view).meters
        operation = self.operations.get(id)
        task = cast("asyncio.Task[None] | None", getattr(operation, "task", None))
        if task is None:
            return

        def over(_: object) -> None:
            meters.subscribed(runnable.name, -1)
            begun.set()
            if self._begun.get(id) is begun:
                del self._begun[id]

        meters.subscribed(runnable.name, 1)
        if runnable.subscribes:
            self._begun[id] = begun
        task.add_done_callback(over)

    def _check_number(self) -> None:
        most = self.max_subscriptions_per_connection
        if most is not None and len(self.operations) >= most:
            raise TooManySubscriptions(most=most)

    async def _check_limits(self, limits: RequestLimits) -> None:
        context = self.context
        counted = context.services.limits
        await limits.check_client(counted, context.client_address, context.ticket)
        await limits.check_person(counted, context.caller.person_id)

    async def _refuse(self, id: str, error: RequestRefused | DocumentRefused) -> None:
        payload = [refusal(error, self.context.translate)]
        await self.websocket.send_json({"id": id, "type": "error", "payload": payload})


class GraphQLOverWebSocket(GraphQL[Context, None]):
    """The ASGI application of WebSocket connections."""

    graphql_transport_ws_handler_class = _Handler

    def __init__(
        self,
        schema: BaseSchema,
        operations: Operations,
        limits: RequestLimits,
        meters: RequestMeters,
        *,
        bytes_at_most: int,
        subscriptions_at_most: int,
        origins: list[str],
    ) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            allow_queries_via_get=False,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=INIT_WITHIN,
            max_subscriptions_per_connection=subscriptions_at_most,
            allowed_origins=origins,
        )
        self.operations = operations
        self.limits = limits
        self.meters = meters
        self._bytes_at_most = bytes_at_most

    @override
    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> Context:
        services: Services = request.app.state.services
        record = RequestRecord.of(request.scope)
        ticket = ticket_of(services, record)
        return await context_of(services, record, ticket, is_connection=True)

    @override
    async def on_ws_connect(self, context: Context) -> UnsetType | dict[str, object] | None:
        """Take language and bearer from connection_init: browsers cannot set headers here."""
        given: Mapping[str, Any] = context.connection_params or {}
        language = given.get("language") or given.get("acceptLanguage")
        if isinstance(language, str):
            context.speak(negotiate(language))
        authorization = given.get("authorization")
        if isinstance(authorization, str) and (token := bearer_token(authorization)):
            context.ticket = context.services.tickets.read(token)
            try:
                context.caller = await caller_of(context.services, token)
            except DataOutOfReach as error:
                raise ConnectionRejectionError from error
        return UnsetType()

    @override
    def decode_json(self, data: str | bytes) -> object:
        # The server bounds frames too; this holds whichever server runs us.
        if len(data) > self._bytes_at_most:
            raise JSONDecodeError("too large", "", 0)
        return orjson.loads(data)

    @override
    def encode_json(self, data: object) -> str:
        return orjson.dumps(data).decode()


def _malformed(message: object) -> str | None:
    """Return what is wrong with the shape of a message, or None."""
    if not isinstance(message, dict):
        return "Message must be an object"
    members = cast("dict[str, object]", message)
    if not isinstance(members.get("type"), str) or members["type"] not in _TYPES:
        return "Unknown message type"
    if members["type"] in _TYPES_WITH_ID:
        name = members.get("id")
        if not isinstance(name, str) or not 0 < len(name.encode()) <= _ID_BYTES_AT_MOST:
            return f"Message id must be text of 1 to {_ID_BYTES_AT_MOST} bytes"
    if members["type"] == "subscribe" and not isinstance(members.get("payload"), dict):
        return "Payload of subscribe must be an object"
    return None
