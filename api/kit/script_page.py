"""A page that a script fills: all its words in one language, a style and a script beside it, nothing from elsewhere."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from api.kit.entity_tags import is_known
from api.kit.graphql_request import document_id
from api.kit.operation_texts import operation_texts
from locales import AVAILABLE, Translator, language_of, negotiate

NAMES_OF_LANGUAGES: Final = {
    "vi": "Tiếng Việt",
    "en": "English",
    "zh-Hans": "简体中文",
    "fr": "Français",
    "ko": "한국어",
    "ja": "日本語",
}
"""Each in itself: whoever looks for their language can read this one."""
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_MEDIA_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


def language_of_page(request: Request, asked: str) -> str:
    """Return the language that was asked for, else the reader's own."""
    return language_of(asked) or negotiate(request.headers.get("accept-language"))


def translated(words: Mapping[str, str], translate: Translator) -> dict[str, str]:
    return {name: translate(text) for name, text in words.items()}


def language_links(path: str, language: str, more: str = "") -> str:
    """Return list items that lead to the page in each language; `more`: the rest of its query, escaped."""
    return "".join(
        f'<li><a href="{path}?language={tag}{more}" lang="{tag}" hreflang="{tag}"'
        f"{_current(tag, language)}>{NAMES_OF_LANGUAGES[tag]}</a></li>"
        for tag in AVAILABLE
    )


def _current(tag: str, language: str) -> str:
    return ' aria-current="true"' if tag == language else ""


def document_ids(operations: Path, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the ids under which a script sends the documents that are published there."""
    texts = operation_texts(operations)
    return tuple(document_id(texts[name]) for name in names)


def page_response(request: Request, html: str, more: Mapping[str, str]) -> Response:
    """Answer a page that may load and ask here only, unless the browser has it; `more`: headers of its own."""
    headers = {"content-security-policy": _POLICY, "vary": "accept-language", **more}
    return _unless_known(request, html.encode(), "text/html; charset=utf-8", headers)


def file_response(request: Request, folder: Path, name: str) -> Response | None:
    """Answer a style or a script of `folder`, unless the browser has it; None for any other name."""
    body = _files(folder).get(name)
    if body is None:
        return None
    return _unless_known(request, body, _MEDIA_TYPES[Path(name).suffix], {})


def _unless_known(
    request: Request, body: bytes, media_type: str, more: Mapping[str, str]
) -> Response:
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"cache-control": "no-cache", "etag": tag, **more}
    if is_known(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


@cache
def _files(folder: Path) -> Mapping[str, bytes]:
    """Return the styles and scripts that lie in `folder`, by name."""
    return {
        file.name: file.read_bytes() for file in folder.iterdir() if file.suffix in _MEDIA_TYPES
    }
