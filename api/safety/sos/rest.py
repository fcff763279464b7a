"""POST /safety/v1/sms: what an SMS gateway received, signed as callbacks of payments are.

200 means that the call for help is taken in, also when it was before; anything else but 422: post it again,
signed anew. Refusals are problem documents (RFC 9457).
"""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.context import Services
from api.kit.addresses import line_of
from api.kit.bounded_body import ClientGone, read_body
from api.kit.errors import DomainError
from api.kit.http_problem import refusal_response, unavailable_response
from api.kit.limits import Allowance
from api.kit.request_refusals import RequestRefused, TooManyRequests
from api.kit.store import StoreUnavailable, WriteConflict
from api.safety.sos.sms_gateway import HEADER, GatewayErrorCode, GatewayProblem
from api.wallet.errors import CallbackProblem, SignatureWrong

BYTES_AT_MOST = 8_192
BODY_SECONDS = 10.0
WRONG_SIGNATURES_FROM_ONE_ADDRESS = Allowance(60, 60)
_CLIENT_CLOSED_REQUEST = 499

router = APIRouter()


@router.post("/safety/v1/sms")
async def post_sms(request: Request) -> Response:
    """Take in one SMS."""
    try:
        return await _received(request)
    except (CallbackProblem, GatewayProblem, RequestRefused) as problem:
        return _refusal(request, problem)
    except ClientGone:
        return Response(status_code=_CLIENT_CLOSED_REQUEST)
    except (StoreUnavailable, WriteConflict):
        return unavailable_response(request)


async def _received(request: Request) -> Response:
    services: Services = request.app.state.services
    body = await read_body(request.receive, bytes_at_most=BYTES_AT_MOST, seconds=BODY_SECONDS)
    try:
        sos = await services.safety.sms_gateway.receive(request.headers.get(HEADER), body)
    except SignatureWrong:
        # Only what is wrongly signed is counted: a real call is never too many.
        line = line_of(request.state.address)
        await services.limits.check(
            "safety.wrong_signature", line, WRONG_SIGNATURES_FROM_ONE_ADDRESS
        )
        raise
    return JSONResponse({"code": sos.code, "state": sos.state.name}, headers=_NOT_KEPT)


_NOT_KEPT = {"cache-control": "no-store"}


def _refusal(request: Request, problem: DomainError) -> Response:
    if isinstance(problem, RequestRefused):
        headers = {}
        if isinstance(problem, TooManyRequests):
            headers = {"retry-after": str(problem.retry_after_seconds)}
        return refusal_response(request, problem, problem.status, headers=headers)
    if isinstance(problem, GatewayProblem):
        status = 404 if problem.code is GatewayErrorCode.NO_GATEWAY else 422
        return refusal_response(request, problem, status)
    headers = {"www-authenticate": 'Signature realm="safety"'}
    return refusal_response(request, problem, 401, headers=headers)
