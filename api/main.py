"""Application factory: `uvicorn --factory api.main:create_app`."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from strawberry.fastapi import BaseContext, GraphQLRouter

from api.context import Context
from api.schema import schema
from api.settings import Settings
from api.settings import settings as settings_of_this_process
from api.wiring import wired
from locales import negotiate


class _Context(Context, BaseContext):
    pass


async def get_context(request: Request) -> _Context:
    return _Context(
        request.app.state.services, negotiate(request.headers.get("accept-language")), "none"
    )


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the app without touching disk or network; the lifespan opens the store."""
    chosen = settings or settings_of_this_process()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with wired(chosen) as services:
            app.state.services = services
            yield

    app = FastAPI(title="laocai", lifespan=lifespan, openapi_url=None)
    app.state.settings = chosen
    router: GraphQLRouter[_Context, None] = GraphQLRouter(schema, context_getter=get_context)
    app.include_router(router, prefix="/graphql")
    return app
