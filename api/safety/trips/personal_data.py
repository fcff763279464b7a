"""What is kept of whoever planned a trip."""

from typing import Any

from api.kit.errors import N_
from api.safety.sos.personal_data import told_point
from api.safety.tracks import Tracks
from api.safety.trips.alarms import TripAlarms
from api.safety.trips.records import Trip
from api.safety.trips.repository import TripRepository


class TripData:
    """Everything goes with the account but that there was a trip; its alarms end."""

    name = "trips"
    explanation = N_("The trips you planned, whom you named for them, and where you checked in.")

    def __init__(self, trips: TripRepository, tracks: Tracks, alarms: TripAlarms) -> None:
        self._trips = trips
        self._tracks = tracks
        self._alarms = alarms

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        return [
            {**_told(trip), "checkIns": list(map(told_point, await self._tracks.of(trip.id)))}
            for trip in await self._trips.of(person_id)
        ]

    async def erase(self, person_id: str) -> None:
        for trip_id in await self._trips.ids_of(person_id):
            await self._alarms.forget(trip_id)


def _told(trip: Trip) -> dict[str, Any]:
    content = trip.content
    told: dict[str, Any] = {
        "state": trip.state.name,
        "people": trip.people,
        "plannedAt": trip.planned_at.isoformat(),
        "dueAt": trip.due_at.isoformat(),
        "graceMinutes": trip.grace_minutes,
    }
    if content is not None:
        told |= {
            "title": content.title,
            "called": content.called,
            "trail": content.trail_id,
            "route": [[it.latitude, it.longitude] for it in content.route],
            "names": list(content.names),
            "contacts": [[it.name, it.number] for it in content.contacts],
            "language": content.language,
        }
    return told
