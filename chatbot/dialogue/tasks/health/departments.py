"""Which department, and at which hospital: only what has a free time is offered."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from itertools import compress

from typing_extensions import override

from dialogue.form import NotThis, Slot, Slots, Taken, Took
from dialogue.province import Asked, nodes
from dialogue.saying import Choice, Say, choice_of, way
from dialogue.tasks.health import places
from dialogue.tasks.health.directory import those_for

_OFTEN_WANTED = (
    "general",
    "paediatrics",
    "internal",
    "dentistry",
    "ophthalmology",
    "obstetrics",
    "gynaecology",
    "traditional_medicine",
    "rehabilitation",
)


def ways_on() -> list[Choice]:
    """Return what can be done where nothing can be booked: to look for a hospital, and to talk to a person."""
    return [way("find_doctor", "title_find_doctor"), way("human", "title_human")]


class Specialty(Slot):
    name, kinds, clears = "specialty", ("specialty",), ("place",)

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        is_there = slots.get("facility") is not None
        known = await (_bookable(asked, slots) if is_there else _often_wanted(asked))
        free = await _with_a_place(asked, slots, known)
        if is_there and not free:
            return Say("utter_nothing_bookable_there", choices=ways_on())
        choices = [choice_of(code, name) for code, name in free.items()][: places.CHOICES_AT_MOST]
        ways = ways_on() if _is_asked_again(asked) or not choices else []
        return Say("utter_which_specialty", choices=[*choices, *ways])

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        """Take a department, but none that nobody can be booked in: whatever else is asked would lead nowhere."""
        taken = named_or_shown(asked, "specialty")
        if not isinstance(taken, Took) or taken.value == slots.get("specialty"):
            return taken
        if await has_a_place(asked, slots, taken.value):
            return taken
        if slots.get("facility"):
            return NotThis(Say("utter_nothing_free_there", choices=_ways_not_beside(asked)))
        return await _none(asked, taken)


async def has_a_place(asked: Asked, slots: Slots, specialty: str) -> bool:
    """Tell whether a department has a free time at the hospital that is known, else at any."""
    wish = {"specialty": specialty, "facility": slots.get("facility")}
    return bool(await places.find(asked, wish, asked.turn.now, soonest=True))


async def _none(asked: Asked, taken: Took) -> NotThis:
    """Return that nobody can be booked there, and which hospitals should have it all the same."""
    lines = await those_for(asked, taken.value)
    phrase = "utter_department_not_bookable_but" if lines else "utter_department_not_bookable"
    return NotThis(Say(phrase, lines=lines, choices=_ways_not_beside(asked)))


def _ways_not_beside(asked: Asked) -> list[Choice]:
    """Return the ways out, unless the question that follows has them already."""
    return [] if _is_asked_again(asked) else ways_on()


def _is_asked_again(asked: Asked) -> bool:
    """Tell whether the department was the open question: then the ways out stand beside it."""
    return asked.state.form is not None and asked.state.form.asked == Specialty.name


async def _with_a_place(asked: Asked, slots: Slots, names: Mapping[str, str]) -> dict[str, str]:
    has = await asyncio.gather(*(has_a_place(asked, slots, code) for code in names))
    return dict(compress(names.items(), has))


async def _bookable(asked: Asked, slots: Slots) -> dict[str, str]:
    """Return the specialties that can be booked at the facility that was named: names by code."""
    found = await asked.ask("health/FacilityServices", facilityId=slots["facility"])
    active = [one for one in nodes(found["facilityServices"]) if one["isActive"]]
    return {one["specialty"]["code"]: one["specialty"]["name"] for one in active}


async def _often_wanted(asked: Asked) -> dict[str, str]:
    found = await asked.ask("health/Specialties")
    names = {one["code"]: one["name"] for one in found["specialties"]["specialties"]}
    return {code: names[code] for code in _OFTEN_WANTED if code in names}


class Facility(Slot):
    """Taken when it is named; without it every facility is searched."""

    name, kinds, clears, is_asked = "facility", ("facility",), ("place", "near"), False

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        taken = named_or_shown(asked, "facility")
        specialty = slots.get("specialty")
        if not isinstance(taken, Took) or not specialty or taken.value == slots.get("facility"):
            return taken
        if await has_a_place(asked, {"facility": taken.value}, specialty):
            return taken
        # What was only shown before is no wish: where nothing is free, every hospital is searched.
        is_named = asked.turn.first("facility") is not None
        return NotThis(Say("utter_nothing_free_there", choices=ways_on())) if is_named else None


def named_or_shown(asked: Asked, kind: str) -> Taken:
    """Read what is named, or what the first message means: the only one shown, or "the second"."""
    if named := asked.turn.value(kind):
        return Took(named)
    shown = [one for one in asked.state.shown if one.kind == kind]
    if not _is_first(asked) or (len(shown) != 1 and not asked.turn.value("ordinal")):
        return None
    meant = asked.thing(kind)
    return Took(meant.value) if meant else None


def _is_first(asked: Asked) -> bool:
    """Tell whether the form has asked nothing yet; what is shown later is its own."""
    form = asked.state.form
    return (
        form is None or form.intent != "book_appointment" or not (form.asked or form.is_read_back)
    )
