"""GET /health/v1/day-lists?ticket=…: the list of a day, for the browser of a desk to print."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.context import Services
from api.health.desk.day_list_page import page
from api.health.desk.errors import DayListLinkEnded
from api.kit.http_problem import refusal_response, unavailable_response
from api.kit.store import StoreError

_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}

router = APIRouter()


@router.get("/health/v1/day-lists")
async def day_list(request: Request, ticket: str = "") -> Response:
    """Answer the page."""
    services: Services = request.app.state.services
    desk = services.health.desk
    try:
        printed = await desk.printing.opened(ticket)
    except DayListLinkEnded as problem:
        return refusal_response(request, problem, 403, headers=_HEADERS)
    except StoreError:
        return unavailable_response(request)
    return HTMLResponse(page(printed, desk.clock()), headers=_HEADERS)
