"""When and where somebody wants to be seen: the slots that booking and moving share, and those of booking."""

from __future__ import annotations

from datetime import timedelta

from typing_extensions import override

from dialogue import formats
from dialogue.form import NotThis, Slot, Slots, Taken, Took
from dialogue.province import Asked, nodes
from dialogue.saying import Say, choice, choice_of
from dialogue.tasks.health import places
from dialogue.tasks.health.places import ANY, FreePlace
from dialogue.tasks.health.whereabouts import named_position

MORNING, AFTERNOON = "00:00/11:59", "12:00/23:59"
_DAYS_TO_CHOOSE = 5
_DAYS_AHEAD = 90
_OFTEN_WANTED = ("general", "paediatrics", "internal", "dentistry", "ophthalmology", "obstetrics")


class Specialty(Slot):
    name, kinds, clears = "specialty", ("specialty",), ("place",)

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        known = await _bookable(asked, slots) or await _often_wanted(asked)
        if slots.get("facility") and not known:
            return Say("utter_nothing_bookable_there")
        choices = [choice_of(code, name) for code, name in known.items()]
        return Say("utter_which_specialty", choices=choices[: places.CHOICES_AT_MOST])

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        return _named_or_shown(asked, "specialty")


async def _bookable(asked: Asked, slots: Slots) -> dict[str, str]:
    """Return the specialties that can be booked at the facility that was named: names by code."""
    if not (facility := slots.get("facility")):
        return {}
    found = await asked.ask("health/FacilityServices", facilityId=facility)
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
        taken = _named_or_shown(asked, "facility")
        if (
            asked.turn.first("facility")
            or not isinstance(taken, Took)
            or not slots.get("specialty")
        ):
            return taken
        wish = {**slots, "facility": taken.value}
        # What was only shown before is no wish: where nothing is free, every hospital is searched.
        return taken if await places.find(asked, wish, asked.turn.now) else None


def _named_or_shown(asked: Asked, kind: str) -> Taken:
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


class Near(Slot):
    """The position of a commune or sight that is named ("a dentist in Sa Pa"): no person's."""

    name, kinds, is_asked = "near", ("commune", "place"), False
    clears = ("place", "facility")

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        if asked.turn.first("facility") is not None:
            return None
        position = await named_position(asked)
        return Took(position) if position else None


class Day(Slot):
    name, kinds, clears = "day", ("date",), ("place",)

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        days = await places.free_days(asked, slots, _DAYS_TO_CHOOSE)
        if not days:
            return Say("utter_nothing_free")
        titles = [choice_of(one.isoformat(), formats.day(one, asked.language)) for one in days]
        return Say("utter_which_day", choices=titles)

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        if (value := asked.turn.value("date")) is None:
            return None
        first, last = places.days_of(value)
        today = asked.turn.now.date()
        if last < today:
            return NotThis(Say("utter_day_is_past", {"day": formats.day(last, asked.language)}))
        if first > today + timedelta(days=_DAYS_AHEAD):
            return NotThis(Say("utter_day_too_far", {"day": formats.day(first, asked.language)}))
        return Took(value)


class PartOfDay(Slot):
    name, kinds, clears = "part", ("time",), ("place",)

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        choices = [
            choice(MORNING, "choice_morning"),
            choice(AFTERNOON, "choice_afternoon"),
            choice(ANY, "choice_any_time"),
        ]
        return Say("utter_which_part", choices=choices)

    @override
    async def known(self, asked: Asked, slots: Slots) -> Taken:
        halves = [await places.of_days(asked, slots, half) for half in (MORNING, AFTERNOON)]
        is_small = sum(map(len, halves)) <= places.CHOICES_AT_MOST
        return Took(ANY) if is_small or not all(halves) else None


class Place(Slot):
    """A real free place. One that begins at the very time that was said needs no asking."""

    name = "place"

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        if fitting := await places.of_days(asked, slots, slots["part"]):
            return _times("utter_which_time", places.spread(fitting), asked, slots)
        if slots["part"] != ANY and (free := await places.of_days(asked, slots)):
            near = places.nearest_to(free, slots["part"])
            return _times("utter_nothing_then", near, asked, slots)
        return await _other_days(asked, slots)

    @override
    async def known(self, asked: Asked, slots: Slots) -> Taken:
        if "/" in slots["part"] or slots["part"] == ANY:
            return None
        exact = await places.of_days(asked, slots, slots["part"])
        return Took(exact[0].kept) if len(exact) == 1 else None


def _times(phrase: str, free: list[FreePlace], asked: Asked, slots: Slots) -> Say:
    first, last = places.days_of(slots["day"])
    titled = places.time_choice if first == last else places.day_and_time_choice
    fields = {"day": formats.day(free[0].start.date(), asked.language)}
    return Say(phrase, fields, choices=[titled(place, asked.language) for place in free])


async def _other_days(asked: Asked, slots: Slots) -> Say:
    later = sorted(await places.after_days(asked, slots), key=lambda place: place.start)
    if not later:
        return Say("utter_nothing_free")
    soonest = places.spread(later[: places.CHOICES_AT_MOST])
    choices = [places.day_and_time_choice(place, asked.language) for place in soonest]
    day = formats.day(places.days_of(slots["day"])[0], asked.language)
    return Say("utter_day_is_full", {"day": day}, choices=choices)
