"""Hospitals and clinics: where they are, what they treat, and the next free times of their doctors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from typing_extensions import override

from dialogue import formats
from dialogue.moments import moment_of
from dialogue.province import Answer, Asked, nodes
from dialogue.saying import Choice, Line, Say, Shown, Step, choice, line, point
from dialogue.task import Answering
from dialogue.tasks.health.whereabouts import named_position
from dialogue.tasks.health.wording import CALL_115, map_of, when
from dialogue.turn import Position

_FACILITIES, _TIMES, _SPECIALTIES = 5, 3, 10
_LEVELS = {
    "PROVINCIAL": "part_level_provincial",
    "REGIONAL": "part_level_regional",
    "COMMUNE": "part_level_commune",
    "PRIVATE": "part_level_private",
}
_BOOK: list[Choice] = [choice("book_appointment", "title_book_appointment")]


class FindDoctor(Answering):
    intent, title = "find_doctor", "title_find_doctor"

    @override
    async def answers(self, asked: Asked) -> Sequence[Say]:
        if facility_id := _facility_meant(asked):
            facility = (await asked.ask("health/Facility", id=facility_id))["facility"]
            if facility:
                return [await _about(asked, facility)]
            return [Say("utter_facility_unknown"), await _listed(asked)]
        return [await _listed(asked)]


def _facility_meant(asked: Asked) -> str | None:
    """Return what is named; or what was shown, when nothing else says what is looked for."""
    if named := asked.turn.value("facility"):
        return named
    listed = [one for one in asked.state.shown if one.kind == "facility"]
    if not (listed and asked.turn.value("ordinal")):  # "the second hospital" is of what was shown
        says_what = asked.turn.first("specialty", "language", "commune", "place", "category")
        if says_what or len(listed) != 1:
            return None
    pointed = asked.thing("facility")
    return pointed.value if pointed else None


async def _about(asked: Asked, facility: Answer) -> Say:
    language, name = asked.language, facility["name"]["text"]
    free = await _free(asked, facilityId=facility["id"])
    lines = [
        line("line_level", level=line(_LEVELS[facility["level"]])),
        line("line_address_before_2025", address=facility["address"]),
        _treats(facility, language),
        line("line_position_rough"),
        *_times(free, "line_free_time", language),
        line("line_hours_unknown"),
    ]
    return Say(
        "utter_facility",
        {"name": name},
        lines,
        links=[map_of(name, facility["position"]), CALL_115],
        choices=_BOOK if free else [],
        points=[point(name, _plain(facility["position"]))],
        shows=(Shown("facility", facility["id"]),),
    )


def _treats(facility: Answer, language: str) -> Line:
    names = [one["name"] for one in facility["specialties"][:_SPECIALTIES]]
    is_cut = len(facility["specialties"]) > _SPECIALTIES
    told = formats.listed(names, language) or "–"
    if facility["isSample"]:
        return line("line_specialties_usual", specialties=told)
    return line("line_specialties_among" if is_cut else "line_specialties", specialties=told)


def _plain(position: dict[str, float]) -> Position:
    return {"latitude": position["latitude"], "longitude": position["longitude"]}


async def _listed(asked: Asked) -> Say:
    """Return the facilities of a specialty, near what is named or the phone."""
    named = await named_position(asked)
    near, specialty = named or asked.turn.position, asked.turn.value("specialty")
    wish: dict[str, Any] = {"near": near and _plain(near), "specialty": specialty}
    sent = {name: value for name, value in wish.items() if value}
    found = nodes((await asked.ask("health/Facilities", first=_FACILITIES, **sent))["facilities"])
    if not found:
        return Say("utter_no_facility", links=[CALL_115])
    lines = [_line_of(one, asked.language) for one in found]
    free = await _free_of_wish(asked, near, specialty)
    if specialty and found[0]["isSample"]:
        lines.append(line("line_specialty_usual"))
    if specialty or asked.turn.value("language"):
        lines += _times(free, "line_free_time_at", asked.language)
    return Say(
        _opening(near, named),
        lines=lines,
        choices=_BOOK if free else [],
        steps=[] if near else [Step.SHARE_POSITION],
        shows=tuple(Shown("facility", one["id"]) for one in found),
    )


async def those_for(asked: Asked, specialty: str) -> list[Line]:
    """Return a line for each of the next hospitals that should have a specialty, whether or not it can be booked."""
    near = await named_position(asked) or asked.turn.position
    wish: dict[str, Any] = {"near": _plain(near)} if near else {}
    found = await asked.ask("health/Facilities", first=_TIMES, specialty=specialty, **wish)
    having = nodes(found["facilities"])
    lines = [_line_of(one, asked.language) for one in having]
    if any(one["isSample"] for one in having):
        lines.append(line("line_specialty_usual"))
    return lines


def _opening(near: Position | None, named: Position | None) -> str:
    if named:
        return "utter_facilities_there"
    return "utter_facilities_near_you" if near else "utter_facilities"


def _line_of(facility: Answer, language: str) -> Line:
    name = facility["name"]["text"]
    if facility["distance"] is None:
        return line("line_facility", name=name, address=facility["address"])
    away = formats.distance(facility["distance"], language)
    return line("line_facility_distance", name=name, distance=away)


async def _free_of_wish(
    asked: Asked, near: Position | None, specialty: str | None
) -> list[dict[str, Any]]:
    """Return free times when it was said of what kind: a doctor of any kind is no answer."""
    spoken = asked.turn.value("language")
    if not specialty and not spoken:
        return []
    wish: dict[str, Any] = {"specialty": specialty or "general", "language": spoken}
    wish["near"] = near and _plain(near)
    return await _free(asked, **{name: value for name, value in wish.items() if value})


async def _free(asked: Asked, **wish: object) -> list[dict[str, Any]]:
    order = "NEAREST" if "near" in wish else "SOONEST"
    return nodes(
        (await asked.ask("health/FindSlots", first=_TIMES, order=order, **wish))["findSlots"]
    )


def _times(free: list[dict[str, Any]], phrase: str, language: str) -> list[Line]:
    lines = [
        line(
            phrase,
            **when(moment_of(one["start"]), language),
            service=one["service"]["name"]["text"],
            facility=one["facility"]["name"]["text"],
        )
        for one in free
    ]
    return [line("line_next_free"), *lines] if lines else [line("line_none_free")]
