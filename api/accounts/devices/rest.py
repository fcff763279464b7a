"""GET /dev/recorder: what people would have been sent, for people who develop. Never in production."""

import re
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse

from api.accounts.devices.recorder_page import Filters, page
from api.context import Services
from locales import negotiate
from notifications.recordings import Recording
from notifications.texts import TextRecording

SHOWN_AT_MOST = 100
_DEVICE = re.compile(r"[a-z0-9-]{1,64}")

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

router = APIRouter()


@dataclass(frozen=True, slots=True)
class _Found:
    """The newest recordings first."""

    messages: list[Recording]
    texts: list[TextRecording]


@router.get("/dev/recorder.json")
async def recorder_as_json(
    request: Request, device: str | None = None, to: str | None = None
) -> JSONResponse:
    """Return the newest recordings first: of one device, to one address, or of all."""
    found = await _find(request, Filters.of(device, to))
    body = {
        "recordings": [_message_fields(one) for one in found.messages],
        "texts": [_text_fields(one) for one in found.texts],
    }
    return JSONResponse(body, headers=_HEADERS)


@router.get("/dev/recorder")
async def recorder(
    request: Request, device: str | None = None, to: str | None = None, refresh: bool = True
) -> HTMLResponse:
    """Return the same as a page, in one list, in the language of Accept-Language."""
    language = negotiate(request.headers.get("accept-language"))
    filters = Filters.of(device, to)
    found = await _find(request, filters)
    all_found: list[Recording | TextRecording] = [*found.messages, *found.texts]
    newest_first = sorted(all_found, key=lambda one: one.recorded_at, reverse=True)
    shown = page(newest_first[:SHOWN_AT_MOST], filters, language, refresh=refresh)
    return HTMLResponse(shown, headers=_HEADERS)


async def _find(request: Request, filters: Filters) -> _Found:
    """Find what the filters name: a device alone has no texts, an address alone nothing else."""
    services: Services = request.app.state.services
    messages: list[Recording] = []
    texts: list[TextRecording] = []
    if filters.is_empty or _DEVICE.fullmatch(filters.device):
        messages = await services.recordings.latest(filters.device or None, SHOWN_AT_MOST)
    if filters.is_empty or filters.to:
        texts = await services.texts.recorded(filters.to or None, SHOWN_AT_MOST)
    return _Found(messages, texts)


def _message_fields(recording: Recording) -> dict[str, object]:
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


def _text_fields(recording: TextRecording) -> dict[str, object]:
    message = recording.message
    return {
        "id": message.id,
        "channel": message.channel.value,
        "to": message.to,
        "subject": message.subject,
        "body": message.body,
        "language": message.language,
        "recordedAt": recording.recorded_at.isoformat(),
    }
