"""What is kept of whoever called for help, and of those at the desks."""

from typing import Any

from api.kit.errors import N_
from api.safety.askers import person_key
from api.safety.sos.records import Sos
from api.safety.sos.repository import SosRepository
from api.safety.sos.telling import SosTelling
from api.safety.tracks import TrackPoint, Tracks


class SosData:
    """Positions, words and who called go with the account; that there was a call stays."""

    name = "calls-for-help"
    explanation = N_("Your calls for help, where you were then, and what you did at a rescue desk.")

    def __init__(self, sos: SosRepository, tracks: Tracks, telling: SosTelling) -> None:
        self._sos = sos
        self._tracks = tracks
        self._telling = telling

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        own = await self._sos.by(person_key(person_id))
        return {
            "called": [_told(sos, await self._tracks.of(sos.id)) for sos in own],
            "steps": [
                {"call": sos.id, "state": step.state.name, "at": step.at.isoformat()}
                for sos in await self._sos.acted_on_by(person_id)
                for step in sos.steps
                if step.actor == person_id
            ],
        }

    async def erase(self, person_id: str) -> None:
        for sos in await self._sos.by(person_key(person_id)):
            await self._telling.forget(sos.id)
        await self._sos.forget_actor(person_id)


def _told(sos: Sos, track: list[TrackPoint]) -> dict[str, Any]:
    content = sos.content
    return {
        "code": sos.code,
        "kind": sos.kind.name,
        "state": sos.state.name,
        "raisedAt": sos.raised_at.isoformat(),
        "note": content.note if content else None,
        "number": content.number if content else None,
        "track": list(map(told_point, track)),
    }


def told_point(point: TrackPoint) -> dict[str, Any]:
    """Return a point as the copy of somebody's data has it."""
    return {
        "latitude": point.position.latitude,
        "longitude": point.position.longitude,
        "accuracy": point.accuracy_metres,
        "battery": point.battery_percent,
        "capturedAt": point.captured_at.isoformat(),
    }
