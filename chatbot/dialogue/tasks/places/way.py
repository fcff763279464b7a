"""The way to a place: how far it is as the crow flies, where it is, and a map. There are no bus times here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dialogue import formats
from dialogue.province import Answer, Asked
from dialogue.saying import Line, Say, Shown, line
from dialogue.tasks.places import whereabouts
from dialogue.tasks.places.sights import showing
from dialogue.tasks.places.trip_ends import ends_in, is_start
from dialogue.tasks.places.way_words import asks_way, names_elsewhere
from dialogue.tasks.places.whereabouts import Whereabouts, distance_metres, place_of
from dialogue.turn import Found

_NAMES = ("place", "commune")
_AS_THE_CROW_FLIES_METRES = 100_000.0
"""From farther away a straight line tells nothing of the way."""
_OTHER_GOALS = ("road", "facility", "category")


@dataclass(frozen=True)
class _Goal:
    """A place or commune with what a map and "there" need. `commune`: where a place is; None for a commune."""

    place: Answer
    where: Whereabouts
    commune: str | None = None


async def told(asked: Asked) -> Sequence[Say] | None:
    """Return the way to what is named or was just told of; None where nobody asks for it, or nothing is meant."""
    if not asks_way(asked.turn.text):
        return None
    meant = _meant(asked)
    if meant is None or (goal := await _goal(asked, meant)) is None:
        return None
    lines = await _distance_lines(asked, goal)
    if goal.commune:
        lines.append(line("line_commune", commune=goal.commune))
    lines.append(line("line_way_by_map"))
    say = showing("utter_way", {"place": goal.where.name}, lines, [goal.place])
    return [replace(say, shows=(Shown(meant.kind, meant.value),), about=goal.where.key)]


def _meant(asked: Asked) -> Found | None:
    """Return the one place or commune that the way leads to; None where several are named: that is a trip."""
    turn = asked.turn
    named = {one.value: one for one in turn.all_of(*_NAMES) if not is_start(turn, one)}
    if len(named) > 1 and (start := ends_in(turn).start):
        named.pop(start.value, None)
    if len(named) == 1:
        return next(iter(named.values()))
    is_elsewhere = names_elsewhere(turn.text) and not turn.value("ordinal")
    if named or turn.first(*_OTHER_GOALS) or is_elsewhere:
        return None
    return whereabouts.just_told(asked)


async def _goal(asked: Asked, meant: Found) -> _Goal | None:
    if meant.kind == "place":
        place = await place_of(asked, meant.value)
        if place is None:
            return None
        where = Whereabouts(place["position"], place["name"]["text"], meant.value)
        return _Goal(place, where, place["commune"] and place["commune"]["name"]["text"])
    commune = await whereabouts.at(asked, meant)
    if commune is None:
        return None
    # As far as a map needs it, a commune is a place.
    shown = {"id": "", "name": {"text": commune.name}, "position": commune.position}
    return _Goal(shown, commune)


async def _distance_lines(asked: Asked, goal: _Goal) -> list[Line]:
    start = await _start(asked, goal)
    if start is None:
        return []
    metres = distance_metres(start.position, goal.where.position)
    if metres > _AS_THE_CROW_FLIES_METRES:
        return []
    away = formats.distance(metres, asked.language)
    if start.name is None:
        return [line("line_way_from_here", distance=away)]
    return [line("line_way_from", place=start.name, distance=away)]


async def _start(asked: Asked, goal: _Goal) -> Whereabouts | None:
    """Return where the way begins: where words say so, else the phone."""
    keys = {goal.where.place_id, goal.where.commune_code}
    for named in asked.turn.all_of(*_NAMES):
        if named.value not in keys and (known := await whereabouts.at(asked, named)):
            return known
    return Whereabouts(asked.turn.position) if asked.turn.position else None
