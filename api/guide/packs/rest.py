"""GET /v1/packs/{id}?ticket=…: the bytes of an offline pack, whole or in part; /v1/packs/keys.json: who signs it."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from api.guide.packs.errors import PackLinkEnded
from api.guide.packs.repository import PackFile
from api.guide.packs.service import PackService
from api.kit.byte_ranges import span_of
from api.kit.entity_tags import is_known
from api.kit.http_problem import refusal_response, unavailable_response
from api.kit.store import StoreError

KEYS_CACHED_SECONDS = 60
"""Shorter than a new key is published before it signs."""
_FOR_ANY_PAGE = {"access-control-allow-origin": "*"}

router = APIRouter()


@router.get("/v1/packs/keys.json")
async def published_keys(request: Request) -> Response:
    """Answer the keys (RFC 7517), the oldest first: phones keep them for where there is no network."""
    packs: PackService = request.app.state.services.guide.packs
    try:
        published = await packs.signatures.keys.published()
    except StoreError:
        return unavailable_response(request)
    headers = {**_FOR_ANY_PAGE, "cache-control": f"public, max-age={KEYS_CACHED_SECONDS}"}
    return JSONResponse({"keys": published}, headers=headers)


@router.api_route("/v1/packs/{file_id}", methods=["GET", "HEAD"])
async def pack(request: Request, file_id: str, ticket: str = "") -> Response:
    """Send a pack, or the part of it that is asked for."""
    packs: PackService = request.app.state.services.guide.packs
    try:
        file = await packs.opened(file_id, ticket)
    except PackLinkEnded as problem:
        return refusal_response(request, problem, 403, headers={"cache-control": "no-store"})
    except StoreError:
        return unavailable_response(request)
    return _answer(request, packs, file)


def _answer(request: Request, packs: PackService, file: PackFile) -> Response:
    tag = f'"{file.sha256}"'
    headers = {
        **_FOR_ANY_PAGE,
        "etag": tag,
        "accept-ranges": "bytes",
        "cache-control": "private, max-age=3600, immutable",
        "content-disposition": f'attachment; filename="lao-cai-{file.version[:12]}.ndjson.gz"',
        "x-content-type-options": "nosniff",
    }
    if is_known(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    span = span_of(_range(request, tag), file.byte_count)
    if span is None:
        nothing = {**headers, "content-range": f"bytes */{file.byte_count}"}
        return Response(status_code=416, headers=nothing)
    start, end = span
    headers["content-length"] = str(end - start)
    is_part = end - start < file.byte_count
    if is_part:
        headers["content-range"] = f"bytes {start}-{end - 1}/{file.byte_count}"
    status = 206 if is_part else 200
    if request.method == "HEAD":
        return Response(status_code=status, media_type="application/gzip", headers=headers)
    return StreamingResponse(
        packs.content(file, start, end),
        status_code=status,
        media_type="application/gzip",
        headers=headers,
    )


def _range(request: Request, tag: str) -> str:
    """Return what range is asked for, of this very file."""
    asked = request.headers.get("range", "")
    return asked if request.headers.get("if-range", tag) == tag else ""
