"""When and where a photo or video was taken: sealed beside it, and in nothing that is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.kit.geo import Position
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import Store
from api.media.repository import MEDIA


@dataclass(frozen=True, slots=True, repr=False)
class Capture:
    """As the camera tells it, so it may be wrong. None where it tells nothing."""

    captured_at: datetime | None
    position: Position | None

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Capture | None":
        """Read it from JSON; None when nothing is told."""
        at, latitude = told["at"], told["latitude"]
        if at is None and latitude is None:
            return None
        position = None if latitude is None else Position(latitude, told["longitude"])
        return cls(datetime.fromisoformat(at) if at else None, position)

    def told(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "at": self.captured_at.isoformat() if self.captured_at else None,
            "latitude": self.position.latitude if self.position else None,
            "longitude": self.position.longitude if self.position else None,
        }


class Captures:
    """Seals captures, each for its own media."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._media = store[MEDIA]
        self._sealer = sealer

    def sealed(self, media_id: str, capture: Capture | None) -> str | None:
        return self._sealer.seal(capture.told(), _place(media_id)) if capture else None

    def opened(self, media_id: str, sealed: str | None) -> Capture | None:
        """Return what was sealed. Raises SealBroken."""
        return Capture.of(self._sealer.open(sealed, _place(media_id))) if sealed else None

    async def seal_anew(self) -> int:
        """Seal some captures anew, as Resealed has it."""
        return await seal_anew(self._media, self._sealer, "capture", _place)


def _place(media_id: str) -> str:
    return f"capture of media {media_id}"
