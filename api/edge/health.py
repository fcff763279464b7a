"""GET /health/live and /health/ready, for whoever restarts us or sends us traffic."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from api.kit.store import StoreError


async def live(_: Request) -> JSONResponse:
    """Answer: the process is there."""
    return JSONResponse({"status": "live"})


async def ready(request: Request) -> JSONResponse:
    """Answer 200 while requests can be served, 503 with the reason while not."""
    if getattr(request.app.state, "is_draining", False):
        return _unready("DRAINING")
    try:
        await request.app.state.services.store.ping()
    except StoreError:
        return _unready("STORE_UNAVAILABLE")
    return JSONResponse({"status": "ready"})


def _unready(reason: str) -> JSONResponse:
    return JSONResponse({"status": "unready", "reason": reason}, status_code=503)


ROUTES = [Route("/health/live", live), Route("/health/ready", ready)]
