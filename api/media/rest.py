"""The doors of photos and recordings, for whoever holds a signed address.

PUT /v1/media/uploads/{id}?ticket=… takes the bytes of an open upload, where files lie in a folder.
GET /v1/media/{id}/{name}?ticket=… sends a file of ours, or on to the bucket.
GET /v1/media/originals/{id}?ticket=… sends what a photo was before it was blurred. Refusals are problem
documents (RFC 9457) in the language of Accept-Language.
"""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.context import Services
from api.kit.bounded_body import CLIENT_CLOSED_REQUEST, ClientGone, pieces_of
from api.kit.http_problem import unavailable_response
from api.kit.limits import Allowance
from api.kit.request_refusals import BodyTooLarge, RequestRefused
from api.kit.store import StoreError
from api.media.door_refusals import announced_length, door_refusal
from api.media.errors import (
    BodyDiffers,
    DoorUnavailable,
    LinkRefused,
    MediaDoorProblem,
)
from api.media.file_content import FileContent, FileGone
from api.media.serving import Served

BODY_SECONDS = 600.0
"""A photo over a weak mobile network in the mountains."""
SENDINGS_OF_ONE_UPLOAD = Allowance(20, 3_600)
_SHOWN_SAFELY = {
    "content-security-policy": "sandbox; default-src 'none'",
    "cross-origin-resource-policy": "cross-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}

router = APIRouter()


@router.put("/v1/media/uploads/{media_id}")
async def put_upload(request: Request, media_id: str, ticket: str = "") -> Response:
    """Take in the bytes of an upload: 204 when all have come, else a problem."""
    services: Services = request.app.state.services
    try:
        media = await services.media.uploads.awaited(media_id, ticket)
        await services.limits.check("media.sending", media_id, SENDINGS_OF_ONE_UPLOAD)
        announced = media.upload.byte_count
        _check_length(request, announced)
        body = pieces_of(request.receive, bytes_at_most=announced, seconds=BODY_SECONDS)
        await services.media.uploads.receive(media, body)
    except (MediaDoorProblem, RequestRefused) as problem:
        return door_refusal(request, problem)
    except ClientGone:
        return Response(status_code=CLIENT_CLOSED_REQUEST)
    except StoreError:
        return unavailable_response(request)
    return Response(status_code=204)


@router.get("/v1/media/originals/{media_id}")
async def get_original(request: Request, media_id: str, ticket: str = "") -> Response:
    """Send a photo as it was before it was blurred, to a clerk whose reading was noted."""
    services: Services = request.app.state.services
    try:
        original = await services.media.blurring.opened(media_id, ticket)
    except MediaDoorProblem as problem:
        return door_refusal(request, problem)
    except StoreError:
        return unavailable_response(request)
    headers = {**_SHOWN_SAFELY, "cache-control": "no-store", "content-disposition": "inline"}
    return Response(original, media_type="image/jpeg", headers=headers)


@router.api_route("/v1/media/{media_id}/{name}", methods=["GET", "HEAD"])
async def get_file(request: Request, media_id: str, name: str, ticket: str = "") -> Response:
    """Send a file, or the part of it that is asked for."""
    services: Services = request.app.state.services
    try:
        served = await services.media.serving.opened(media_id, name, ticket)
        return await _shown(request, served)
    except MediaDoorProblem as problem:
        return door_refusal(request, problem)
    except StoreError:
        return unavailable_response(request)


async def _shown(request: Request, served: Served) -> Response:
    headers = {
        **_SHOWN_SAFELY,
        "cache-control": f"private, max-age={served.seconds_left}, immutable",
        "content-disposition": f'inline; filename="{served.file.name}"',
    }
    if isinstance(served.location, str):
        once = {**headers, "cache-control": "no-store"}
        return RedirectResponse(served.location, status_code=307, headers=once)
    try:
        return await FileContent.of(
            request, served.location, served.file.content_type, served.tag, headers
        )
    except FileGone as error:
        raise LinkRefused from error
    except OSError as error:
        raise DoorUnavailable from error


def _check_length(request: Request, announced: int) -> None:
    """Refuse by its header what need not be read. Raises BodyTooLarge, BodyDiffers."""
    if "content-encoding" in request.headers:
        raise BodyDiffers(announced=announced)
    length = announced_length(request)
    if length is not None and length != announced:
        too_large = length > announced
        raise BodyTooLarge(most=announced) if too_large else BodyDiffers(announced=announced)
