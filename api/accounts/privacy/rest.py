"""GET /v1/exports/{id}?ticket=…: the copy of somebody's data, for a browser to save."""

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from api.accounts.privacy.errors import ExportErrorCode, ExportProblem
from api.accounts.privacy.exports import DataExports
from api.kit.http_problem import refusal_response, unavailable_response
from api.kit.store import StoreError

_STATUSES = {
    ExportErrorCode.EXPORT_LINK_ENDED: 403,
    ExportErrorCode.EXPORT_NOT_READY: 409,
    ExportErrorCode.EXPORT_ENDED: 410,
}
_NEVER_KEPT = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}

router = APIRouter()


@router.get("/v1/exports/{export_id}")
async def export(request: Request, export_id: str, ticket: str = "") -> Response:
    """Stream the archive."""
    exports: DataExports = request.app.state.services.accounts.exports
    try:
        found = await exports.opened(export_id, ticket)
    except ExportProblem as problem:
        status = _STATUSES[ExportErrorCode(problem.code)]
        return refusal_response(request, problem, status, headers=_NEVER_KEPT)
    except StoreError:
        return unavailable_response(request)
    name = f"lao-cai-{found.requested_at:%Y-%m-%d}.zip"
    headers = {
        **_NEVER_KEPT,
        "content-disposition": f'attachment; filename="{name}"',
        "content-length": str(found.size),
    }
    return StreamingResponse(exports.content(found), media_type="application/zip", headers=headers)
