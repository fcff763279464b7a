"""GET /v1/narrations/{media}: leads on to a recording's signed address, for anyone; the bytes never change."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.guide.narrations.errors import NarrationGone
from api.guide.narrations.service import NarrationService
from api.kit.http_problem import refusal_response, unavailable_response
from api.kit.store import StoreError

_LED_ON = {"access-control-allow-origin": "*", "cache-control": "no-store"}

router = APIRouter()


@router.api_route("/v1/narrations/{media_id}", methods=["GET", "HEAD"])
async def narration(request: Request, media_id: str) -> Response:
    """Send the reader on, as long as the recording is attached to a text."""
    narrations: NarrationService = request.app.state.services.guide.narrations
    try:
        links = await narrations.links(media_id)
    except StoreError:
        return unavailable_response(request)
    if links is None:
        return refusal_response(request, NarrationGone(), 404, headers=_LED_ON)
    ((_, url),) = links.files
    return RedirectResponse(url, status_code=307, headers=_LED_ON)
