"""Sights of a kind near a place or near the person."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from typing_extensions import override

from dialogue import formats
from dialogue.province import Answer, Asked, nodes
from dialogue.saying import Line, Say, Step
from dialogue.task import Answering
from dialogue.tasks.places import whereabouts
from dialogue.tasks.places.opening import asks_open, moment_named, opening_line, opening_of
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
    wanted = {"near": centre.position, "within": WITHIN_METRES, "categories": categories or None}
    places = await _found(asked, wanted, leaving_out=centre.place_id)
    if not places:
        return _nothing(centre, asked.language)
    say = showing(
        "utter_near_place" if centre.name else "utter_near_you",
        {"place": centre.name} if centre.name else {},
        await _lines(asked, places, [distance_line(place, asked.language) for place in places]),
        places,
    )
    return replace(say, about=centre.key)


async def _found(
    asked: Asked, wanted: dict[str, Any], *, leaving_out: str | None = None
) -> list[Answer]:
    """Return the places to show; where it is asked what is open, those that certainly are come first."""
    found = nodes((await asked.ask("tourism/Places", **wanted, first=_SHOWN + 1))["places"])
    if asks_open(asked.turn.text):
        at = (moment_named(asked) or asked.turn.now).isoformat()
        certain = await asked.ask("tourism/Places", **wanted, openAt=at, first=_SHOWN)
        found = list({place["id"]: place for place in [*nodes(certain["places"]), *found]}.values())
    return [place for place in found if place["id"] != leaving_out][:_SHOWN]


async def _lines(asked: Asked, places: list[Answer], heads: list[Line]) -> list[Line]:
    """Return a line for each place, with one on its opening below it where that is asked for."""
    if not asks_open(asked.turn.text):
        return heads
    at = moment_named(asked)
    openings = await gather(*(opening_of(asked, place["id"], at) for place in places))
    below = [opening_line(opening, at, asked.language) for opening in openings]
    return [one for pair in zip(heads, below, strict=True) for one in pair]


def _nothing(centre: Whereabouts, language: str) -> Say:
    within = formats.distance(WITHIN_METRES, language)
    if centre.name:
        return Say("utter_nothing_near_place", {"distance": within, "place": centre.name})
    return Say("utter_nothing_near_you", {"distance": within})


async def _somewhere(asked: Asked, categories: list[str]) -> Say:
    places = await _found(asked, {"categories": categories or None})
    if not places:
        return Say("utter_nothing_in_province")
    lines = await _lines(asked, places, [name_line(place) for place in places])
    say = showing("utter_near_unknown", {}, lines, places)
    say.steps.append(Step.SHARE_POSITION)
    return say
