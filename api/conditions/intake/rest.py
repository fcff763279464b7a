"""POST /ngsi-ld/v1/notify, /v1/conditions/observations and /v1/conditions/road-events: for agencies' systems.

Refusals are problem documents (RFC 9457). A delivery that can be read is answered 200 with an
outcome for each item, in their order.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.conditions.errors import ConditionErrorCode, ConditionProblem
from api.conditions.intake.agency_keys import StationAgency
from api.conditions.intake.documents import csv_items, json_items
from api.conditions.intake.errors import KeyMissing, KeyRefused, MediaTypeNotSupported
from api.conditions.intake.items import SentItem
from api.conditions.intake.ngsi_ld import notified_items
from api.conditions.intake.taking import Outcome, Taken
from api.conditions.roads.feed import SentRoadEvent, road_features
from api.context import Services, bearer_token
from api.kit.addresses import line_of
from api.kit.bounded_body import CLIENT_CLOSED_REQUEST, ClientGone, read_body
from api.kit.errors import N_, DomainError
from api.kit.http_problem import refusal_response, unavailable_response
from api.kit.limits import Allowance
from api.kit.request_refusals import RequestRefused
from api.kit.store import StoreUnavailable, WriteConflict

BYTES_AT_MOST = 1_048_576
BODY_SECONDS = 20.0
WRONG_KEYS_FROM_ONE_ADDRESS = Allowance(30, 60)
DELIVERIES_WITH_ONE_KEY = Allowance(1_200, 60)
TITLE = N_("The delivery was not accepted.")

_STATUSES = {
    ConditionErrorCode.KEY_MISSING: 401,
    ConditionErrorCode.KEY_REFUSED: 403,
    ConditionErrorCode.TOO_MANY_ITEMS: 413,
    ConditionErrorCode.MEDIA_TYPE_NOT_SUPPORTED: 415,
}
_NOT_READABLE = 400

_Item = TypeVar("_Item")
_Readers = Mapping[str, Callable[[bytes], list[_Item]]]
_Take = Callable[[StationAgency, list[_Item]], Awaitable[Sequence[Taken]]]
_NOTIFICATIONS: _Readers[SentItem] = {
    "application/json": notified_items,
    "application/ld+json": notified_items,
}
_OBSERVATIONS: _Readers[SentItem] = {"application/json": json_items, "text/csv": csv_items}
_ROAD_EVENTS: _Readers[SentRoadEvent] = {
    "application/json": road_features,
    "application/geo+json": road_features,
}

router = APIRouter()


@router.post("/ngsi-ld/v1/notify")
async def post_notification(request: Request) -> Response:
    """Take in a notification of a context broker."""
    services: Services = request.app.state.services
    return await _take(request, _NOTIFICATIONS, services.conditions.intake.take)


@router.post("/v1/conditions/observations")
async def post_observations(request: Request) -> Response:
    """Take in observations as JSON or CSV."""
    services: Services = request.app.state.services
    return await _take(request, _OBSERVATIONS, services.conditions.intake.take)


@router.post("/v1/conditions/road-events")
async def post_road_events(request: Request) -> Response:
    """Take in events on the road as GeoJSON."""
    services: Services = request.app.state.services
    return await _take(request, _ROAD_EVENTS, services.conditions.road_feed.take)


async def _take(request: Request, readers: _Readers[_Item], take: _Take[_Item]) -> Response:
    try:
        agency = await _sending_agency(request)
        reader = _reader(request, readers)
        body = await read_body(request.receive, bytes_at_most=BYTES_AT_MOST, seconds=BODY_SECONDS)
        items = reader(body)
        taken = await take(agency, items)
    except (ConditionProblem, RequestRefused) as problem:
        return _refusal(request, problem)
    except ClientGone:
        return Response(status_code=CLIENT_CLOSED_REQUEST)
    except (StoreUnavailable, WriteConflict):
        return unavailable_response(request, title=TITLE)
    return JSONResponse(_answer(taken))


async def _sending_agency(request: Request) -> StationAgency:
    """Return whose key it is: known before it is counted, so that only wrong keys use up that limit."""
    services: Services = request.app.state.services
    try:
        key = bearer_token(request.headers.get("authorization"))
        agency = await services.conditions.intake.keys.holder_of(key)
    except (KeyMissing, KeyRefused):
        line = line_of(request.state.address)
        await services.limits.check("conditions.wrong_key", line, WRONG_KEYS_FROM_ONE_ADDRESS)
        raise
    await services.limits.check("conditions.delivery", agency.key_id, DELIVERIES_WITH_ONE_KEY)
    return agency


def _reader(request: Request, readers: _Readers[_Item]) -> Callable[[bytes], list[_Item]]:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in readers or "content-encoding" in request.headers:
        raise MediaTypeNotSupported
    return readers[media_type]


def _answer(taken: Sequence[Taken]) -> dict[str, Any]:
    counts = {it.name.lower(): sum(one.outcome is it for one in taken) for it in Outcome}
    return {**counts, "items": [_item_answer(one) for one in taken]}


def _item_answer(taken: Taken) -> dict[str, str]:
    code = {"code": taken.problem.code.name} if taken.problem else {}
    return {"outcome": taken.outcome.name, **code}


def _refusal(request: Request, problem: DomainError) -> Response:
    if isinstance(problem, RequestRefused):
        status = problem.status
    else:
        status = _STATUSES.get(ConditionErrorCode(problem.code), _NOT_READABLE)
    headers = {"www-authenticate": 'Bearer realm="conditions"'} if status == 401 else {}
    return refusal_response(request, problem, status, title=TITLE, headers=headers)
