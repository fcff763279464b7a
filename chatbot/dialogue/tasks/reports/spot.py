"""Where a report is about: a named place or commune, or where the phone is.

Where somebody stands is not kept in a slot: it goes the way of their words.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from typing_extensions import override

from dialogue.form import NotThis, Slot, Slots, Taken, Took
from dialogue.province import Asked, Refused, nodes
from dialogue.saying import Choice, Line, Say, Step, choice, choice_of, content, line, point
from dialogue.tasks.reports.danger import numbers_first
from dialogue.tasks.reports.details import noted
from dialogue.tasks.reports.kept_words import is_tried_answer, keep, read
from dialogue.tasks.telltale_words import holds, opens_with_no
from dialogue.turn import Found, Position, Turn

HERE = "here"
_KINDS = ("place", "commune")
_PHONE_ACCURACY_METRES = 100.0
"""A chat does not tell how exact a position is."""
_ACCURACY_AT_MOST = 10_000.0
_WRONG_PLACE = re.compile(
    r"\b(wrong|not the( right)?|another|other) (place|location|spot|position)\b|\bnot (here|there)\b"
    r"|(sai|không đúng|không phải|nhầm|khác) (chỗ|vị trí|địa điểm|nơi)|(chỗ|vị trí|địa điểm|nơi)( \w+)? (sai|nhầm|không đúng)"
    r"|(地点|位置|地方)(不对|不是|错|有误)|(不是|错了?)(这个|那个)?(地点|位置|地方)"
    r"|(mauvais(e)?|pas (le|la|au) bon(ne)?|autre) (endroit|lieu|place|position|adresse)|\bpas (là|ici)\b"
    r"|(위치|장소|곳)(가|는|이|은)? ?(틀|아니|잘못|달라|다릅)|(場所|位置)(が|は)?(違|ちが|間違)"
)
_WRONG_PLACE_UNMARKED = re.compile(
    r"\b(sai|khong dung|khong phai|nham|khac) (cho|vi tri|dia diem|noi)\b"
    r"|\b(vi tri|dia diem)( \w+)? (sai|nham|khong dung)\b|\bpas la$"
)
_COMMUNES_AT_MOST = 100
_SUGGESTED = 4
_NAMED_AT_MOST = 100


@dataclass(frozen=True)
class Located:
    """`accuracy` in metres; `said`: the line of the read-back that names it."""

    position: Position
    accuracy: float
    said: Line
    name: str | None = None

    @property
    def points(self) -> list[Line]:
        return [point(self.name, self.position)] if self.name else []


async def named(asked: Asked, key: str) -> Located | None:
    """Return the place or commune of "place:P001" or "commune:03006", None when there is none."""
    kind, _, code = key.partition(":")
    if kind == "place":
        place = (await asked.ask("tourism/Place", id=code))["place"]
        return _at_place(place) if place else None
    page = (await asked.ask("tourism/Communes", first=_COMMUNES_AT_MOST))["communes"]
    commune = next((one for one in nodes(page) if one["code"] == code), None)
    return _in_commune(commune) if commune else None


def _at_place(place: dict[str, Any]) -> Located:
    name = place["name"]["text"]
    accuracy = min(float(place["positionAccuracy"]), _ACCURACY_AT_MOST)
    return Located(place["position"], accuracy, line("line_report_at_place", place=name), name)


def _in_commune(commune: dict[str, Any]) -> Located:
    name = commune["name"]["text"]
    radius = math.sqrt(commune["area"] * 1_000_000 / math.pi)
    said = line("line_report_in_commune", commune=name)
    return Located(commune["position"], min(round(radius, -2), _ACCURACY_AT_MOST), said, name)


async def located(asked: Asked, slots: Slots) -> Located | None:
    """Return where the report is about. Raises Refused when the phone's position is kept no more."""
    if slots["spot"] != HERE:
        return await named(asked, slots["spot"])
    latitude, longitude = (await read(asked, slots["position"])).split()
    at = {"latitude": float(latitude), "longitude": float(longitude)}
    return Located(at, _PHONE_ACCURACY_METRES, line("line_report_here"))


