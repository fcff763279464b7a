"""/open311/v2/…: HTTP around the door. Refusals are GeoReport's lists of errors, in the reader's language."""

import hashlib
from typing import Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response

from api.accounts.errors import NotAllowed, NotSignedIn
from api.context import Services
from api.feedback.errors import FeedbackErrorCode, FeedbackProblem
from api.feedback.open311.api_keys import ApiKey
from api.feedback.open311.documents import Listed, Root, encoded
from api.feedback.open311.door import POSTED, Address, format_of
from api.feedback.open311.errors import (
    InvalidParameter,
    KeyRefused,
    NotAForm,
    Open311Problem,
    QueryNotUnderstood,
    WrongMethodHere,
)
from api.feedback.open311.parameters import Parameters
from api.feedback.open311.requesting import Tongue
from api.kit.addresses import line_of
from api.kit.bounded_body import CLIENT_CLOSED_REQUEST, ClientGone, read_body
from api.kit.entity_tags import is_known
from api.kit.errors import DomainError
from api.kit.geo import InvalidPosition
from api.kit.idempotency import IdempotencyProblem
from api.kit.limits import Allowance
from api.kit.request_refusals import DataOutOfReach, RequestRefused, TooManyRequests
from api.kit.store import StoreUnavailable, WriteConflict
from locales import negotiate, translator

BYTES_AT_MOST: Final = 65_536
BODY_SECONDS: Final = 10.0
READS_FROM_ONE_ADDRESS = Allowance(240, 60)
WRONG_KEYS_FROM_ONE_ADDRESS = Allowance(30, 60)
WRITES_WITH_ONE_KEY = Allowance(600, 60)

_FORM = "application/x-www-form-urlencoded"
_FIELDS_AT_MOST = 60
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_READS = frozenset({"GET", "HEAD"})
_FOR_EVERYBODY = {"access-control-allow-origin": "*"}
"""Also pages of others may read what is public; there is no sign-in here that they could abuse."""
_STATUSES = {
    FeedbackErrorCode.NOT_FOUND: 404,
    FeedbackErrorCode.REPORT_CHANGED: 409,
    FeedbackErrorCode.REPORT_ENDED: 409,
    FeedbackErrorCode.NOT_IN_THIS_STATE: 409,
    FeedbackErrorCode.INVALID_MERGE: 409,
    FeedbackErrorCode.TOO_MANY_REPORTS: 429,
    FeedbackErrorCode.NOT_YOURS: 403,
}

router = APIRouter()


@router.api_route("/open311/v2/{path:path}", methods=_METHODS)
async def exchange(request: Request, path: str) -> Response:
    """Answer whatever comes to the door."""
    try:
        return await _answer(request, path)
    except (
        Open311Problem,
        FeedbackProblem,
        IdempotencyProblem,
        RequestRefused,
        InvalidPosition,
        NotAllowed,
        NotSignedIn,
    ) as problem:
        return _refusal(request, path, problem)
    except ClientGone:
        return Response(status_code=CLIENT_CLOSED_REQUEST)
    except (StoreUnavailable, WriteConflict):
        return _refusal(request, path, DataOutOfReach())


async def _answer(request: Request, path: str) -> Response:
    address = Address.of(path)
    is_read = request.method in _READS
    if not is_read and not (request.method == "POST" and _is_posted(address)):
        raise WrongMethodHere("GET, HEAD, POST" if _is_posted(address) else "GET, HEAD")
    language = negotiate(request.headers.get("accept-language"))
    door = request.app.state.services.feedback.open311
    if is_read:
        return _read_response(request, address, await _read(request, address, language), language)
    asked = Parameters([*_query(request), *await _posted(request)])
    holder = await _writer(request, asked)
    written_in = language if request.headers.get("accept-language") else "vi"
    root = await door.write(address, asked, holder, Tongue(language, written_in))
    return _response(encoded(root, address.form), 200, address.form.media_type, language)


def _is_posted(address: Address) -> bool:
    return address.one is None and address.resource in POSTED


