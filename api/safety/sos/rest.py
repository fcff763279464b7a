"""POST /safety/v1/sms: what an SMS gateway received, with a stamped signature.

200 means that the call for help is taken in, also when it was before; anything else but 422: post it again,
signed anew. Refusals are problem documents (RFC 9457).
"""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.context import Services
from api.kit.addresses import line_of
from api.kit.bounded_body import CLIENT_CLOSED_REQUEST, ClientGone, read_body
from api.kit.errors import DomainError
from api.kit.http_problem import refusal_response, unavailable_response
from api.kit.limits import Allowance
from api.kit.request_refusals import RequestRefused
from api.kit.store import StoreUnavailable, WriteConflict
from api.safety.sos.sms_gateway import HEADER, GatewayErrorCode, GatewayProblem, SignatureWrong

BYTES_AT_MOST = 8_192
BODY_SECONDS = 10.0
WRONG_SIGNATURES_FROM_ONE_ADDRESS = Allowance(60, 60)
_NOT_KEPT = {"cache-control": "no-store"}
_STATUSES = {
    GatewayErrorCode.NO_GATEWAY: 404,
    GatewayErrorCode.SIGNATURE_WRONG: 401,
    GatewayErrorCode.SIGNATURE_OUT_OF_TIME: 401,
    GatewayErrorCode.NOT_UNDERSTOOD: 422,
}

router = APIRouter()


@router.post("/safety/v1/sms")
async def post_sms(request: Request) -> Response:
    """Take in one SMS."""
    try:
        return await _received(request)
    except (GatewayProblem, RequestRefused) as problem:
        return _refusal(request, problem)
    except ClientGone:
        return Response(status_code=CLIENT_CLOSED_REQUEST)
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


def _refusal(request: Request, problem: DomainError) -> Response:
    if isinstance(problem, RequestRefused):
        return refusal_response(request, problem, problem.status)
    status = _STATUSES[GatewayErrorCode(problem.code)]
    headers = {"www-authenticate": 'Signature realm="safety"'} if status == 401 else {}
    return refusal_response(request, problem, status, headers=headers)
