"""/chat: the page, and the style and script that it loads."""

from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.bot.page.page import PATH, STATIC_PATH, chat_page
from api.kit.script_page import document_ids, file_response, language_of_page, page_response
from api.settings import Settings

IDLE_SECONDS_AT_MOST = 3_600
_STATIC = Path(__file__).with_name("static")
_DOCUMENTS = ("bot/SendChatMessage", "bot/ChatReplies")
_HEADERS: Final = {"permissions-policy": "geolocation=(self)"}

router = APIRouter()


@router.get(PATH)
def page(
    request: Request,
    language: Annotated[str, Query(max_length=35)] = "",
    idle: Annotated[int, Query(ge=0, le=IDLE_SECONDS_AT_MOST)] = 0,
) -> Response:
    """Answer the page in `language`, else in the reader's own; `idle`: seconds after which it forgets."""
    settings: Settings = request.app.state.settings
    sending, listening = document_ids(settings.contract_folder / "operations", _DOCUMENTS)
    chosen = language_of_page(request, language)
    shown = chat_page(chosen, sending, listening, idle_seconds=idle)
    return page_response(request, shown, _HEADERS)


@router.get(f"{STATIC_PATH}/{{name}}")
def static(request: Request, name: str) -> Response:
    """Answer the style or the script."""
    return file_response(request, _STATIC, name) or Response(status_code=404)
