"""GET /v1/feedback/satisfaction-2026-11.csv: a month's results as open data."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.context import Services
from api.feedback.open_data.rest import count_table
from api.feedback.satisfaction.errors import InvalidMonth, NotPublishedYet
from api.feedback.satisfaction.results.csv_sheet import sheet
from api.kit.http_problem import refusal_response, unavailable_response
from api.kit.request_refusals import RequestRefused
from api.kit.store import StoreError

router = APIRouter()


@router.get("/v1/feedback/satisfaction-{month}.csv")
async def results(request: Request, month: str) -> Response:
    """Answer the sheet; 404 before the month is published. It is counted with the other tables."""
    services: Services = request.app.state.services
    satisfaction = services.feedback.satisfaction
    try:
        await count_table(request)
        found = await satisfaction.publishing.whole(month)
    except (InvalidMonth, NotPublishedYet) as problem:
        return refusal_response(request, problem, 404)
    except RequestRefused as problem:
        return refusal_response(request, problem, problem.status)
    except StoreError:
        return unavailable_response(request)
    return Response(
        sheet(found, satisfaction.offices),
        media_type="text/csv; charset=utf-8",
        headers={
            "cache-control": "public, max-age=3600",
            "access-control-allow-origin": "*",
            "content-disposition": f'attachment; filename="satisfaction-{month}.csv"',
            "x-content-type-options": "nosniff",
        },
    )
