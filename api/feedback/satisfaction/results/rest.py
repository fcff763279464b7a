"""GET /v1/feedback/satisfaction-2026-11.csv: a month's results as open data."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.context import Services
from api.feedback.satisfaction.errors import InvalidMonth, NotPublishedYet
from api.feedback.satisfaction.results.csv_sheet import sheet
from api.kit.http_problem import refusal_response, unavailable_response
from api.kit.store import StoreError

router = APIRouter()


@router.get("/v1/feedback/satisfaction-{month}.csv")
async def results(request: Request, month: str) -> Response:
    """Answer the sheet; 404 before the month is published."""
    services: Services = request.app.state.services
    satisfaction = services.feedback.satisfaction
    try:
        found = await satisfaction.publishing.whole(month)
    except (InvalidMonth, NotPublishedYet) as problem:
        return refusal_response(request, problem, 404)
    except StoreError:
        return unavailable_response(request)
    return Response(
        sheet(found, satisfaction.offices),
        media_type="text/csv; charset=utf-8",
        headers={
            "cache-control": "public, max-age=3600",
            "content-disposition": f'attachment; filename="satisfaction-{month}.csv"',
            "x-content-type-options": "nosniff",
        },
    )
