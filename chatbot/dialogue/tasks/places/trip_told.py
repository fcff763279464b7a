"""A plan as a reply: day by day what is visited when, and what to know of it."""

from __future__ import annotations

from datetime import date

from dialogue import formats
from dialogue.moments import moment_of
from dialogue.province import Answer
from dialogue.saying import Line, Say, content, line
from dialogue.tasks.places.road_names import RoadNames
from dialogue.tasks.places.sights import showing

_REMARKS, _LEFT_OUT = 3, 4


def plan(
    phrase: str, told: Answer, roads: RoadNames, language: str, before: tuple[Line, ...] = ()
) -> Say:
    """Return a plan; `before`: lines that have to be read before it."""
    lines = [one for day in told["days"] for one in _day_lines(day, roads, language)]
    left_out = [content(one["reason"]["text"]) for one in told["leftOut"][:_LEFT_OUT]]
    notes = [content(one["text"]) for one in told["notes"][:_REMARKS]]
    visited = [
        item["place"]
        for day in told["days"]
        for item in day["items"]
        if item["kind"] == "VISIT" and item["place"]
    ]
    lines = [*before, *lines, *left_out, *notes, line("line_trip_kept_nowhere")]
    return showing(phrase, {}, lines, visited)


def instead(refusal: Answer, nearest: Answer, roads: RoadNames, language: str) -> list[Say]:
    """Return why not every wish can be met, and the plan that comes nearest."""
    why = [content(one["reason"]["text"]) for one in refusal["unmet"]]
    refused = Say("utter_trip_not_all", lines=[content(refusal["message"]), *why])
    return [refused, plan("utter_trip_nearest", nearest, roads, language)]


def _day_lines(day: Answer, roads: RoadNames, language: str) -> list[Line]:
    head = line("line_trip_day", day=formats.day(date.fromisoformat(day["date"]), language))
    told = [one for item in day["items"] if (one := _item_line(item, roads, language))]
    return [head, *(told or [line("line_trip_day_empty")])]


def _item_line(item: Answer, roads: RoadNames, language: str) -> Line | None:
    """Return a line for a visit, a meal, and a way by roads that can be named."""
    fields = {
        "start": formats.clock(moment_of(item["starts"]), language),
        "end": formats.clock(moment_of(item["ends"]), language),
    }
    place = item["place"]["name"]["text"] if item["place"] else None
    if item["kind"] == "VISIT" and place:
        return line("line_trip_visit", **fields, place=place)
    if item["kind"] == "MEAL":
        return line("line_trip_meal", **fields)
    named = [roads[code] for code in item["roads"] if code in roads]
    if item["kind"] == "TRAVEL" and named:
        return line("line_trip_way", **fields, roads=formats.listed(named, language))
    return None