def key_of(found: Found) -> str:
    return f"{found.kind}:{found.value}"


def named_spot(turn: Turn) -> Found | None:
    """Return the place that a message names; else its commune, which is wider."""
    return turn.first("place") or turn.first("commune")


def says_wrong_place(text: str) -> bool:
    """Tell whether a message says that the place is wrong, without naming another."""
    return holds(text, _WRONG_PLACE, _WRONG_PLACE_UNMARKED)


async def _is_around(asked: Asked, found: Found, slots: Slots) -> bool:
    """Tell whether a commune is named that the place of before lies in: then it tells more of where that is."""
    if found.kind != "commune" or opens_with_no(asked.turn.text):
        return False
    try:
        before = (
            await located(asked, slots) if "position" in slots or slots["spot"] != HERE else None
        )
    except Refused:  # its hour is over
        return False
    if before is None:
        return False
    commune = (await asked.ask("tourism/Commune", at=before.position))["commune"]
    return bool(commune) and commune["code"] == found.value


class Spot(Slot):
    """`elsewhere` among the slots: the person said that it is not where they are."""

    name, kinds, clears = "spot", _KINDS, ("position",)

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        choices = [choice(HERE, "choice_report_here"), *await _suggested(asked)]
        steps = [] if asked.turn.position else [Step.SHARE_POSITION]
        lines = noted(asked, slots)
        say = Say("utter_report_where", lines=lines, choices=choices, steps=steps)
        return numbers_first(say, slots)

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        found = named_spot(asked.turn)
        if found is None and is_awaited:
            found = await _pointed_at(asked)
        if found is None:
            return None
        if await named(asked, key_of(found)) is None:
            return NotThis(Say("utter_place_unknown"))
        is_around = "spot" in slots and await _is_around(asked, found, slots)
        return Took(slots["spot"] if is_around else key_of(found))

    @override
    async def known(self, asked: Asked, slots: Slots) -> Taken:
        is_here = asked.turn.position is not None and "elsewhere" not in slots
        return Took(HERE) if is_here else None


async def _pointed_at(asked: Asked) -> Found | None:
    """Return what "the second" or a short "that one" means, when it is no name itself."""
    if asked.turn.value("ordinal"):
        return asked.thing(*_KINDS)
    if asked.turn.intent != "inform" or not any(one.kind in _KINDS for one in asked.state.shown):
        return None
    return None if await _named_so(asked) else asked.thing(*_KINDS)


async def _named_so(asked: Asked) -> list[Choice]:
    text = asked.turn.text[:_NAMED_AT_MOST]
    found = (await asked.ask("tourism/Places", search=text, first=_SUGGESTED))["places"]
    return [choice_of(f"place:{one['id']}", one["name"]["text"]) for one in nodes(found)]


async def _suggested(asked: Asked) -> list[Choice]:
    """Return places called as was typed when this was asked before; else those that were shown last."""
    if is_tried_answer(asked, Spot.name):
        return await _named_so(asked)
    shown = [key_of(Found(one.kind, one.value)) for one in asked.state.shown if one.kind in _KINDS]
    places = [(key, await named(asked, key)) for key in shown[:_SUGGESTED]]
    return [choice_of(key, place.name) for key, place in places if place and place.name]


class PhonePosition(Slot):
    """Where the phone is, when it is about that; the slot holds the id under which the API keeps it."""

    name = "position"

    @override
    def is_needed(self, slots: Slots) -> bool:
        return bool(slots.get("spot") == HERE)

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        return numbers_first(Say("utter_report_share", steps=[Step.SHARE_POSITION]), slots)

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        return await self.known(asked, slots) if is_awaited else None

    @override
    async def known(self, asked: Asked, slots: Slots) -> Taken:
        at = asked.turn.position
        if at is None:
            return None
        try:
            return Took(await keep(asked, f"{at['latitude']:.6f} {at['longitude']:.6f}"))
        except Refused as refused:
            return NotThis(Say("utter_refused", lines=[content(refused.message)]))
