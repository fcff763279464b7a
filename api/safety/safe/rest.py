"""GET /safety/v1/safe/{token}: the word of somebody who is safe, for a browser without the app."""

from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.context import Services
from api.kit.errors import N_
from api.kit.form_page import FORM_PAGE_HEADERS
from api.kit.formats import moment_text
from api.kit.http_problem import unavailable_response
from api.kit.store import StoreError
from api.safety.errors import SafetyWordNotFound
from api.safety.safe.words import PATH, SafetyWord
from locales import negotiate, translator

_HEADERS = {**FORM_PAGE_HEADERS, "vary": "accept-language"}
_SAFE = N_("{name} is safe")
_SAID_AT = N_("Said on {moment}.")

router = APIRouter()


@router.get(f"{PATH}/{{token}}")
async def read(request: Request, token: str) -> Response:
    """Show it, or that the link does not hold."""
    services: Services = request.app.state.services
    language = negotiate(request.headers.get("accept-language"))
    try:
        page, status = _page(await services.safety.words.read(token), language), 200
    except SafetyWordNotFound as problem:
        page, status = _document(problem.localized(translator(language)), (), language), 404
    except StoreError:
        return unavailable_response(request)
    return HTMLResponse(page, status, headers=_HEADERS)


def _page(word: SafetyWord, language: str) -> str:
    translate = translator(language)
    said_at = translate(_SAID_AT).format(moment=moment_text(word.at, language))
    lines = (said_at, word.note) if word.note else (said_at,)
    return _document(translate(_SAFE).format(name=word.called), lines, language)


def _document(title: str, lines: tuple[str, ...], language: str) -> str:
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    head = f'<meta charset="utf-8"><title>{escape(title)}</title>'
    return f'<!doctype html><html lang="{escape(language)}">{head}<h1>{escape(title)}</h1>{body}</html>'
