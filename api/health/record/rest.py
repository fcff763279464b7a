"""The doors of the health record that cannot be GraphQL: files, and a page for whoever helps.

PUT /health/v1/documents/{id}/content takes the content of a document that a desk has announced, GET
gives it to the patient; both with a bearer token. GET /health/emergency-card/{code} is for everybody
who has the code.
"""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.accounts.caller import Caller
from api.accounts.errors import NotAllowed, NotSignedIn
from api.context import Services, bearer_token
from api.health.errors import HealthErrorCode, HealthProblem
from api.health.record.card_page import card_page, no_card_page
from api.health.record.shared_document import CONTENT_TYPES, DOCUMENT_BYTES_AT_MOST
from api.kit.addresses import line_of
from api.kit.bounded_body import CLIENT_CLOSED_REQUEST, ClientGone, read_body
from api.kit.errors import DomainError
from api.kit.http_problem import refusal_response, unavailable_response
from api.kit.limits import Allowance
from api.kit.request_refusals import RequestRefused, TooManyRequests
from api.kit.store import StoreUnavailable, WriteConflict
from locales import negotiate

BODY_SECONDS = 120.0
FILES_FROM_ONE_CLERK = Allowance(120, 3_600)
FILES_TO_ONE_PERSON = Allowance(120, 3_600)
CARDS_TO_ONE_ADDRESS = Allowance(20, 60)
_STATUSES: Mapping[object, int] = {
    HealthErrorCode.NOT_FOUND: 404,
    HealthErrorCode.DOCUMENT_CLOSED: 409,
    HealthErrorCode.INVALID_DOCUMENT: 422,
}
_NEVER_KEPT = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_FILE = {**_NEVER_KEPT, "content-security-policy": "sandbox; default-src 'none'"}
_PAGE = {
    **_NEVER_KEPT,
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "x-robots-tag": "noindex, nofollow, noarchive",
    "vary": "accept-language",
}

router = APIRouter()


@router.put("/health/v1/documents/{document_id}/content")
async def put_content(request: Request, document_id: str) -> Response:
    """Take in the content: 204 when the patient can see it, else a problem."""
    services: Services = request.app.state.services
    sharing = services.health.record.sharing
    try:
        caller = await _caller(request, services)
        await services.limits.check("health.documents.in", caller.person(), FILES_FROM_ONE_CLERK)
        await sharing.awaited(caller, document_id)
        content = await read_body(
            request.receive, bytes_at_most=DOCUMENT_BYTES_AT_MOST, seconds=BODY_SECONDS
        )
        await sharing.receive(caller, document_id, content)
    except (HealthProblem, RequestRefused, NotSignedIn, NotAllowed) as problem:
        return _refusal(request, problem)
    except ClientGone:
        return Response(status_code=CLIENT_CLOSED_REQUEST)
    except (StoreUnavailable, WriteConflict):
        return unavailable_response(request)
    return Response(status_code=204, headers=_NEVER_KEPT)


@router.get("/health/v1/documents/{document_id}/content")
async def get_content(request: Request, document_id: str) -> Response:
    """Send a document to its patient, to be saved."""
    services: Services = request.app.state.services
    try:
        caller = await _caller(request, services)
        await services.limits.check("health.documents.out", caller.person(), FILES_TO_ONE_PERSON)
        document, content = await services.health.record.documents.content(caller, document_id)
    except (HealthProblem, RequestRefused, NotSignedIn) as problem:
        return _refusal(request, problem)
    except StoreUnavailable:
        return unavailable_response(request)
    name = f"{document.created_at:%Y-%m-%d}-{document.id[:6]}.{document.format}"
    headers = {**_FILE, "content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=CONTENT_TYPES[document.format], headers=headers)


@router.get("/health/emergency-card/{code}")
async def emergency_card(request: Request, code: str) -> Response:
    """Show a card; 404 alike for a code that never was, was given up, or is nobody's any more."""
    services: Services = request.app.state.services
    language = negotiate(request.headers.get("accept-language"))
    try:
        await services.limits.check(
            "health.cards", line_of(request.state.address), CARDS_TO_ONE_ADDRESS
        )
        shown = await services.health.record.cards.read(code)
    except TooManyRequests as problem:
        return _refusal(request, problem)
    except (StoreUnavailable, WriteConflict):
        return unavailable_response(request)
    if shown is None:
        return HTMLResponse(no_card_page(language), status_code=404, headers=_PAGE)
    return HTMLResponse(card_page(shown, language), headers=_PAGE)


async def _caller(request: Request, services: Services) -> Caller:
    token = bearer_token(request.headers.get("authorization"))
    if token is None:
        raise NotSignedIn
    return await services.accounts.sessions.caller_of(token)


def _refusal(request: Request, problem: DomainError) -> Response:
    headers = dict(_NEVER_KEPT)
    if isinstance(problem, NotSignedIn):
        headers["www-authenticate"] = "Bearer"
    return refusal_response(request, problem, _status_of(problem), headers=headers)


def _status_of(problem: DomainError) -> int:
    if isinstance(problem, RequestRefused):
        return problem.status
    if isinstance(problem, NotSignedIn):
        return 401
    if isinstance(problem, NotAllowed):
        return 403
    return _STATUSES.get(problem.code, 422)
