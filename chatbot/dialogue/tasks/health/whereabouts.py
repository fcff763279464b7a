"""The position of what a message names."""

from __future__ import annotations

from dialogue.province import Asked, nodes
from dialogue.turn import Position


async def named_position(asked: Asked) -> Position | None:
    """Return the position of the place or commune that a message names, None when it names none we know."""
    if place_id := asked.turn.value("place"):
        place = (await asked.ask("tourism/Place", id=place_id))["place"]
        if place:
            return _position(place["position"])
    if (code := asked.turn.value("commune")) is None:
        return None
    found = await asked.ask("tourism/Communes", search=asked.turn.name("commune"), first=10)
    communes = (one for one in nodes(found["communes"]) if one["code"] == code)
    commune = next(communes, None)
    return _position(commune["position"]) if commune else None


def _position(found: dict[str, float]) -> Position:
    return {"latitude": found["latitude"], "longitude": found["longitude"]}