async def _read(request: Request, address: Address, language: str) -> Root:
    services: Services = request.app.state.services
    line = line_of(request.state.address)
    await services.limits.check("open311.read", line, READS_FROM_ONE_ADDRESS)
    asked = Parameters(_query(request))
    key = asked.text("api_key")
    holder = await _holder(request, key) if key is not None else None
    return await services.feedback.open311.read(address, asked, holder, language)


async def _writer(request: Request, asked: Parameters) -> ApiKey:
    """Return whose key came along. Raises KeyRefused, TooManyRequests."""
    services: Services = request.app.state.services
    holder = await _holder(request, asked.text("api_key"))
    await services.limits.check("open311.write", holder.id, WRITES_WITH_ONE_KEY)
    return holder


async def _holder(request: Request, key: str | None) -> ApiKey:
    """Return whose key it is: known before it is counted, so that only wrong keys use up that limit."""
    services: Services = request.app.state.services
    try:
        return await services.feedback.open311.keys.holder_of(key)
    except KeyRefused:
        line = line_of(request.state.address)
        await services.limits.check("open311.wrong_key", line, WRONG_KEYS_FROM_ONE_ADDRESS)
        raise


def _query(request: Request) -> list[tuple[str, str]]:
    """Return the parameters of the address. Raises QueryNotUnderstood and InvalidParameter."""
    try:
        return _pairs(request.scope["query_string"])
    except ValueError as error:
        raise QueryNotUnderstood from error


async def _posted(request: Request) -> list[tuple[str, str]]:
    """Return the fields of the form. Raises NotAForm, InvalidParameter and RequestRefused."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _FORM or "content-encoding" in request.headers:
        raise NotAForm
    body = await read_body(request.receive, bytes_at_most=BYTES_AT_MOST, seconds=BODY_SECONDS)
    try:
        return _pairs(body)
    except ValueError as error:
        raise NotAForm from error


def _pairs(encoded_form: bytes) -> list[tuple[str, str]]:
    """Return names and values. Raises InvalidParameter, and ValueError for what is no form."""
    pairs = parse_qsl(
        encoded_form.decode("utf-8"),
        keep_blank_values=True,
        max_num_fields=_FIELDS_AT_MOST,
        errors="strict",
    )
    for name, value in pairs:
        if "\x00" in name or "\x00" in value:
            raise InvalidParameter(name=name.replace("\x00", "")[:_FIELDS_AT_MOST])
    return pairs


def _read_response(request: Request, address: Address, root: Root, language: str) -> Response:
    body = encoded(root, address.form)
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    status = 304 if is_known(request.headers.get("if-none-match"), tag) else 200
    headers = {"etag": tag, "cache-control": "no-cache"}
    content = b"" if status == 304 else body
    return _response(content, status, address.form.media_type, language, headers)


def _response(
    body: bytes,
    status: int,
    media_type: str,
    language: str,
    headers: dict[str, str] | None = None,
) -> Response:
    own = {"content-language": language, "vary": "accept-language", **_FOR_EVERYBODY}
    return Response(body, status, {**own, "content-type": media_type, **(headers or {})})


def _refusal(request: Request, path: str, problem: DomainError) -> Response:
    status, form = _status_of(problem), format_of(path)
    language = negotiate(request.headers.get("accept-language"))
    row = {"code": status, "description": problem.localized(translator(language))}
    headers: dict[str, str] = {}
    if isinstance(problem, WrongMethodHere):
        headers["allow"] = problem.allowed
    wait = (
        problem.retry_after_seconds if isinstance(problem, TooManyRequests | FeedbackProblem) else 1
    )
    if status in (429, 503) and wait:
        headers["retry-after"] = str(wait)
    body = encoded(Listed("errors", "error", (row,)), form)
    return _response(body, status, form.media_type, language, headers)


def _status_of(problem: DomainError) -> int:
    if isinstance(problem, Open311Problem | RequestRefused):
        return problem.status
    if isinstance(problem, FeedbackProblem):
        return _STATUSES.get(FeedbackErrorCode(problem.code), 400)
    return 403 if isinstance(problem, NotAllowed | NotSignedIn) else 400
