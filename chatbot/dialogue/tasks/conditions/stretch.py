"""Which roads a question is about: one by its code, those around places, or all of the province."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dialogue.province import Answer, Asked, nodes
from dialogue.saying import line
from dialogue.tasks.places import whereabouts
from dialogue.tasks.places.whereabouts import Whereabouts, distance_metres
from dialogue.turn import Position

_AROUND_DEGREES = 0.1
"""About 11 km to the north, 10 to the east."""
_AROUND_METRES = 15_000.0
_ON_THE_WAY_METRES = 250_000.0
"""From farther away most of the way lies in other provinces, of whose roads nothing is known."""
_PROVINCE = {"south": 21.2, "west": 103.4, "north": 23.0, "east": 105.3}
"""All of it with a margin: what lies beyond the border hardly matters, what is left out does."""


@dataclass(frozen=True)
class Stretch:
    """`scope`: ends the keys of the phrases. `codes`: folded codes of the roads that count, all when empty.

    `centre` with `within` metres: where closures are looked for, which have no line; None: anywhere.
    """

    scope: str
    bounds: dict[str, float]
    fields: dict[str, Any] = field(default_factory=dict)
    codes: frozenset[str] = frozenset()
    centre: Position | None = None
    within: float | None = None

    def holds(self, road: str | None) -> bool:
        return not self.codes or (road is not None and folded(road) in self.codes)


def folded(code: str) -> str:
    """Return a code without the spaces, dots and case in which agencies write it differently."""
    return "".join(filter(str.isalnum, code.casefold()))


async def asked_about(asked: Asked) -> Stretch:
    """Return the stretch of the road named, else of the two places, the one, here, or the whole province."""
    if (code := asked.turn.value("road")) and (road := await _road(asked, code)):
        return road
    ends = await _ends(asked)
    if len(ends) > 1:
        return _between(*ends)
    where = ends[0] if ends else await whereabouts.of(asked)
    if where is None:
        return Stretch("in_province", _PROVINCE)
    around = _around([where.position])
    fields = {"place": where.name} if where.name else {}
    scope = "near_place" if where.name else "here"
    return Stretch(scope, around, fields, centre=where.position, within=_AROUND_METRES)


def _between(start: Whereabouts, end: Whereabouts) -> Stretch:
    """Return all roads between two places: nobody knows by which of them somebody goes."""
    positions = [start.position, end.position]
    half = distance_metres(*positions) / 2
    return Stretch(
        "between",
        _around(positions),
        {"start": start.name or line("part_your_position"), "end": end.name},
        centre={axis: sum(at[axis] for at in positions) / 2 for axis in start.position},
        within=round(half + _AROUND_METRES),
    )


async def _ends(asked: Asked) -> list[Whereabouts]:
    """Return the two places named; with one that is far from the phone, the way there begins at the phone."""
    named = list(asked.turn.all_of("place", "commune"))[:2]
    known = [one for found in named if (one := await whereabouts.at(asked, found))]
    here = asked.turn.position
    if here and len(known) == 1:
        away = distance_metres(here, known[0].position)
        if _AROUND_METRES < away < _ON_THE_WAY_METRES:
            return [Whereabouts(here), *known]
    return known


async def _road(asked: Asked, code: str) -> Stretch | None:
    """Return a road with the passes on it, or a pass with the road that it is a part of."""
    roads = nodes((await asked.ask("tourism/Roads", first=100))["roads"])
    named = next((road for road in roads if folded(road["code"]) == folded(code)), None)
    if named is None:
        return None
    return Stretch("on_road", _PROVINCE, {"road": named["name"]["text"]}, _codes(named, roads))


def _codes(named: Answer, roads: Sequence[Answer]) -> frozenset[str]:
    belonging = [road["code"] for road in roads if road["partOf"] == named["code"]]
    whole = [named["partOf"]] if named["partOf"] else []
    return frozenset(map(folded, [named["code"], *belonging, *whole]))


def _around(positions: Sequence[Position]) -> dict[str, float]:
    latitudes = [at["latitude"] for at in positions]
    longitudes = [at["longitude"] for at in positions]
    return {
        "south": round(min(latitudes) - _AROUND_DEGREES, 4),
        "west": round(min(longitudes) - _AROUND_DEGREES, 4),
        "north": round(max(latitudes) + _AROUND_DEGREES, 4),
        "east": round(max(longitudes) + _AROUND_DEGREES, 4),
    }
