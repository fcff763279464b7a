"""/v1/feedback/…: the map, the tables of months and the league as files, for everybody.

Refusals are problem documents (RFC 9457) in the language of Accept-Language.
"""

import hashlib
from collections.abc import AsyncGenerator
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from api.context import Services
from api.feedback.errors import FeedbackProblem
from api.feedback.open_data.errors import InvalidFilter, InvalidMonth
from api.feedback.open_data.league_table import league_csv, league_json
from api.feedback.open_data.map_feed import MapPage, MapQuery, bounds_of, limit_of, states_of
from api.feedback.open_data.monthly_table import monthly_table
from api.feedback.open_data.months import Month
from api.kit.addresses import line_of
from api.kit.entity_tags import is_known
from api.kit.http_problem import refusal_response, unavailable_response
from api.kit.limits import Allowance
from api.kit.request_refusals import RequestRefused
from api.kit.store import StoreUnavailable, WriteConflict

MAPS_FROM_ONE_ADDRESS = Allowance(240, 60)
TABLES_FROM_ONE_ADDRESS = Allowance(30, 60)

_CURSOR_CHARACTERS_AT_MOST = 500
_FOR_EVERYBODY = {"access-control-allow-origin": "*"}
_A_WHILE = {"cache-control": "public, max-age=300", **_FOR_EVERYBODY}
_CSV = "text/csv; charset=utf-8; header=present"
_Refused = FeedbackProblem | RequestRefused

router = APIRouter()


@router.get("/v1/feedback/reports.geojson")
async def map_feed(request: Request) -> Response:
    """Give a page of the map; `link` tells where the next one is."""
    services: Services = request.app.state.services
    try:
        line = line_of(request.state.address)
        await services.limits.check("feedback.map", line, MAPS_FROM_ONE_ADDRESS)
        query = _map_query(request)
        page = await services.feedback.open_data.map_feed.page(query)
    except (FeedbackProblem, RequestRefused) as problem:
        return _refusal(request, problem)
    except (StoreUnavailable, WriteConflict):
        return unavailable_response(request)
    return _map_response(request, page)


@router.get("/v1/feedback/reports-{month}.csv")
async def month_table(request: Request, month: str) -> Response:
    """Give what was received in a month, a row each."""
    services: Services = request.app.state.services
    try:
        await count_table(request)
        chosen = Month.of(month, services.feedback.open_data.clock())
        rows = monthly_table(services.feedback.open_data.reports, chosen)
        # Before the answer begins, for afterwards nothing can be refused any more.
        first = await anext(rows)
    except (FeedbackProblem, RequestRefused) as problem:
        return _refusal(request, problem)
    except (StoreUnavailable, WriteConflict):
        return unavailable_response(request)
    headers = {**_A_WHILE, "content-disposition": _attachment(f"reports-{chosen.name}.csv")}
    return StreamingResponse(_all(first, rows), media_type=_CSV, headers=headers)


@router.get("/v1/feedback/league-{month}.{ending}")
async def league(request: Request, month: str, ending: str) -> Response:
    """Give how agencies did with what was received in a month, as csv or json."""
    services: Services = request.app.state.services
    try:
        await count_table(request)
        if ending not in ("csv", "json"):
            raise InvalidMonth
        found = await services.feedback.open_data.league.of(month)
    except (FeedbackProblem, RequestRefused) as problem:
        return _refusal(request, problem)
    except (StoreUnavailable, WriteConflict):
        return unavailable_response(request)
    if ending == "json":
        return JSONResponse(league_json(found), headers=_A_WHILE)
    headers = {**_A_WHILE, "content-disposition": _attachment(f"league-{found.month}.csv")}
    return Response(league_csv(found), media_type=_CSV, headers=headers)


async def count_table(request: Request) -> None:
    """Count a table of whatever kind. Raises TooManyRequests."""
    services: Services = request.app.state.services
    line = line_of(request.state.address)
    await services.limits.check("feedback.table", line, TABLES_FROM_ONE_ADDRESS)


def _map_query(request: Request) -> MapQuery:
    """Read what is asked. Raises InvalidFilter."""
    asked = request.query_params
    categories = sorted(set(_listed(asked.getlist("category"))))
    after = asked.get("after") or None
    if after is not None and len(after) > _CURSOR_CHARACTERS_AT_MOST:
        raise InvalidFilter("after")
    return MapQuery(
        bounds=bounds_of(asked.get("bbox")),
        states=states_of(_listed(asked.getlist("state"))),
        categories=tuple(categories),
        limit=limit_of(asked.get("limit")),
        after=after,
    )


def _listed(values: list[str]) -> list[str]:
    return [one.strip() for one in ",".join(values).split(",") if one.strip()]


def _map_response(request: Request, page: MapPage) -> Response:
    tag = f'W/"{hashlib.sha256(page.body).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "public, max-age=30", **_FOR_EVERYBODY}
    if page.next_after is not None:
        kept = [it for it in request.query_params.multi_items() if it[0] != "after"]
        following = urlencode([*kept, ("after", page.next_after)])
        headers["link"] = f'<{request.url.path}?{following}>; rel="next"'
        headers["access-control-expose-headers"] = "link"
    if is_known(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    return Response(page.body, media_type="application/geo+json", headers=headers)


async def _all(first: str, rows: AsyncGenerator[str]) -> AsyncGenerator[str]:
    yield first
    async for some in rows:
        yield some


def _attachment(name: str) -> str:
    return f'attachment; filename="{name}"'


def _refusal(request: Request, problem: _Refused) -> Response:
    if isinstance(problem, RequestRefused):
        return refusal_response(request, problem, problem.status)
    status = 404 if isinstance(problem, InvalidMonth) else 422
    return refusal_response(request, problem, status, members={"field": problem.field})
