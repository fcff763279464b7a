"""A bed: the province keeps no list of beds, prices or free rooms, and the bot says so."""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import override

from dialogue.province import Answer, Asked, ProvinceUnreachable, nodes
from dialogue.saying import Line, Say, line
from dialogue.task import Answering
from dialogue.tasks.places import whereabouts
from dialogue.tasks.places.find_nearby import WITHIN_METRES
from dialogue.tasks.places.sights import distance_line, name_line, showing

_SHOWN = 4
_CAN_DO = ("line_lodging_ask", "line_lodging_can_do")


class TellOfLodging(Answering):
    """Editors may have entered a house as a place: then it is named, without a price or a free bed."""

    intent = "lodging"
    title = "title_lodging"

    @override
    async def answers(self, asked: Asked) -> Sequence[Say]:
        honest = Say("utter_no_lodging", lines=[line(phrase) for phrase in _CAN_DO])
        houses = await _houses(asked)
        if not houses:
            return [honest]
        lines = [_house_line(house, asked.language) for house in houses]
        return [honest, showing("utter_lodging_places", {}, lines, houses)]


async def _houses(asked: Asked) -> list[Answer]:
    """Return what there is; nothing when the API is silent, for what matters is said without it."""
    try:
        where = await whereabouts.of(asked)
        found = await asked.ask(
            "tourism/Places",
            near=where.position if where else None,
            within=WITHIN_METRES if where else None,
            categories=["LODGING"],
            first=_SHOWN,
        )
    except ProvinceUnreachable:
        return []
    return nodes(found["places"])


def _house_line(house: Answer, language: str) -> Line:
    return name_line(house) if house["distance"] is None else distance_line(house, language)
