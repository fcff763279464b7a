"""What a place is, where, how high, and when it is open."""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import override

from dialogue import formats
from dialogue.province import Answer, Asked, nodes
from dialogue.saying import Line, Say, content, line
from dialogue.task import Answering
from dialogue.tasks.places import way
from dialogue.tasks.places.opening import (
    asks_open,
    is_asked,
    moment_named,
    opening_line,
    opening_of,
)
from dialogue.tasks.places.sights import name_line, showing
from dialogue.tasks.places.way_words import asks_way
from dialogue.tasks.places.whereabouts import just_told, place_of, pointed_to

_SUGGESTIONS = 4
_WORDS_OF_A_NAME = 5
_SEARCHED_AT_MOST = 100


class TellAboutPlace(Answering):
    intent = "place_info"
    title = "title_place_info"

    @override
    async def answers(self, asked: Asked) -> Sequence[Say]:
        if (told := await way.told(asked)) is not None:
            return told
        if (named := _meant(asked)) and (place := await place_of(asked, named)):
            return [await _about(asked, place)]
        if name := _searchable(asked):
            return [await _suggestions(asked, name)]
        return [Say("utter_which_place")]


def _meant(asked: Asked) -> str | None:
    """Return the id of the place: a commune that is named is no reason to tell of one shown before."""
    if asked.turn.value("commune") and not asked.turn.value("place"):
        return None
    found = pointed_to(asked, "place")
    if found is None and asks_open(asked.turn.text) and not asked.turn.value("commune"):
        found = just_told(asked)
    return found.value if found and found.kind == "place" else None


def _searchable(asked: Asked) -> str | None:
    """Return a name to search for: the commune's, or a message so short that it can be a name itself."""
    if name := asked.turn.name("commune"):
        return name
    if asks_open(asked.turn.text) or asks_way(asked.turn.text):
        return None
    words = asked.turn.text.split()
    return asked.turn.text if words and len(words) <= _WORDS_OF_A_NAME else None


async def _suggestions(asked: Asked, name: str) -> Say:
    found = await asked.ask("tourism/Places", search=name[:_SEARCHED_AT_MOST], first=_SUGGESTIONS)
    places = nodes(found["places"])
    if not places:
        return Say("utter_place_unknown")
    if len(places) == 1:
        return await _about(asked, places[0])
    return showing("utter_place_suggestions", {}, [name_line(place) for place in places], places)


async def _about(asked: Asked, place: Answer) -> Say:
    """Return what a place is, below whether it is open where that is asked."""
    facts = _facts(place, asked.language)
    if is_asked(asked):
        at = moment_named(asked)
        opening = await opening_of(asked, place["id"], at)
        facts = [opening_line(opening, at, asked.language), *facts]
    return showing("utter_place", {"name": place["name"]["text"]}, facts, [place])


def _facts(place: Answer, language: str) -> list[Line]:
    lines = []
    if place["description"]:
        lines.append(content(place["description"]["text"]))
    if place["commune"]:
        lines.append(line("line_commune", commune=place["commune"]["name"]["text"]))
    if place["altitude"] is not None:
        lines.append(line("line_altitude", metres=formats.number(place["altitude"], language)))
    if place["openingNote"]:
        lines.append(line("line_opening", note=place["openingNote"]["text"]))
    off = formats.distance(place["positionAccuracy"], language)
    return [*lines, line("line_position_accuracy", distance=off)]
