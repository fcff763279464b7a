"""GET /dev/recorder: what phones would have received, for people who develop. Never in production."""

import re
from collections.abc import Callable, Sequence
from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse

from api.kit.errors import N_
from api.kit.formats import moment_text
from locales import negotiate, translator
from notifications.recordings import Recording, Recordings

SHOWN_AT_MOST = 100
_DEVICE = re.compile(r"[a-z0-9-]{1,64}")
REFRESH_SECONDS = 5

TITLE = N_("What phones received")
EXPLANATION = N_(
    "Without credentials for Firebase, messages are recorded here instead of being sent."
    " They are kept for 7 days."
)
DEVICE = N_("Device")
FILTER = N_("Show only this device")
PAUSE = N_("Stop refreshing this page")
RESUME = N_("Refresh this page every few seconds")
EMPTY = N_("Nothing has been recorded.")
RECORDED = N_("Recorded")
PLATFORM = N_("Platform")
LANGUAGE = N_("Language")
PRIORITY = N_("Priority")

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}"
    "article{border:1px solid #767676;border-radius:.5rem;padding:0 1rem;margin:1rem 0}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:0 1rem}dd{margin:0}"
    "code{overflow-wrap:anywhere}"
)

router = APIRouter()


@router.get("/dev/recorder.json")
async def recorder_as_json(request: Request, device: str | None = None) -> JSONResponse:
    """Return the newest recordings first, of one device or of all."""
    found = await _latest(request, device)
    return JSONResponse({"recordings": [_fields(one) for one in found]}, headers=_HEADERS)


@router.get("/dev/recorder")
async def recorder(
    request: Request, device: str | None = None, refresh: bool = True
) -> HTMLResponse:
    """Return the same as a page, in the language of Accept-Language."""
    language = negotiate(request.headers.get("accept-language"))
    found = await _latest(request, device)
    return HTMLResponse(_page(found, device, language, refresh=refresh), headers=_HEADERS)


async def _latest(request: Request, device: str | None) -> list[Recording]:
    if device and not _DEVICE.fullmatch(device):
        return []
    recordings: Recordings = request.app.state.services.recordings
    return await recordings.latest(device, SHOWN_AT_MOST)


def _fields(recording: Recording) -> dict[str, object]:
    return {
        "notice": recording.notice_id,
        "device": recording.device_id,
        "platform": recording.platform,
        "language": recording.language,
        "priority": recording.priority,
        "title": recording.title,
        "body": recording.body,
        "message": recording.message,
        "recordedAt": recording.recorded_at.isoformat(),
    }


def _page(
    recordings: Sequence[Recording], device: str | None, language: str, *, refresh: bool
) -> str:
    translate = translator(language)
    shown = "".join(_article(recording, language, translate) for recording in recordings)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"{_refreshing() if refresh else ''}"
        f"<title>{escape(translate(TITLE))}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{escape(translate(TITLE))}</h1><p>{escape(translate(EXPLANATION))}</p>"
        f"{_form(device, translate)}{_switch(device, translate, refresh=refresh)}"
        f"{shown or f'<p>{escape(translate(EMPTY))}</p>'}</main></body></html>"
    )


def _refreshing() -> str:
    return f'<meta http-equiv="refresh" content="{REFRESH_SECONDS}">'


def _form(device: str | None, translate: Callable[[str], str]) -> str:
    return (
        f'<form><label>{escape(translate(DEVICE))} <input name="device" size="28"'
        f' value="{escape(device or "")}"></label>'
        f" <button>{escape(translate(FILTER))}</button></form>"
    )


def _switch(device: str | None, translate: Callable[[str], str], *, refresh: bool) -> str:
    # A page that refreshes itself must let the reader stop it (WCAG 2.2, 2.2.2).
    words = translate(PAUSE if refresh else RESUME)
    return (
        f'<form><input type="hidden" name="device" value="{escape(device or "")}">'
        f'<button name="refresh" value="{"false" if refresh else "true"}">'
        f"{escape(words)}</button></form>"
    )


def _article(recording: Recording, language: str, translate: Callable[[str], str]) -> str:
    facts = {
        RECORDED: f'<time datetime="{recording.recorded_at.isoformat()}">'
        f"{escape(moment_text(recording.recorded_at, language))}</time>",
        DEVICE: f"<code>{escape(recording.device_id)}</code>",
        PLATFORM: escape(recording.platform),
        LANGUAGE: escape(recording.language),
        PRIORITY: escape(recording.priority),
    }
    rows = "".join(
        f"<dt>{escape(translate(name))}</dt><dd>{fact}</dd>" for name, fact in facts.items()
    )
    return (
        f'<article><div lang="{escape(recording.language)}"><h2>{escape(recording.title)}</h2>'
        f"<p>{escape(recording.body)}</p></div><dl>{rows}</dl></article>"
    )
