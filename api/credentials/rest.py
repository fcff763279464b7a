"""GET /credentials/v1/…: what gates fetch without signing in: the keys of cards, and the status lists.

The formats are those of RFC 7517 and of the draft on Token Status Lists; nothing here tells of a person.
"""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from api.credentials.errors import StatusListNotFound
from api.credentials.service import CredentialService
from api.credentials.status.publishing import FRESH_FOR
from api.credentials.status.repository import ListId
from api.credentials.status.status_list import DELTA_TYPE, LIST_TYPE
from api.kit.entity_tags import is_known
from api.kit.http_problem import refusal_response, unavailable_response
from api.kit.store import StoreError

KEYS_CACHED_SECONDS = 60
"""Shorter than a new key is published before it signs."""
_FOR_ANY_PAGE = {"access-control-allow-origin": "*"}
_NUMBER_DIGITS_AT_MOST = 12

router = APIRouter()


@router.get("/credentials/v1/keys.json")
async def published_keys(request: Request) -> Response:
    """Answer the keys (RFC 7517), the oldest first."""
    service: CredentialService = request.app.state.services.credentials
    try:
        published = await service.keys.published()
    except StoreError:
        return unavailable_response(request)
    headers = {**_FOR_ANY_PAGE, "cache-control": f"public, max-age={KEYS_CACHED_SECONDS}"}
    return JSONResponse({"keys": published}, headers=headers)


@router.get("/credentials/v1/status/{list_id}")
async def status_list(request: Request, list_id: str, since: str = "") -> Response:
    """Answer a list: what has changed since a version, else, and where that is no help, all of it."""
    service: CredentialService = request.app.state.services.credentials
    wanted = _list_id(list_id)
    try:
        if wanted and (version := _number(since)) is not None:
            delta = await service.publishing.since(wanted, version)
            if delta is not None:
                return _answer(delta, DELTA_TYPE, {"cache-control": "no-store"})
        published = await service.publishing.whole(wanted) if wanted else None
    except StoreError:
        return unavailable_response(request)
    if published is None:
        return refusal_response(request, StatusListNotFound(), 404)
    tag = f'"{published.tag}"'
    seconds = int(FRESH_FOR.total_seconds())
    headers = {"etag": tag, "cache-control": f"public, max-age={seconds}"}
    if is_known(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers={**_FOR_ANY_PAGE, **headers})
    return _answer(published.token, LIST_TYPE, headers)


def _answer(token: str, kind: str, headers: dict[str, str]) -> Response:
    return Response(
        token,
        media_type=f"application/{kind}",
        headers={**_FOR_ANY_PAGE, "x-content-type-options": "nosniff", **headers},
    )


def _list_id(text: str) -> ListId | None:
    tag, _, number = text.rpartition(".")
    count = _number(number)
    return None if count is None else ListId(tag, count)


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) <= _NUMBER_DIGITS_AT_MOST
    return int(text) if is_number and text == str(int(text)) else None
