"""POST /v1/channels/items: the door through which systems send posts and press items.

200 means that all of a batch is here; anything else: send it again, signed anew. Refusals are problem
documents (RFC 9457).
"""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.context import Services
from api.feedback.channels.errors import DoorErrorCode, DoorProblem, SignatureWrong
from api.feedback.channels.intake.signatures import SIGNATURE, SOURCE
from api.kit.addresses import line_of
from api.kit.bounded_body import CLIENT_CLOSED_REQUEST, ClientGone, read_body
from api.kit.errors import DomainError
from api.kit.http_problem import refusal_response, unavailable_response
from api.kit.limits import Allowance
from api.kit.request_refusals import RequestRefused
from api.kit.store import StoreUnavailable, WriteConflict

BYTES_AT_MOST = 1 << 20
BODY_SECONDS = 20.0
WRONG_SIGNATURES_FROM_ONE_ADDRESS = Allowance(60, 60)
BATCHES_OF_ONE_SOURCE = Allowance(600, 60)
_STATUSES = {
    DoorErrorCode.SIGNATURE_WRONG: 401,
    DoorErrorCode.SIGNATURE_OUT_OF_TIME: 401,
    DoorErrorCode.SOURCE_PAUSED: 409,
    DoorErrorCode.NOT_UNDERSTOOD: 422,
}

router = APIRouter()


@router.post("/v1/channels/items")
async def post_items(request: Request) -> Response:
    """Take in a batch."""
    try:
        return await _received(request)
    except (DoorProblem, RequestRefused) as problem:
        return _refusal(request, problem)
    except ClientGone:
        return Response(status_code=CLIENT_CLOSED_REQUEST)
    except (StoreUnavailable, WriteConflict):
        return unavailable_response(request)


async def _received(request: Request) -> Response:
    services: Services = request.app.state.services
    source_id = request.headers.get(SOURCE, "")
    body = await read_body(request.receive, bytes_at_most=BYTES_AT_MOST, seconds=BODY_SECONDS)
    batches = services.feedback.channels.batches
    try:
        await batches.verify(source_id, request.headers.get(SIGNATURE, ""), body)
    except SignatureWrong:
        line = line_of(request.state.address)
        await services.limits.check(
            "channels.wrong_signature", line, WRONG_SIGNATURES_FROM_ONE_ADDRESS
        )
        raise
    await services.limits.check("channels.batch", source_id, BATCHES_OF_ONE_SOURCE)
    taken = await batches.take(source_id, body)
    counts = {"taken": taken.taken, "known": taken.known}
    return JSONResponse(counts, headers={"cache-control": "no-store"})


def _refusal(request: Request, problem: DomainError) -> Response:
    if isinstance(problem, RequestRefused):
        return refusal_response(request, problem, problem.status)
    status = _STATUSES[DoorErrorCode(problem.code)]
    headers = {"www-authenticate": 'Signature realm="channels"'} if status == 401 else {}
    item = problem.item if isinstance(problem, DoorProblem) else None
    return refusal_response(request, problem, status, members={"item": item}, headers=headers)
