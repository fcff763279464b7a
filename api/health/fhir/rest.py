"""/fhir/…: HTTP around the door. Every answer is a resource; those of /fhir/token are RFC 6749's."""

from typing import Final
from urllib.parse import parse_qsl

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.context import Services, bearer_token
from api.health.errors import HealthErrorCode, HealthProblem
from api.health.fhir.door import FhirDoor
from api.health.fhir.errors import (
    FhirProblem,
    InteractionNotAllowed,
    IssueType,
    SearchNotAForm,
    TokenMissing,
)
from api.health.fhir.exchange import FHIR_JSON, FhirAnswer, FhirRequest, Pairs, Resource
from api.health.fhir.outcome import outcome, outcome_of
from api.health.fhir.systems.errors import InvalidTokenRequest, TokenRefused
from api.kit.addresses import line_of
from api.kit.bounded_body import CLIENT_CLOSED_REQUEST, ClientGone, read_body
from api.kit.errors import DomainError
from api.kit.idempotency import IdempotencyProblem
from api.kit.limits import Allowance
from api.kit.pages import PageProblem
from api.kit.presented_errors import STORE_UNAVAILABLE, ErrorCode
from api.kit.request_refusals import RequestRefused, TooManyRequests
from api.kit.store import StoreUnavailable, WriteConflict
from locales import negotiate, translator

BYTES_AT_MOST: Final = 65_536
BODY_SECONDS: Final = 10.0
TOKENS_FROM_ONE_ADDRESS = Allowance(60, 60)
_FORM = "application/x-www-form-urlencoded"
_FIELDS_AT_MOST = 60
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_STATUSES = {
    HealthErrorCode.NOT_FOUND: 404,
    HealthErrorCode.SLOT_TAKEN: 409,
    HealthErrorCode.HOLD_OVER: 409,
    HealthErrorCode.APPOINTMENT_OVER: 409,
    HealthErrorCode.SESSION_CLOSED: 409,
}

router = APIRouter()


@router.post("/fhir/token")
async def token(request: Request) -> Response:
    """Give an access token for an assertion (SMART Backend Services)."""
    services: Services = request.app.state.services
    try:
        line = line_of(request.state.address)
        await services.limits.check("fhir.token", line, TOKENS_FROM_ONE_ADDRESS)
        body = await read_body(request.receive, bytes_at_most=BYTES_AT_MOST, seconds=BODY_SECONDS)
        issued = await services.health.fhir.door.access.issue(_form(request, body))
    except TokenRefused as problem:
        return _token_refusal(request, problem, 400)
    except RequestRefused as problem:
        return _token_refusal(request, problem, problem.status)
    except ClientGone:
        return Response(status_code=CLIENT_CLOSED_REQUEST)
    except (StoreUnavailable, WriteConflict):
        return JSONResponse(
            {"error": "temporarily_unavailable"}, 503, {"retry-after": "1", **_NEVER_KEPT}
        )
    answer = {
        "access_token": issued.token,
        "token_type": "bearer",
        "expires_in": issued.seconds,
        "scope": issued.scope,
    }
    return JSONResponse(answer, headers=_NEVER_KEPT)


@router.api_route("/fhir", methods=_METHODS)
@router.api_route("/fhir/{path:path}", methods=_METHODS)
async def exchange(request: Request, path: str = "") -> Response:
    """Answer whatever else comes to the door."""
    services: Services = request.app.state.services
    try:
        return _response(await _answered(services.health.fhir.door, request, path))
    except (FhirProblem, HealthProblem, IdempotencyProblem, PageProblem, RequestRefused) as problem:
        return _refusal(request, problem)
    except ClientGone:
        return Response(status_code=CLIENT_CLOSED_REQUEST)
    except (StoreUnavailable, WriteConflict):
        return _unavailable(request)


_NEVER_KEPT = {"cache-control": "no-store", "pragma": "no-cache"}


async def _answered(door: FhirDoor, request: Request, path: str) -> FhirAnswer:
    body = await read_body(request.receive, bytes_at_most=BYTES_AT_MOST, seconds=BODY_SECONDS)
    query = tuple(request.query_params.multi_items())
    is_search = path.endswith("/_search") and request.method == "POST"
    asked = FhirRequest(
        method=request.method,
        path=tuple(path.split("/")) if path else (),
        query=(*query, *_search_form(request, body)) if is_search else query,
        headers=dict(request.headers),
        body=body,
        address=request.state.address,
    )
    return await door.answer(asked, bearer_token(request.headers.get("authorization")))


def _form(request: Request, body: bytes) -> Pairs:
    """Return the fields of a form. Raises InvalidTokenRequest."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _FORM:
        raise InvalidTokenRequest
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            max_num_fields=_FIELDS_AT_MOST,
            errors="strict",
        )
    except ValueError as error:
        raise InvalidTokenRequest from error
    return tuple(pairs)


def _search_form(request: Request, body: bytes) -> Pairs:
    """Return the parameters of a search that was posted. Raises SearchNotAForm."""
    try:
        return _form(request, body)
    except InvalidTokenRequest as error:
        raise SearchNotAForm from error


def _response(answer: FhirAnswer) -> Response:
    if answer.resource is None:
        return Response(status_code=answer.status, headers=dict(answer.headers))
    return _resource(answer.status, answer.resource, dict(answer.headers))


def _resource(status: int, resource: Resource, headers: dict[str, str]) -> Response:
    kind = FHIR_JSON if "resourceType" in resource else "application/json"
    return Response(
        orjson.dumps(resource),
        status,
        {
            "vary": "accept, authorization, prefer",
            "content-type": f"{kind}; charset=utf-8",
            **headers,
        },
    )


def _refusal(request: Request, problem: DomainError) -> Response:
    language = negotiate(request.headers.get("accept-language"))
    headers = {"content-language": language}
    if isinstance(problem, TooManyRequests):
        headers["retry-after"] = str(problem.retry_after_seconds)
    if isinstance(problem, InteractionNotAllowed):
        headers["allow"] = problem.allowed
    if isinstance(problem, TokenMissing):
        headers["www-authenticate"] = 'Bearer realm="fhir"'
    return _resource(_status(problem), outcome_of(problem, language), headers)


def _status(problem: DomainError) -> int:
    if isinstance(problem, FhirProblem | RequestRefused):
        return problem.status
    if isinstance(problem, HealthProblem):
        return _STATUSES.get(HealthErrorCode(problem.code), 422)
    return 400 if isinstance(problem, PageProblem) else 422


def _unavailable(request: Request) -> Response:
    language = negotiate(request.headers.get("accept-language"))
    text = translator(language)(STORE_UNAVAILABLE)
    resource = outcome(IssueType.TRANSIENT, ErrorCode.STORE_UNAVAILABLE.name, text)
    return _resource(503, resource, {"content-language": language, "retry-after": "1"})


def _token_refusal(request: Request, problem: DomainError, status: int) -> Response:
    """Return the refusal as RFC 6749, section 5.2, has it."""
    language = negotiate(request.headers.get("accept-language"))
    is_known = isinstance(problem, TokenRefused)
    document = {
        "error": problem.code.value if is_known else "invalid_request",
        "error_description": problem.localized(translator(language)),
    }
    headers = {**_NEVER_KEPT, "content-language": language}
    if isinstance(problem, TooManyRequests):
        headers["retry-after"] = str(problem.retry_after_seconds)
    return JSONResponse(document, status, headers)
