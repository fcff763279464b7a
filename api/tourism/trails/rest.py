"""GET /tourism/v1/trails/{id}.gpx and .geojson: a trail for a receiver or a map.

GPX 1.1 and GeoJSON (RFC 7946) are what receivers and maps read; the name is in the language of
Accept-Language. Refusals are problem documents (RFC 9457).
"""

import hashlib
from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.context import Services
from api.kit.addresses import line_of
from api.kit.entity_tags import is_known
from api.kit.http_problem import refusal_response, unavailable_response
from api.kit.limits import Allowance
from api.kit.request_refusals import TooManyRequests
from api.kit.store import StoreError
from api.tourism.trails.errors import TrailNotFound
from api.tourism.trails.exports import ExportedTrail, geojson_of, gpx_of
from locales import negotiate, translator

DOWNLOADS_FROM_ONE_ADDRESS = Allowance(240, 60)
_SHAPE = "1"
"""Raise it when the same trail is written otherwise."""
_MEDIA_TYPES = {"gpx": "application/gpx+xml", "geojson": "application/geo+json"}
_WRITERS: dict[str, Callable[[ExportedTrail], bytes]] = {"gpx": gpx_of, "geojson": geojson_of}

router = APIRouter()


@router.get("/tourism/v1/trails/{trail_id}.gpx")
async def trail_gpx(request: Request, trail_id: str) -> Response:
    """Return the trail as GPX 1.1."""
    return await _download(request, trail_id, "gpx")


@router.get("/tourism/v1/trails/{trail_id}.geojson")
async def trail_geojson(request: Request, trail_id: str) -> Response:
    """Return the trail as GeoJSON."""
    return await _download(request, trail_id, "geojson")


async def _download(request: Request, trail_id: str, format: str) -> Response:
    services: Services = request.app.state.services
    try:
        address = line_of(request.state.address)
        await services.limits.check("trail.download", address, DOWNLOADS_FROM_ONE_ADDRESS)
        return await _file(request, trail_id, format)
    except TrailNotFound as problem:
        return refusal_response(request, problem, 404)
    except TooManyRequests as problem:
        return refusal_response(request, problem, problem.status)
    except StoreError:
        return unavailable_response(request)


async def _file(request: Request, trail_id: str, format: str) -> Response:
    services: Services = request.app.state.services
    found = await services.tourism.trails.trail(trail_id)
    if found is None:
        raise TrailNotFound
    trail, language = found.trail, negotiate(request.headers.get("accept-language"))
    state = f"{trail.version} {trail.changed_at.isoformat()}"  # a version may come again
    tag = _entity_tag(format, _SHAPE, trail.id, state, language)
    headers = {
        "etag": tag,
        "cache-control": "public, max-age=300",
        "content-language": language,
        "vary": "accept-language",
        "x-content-type-options": "nosniff",
    }
    if is_known(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    (line,) = await services.tourism.trails.lines([trail.id])
    if line is None:  # removed since
        raise TrailNotFound
    content = _WRITERS[format](ExportedTrail(trail, line, language, translator(language)))
    headers["content-disposition"] = f'attachment; filename="lao-cai-{trail.id}.{format}"'
    return Response(content, media_type=_MEDIA_TYPES[format], headers=headers)


def _entity_tag(*parts: str) -> str:
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return f'"{digest[:32]}"'
