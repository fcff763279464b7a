from __future__ import annotations

from typing import Any

from actions.answer import Answer, Line, ProvinceAction, content, line, link
from actions.province import nodes
from actions.question import Question
from dialogue import formats

_SUGGESTIONS = 4
_WORDS_OF_A_NAME = 5


class TellAboutPlace(ProvinceAction):
    def name(self) -> str:
        return "action_place_info"

    async def answers(self, question: Question) -> list[Answer]:
        if place_id := question.value("place"):
            place = (await question.ask("tourism/Place", id=place_id))["place"]
            if place:
                return [_about(place, question.language)]
        if name := _searchable(question):
            return [await _suggestions(question, name)]
        return [Answer("utter_which_place")]


def _searchable(question: Question) -> str | None:
    """Return a name to search for: the commune's, or a message so short that it can be a name itself."""
    if name := question.name("commune"):
        return name
    words = question.text.split()
    return question.text if words and len(words) <= _WORDS_OF_A_NAME else None


async def _suggestions(question: Question, name: str) -> Answer:
    found = await question.ask("tourism/Places", search=name[:100], first=_SUGGESTIONS)
    places = nodes(found["places"])
    if not places:
        return Answer("utter_place_unknown")
    if len(places) == 1:
        return _about(places[0], question.language)
    return Answer(
        "utter_place_suggestions",
        lines=[name_line(place) for place in places],
        links=[map_link(place) for place in places],
    )


def _about(place: dict[str, Any], language: str) -> Answer:
    return Answer(
        "utter_place",
        {"name": place["name"]["text"]},
        [*_facts(place, language)],
        [map_link(place)],
    )


def _facts(place: dict[str, Any], language: str) -> list[Line]:
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


def name_line(place: dict[str, Any]) -> Line:
    name = place["name"]["text"]
    if place["commune"]:
        return line("line_place", name=name, commune=place["commune"]["name"]["text"])
    return line("line_place_alone", name=name)


def map_link(place: dict[str, Any]) -> Line:
    at = place["position"]
    return link("link_map", f"geo:{at['latitude']},{at['longitude']}", name=place["name"]["text"])
