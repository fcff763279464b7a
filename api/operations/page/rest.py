"""/ops: the page, and the style and script that it loads. The page itself tells nothing.

What it shows comes from the query `operations`, which is for administrators: whoever signs in here does
it as in any app, and the session is kept in the page's memory alone.
"""

from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.kit.http_problem import refusal_response
from api.kit.request_refusals import NotFound
from api.kit.script_page import document_ids, file_response, language_of_page, page_response
from api.operations.page.page import PATH, STATIC_PATH, operations_page
from api.settings import Settings

_STATIC = Path(__file__).with_name("static")
_DOCUMENTS = {
    "requesting": "accounts/RequestCode",
    "signing-in": "accounts/SignIn",
    "refreshing": "accounts/RefreshSession",
    "signing-out": "accounts/SignOut",
    "reading": "operations/Operations",
}
_HEADERS: Final = {"x-robots-tag": "noindex"}

router = APIRouter()


@router.get(PATH)
def page(request: Request, language: Annotated[str, Query(max_length=35)] = "") -> Response:
    """Answer the page in `language`, else in the reader's own."""
    settings: Settings = request.app.state.settings
    ids = document_ids(settings.contract_folder / "operations", tuple(_DOCUMENTS.values()))
    documents = tuple(zip(_DOCUMENTS, ids, strict=True))
    shown = operations_page(language_of_page(request, language), documents)
    return page_response(request, shown, _HEADERS)


@router.get(f"{STATIC_PATH}/{{name}}")
def static(request: Request, name: str) -> Response:
    """Answer the style or the script."""
    found = file_response(request, _STATIC, name)
    return found or refusal_response(request, NotFound(), NotFound.status)
