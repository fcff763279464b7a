"""POST /cap/v1/alerts: the door through which agencies' systems send CAP 1.2 messages.

Refusals are problem documents (RFC 9457) in the language of Accept-Language, with `code`, and where
they concern the message `element` and `line`.
"""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.alerts.agency_keys import Agency
from api.alerts.cap_xml import BYTES_AT_MOST
from api.alerts.errors import (
    AlertErrorCode,
    AlertProblem,
    KeyMissing,
    KeyRefused,
    MediaTypeNotSupported,
)
from api.alerts.intake import Imported
from api.alerts.service import AlertService
from api.context import Services, bearer_token
from api.kit.addresses import line_of
from api.kit.bounded_body import CLIENT_CLOSED_REQUEST, ClientGone, read_body
from api.kit.errors import N_, DomainError
from api.kit.http_problem import refusal_response, unavailable_response
from api.kit.limits import Allowance
from api.kit.request_refusals import BodyTooLarge, RequestRefused, TooManyRequests
from api.kit.store import StoreUnavailable, WriteConflict

MEDIA_TYPES = frozenset({"application/cap+xml", "application/xml", "text/xml"})
BODY_SECONDS = 20.0
WRONG_KEYS_FROM_ONE_ADDRESS = Allowance(30, 60)
MESSAGES_WITH_ONE_KEY = Allowance(1_200, 60)
"""Windows are weighed by estimate: this never refuses whom 600 a minute would let pass."""

_STATUSES = {
    AlertErrorCode.NOT_WELL_FORMED: 400,
    AlertErrorCode.ENCODING_NOT_SUPPORTED: 400,
    AlertErrorCode.FORBIDDEN_XML: 400,
    AlertErrorCode.KEY_MISSING: 401,
    AlertErrorCode.KEY_REFUSED: 403,
    AlertErrorCode.SENDER_NOT_ALLOWED: 403,
    AlertErrorCode.SIGNATURE_REQUIRED: 403,
    AlertErrorCode.SIGNATURE_INVALID: 403,
    AlertErrorCode.SIGNATURE_ALGORITHM_REFUSED: 403,
    AlertErrorCode.SIGNER_NOT_TRUSTED: 403,
    AlertErrorCode.CONFLICTING_MESSAGE: 409,
    AlertErrorCode.TOO_LARGE: 413,
    AlertErrorCode.MEDIA_TYPE_NOT_SUPPORTED: 415,
}
TITLE = N_("The message was not accepted.")
_MESSAGE_IS_WRONG = 422

router = APIRouter()


@router.post("/cap/v1/alerts")
async def post_alert(request: Request) -> Response:
    """Take in one message: 201 when it is new, 200 when it was here already, else a problem."""
    alerts: AlertService = request.app.state.services.alerts
    try:
        agency = await _sending_agency(request)
        imported = await alerts.import_cap(
            await _message(request), f"agency:{agency.key_id}", agency=agency
        )
    except (AlertProblem, RequestRefused) as problem:
        return _refusal(request, problem)
    except ClientGone:
        return Response(status_code=CLIENT_CLOSED_REQUEST)
    except (StoreUnavailable, WriteConflict):
        return unavailable_response(request, title=TITLE)
    return JSONResponse(_answer(imported), status_code=200 if imported.is_replay else 201)


async def _sending_agency(request: Request) -> Agency:
    """Return whose key it is: known before it is counted, so that only wrong keys use up that limit."""
    services: Services = request.app.state.services
    try:
        key = bearer_token(request.headers.get("authorization"))
        agency = await services.alerts.keys.holder_of(key)
    except (KeyMissing, KeyRefused):
        line = line_of(request.state.address)
        await services.limits.check("cap.wrong_key", line, WRONG_KEYS_FROM_ONE_ADDRESS)
        raise
    await services.limits.check("cap.message", agency.key_id, MESSAGES_WITH_ONE_KEY)
    return agency


async def _message(request: Request) -> bytes:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in MEDIA_TYPES or "content-encoding" in request.headers:
        raise MediaTypeNotSupported
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > BYTES_AT_MOST:
        raise BodyTooLarge(most=BYTES_AT_MOST)
    return await read_body(request.receive, bytes_at_most=BYTES_AT_MOST, seconds=BODY_SECONDS)


def _answer(imported: Imported) -> dict[str, Any]:
    return {
        "id": imported.id,
        "identifier": imported.identifier,
        "sender": imported.sender,
        "sent": imported.sent.isoformat(),
        "delivery": imported.delivery.name,
        "replay": imported.is_replay,
        "ended": list(imported.ended),
        "foreignReferences": imported.foreign_references,
        "signature": imported.signature.name,
    }


def _refusal(request: Request, problem: DomainError) -> Response:
    status = _status_of(problem)
    members: dict[str, Any] = {}
    if isinstance(problem, AlertProblem):
        members = {"element": problem.element, "line": problem.line}
    headers = {"www-authenticate": 'Bearer realm="cap"'} if status == 401 else {}
    if isinstance(problem, TooManyRequests):
        members = {"retryAfter": problem.retry_after_seconds}
    return refusal_response(request, problem, status, title=TITLE, members=members, headers=headers)


def _status_of(problem: DomainError) -> int:
    if isinstance(problem, RequestRefused):
        return problem.status
    return _STATUSES.get(AlertErrorCode(problem.code), _MESSAGE_IS_WRONG)
