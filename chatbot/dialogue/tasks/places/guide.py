"""The spoken guide: the story where somebody stands or of a place, tours nearby, and the pack without signal."""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import override

from dialogue import formats
from dialogue.province import Answer, Asked, ProvinceUnreachable, nodes
from dialogue.saying import Line, Say, Shown, line
from dialogue.task import Answering
from dialogue.tasks.places import stories, whereabouts
from dialogue.tasks.places.packs import pack_line
from dialogue.tasks.places.stories import Guided
from dialogue.tasks.places.whereabouts import Whereabouts

_TOURS = 4
_ON_TOUR_METRES = 2_000
"""So near to a tour's first stop somebody may be on it: the guide itself decides."""
_MAY_PASS_METRES = 20_000


class Guide(Answering):
    intent = "guide"
    title = "title_guide"

    @override
    async def answers(self, asked: Asked) -> Sequence[Say]:
        if asked.turn.value("ordinal") and (tour := asked.thing("tour")):
            return await _tour(asked, tour.value)
        where = await whereabouts.of(asked)
        tours = await _tours(asked, where)
        if (named := _by_number(asked, tours)) is not None:
            return await _tour(asked, named["id"])
        if where and where.place_id and (told := await _story_of_place(asked, where, tours)):
            return [told]
        here = _tour_here(where, tours)
        guided = Guided()
        if here and where:
            guided = await stories.at(asked, here, where.position)
        return guided.says or [await _list(asked, where, tours, guided.warnings)]


async def _tour(asked: Asked, tour_id: str) -> Sequence[Say]:
    tour = (await asked.ask("guide/Tour", id=tour_id))["tour"]
    return [await _list(asked, None, [])] if tour is None else [await stories.whole(asked, tour)]


async def _tours(asked: Asked, where: Whereabouts | None) -> list[Answer]:
    near = where.position if where else None
    return nodes((await asked.ask("guide/Tours", near=near, first=_TOURS))["tours"])


def _by_number(asked: Asked, tours: list[Answer]) -> Answer | None:
    """Return the tour whose number is said before any was listed: the order is that of the list."""
    order = asked.turn.value("ordinal")
    if order is None or asked.thing("place", "commune"):
        return None
    at = int(order) - 1 if order != "last" else -1
    return tours[at] if -len(tours) <= at < len(tours) else None


def _tour_here(where: Whereabouts | None, tours: list[Answer]) -> Answer | None:
    """Return the tour that the person may be on; where only a name was said nobody walks."""
    if where is None or where.name is not None:
        return None
    near = (one for one in tours if (one["distance"] or 0) <= _ON_TOUR_METRES)
    return next(near, None)


async def _story_of_place(asked: Asked, where: Whereabouts, tours: list[Answer]) -> Say | None:
    """Return the story of a place from a tour that stops there, else what is known of it, else None."""
    for one in tours:
        if (one["distance"] or 0) > _MAY_PASS_METRES:
            continue
        tour = (await asked.ask("guide/Tour", id=one["id"]))["tour"]
        stops = tour["stops"] if tour else []
        if stop := next((it for it in stops if it["placeId"] == where.place_id), None):
            return stories.of_stop(stop, tour)
    place = await whereabouts.place_of(asked, where.place_id or "")
    return stories.of_place(place) if place and place["description"] else None


async def _list(
    asked: Asked,
    where: Whereabouts | None,
    tours: list[Answer],
    warnings: Sequence[Line] = (),
) -> Say:
    commune = where.commune_code if where else None
    try:
        pack = [await pack_line(asked, commune=commune)]
    except ProvinceUnreachable:
        pack = []
    if not tours:
        return Say("utter_no_tours", lines=[*warnings, *pack])
    lines = [_tour_line(tour, asked.language) for tour in tours]
    shows = tuple(Shown("tour", tour["id"]) for tour in tours)
    return Say("utter_tours", lines=[*warnings, *lines, line("line_tours_how"), *pack], shows=shows)


def _tour_line(tour: Answer, language: str) -> Line:
    name, minutes = tour["name"]["text"], formats.number(tour["walkingMinutes"], language)
    if tour["distance"] is None:
        return line("line_tour", name=name, minutes=minutes)
    away = formats.distance(tour["distance"], language)
    return line("line_tour_distance", name=name, minutes=minutes, distance=away)
