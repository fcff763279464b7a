"""Where a question is about: a place or commune that it names, else where the person is."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dialogue.province import Answer, Asked, nodes
from dialogue.saying import Shown
from dialogue.tasks.telltale_words import says_there
from dialogue.turn import Found, Position

_ALL_COMMUNES = 100
_FOUND_BY_NAME = 10
_METRES_OF_A_DEGREE = 111_195.0


@dataclass(frozen=True)
class Whereabouts:
    """`name` is None for the person's own position; `place_id` is None unless a place was named."""

    position: Position
    name: str | None = None
    place_id: str | None = None
    commune_code: str | None = None

    @property
    def key(self) -> Shown | None:
        """What "there" means after it was told of; None for where somebody stands."""
        if self.place_id:
            return Shown("place", self.place_id)
        return Shown("commune", self.commune_code) if self.commune_code else None


async def of(asked: Asked) -> Whereabouts | None:
    """Return what is named or pointed to, else the person's own position, else the one place just shown.

    None also when the whole province was named.
    """
    if named := await named_in(asked):
        return named
    if asked.turn.value("province"):
        return None
    if asked.turn.position and not says_there(asked.turn.text):
        return Whereabouts(asked.turn.position)
    shown = pointed_to(asked, "place", "commune")
    if shown and (known := await at(asked, shown)):
        return known
    return Whereabouts(asked.turn.position) if asked.turn.position else None


def pointed_to(asked: Asked, *kinds: str) -> Found | None:
    """Return what a message names, or means by its number, or else the only one that was shown before it."""
    is_told = asked.turn.first(*kinds) or asked.turn.value("ordinal")
    shown = [one for one in asked.state.shown if one.kind in kinds]
    if is_told or len(shown) == 1:
        return asked.thing(*kinds)
    about = asked.state.about
    if about is None or about.kind not in kinds or not says_there(asked.turn.text):
        return None
    return Found(about.kind, about.value)


def just_told(asked: Asked) -> Found | None:
    """Return what a list has under the number said, else the place that was told of last."""
    if asked.turn.value("ordinal"):
        return asked.thing("place", "commune")
    if pointed := pointed_to(asked, "place", "commune"):
        return pointed
    about = asked.state.about
    return Found(about.kind, about.value) if about else None


async def named_in(asked: Asked) -> Whereabouts | None:
    """Return the first place or commune that a message names, or the one of a list by its number."""
    for found in asked.turn.all_of("place", "commune"):
        if known := await at(asked, found):
            return known
    if asked.turn.value("ordinal") and (pointed := asked.thing("place", "commune")):
        return await at(asked, pointed)
    return None


async def at(asked: Asked, found: Found) -> Whereabouts | None:
    """Return where a place or commune is; None when the province knows no such key."""
    return await (_place if found.kind == "place" else _commune)(asked, found)


async def place_of(asked: Asked, place_id: str) -> Answer | None:
    place: Answer | None = (await asked.ask("tourism/Place", id=place_id))["place"]
    return place


async def _place(asked: Asked, found: Found) -> Whereabouts | None:
    place = await place_of(asked, found.value)
    if place is None:
        return None
    return Whereabouts(place["position"], place["name"]["text"], found.value)


async def _commune(asked: Asked, found: Found) -> Whereabouts | None:
    # What was shown has a code and no name: then it is looked for among all of them.
    listed = await asked.ask(
        "tourism/Communes",
        search=found.name or None,
        first=_FOUND_BY_NAME if found.name else _ALL_COMMUNES,
    )
    codes = {one["code"]: one for one in nodes(listed["communes"])}
    if not (commune := codes.get(found.value)):
        return None
    return Whereabouts(commune["position"], commune["name"]["text"], commune_code=found.value)


def distance_metres(start: Position, end: Position) -> float:
    """Return about how far apart two positions are; the province is small enough to take it for flat."""
    north = end["latitude"] - start["latitude"]
    east = (end["longitude"] - start["longitude"]) * math.cos(math.radians(start["latitude"]))
    return _METRES_OF_A_DEGREE * math.hypot(north, east)
