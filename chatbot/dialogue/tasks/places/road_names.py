"""What to call the roads of a plan, of which only the codes are told."""

from __future__ import annotations

from collections.abc import Mapping

from dialogue.province import Answer, Asked, ProvinceUnreachable, nodes

RoadNames = Mapping[str, str]
"""By code; a road that has no name in the reader's language is absent."""


async def road_names(asked: Asked, plan: Answer) -> RoadNames:
    """Return the numbers as they stand on signs, and the names of what has none: passes and links."""
    codes = {code for day in plan["days"] for item in day["items"] for code in item["roads"]}
    numbers = {code: code for code in codes if " " not in code}
    if len(numbers) == len(codes):
        return numbers
    try:
        roads = nodes((await asked.ask("tourism/Roads"))["roads"])
    except ProvinceUnreachable:  # a plan is of use without them
        return numbers
    names = {
        road["code"]: road["name"]["text"]
        for road in roads
        if road["name"]["language"] == asked.language
    }
    return {**names, **numbers}
