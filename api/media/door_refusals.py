"""What the doors of media answer instead: problem documents (RFC 9457) in the reader's language."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from api.kit.http_problem import refusal_response
from api.kit.request_refusals import RequestRefused
from api.media.errors import MediaDoorErrorCode, MediaDoorProblem

_DIGITS_READ = 20
_STATUSES = {
    MediaDoorErrorCode.LINK_REFUSED: 403,
    MediaDoorErrorCode.UPLOAD_CLOSED: 409,
    MediaDoorErrorCode.OFFSET_DIFFERS: 409,
    MediaDoorErrorCode.SIZE_DIFFERS: 422,
    MediaDoorErrorCode.VERSION_NOT_SPOKEN: 412,
    MediaDoorErrorCode.NOT_A_PIECE: 415,
    MediaDoorErrorCode.CHECKSUM_UNKNOWN: 400,
    MediaDoorErrorCode.CHECKSUM_DIFFERS: 460,
    MediaDoorErrorCode.MEDIA_UNAVAILABLE: 503,
}


def door_refusal(
    request: Request,
    problem: MediaDoorProblem | RequestRefused,
    further: Mapping[str, str] | None = None,
) -> Response:
    """Return the document of a refusal, with `further` headers."""
    headers = {"cache-control": "no-store", **(further or {})}
    if isinstance(problem, RequestRefused):
        return refusal_response(request, problem, problem.status, headers=headers)
    status = _STATUSES[MediaDoorErrorCode(problem.code)]
    if status == 503:
        headers["retry-after"] = "5"
    return refusal_response(request, problem, status, headers=headers)


def announced_length(request: Request) -> int | None:
    """Return what Content-Length says, None when it says no number."""
    length = request.headers.get("content-length", "")
    return int(length[:_DIGITS_READ]) if length.isdecimal() else None
