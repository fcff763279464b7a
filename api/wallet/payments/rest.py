"""POST /wallet/v1/payments/{provider}/callbacks: what a payment provider reports.

200 means that it is booked, also when it was booked before; anything else: send it again, signed
anew. Refusals are problem documents (RFC 9457).
"""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from api.context import Services
from api.kit.addresses import line_of
from api.kit.bounded_body import CLIENT_CLOSED_REQUEST, ClientGone, read_body
from api.kit.errors import DomainError
from api.kit.http_problem import refusal_response, unavailable_response
from api.kit.ids import is_id
from api.kit.limits import Allowance
from api.kit.request_refusals import RequestRefused
from api.kit.store import StoreUnavailable, WriteConflict
from api.wallet.errors import CallbackErrorCode, CallbackProblem, SignatureWrong
from api.wallet.payments.signatures import HEADER

BYTES_AT_MOST = 16_384
BODY_SECONDS = 10.0
WRONG_SIGNATURES_FROM_ONE_ADDRESS = Allowance(60, 60)
_STATUSES = {
    CallbackErrorCode.PROVIDER_UNKNOWN: 404,
    CallbackErrorCode.SIGNATURE_WRONG: 401,
    CallbackErrorCode.SIGNATURE_OUT_OF_TIME: 401,
    CallbackErrorCode.NOT_UNDERSTOOD: 422,
}

router = APIRouter()


@router.post("/wallet/v1/payments/{provider}/callbacks")
async def post_callback(request: Request, provider: str) -> Response:
    """Take in one callback."""
    try:
        return await _received(request, provider)
    except (CallbackProblem, RequestRefused) as problem:
        return _refusal(request, problem)
    except ClientGone:
        return Response(status_code=CLIENT_CLOSED_REQUEST)
    except (StoreUnavailable, WriteConflict):
        return unavailable_response(request)


async def _received(request: Request, provider: str) -> Response:
    services: Services = request.app.state.services
    body = await read_body(request.receive, bytes_at_most=BYTES_AT_MOST, seconds=BODY_SECONDS)
    try:
        signature = request.headers.get(HEADER)
        payment = await services.wallet.top_ups.receive(provider, signature, body)
    except SignatureWrong:
        line = line_of(request.state.address)
        await services.limits.check(
            "wallet.wrong_signature", line, WRONG_SIGNATURES_FROM_ONE_ADDRESS
        )
        raise
    outcome = payment.outcome.name if payment else "NOTED"
    return JSONResponse({"outcome": outcome}, headers={"cache-control": "no-store"})


def _refusal(request: Request, problem: DomainError) -> Response:
    if isinstance(problem, RequestRefused):
        return refusal_response(request, problem, problem.status)
    status = _STATUSES[CallbackErrorCode(problem.code)]
    headers = {"www-authenticate": 'Signature realm="wallet"'} if status == 401 else {}
    return refusal_response(request, problem, status, headers=headers)


local = APIRouter()
"""Where the local provider sends payers; for development only."""


@local.get("/dev/payments")
async def show_local_payment(order: str = "", amount: int = 0) -> Response:
    """Say how to act as the provider."""
    named = order if is_id(order) else "ORDER"
    text = (
        f"This stands in for a payment provider. To pay: laocai wallet pretend {named} {amount}\n"
    )
    return PlainTextResponse(text, headers={"x-content-type-options": "nosniff"})
