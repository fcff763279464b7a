"""Application factory (`create_app`) and server (`serve`) of the API."""

import asyncio
import gc
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from functools import cache
from socket import socket
from types import FrameType

import uvicorn
from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute, Route, WebSocketRoute
from strawberry.http.ides import get_graphql_ide_html
from strawberry.schema import BaseSchema
from typing_extensions import override

from api.accounts.devices import rest as recorder
from api.accounts.privacy import rest as exports
from api.accounts.sign_in import rest as keys
from api.alerts import rest as cap
from api.alerts.publishing import rest as warnings
from api.bot.page import rest as chat_page
from api.conditions.intake import rest as stations
from api.credentials import rest as cards
from api.edge import health, http_refusals
from api.edge.graphql_http import GraphQLOverHttp
from api.edge.graphql_websocket import GraphQLOverWebSocket
from api.edge.http_protocol import HeadBoundedProtocol
from api.edge.operations import Operations
from api.edge.published_documents import PublishedDocuments
from api.edge.request_frame import RequestFrame
from api.edge.request_limits import RequestLimits, documents_that_call_for_help
from api.edge.request_meters import RequestMeters
from api.edge.websocket_protocol import FrameBoundedProtocol
from api.feedback.channels.intake import rest as channels
from api.feedback.open311 import rest as open311
from api.feedback.open_data import rest as open_data
from api.feedback.satisfaction import rest as rating
from api.feedback.satisfaction.results import rest as satisfaction_results
from api.first_requests import prepare_for_requests
from api.guide.narrations import rest as narrations
from api.guide.packs import rest as packs
from api.guide.speech import rest as speech
from api.health.desk import rest as day_lists
from api.health.fhir import rest as fhir
from api.health.record import rest as health_record
from api.health.reminders import rest as cannot_come
from api.kit.log import configure_log
from api.kit.seeing import Seeing
from api.kit.serving_loop import run_serving
from api.media import rest as media
from api.media.resumable import rest as resumable
from api.operations.page import rest as operations_page
from api.process_seeing import seeing_of, seen_outside
from api.safety.safe import rest as safety_words
from api.safety.sos import rest as sms_gateway
from api.schema import schema as published_schema
from api.setting_values import Environment
from api.settings import Settings
from api.settings import settings as settings_of_this_process
from api.students.roster import rest as rosters
from api.tourism.exchange import rest as places
from api.tourism.trails import rest as trails
from api.wallet.payments import rest as payments
from api.wiring import wired

_HEADERS_FROM_WEB_APPS = [
    "content-type",
    "accept-language",
    "authorization",
    "traceparent",
    "tus-resumable",
    "upload-offset",
    "upload-checksum",
]
_HEADERS_TO_WEB_APPS = [
    "trace-id",
    "retry-after",
    "tus-resumable",
    "upload-offset",
    "upload-length",
    "upload-expires",
]

_DOORS = (
    cap.router,
    warnings.router,
    stations.router,
    keys.router,
    exports.router,
    packs.router,
    speech.router,
    narrations.router,
    trails.router,
    places.router,
    resumable.router,  # before what is served: its paths are of one shape
    media.router,
    cards.router,
    payments.router,
    sms_gateway.router,
    safety_words.router,
    rosters.router,
    day_lists.router,
    cannot_come.router,
    health_record.router,
    fhir.router,
    rating.router,
    satisfaction_results.router,
    channels.router,
    open311.router,
    open_data.router,
    chat_page.router,
    operations_page.router,
)
_DOORS_OF_DEVELOPMENT = (recorder.router, payments.local)


