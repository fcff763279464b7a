from __future__ import annotations

from typing import Any

from actions import whereabouts
from actions.answer import Answer, Line, ProvinceAction, line
from actions.place_info import map_link, name_line
from actions.province import nodes
from actions.question import Question
from actions.whereabouts import Whereabouts
from dialogue import formats

WITHIN_METRES = 25_000
_SHOWN = 5
_UNLISTED = "unlisted"


class FindNearby(ProvinceAction):
    def name(self) -> str:
        return "action_find_nearby"

    async def answers(self, question: Question) -> list[Answer]:
        kinds = question.values("category")
        listed = [kind for kind in kinds if kind != _UNLISTED]
        if kinds and not listed:
            return [Answer("utter_unlisted")]
        categories = sorted({name.upper() for kind in listed for name in kind.split("+")})
        centre = await whereabouts.of(question)
        if centre is None:
            return [await _somewhere(question, categories)]
        return [await _near(question, centre, categories)]


async def _near(question: Question, centre: Whereabouts, categories: list[str]) -> Answer:
    found = await question.ask(
        "tourism/Places",
        near=centre.position,
        within=WITHIN_METRES,
        categories=categories or None,
        first=_SHOWN + 1,
    )
    places = [place for place in nodes(found["places"]) if place["id"] != centre.place_id][:_SHOWN]
    if not places:
        return _nothing(centre, question.language)
    return Answer(
        "utter_near_place" if centre.name else "utter_near_you",
        {"place": centre.name} if centre.name else {},
        [_distance_line(place, question.language) for place in places],
        [map_link(place) for place in places],
    )


def _nothing(centre: Whereabouts, language: str) -> Answer:
    within = formats.distance(WITHIN_METRES, language)
    if centre.name:
        return Answer("utter_nothing_near_place", {"distance": within, "place": centre.name})
    return Answer("utter_nothing_near_you", {"distance": within})


def _distance_line(place: dict[str, Any], language: str) -> Line:
    away = formats.distance(place["distance"], language)
    return line("line_place_distance", name=place["name"]["text"], distance=away)


async def _somewhere(question: Question, categories: list[str]) -> Answer:
    found = await question.ask("tourism/Places", categories=categories or None, first=_SHOWN)
    places = nodes(found["places"])
    if not places:
        return Answer("utter_nothing_in_province")
    return Answer(
        "utter_near_unknown",
        lines=[name_line(place) for place in places],
        links=[map_link(place) for place in places],
    )
