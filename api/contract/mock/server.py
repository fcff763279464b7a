"""The mock on a socket: POST /graphql, and graphql-transport-ws on the same path."""

import asyncio
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLSchema
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from api.contract.mock.engine import MockEngine
from api.contract.mock.scalars import with_checked_scalars
from api.contract.mock.settings import MockSettings, Wishes
from api.contract.published import contract_in
from api.edge.operations import Operations
from api.edge.published_documents import PublishedDocuments
from api.edge.replies import refusal
from api.kit.document_refusals import DocumentRefused
from api.kit.graphql_request import parsed_json, request_of
from api.kit.request_refusals import BodyTooLarge, RequestRefused
from locales import translator

PROTOCOL = "graphql-transport-ws"
_BODY_BYTES = 65_536
_SUBSCRIPTIONS = 20
_UNAUTHORIZED, _TWICE, _TOO_MANY = 4401, 4409, 4429


def mock_app(folder: Path, settings: MockSettings, *, only_published: bool) -> Starlette:
    """Build the app from the contract in `folder`."""
    schema = _schema_in(folder)
    published = PublishedDocuments.in_folder(folder / "operations", only_these=only_published)
    engine = MockEngine(schema, Operations(published, introspection=True), settings)

    async def over_http(request: Request) -> Response:
        return await _answered(engine, request)

    async def over_websocket(socket: WebSocket) -> None:
        await _Connection(engine, socket).run()

    return Starlette(
        routes=[
            Route("/graphql", over_http, methods=["POST"]),
            WebSocketRoute("/graphql", over_websocket),
        ],
        # Whoever makes a web app has it on another port.
        middleware=[Middleware(CORSMiddleware, allow_origins=["*"], allow_headers=["*"])],
    )


@cache
def _schema_in(folder: Path) -> GraphQLSchema:
    """Read the schema once: that takes a second, and nobody changes it afterwards."""
    return with_checked_scalars(contract_in(folder).schema())


async def _answered(engine: MockEngine, request: Request) -> Response:
    wishes = Wishes.of(request.headers)
    try:
        body = await request.body()
        if len(body) > _BODY_BYTES:
            raise BodyTooLarge(most=_BODY_BYTES)
        result = engine.answer(request_of(parsed_json(body)), wishes)
    except (RequestRefused, DocumentRefused) as error:
        status = error.status if isinstance(error, RequestRefused) else 400
        return _json(status, {"errors": [refusal(error, translator(wishes.language))]})
    has_run = result.data is not None or any(error.path for error in result.errors or ())
    return _json(200 if has_run else 400, _members(result, with_data=has_run))


def _members(result: ExecutionResult, *, with_data: bool = True) -> dict[str, Any]:
    errors = {"errors": [error.formatted for error in result.errors]} if result.errors else {}
    return {**errors, "data": result.data} if with_data else errors


def _json(status: int, members: dict[str, Any]) -> Response:
    return Response(orjson.dumps(members), status, media_type="application/json")


class _Connection:
    """One WebSocket and what is followed over it."""

    def __init__(self, engine: MockEngine, socket: WebSocket) -> None:
        self._engine = engine
        self._socket = socket
        self._wishes: Wishes | None = None
        self._followed: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        await self._socket.accept(PROTOCOL)
        try:
            with suppress(WebSocketDisconnect):
                while await self._heard(parsed_json(await self._socket.receive_text())):
                    pass
        finally:
            for task in self._followed.values():
                task.cancel()

    async def _heard(self, message: Any) -> bool:  # noqa: ANN401 - JSON
        """Do what a message says; return whether the connection goes on."""
        match message:
            case {"type": "connection_init"} if self._wishes is None:
                payload: Any = message.get("payload") or {}
                said = {str(key).lower(): str(it) for key, it in payload.items()}
                self._wishes = Wishes.of({**self._socket.headers, **said})
                await self._socket.send_json({"type": "connection_ack"})
            case {"type": "ping"}:
                await self._socket.send_json({"type": "pong"})
            case {"type": "pong"}:
                pass
            case {"type": "complete", "id": str(id)}:
                if task := self._followed.pop(id, None):
                    task.cancel()
            case {"type": "subscribe", "id": str(id), "payload": dict()}:
                return await self._subscribed(id, message["payload"])
            case _:
                await self._socket.close(4400, "Not a message of the protocol")
                return False
        return True

    async def _subscribed(self, id: str, payload: dict[str, Any]) -> bool:
        reasons = (
            (self._wishes is None, _UNAUTHORIZED),
            (id in self._followed, _TWICE),
            (len(self._followed) >= _SUBSCRIPTIONS, _TOO_MANY),
        )
        for is_so, code in reasons:
            if is_so:
                await self._socket.close(code)
                return False
        self._followed[id] = asyncio.create_task(self._follow(id, payload))
        return True

    async def _follow(self, id: str, payload: dict[str, Any]) -> None:
        assert self._wishes is not None, "nothing is followed before connection_init"  # noqa: S101
        send = self._socket.send_json
        try:
            async for event in self._engine.events(request_of(payload), self._wishes):
                if event.data is None and not any(it.path for it in event.errors or ()):
                    errors = [error.formatted for error in event.errors or ()]
                    await send({"id": id, "type": "error", "payload": errors})
                    return
                await send({"id": id, "type": "next", "payload": _members(event)})
            await send({"id": id, "type": "complete"})
        except (RequestRefused, DocumentRefused) as error:
            told = [refusal(error, translator(self._wishes.language))]
            await send({"id": id, "type": "error", "payload": told})
        finally:
            self._followed.pop(id, None)
