"""How a place stands in a reply: a line, a link to the map, a point, and as "that one"."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dialogue import formats
from dialogue.province import Answer
from dialogue.saying import Line, Say, Shown, line, link, point


def name_line(place: Answer) -> Line:
    name = place["name"]["text"]
    if place["commune"]:
        return line("line_place", name=name, commune=place["commune"]["name"]["text"])
    return line("line_place_alone", name=name)


def distance_line(place: Answer, language: str) -> Line:
    away = formats.distance(place["distance"], language)
    return line("line_place_distance", name=place["name"]["text"], distance=away)


def map_link(place: Answer) -> Line:
    at = place["position"]
    return link("link_map", f"geo:{at['latitude']},{at['longitude']}", name=place["name"]["text"])


def showing(
    phrase: str,
    fields: dict[str, Any],
    lines: list[Line],
    places: Iterable[Answer],
) -> Say:
    """Return a reply on places: with their links and points, each to be meant by its number."""
    listed = list(places)
    return Say(
        phrase,
        fields,
        lines,
        [map_link(place) for place in listed],
        points=[point(place["name"]["text"], place["position"]) for place in listed],
        shows=tuple(Shown("place", place["id"]) for place in listed),
    )
