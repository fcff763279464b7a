"""/ops: the page, and the style and script that it loads. The page itself tells nothing.

What it shows comes from the query `operations`, which is for administrators: whoever signs in here does
it as in any app, and the session is kept in the page's memory alone.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.kit.entity_tags import is_known
from api.kit.graphql_request import document_id
from api.kit.http_problem import refusal_response
from api.kit.request_refusals import NotFound
from api.operations.page.page import PATH, STATIC_PATH, operations_page
from api.settings import Settings
from locales import language_of, negotiate

_STATIC = Path(__file__).with_name("static")
_MEDIA_TYPES = {
    "ops.css": "text/css; charset=utf-8",
    "ops.js": "text/javascript; charset=utf-8",
}
_DOCUMENTS = {
    "requesting": "accounts/RequestCode",
    "signing-in": "accounts/SignIn",
    "refreshing": "accounts/RefreshSession",
    "signing-out": "accounts/SignOut",
    "reading": "operations/Operations",
}
_PAGE_HEADERS = {
    "cache-control": "no-cache",
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "vary": "accept-language",
    "x-robots-tag": "noindex",
}

router = APIRouter()


@router.get(PATH)
def page(request: Request, language: Annotated[str, Query(max_length=35)] = "") -> Response:
    """Answer the page in `language`, else in the reader's own."""
    settings: Settings = request.app.state.settings
    chosen = language_of(language) or negotiate(request.headers.get("accept-language"))
    shown = operations_page(chosen, _documents(settings.contract_folder / "operations"))
    return _unless_known(request, shown.encode(), "text/html; charset=utf-8", _PAGE_HEADERS)


@router.get(f"{STATIC_PATH}/{{name}}")
def static(request: Request, name: str) -> Response:
    """Answer the style or the script."""
    media_type = _MEDIA_TYPES.get(name)
    if media_type is None:
        return refusal_response(request, NotFound(), NotFound.status)
    return _unless_known(request, _file(name), media_type, {"cache-control": "no-cache"})


def _unless_known(
    request: Request, body: bytes, media_type: str, headers: dict[str, str]
) -> Response:
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    given = {**headers, "etag": tag}
    if is_known(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=given)
    return Response(body, media_type=media_type, headers=given)


@cache
def _file(name: str) -> bytes:
    return (_STATIC / name).read_bytes()


@cache
def _documents(folder: Path) -> tuple[tuple[str, str], ...]:
    """Return the id of each document that the script sends: the SHA-256 of its file."""
    return tuple(
        (name, document_id((folder / f"{path}.graphql").read_text(encoding="utf-8")))
        for name, path in _DOCUMENTS.items()
    )
