"""GET /v1/speech/{id}.wav: a recording, for anyone; takes Range. What an id leads to never changes."""

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from api.guide.speech.errors import RecordingNotFound
from api.guide.speech.recordings import Recordings
from api.kit.http_problem import refusal_response

_FOR_GOOD = {
    "access-control-allow-origin": "*",
    "cache-control": "public, max-age=31536000, immutable",
    "x-content-type-options": "nosniff",
}

router = APIRouter()


@router.api_route("/v1/speech/{recording_id}.wav", methods=["GET", "HEAD"])
async def recording(request: Request, recording_id: str) -> Response:
    """Send the sound, or the part of it that is asked for."""
    recordings: Recordings = request.app.state.services.guide.speech
    sound = recordings.sound(recording_id)
    if sound is None:
        return refusal_response(request, RecordingNotFound(), 404)
    return FileResponse(sound, media_type="audio/wav", headers=_FOR_GOOD)
