"""/chat: the page, and the style and script that it loads; nothing of anybody else's."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.bot.page.page import PATH, STATIC_PATH, chat_page
from api.kit.entity_tags import is_known
from api.kit.graphql_request import document_id
from api.settings import Settings
from locales import language_of, negotiate

IDLE_SECONDS_AT_MOST = 3_600
_STATIC = Path(__file__).with_name("static")
_MEDIA_TYPES = {
    "chat.css": "text/css; charset=utf-8",
    "chat.js": "text/javascript; charset=utf-8",
}
_PAGE_HEADERS = {
    "cache-control": "no-cache",
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "permissions-policy": "geolocation=(self)",
    "vary": "accept-language",
}

router = APIRouter()


@router.get(PATH)
def page(
    request: Request,
    language: Annotated[str, Query(max_length=35)] = "",
    idle: Annotated[int, Query(ge=0, le=IDLE_SECONDS_AT_MOST)] = 0,
) -> Response:
    """Answer the page in `language`, else in the reader's own; `idle`: seconds after which it forgets."""
    settings: Settings = request.app.state.settings
    chosen = language_of(language) or negotiate(request.headers.get("accept-language"))
    sending, listening = _documents(settings.contract_folder / "operations" / "bot")
    shown = chat_page(chosen, sending, listening, idle_seconds=idle)
    return _unless_known(request, shown.encode(), "text/html; charset=utf-8", _PAGE_HEADERS)


@router.get(f"{STATIC_PATH}/{{name}}")
def static(request: Request, name: str) -> Response:
    """Answer the style or the script."""
    media_type = _MEDIA_TYPES.get(name)
    if media_type is None:
        return Response(status_code=404)
    return _unless_known(request, _file(name), media_type, {"cache-control": "no-cache"})


def _unless_known(
    request: Request, body: bytes, media_type: str, headers: dict[str, str]
) -> Response:
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    given = {**headers, "etag": tag}
    if is_known(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=given)
    if media_type.startswith("text/html"):
        return HTMLResponse(body, headers=given)
    return Response(body, media_type=media_type, headers=given)


@cache
def _file(name: str) -> bytes:
    return _STATIC.joinpath(name).read_bytes()


@cache
def _documents(folder: Path) -> tuple[str, str]:
    """Return the ids of what the script sends, as the contract folder has it."""
    sending, listening = (
        document_id((folder / f"{name}.graphql").read_text(encoding="utf-8"))
        for name in ("SendChatMessage", "ChatReplies")
    )
    return sending, listening