def create_app(
    settings: Settings | None = None,
    schema: BaseSchema = published_schema,
    seeing: Seeing | None = None,
) -> FastAPI:
    """Build the app without touching the store; the lifespan opens it."""
    chosen = settings or settings_of_this_process()
    seen = seeing or Seeing()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with (
            wired(chosen, seeing=seen) as services,
            seen_outside(chosen, seen, chosen.metrics_port),
        ):
            await prepare_for_requests(services)
            app.state.services = services
            yield

    app = FastAPI(title="laocai", lifespan=lifespan, openapi_url=None)
    app.state.settings = chosen
    app.add_exception_handler(404, http_refusals.not_found)
    app.add_exception_handler(405, http_refusals.wrong_method)
    app.add_exception_handler(RequestValidationError, http_refusals.invalid_parameter)
    # What nearly every request asks for comes first.
    app.router.routes.extend([*_graphql_routes(chosen, schema, seen), *health.ROUTES])
    app.router.routes.extend(_routes(is_development=chosen.environment is Environment.DEVELOPMENT))
    if chosen.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=chosen.cors_origins,
            allow_methods=["GET", "POST", "PUT", "PATCH"],
            allow_headers=_HEADERS_FROM_WEB_APPS,
            expose_headers=_HEADERS_TO_WEB_APPS,
        )
    app.add_middleware(RequestFrame, is_behind_tls=chosen.public_url.startswith("https://"))
    return app


@cache
def _routes(*, is_development: bool) -> list[BaseRoute]:
    """Return the doors beside GraphQL; FastAPI analyses each route once, at its first request."""
    every = APIRouter()
    for router in (*_DOORS, *(_DOORS_OF_DEVELOPMENT if is_development else ())):
        _let_head_be_asked(router)
        every.include_router(router)
    return every.routes


def _let_head_be_asked(router: APIRouter) -> None:
    """Have what answers GET answer HEAD too (RFC 9110, section 9.1): collectors of warnings ask so.

    FastAPI leaves that to each route; the server leaves out the content.
    """
    for route in router.routes:
        if isinstance(route, APIRoute) and route.methods is not None and "GET" in route.methods:
            route.methods.add("HEAD")


def _graphql_routes(
    settings: Settings, schema: BaseSchema, seeing: Seeing
) -> list[Route | WebSocketRoute]:
    is_development = settings.environment is Environment.DEVELOPMENT
    documents = settings.contract_folder / "operations"
    published = PublishedDocuments.in_folder(documents, only_these=settings.trusted_documents_only)
    operations = Operations(
        published, introspection=is_development or settings.introspection_in_production
    )
    limits = RequestLimits(
        per_address=settings.requests_per_minute_per_address,
        per_person=settings.requests_per_minute_per_person,
        calls_for_help=documents_that_call_for_help(documents),
    )
    meters = RequestMeters(seeing, published.names)
    over_http = GraphQLOverHttp(
        schema,
        operations,
        limits,
        meters,
        bytes_at_most=settings.request_bytes_at_most,
        body_seconds=settings.request_body_seconds,
        page=get_graphql_ide_html("graphiql") if is_development else None,
    )
    over_websocket = GraphQLOverWebSocket(
        schema,
        operations,
        limits,
        meters,
        bytes_at_most=settings.request_bytes_at_most,
        subscriptions_at_most=settings.subscriptions_per_connection,
        origins=settings.cors_origins,
    )
    return [Route("/graphql", over_http), WebSocketRoute("/graphql", over_websocket)]


class Server(uvicorn.Server):
    """Uvicorn that says it is not ready any more for some seconds before it stops listening."""

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        config = uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            proxy_headers=False,  # api.edge.client_address knows whom to believe
            server_header=False,
            http=HeadBoundedProtocol,
            ws=FrameBoundedProtocol,
            ws_max_size=settings.request_bytes_at_most,
            timeout_graceful_shutdown=settings.shutdown_seconds,
        )
        super().__init__(config)
        self._app = app
        self._drain_seconds = settings.drain_seconds

    @override
    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        # What was built to start lives as long as the process: the collector need not walk it again.
        gc.collect()
        gc.freeze()

    @override
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        is_first = not getattr(self._app.state, "is_draining", False)
        self._app.state.is_draining = True
        if sig == signal.SIGTERM and is_first and self._drain_seconds:
            loop = asyncio.get_running_loop()
            loop.call_later(self._drain_seconds, super().handle_exit, sig, frame)
        else:
            super().handle_exit(sig, frame)


def serve(settings: Settings) -> None:
    """Run the API until SIGTERM or SIGINT, then finish what was begun."""
    configure_log(settings.log_level, settings.log_format)
    server = Server(create_app(settings, seeing=seeing_of(settings, "api")), settings)
    with suppress(KeyboardInterrupt):
        run_serving(server.serve())
