"""GET /tourism/v1/places…: places for other systems, as GeoJSON and as schema.org JSON-LD.

With Accept-Language each text is the best for that reader; without it, or with *, all languages are
there. Answers carry a weak entity tag, and 304 without a body for who has that version already.
"""

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from api.context import Services
from api.kit.addresses import line_of
from api.kit.entity_tags import is_known
from api.kit.http_problem import refusal_response, unavailable_response
from api.kit.limits import Allowance
from api.kit.request_refusals import TooManyRequests
from api.kit.store import StoreError
from api.tourism.content_ids import is_content_id
from api.tourism.editing.errors import PlaceNotFound
from api.tourism.exchange.exporting import MEDIA_TYPES
from api.tourism.exchange.importing import Format
from api.tourism.exchange.place_document import LICENSE
from locales import negotiate

DOCUMENTS_FROM_ONE_ADDRESS = Allowance(120, 60)
_NOT_MODIFIED, _NOT_FOUND = 304, 404
_ANY_LANGUAGE = "*"

router = APIRouter(prefix="/tourism/v1")


@router.get("/places.geojson")
async def places_as_geojson(request: Request) -> Response:
    return await _all(request, Format.GEOJSON)


@router.get("/places.jsonld")
async def places_as_json_ld(request: Request) -> Response:
    return await _all(request, Format.JSON_LD)


@router.get("/places/{place_id}.geojson")
async def place_as_geojson(request: Request, place_id: str) -> Response:
    return await _one(request, place_id, Format.GEOJSON)


@router.get("/places/{place_id}.jsonld")
async def place_as_json_ld(request: Request, place_id: str) -> Response:
    return await _one(request, place_id, Format.JSON_LD)


async def _all(request: Request, kind: Format) -> Response:
    services: Services = request.app.state.services
    language = _language(request)
    try:
        await _count(request, services)
        headers = _headers(await services.tourism.exporting.tag(kind, language), language)
        if is_known(request.headers.get("if-none-match"), headers["etag"]):
            return Response(status_code=_NOT_MODIFIED, headers=headers)
    except TooManyRequests as problem:
        return refusal_response(request, problem, problem.status)
    except StoreError:
        return unavailable_response(request)
    content = services.tourism.exporting.places(kind, language)
    return StreamingResponse(content, media_type=MEDIA_TYPES[kind], headers=headers)


async def _one(request: Request, place_id: str, kind: Format) -> Response:
    services: Services = request.app.state.services
    language = _language(request)
    try:
        await _count(request, services)
        headers = _headers(await services.tourism.exporting.tag(kind, language), language)
        document = (
            await services.tourism.exporting.place(place_id, kind, language)
            if is_content_id(place_id)
            else None
        )
    except TooManyRequests as problem:
        return refusal_response(request, problem, problem.status)
    except StoreError:
        return unavailable_response(request)
    if document is None:
        return refusal_response(request, PlaceNotFound(), _NOT_FOUND)
    if is_known(request.headers.get("if-none-match"), headers["etag"]):
        return Response(status_code=_NOT_MODIFIED, headers=headers)
    return Response(document, media_type=MEDIA_TYPES[kind], headers=headers)


async def _count(request: Request, services: Services) -> None:
    line = line_of(request.state.address)
    await services.limits.check("tourism.places", line, DOCUMENTS_FROM_ONE_ADDRESS)


def _language(request: Request) -> str | None:
    """Return the reader's language, None for all of them."""
    accepted = request.headers.get("accept-language", _ANY_LANGUAGE).strip()
    return None if accepted in ("", _ANY_LANGUAGE) else negotiate(accepted)


def _headers(tag: str, language: str | None) -> dict[str, str]:
    headers = {
        "etag": tag,
        "cache-control": "no-cache",
        "vary": "accept-language",
        "link": f'<{LICENSE}>; rel="license"',
    }
    return headers if language is None else {**headers, "content-language": language}
