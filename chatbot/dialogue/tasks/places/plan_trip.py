"""A trip of one to seven days, asked for piece by piece and planned by the province's planner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from babel import Locale
from babel.numbers import format_currency
from typing_extensions import override

from dialogue import formats
from dialogue.form import Form, Slots
from dialogue.province import Asked, Refused
from dialogue.saying import Line, Say, choice, line
from dialogue.state import OpenForm
from dialogue.tasks.places import trip_told, way, whereabouts
from dialogue.tasks.places.road_names import road_names
from dialogue.tasks.places.trip_days import Begin, FirstDay, Hours, Length, span_of
from dialogue.tasks.places.trip_wishes import (
    Budget,
    Children,
    From,
    Interests,
    Musts,
    To,
    end_of,
    interest_line,
    interests_of,
    musts_of,
)
from dialogue.titles import worded

_ASKED_AGAIN = {
    "STARTS_IN_PAST": ("day", "begin"),
    "TRIP_TOO_FAR_AHEAD": ("day",),
    "TRIP_TOO_LONG": ("day", "length"),
    "ENDS_BEFORE_START": ("hours",),
    "TRIP_TOO_SHORT": ("hours", "begin"),
    "NOTHING_POSSIBLE": ("hours", "begin"),
    "OUTSIDE_PROVINCE": ("from", "to"),
    "INVALID_POSITION": ("from",),
    "MUSTS_NOT_POSSIBLE": ("must",),
    "UNKNOWN_PLACES": ("must",),
    "TOO_MANY_PLACES": ("must",),
    "INVALID_BUDGET": ("budget",),
    "PLANNER_BUSY": (),
    "PLANNER_FAILED": (),
    "TOO_MANY_AT_ONCE": (),
}
"""What is asked anew after a refusal; with nothing of it, a yes asks the planner once more."""


class PlanTrip(Form):
    intent = "plan_trip"
    title = "title_plan_trip"
    unreachable = Say("utter_trip_slow")
    corrected_by = frozenset({"reschedule_appointment"})
    slots = (
        FirstDay(),
        Length(),
        Begin(),
        Hours(),
        From(),
        To(),
        Musts(),
        Interests(),
        Children(),
        Budget(),
    )

    @override
    async def begin(self, asked: Asked, form: OpenForm) -> OpenForm | Sequence[Say]:
        told = await way.told(asked)
        return form if told is None else told

    @override
    async def read_back(self, asked: Asked, slots: Slots) -> Say:
        starts, ends = span_of(slots, asked.turn.now)
        lines = [
            line("line_trip_starts", time=formats.moment(starts, asked.language)),
            line("line_trip_ends", time=formats.moment(ends, asked.language)),
            *await _way_lines(asked, slots),
            *await _wish_lines(asked, slots),
        ]
        yes_no = [choice("yes", "choice_yes"), choice("no", "choice_no")]
        return Say("utter_trip_read_back", lines=lines, choices=yes_no)

    @override
    async def commit(self, asked: Asked, form: OpenForm) -> Sequence[Say]:
        start, end = [await end_of(asked, form.slots, name) for name in ("from", "to")]
        if start is None:
            lost = worded(line("line_trip_position_lost"), asked.language)
            raise Refused("INVALID_POSITION", lost)
        ways = {"from": start.position, "to": end.position if end else None}
        wishes = _wishes(asked, form.slots) | ways
        told = (await asked.ask("guide/PlanTrip", input=wishes))["planTrip"]
        if told["__typename"] == "TripPlan":
            return [
                trip_told.plan("utter_trip", told, await road_names(asked, told), asked.language)
            ]
        nearest = told["nearest"] and told["nearest"]["plan"]
        if told["code"] == "MUSTS_NOT_POSSIBLE" and nearest:
            roads = await road_names(asked, nearest)
            return trip_told.instead(told, nearest, roads, asked.language)
        raise Refused(told["code"], told["message"])

    @override
    def after_refusal(self, code: str, form: OpenForm) -> OpenForm | None:
        return form.without(*_ASKED_AGAIN[code]) if code in _ASKED_AGAIN else None


def _wishes(asked: Asked, slots: Slots) -> dict[str, Any]:
    starts, ends = span_of(slots, asked.turn.now)
    return {
        "start": starts.isoformat(),
        "end": ends.isoformat(),
        "interests": interests_of(slots),
        "withChildren": bool(slots.get("children")),
        "must": musts_of(slots),
        "budget": slots.get("budget"),
    }


async def _way_lines(asked: Asked, slots: Slots) -> list[Line]:
    start, end = [await end_of(asked, slots, name) for name in ("from", "to")]
    lines = [line("line_trip_from_here")]
    if start and start.name:
        lines = [line("line_trip_from", place=start.name)]
    if end and end.name and end != start:
        lines.append(line("line_trip_to", place=end.name))
    return lines


async def _wish_lines(asked: Asked, slots: Slots) -> list[Line]:
    interests = [
        line("line_trip_interest", interest=interest_line(one)) for one in interests_of(slots)
    ]
    musts = [await whereabouts.place_of(asked, place_id) for place_id in musts_of(slots)]
    named = [line("line_trip_must", place=place["name"]["text"]) for place in musts if place]
    children = [line("line_trip_children")] if slots.get("children") else []
    return [
        *(interests or [line("line_trip_all_alike")]),
        *named,
        *children,
        *_budget_lines(asked, slots),
        line("line_trip_car"),
    ]


def _budget_lines(asked: Asked, slots: Slots) -> list[Line]:
    if slots.get("budget") is None:
        return []
    amount = format_currency(slots["budget"], "VND", locale=Locale.parse(asked.language, sep="-"))
    return [line("line_trip_budget", amount=amount)]
