"""The tus door (tus resumable upload protocol 1.0.0, with its expiration and checksum extensions).

An upload is made by `requestUpload`, which answers the address; creation over tus is not offered.
HEAD says where to go on, PATCH takes the next piece. Refusals are problem documents (RFC 9457).
"""

from email.utils import format_datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.context import Services
from api.kit.bounded_body import CLIENT_CLOSED_REQUEST, ClientGone, pieces_of
from api.kit.http_problem import unavailable_response
from api.kit.limits import Allowance
from api.kit.request_refusals import BodyTooLarge, RequestRefused
from api.kit.store import StoreError
from api.media.door_refusals import announced_length, door_refusal
from api.media.errors import MediaDoorProblem
from api.media.records import Media
from api.media.resumable.errors import NotAPiece, OffsetDiffers, VersionNotSpoken
from api.media.resumable.service import ALGORITHMS, Checksum

VERSION = "1.0.0"
PIECE_SECONDS = 600.0
PIECES_OF_ONE_UPLOAD = Allowance(600, 3_600)
_SPOKEN = {"tus-resumable": VERSION, "cache-control": "no-store"}
_OFFERED = {
    "tus-version": VERSION,
    "tus-extension": "expiration,checksum",
    "tus-checksum-algorithm": ",".join(ALGORITHMS),
}
_DIGITS_AT_MOST = 15

router = APIRouter()


@router.options("/v1/media/uploads/{media_id}")
async def say_what_is_spoken(media_id: str) -> Response:
    return Response(status_code=204, headers={**_SPOKEN, **_OFFERED})


@router.head("/v1/media/uploads/{media_id}")
async def say_where_to_go_on(request: Request, media_id: str, ticket: str = "") -> Response:
    """Answer how many bytes of an upload have come."""
    services: Services = request.app.state.services
    try:
        media = await _awaited(request, media_id, ticket)
        offset = await services.media.resuming.offset(media)
    except (MediaDoorProblem, RequestRefused) as problem:
        return _refusal(request, problem)
    except StoreError:
        return unavailable_response(request)
    length = {"upload-length": str(media.upload.byte_count)}
    return Response(headers={**_progress(media, offset), **length})


@router.patch("/v1/media/uploads/{media_id}")
async def take_piece(request: Request, media_id: str, ticket: str = "") -> Response:
    """Keep the next piece of an upload: 204, with where to go on."""
    services: Services = request.app.state.services
    try:
        media = await _awaited(request, media_id, ticket)
        offset, checksum = _piece(request)
        room = max(media.upload.byte_count - offset, 0)
        if (announced_length(request) or 0) > room:
            raise BodyTooLarge(most=room)
        body = pieces_of(request.receive, bytes_at_most=room, seconds=PIECE_SECONDS)
        come = await services.media.resuming.append(media, offset, body, checksum)
    except (MediaDoorProblem, RequestRefused) as problem:
        return _refusal(request, problem)
    except ClientGone:
        return Response(status_code=CLIENT_CLOSED_REQUEST)
    except StoreError:
        return unavailable_response(request)
    return Response(status_code=204, headers=_progress(media, come))


@router.post("/v1/media/uploads/{media_id}")
async def take_piece_by_post(request: Request, media_id: str, ticket: str = "") -> Response:
    """PATCH for those whose network lets no PATCH through (X-HTTP-Method-Override)."""
    if request.headers.get("x-http-method-override") != "PATCH":
        return _refusal(request, NotAPiece())
    return await take_piece(request, media_id, ticket)


async def _awaited(request: Request, media_id: str, ticket: str) -> Media:
    services: Services = request.app.state.services
    if request.headers.get("tus-resumable") != VERSION:
        raise VersionNotSpoken
    media = await services.media.resuming.awaited(media_id, ticket)
    await services.limits.check("media.pieces", media_id, PIECES_OF_ONE_UPLOAD)
    return media


def _piece(request: Request) -> tuple[int, Checksum | None]:
    """Read what a piece says of itself. Raises NotAPiece, ChecksumUnknown."""
    headers = request.headers
    offset = headers.get("upload-offset", "")
    is_plain = headers.get("content-type") == "application/offset+octet-stream"
    is_number = offset.isascii() and offset.isdecimal() and len(offset) <= _DIGITS_AT_MOST
    if not is_plain or not is_number or "content-encoding" in headers:
        raise NotAPiece
    checksum = headers.get("upload-checksum")
    return int(offset), None if checksum is None else Checksum.of(checksum)


def _progress(media: Media, offset: int) -> dict[str, str]:
    return {
        **_SPOKEN,
        "upload-offset": str(offset),
        "upload-expires": format_datetime(media.upload.open_until, usegmt=True),
    }


def _refusal(request: Request, problem: MediaDoorProblem | RequestRefused) -> Response:
    headers = dict(_SPOKEN)
    if isinstance(problem, OffsetDiffers):
        headers["upload-offset"] = str(problem.offset)
    if isinstance(problem, VersionNotSpoken):
        headers["tus-version"] = VERSION
    return door_refusal(request, problem, headers)
