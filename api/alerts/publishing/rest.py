"""GET /cap/v1/feed, /cap/v1/alerts/{id}.xml and /cap/v1/active.geojson: warnings for other systems.

Open to every page of the web. Each answer has a strong entity tag; who has that version gets 304.
"""

import hashlib
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime

from fastapi import APIRouter, Request, Response

from api.alerts.errors import AlertNotFound
from api.alerts.feed import CAP_TYPE
from api.alerts.publishing.public_alerts import Published
from api.context import Services
from api.kit.addresses import line_of
from api.kit.entity_tags import is_known
from api.kit.http_problem import refusal_response, unavailable_response
from api.kit.ids import is_id
from api.kit.limits import Allowance
from api.kit.request_refusals import TooManyRequests
from api.kit.store import StoreError
from locales import Translator, negotiate, translator

DOCUMENTS_FROM_ONE_ADDRESS = Allowance(240, 60)
_LISTS_CACHED_SECONDS = 10
"""A warning taken back must not go on for long in somebody's cache."""
_MESSAGES_CACHED_SECONDS = 3_600
_FOR_ANY_PAGE = {"access-control-allow-origin": "*", "access-control-expose-headers": "etag"}
_NOT_MODIFIED, _NOT_FOUND = 304, 404

router = APIRouter(prefix="/cap/v1")


@router.get("/feed")
async def feed(request: Request) -> Response:
    services: Services = request.app.state.services
    public_url: str = request.app.state.settings.public_url
    translate = _translator(request)
    try:
        await _count(request, services)
        document = await services.alerts.public.feed(public_url, translate)
    except TooManyRequests as problem:
        return refusal_response(request, problem, problem.status, headers=_FOR_ANY_PAGE)
    except StoreError:
        return unavailable_response(request)
    return _answer(
        request, document, "application/atom+xml", _LISTS_CACHED_SECONDS, translate.language
    )


@router.get("/active.geojson")
async def active(request: Request) -> Response:
    services: Services = request.app.state.services
    translate = _translator(request)
    try:
        await _count(request, services)
        document = await services.alerts.public.in_force(translate)
    except TooManyRequests as problem:
        return refusal_response(request, problem, problem.status, headers=_FOR_ANY_PAGE)
    except StoreError:
        return unavailable_response(request)
    return _answer(
        request, document, "application/geo+json", _LISTS_CACHED_SECONDS, translate.language
    )


@router.get("/alerts/{alert_id}.xml")
async def message(request: Request, alert_id: str) -> Response:
    services: Services = request.app.state.services
    try:
        await _count(request, services)
        document = await services.alerts.public.message(alert_id) if is_id(alert_id) else None
    except TooManyRequests as problem:
        return refusal_response(request, problem, problem.status, headers=_FOR_ANY_PAGE)
    except StoreError:
        return unavailable_response(request)
    if document is None:
        return refusal_response(request, AlertNotFound(), _NOT_FOUND, headers=_FOR_ANY_PAGE)
    return _answer(request, document, CAP_TYPE, _MESSAGES_CACHED_SECONDS, None)


def _answer(
    request: Request, document: Published, media_type: str, seconds: int, language: str | None
) -> Response:
    headers = {
        **_FOR_ANY_PAGE,
        "etag": f'"{hashlib.sha256(document.content).hexdigest()[:32]}"',
        "cache-control": f"public, max-age={seconds}",
    }
    if language is not None:
        headers |= {"vary": "accept-language", "content-language": language}
    if document.modified is not None:
        moment = document.modified.astimezone(UTC)
        headers["last-modified"] = format_datetime(moment, usegmt=True)
    if _has_it(request, headers):
        return Response(status_code=_NOT_MODIFIED, headers=headers)
    return Response(document.content, media_type=media_type, headers=headers)


def _has_it(request: Request, headers: dict[str, str]) -> bool:
    tags = request.headers.get("if-none-match")
    if tags is not None:
        return is_known(tags, headers["etag"])
    since, modified = request.headers.get("if-modified-since"), headers.get("last-modified")
    if since is None or modified is None:
        return False
    try:
        return parsedate_to_datetime(since) >= parsedate_to_datetime(modified)
    except (ValueError, TypeError):
        # No date, or one without a zone, which compares with nothing: as if it were not there.
        return False


async def _count(request: Request, services: Services) -> None:
    line = line_of(request.state.address)
    await services.limits.check("cap.documents", line, DOCUMENTS_FROM_ONE_ADDRESS)


def _translator(request: Request) -> Translator:
    return translator(negotiate(request.headers.get("accept-language")))
