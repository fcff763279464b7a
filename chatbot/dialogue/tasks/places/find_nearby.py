"""Sights of a kind near a place or near the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from typing_extensions import override

from dialogue import formats
from dialogue.province import Asked, nodes
from dialogue.saying import Say, Step
from dialogue.task import Answering
from dialogue.tasks.places import whereabouts
from dialogue.tasks.places.sights import distance_line, name_line, showing
from dialogue.tasks.places.whereabouts import Whereabouts

WITHIN_METRES = 25_000
_SHOWN = 5
_UNLISTED = "unlisted"


class FindNearby(Answering):
    intent = "find_nearby"
    title = "title_find_nearby"

    @override
    async def answers(self, asked: Asked) -> Sequence[Say]:
        kinds = asked.turn.values("category")
        listed = [kind for kind in kinds if kind != _UNLISTED]
        if kinds and not listed:
            return [Say("utter_unlisted")]
        categories = sorted({name.upper() for kind in listed for name in kind.split("+")})
        centre = await whereabouts.of(asked)
        if centre is None:
            return [await _somewhere(asked, categories)]
        return [await near(asked, centre, categories)]


async def near(asked: Asked, centre: Whereabouts, categories: list[str]) -> Say:
    """Return the nearest sights of these categories, of any where none is given."""
    found = await asked.ask(
        "tourism/Places",
        near=centre.position,
        within=WITHIN_METRES,
        categories=categories or None,
        first=_SHOWN + 1,
    )
    places = [place for place in nodes(found["places"]) if place["id"] != centre.place_id][:_SHOWN]
    if not places:
        return _nothing(centre, asked.language)
    say = showing(
        "utter_near_place" if centre.name else "utter_near_you",
        {"place": centre.name} if centre.name else {},
        [distance_line(place, asked.language) for place in places],
        places,
    )
    return replace(say, about=centre.key)


def _nothing(centre: Whereabouts, language: str) -> Say:
    within = formats.distance(WITHIN_METRES, language)
    if centre.name:
        return Say("utter_nothing_near_place", {"distance": within, "place": centre.name})
    return Say("utter_nothing_near_you", {"distance": within})


async def _somewhere(asked: Asked, categories: list[str]) -> Say:
    found = await asked.ask("tourism/Places", categories=categories or None, first=_SHOWN)
    places = nodes(found["places"])
    if not places:
        return Say("utter_nothing_in_province")
    say = showing("utter_near_unknown", {}, [name_line(place) for place in places], places)
    say.steps.append(Step.SHARE_POSITION)
    return say
