"""Where somebody has been: exact positions, sealed, at most POINTS_AT_MOST each.

The first point and the newest stay: once a track is full, a new point takes the place of the oldest but the first.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.kit.geo import Position
from api.kit.ids import derived_id
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, Index, Store

TRACK_POINTS = CollectionSpec("safety_track_points", (Index(("track_id", "number")),))
POINTS_AT_MOST = 500


@dataclass(frozen=True, slots=True, repr=False)
class TrackPoint:
    """`captured_at`: by the phone's clock; `battery_percent`: None when the phone did not say."""

    position: Position
    accuracy_metres: float
    battery_percent: int | None
    captured_at: datetime

    def packed(self) -> list[Any]:
        """Return it as JSON, to be sealed."""
        return [
            self.position.latitude,
            self.position.longitude,
            self.accuracy_metres,
            self.battery_percent,
            self.captured_at.isoformat(),
        ]

    @classmethod
    def of(cls, packed: list[Any]) -> "TrackPoint":
        latitude, longitude, accuracy, battery, captured_at = packed
        at = datetime.fromisoformat(captured_at)
        return cls(Position(latitude, longitude), accuracy, battery, at)


class Tracks:
    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._points = store[TRACK_POINTS]
        self._sealer = sealer

    async def put(self, track_id: str, number: int, point: TrackPoint) -> None:
        """Keep point `number` (from 0, given out by the track's owner); joins the open transaction."""
        is_over = number >= POINTS_AT_MOST
        slot = 1 + (number - 1) % (POINTS_AT_MOST - 1) if is_over else number
        point_id = derived_id("track point", track_id, str(slot))
        sealed = self._sealer.seal(point.packed(), _place(point_id))
        document = {"_id": point_id, "track_id": track_id, "number": number, "point": sealed}
        await self._points.upsert(document)

    async def of(self, track_id: str) -> list[TrackPoint]:
        """Return the points in the order in which they came."""
        found = await self._points.find({"track_id": track_id}, sort=[("number", 1)])
        return list(map(self._point, found))

    async def forget(self, track_id: str) -> None:
        await self._points.delete_many({"track_id": track_id})

    async def seal_anew(self) -> int:
        """Seal some points anew, as Resealed has it."""
        return await seal_anew(self._points, self._sealer, "point", _place)

    def _point(self, document: Document) -> TrackPoint:
        return TrackPoint.of(self._sealer.open(document["point"], _place(document["_id"])))


def _place(point_id: str) -> str:
    return f"safety_track_points/{point_id}/point"
