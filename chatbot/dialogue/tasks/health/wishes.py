"""When and where somebody wants to be seen: the slots that booking and moving share, and those of booking."""

from __future__ import annotations

from datetime import date, timedelta

from typing_extensions import override

from dialogue import formats
from dialogue.form import NotThis, Slot, Slots, Taken, Took
from dialogue.province import Asked
from dialogue.saying import Line, Say, Step, choice, choice_of, line
from dialogue.tasks.health import places
from dialogue.tasks.health.departments import ways_on
from dialogue.tasks.health.places import ANY, FreePlace
from dialogue.tasks.health.whereabouts import named_position
from dialogue.weekdays import in_week_of, is_alone

MORNING, AFTERNOON = "00:00/11:59", "12:00/23:59"
_DAYS_TO_CHOOSE = 5
_DAYS_AHEAD = 90


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
            return Say("utter_nothing_free", choices=ways_on())
        titles = [choice_of(one.isoformat(), formats.day(one, asked.language)) for one in days]
        return Say("utter_which_day", choices=titles)

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        if (value := _day_said(asked, slots.get("day"))) is None:
            return None
        first, last = places.days_of(value)
        today = asked.turn.now.date()
        if last < today:
            return NotThis(Say("utter_day_is_past", {"day": formats.day(last, asked.language)}))
        if first > today + timedelta(days=_DAYS_AHEAD):
            return NotThis(Say("utter_day_too_far", {"day": formats.day(first, asked.language)}))
        return Took(value)


def _day_said(asked: Asked, held: str | None) -> str | None:
    """Return what is said; a weekday alone corrects the day that is `held`, in its week unless that is past."""
    said = asked.turn.first("date")
    if said is None or held is None or not is_alone(asked.turn.text[said.start : said.end]):
        return said.value if said else None
    first, last = places.days_of(held)
    meant = in_week_of(date.fromisoformat(said.value), first, last)
    return meant.isoformat() if meant >= asked.turn.now.date() else said.value


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
        return Took(exact[0].kept) if len(exact) == 1 and not exact[0].is_far else None


def _times(phrase: str, free: list[FreePlace], asked: Asked, slots: Slots) -> Say:
    first, last = places.days_of(slots["day"])
    titled = places.time_choice if first == last else places.day_and_time_choice
    fields = {"day": formats.day(free[0].start.date(), asked.language)}
    choices = [titled(place, asked.language) for place in free]
    return Say(phrase, fields, _wherever(free), choices=choices, steps=_where_to_share(free))


async def _other_days(asked: Asked, slots: Slots) -> Say:
    """Offer what comes after the day that was wished for; where nothing does, what there is before."""
    day = formats.day(places.days_of(slots["day"])[0], asked.language)
    if later := await places.after_days(asked, slots):
        return _on_days("utter_day_is_full", day, later, asked)
    if sooner := await places.find(asked, slots, asked.turn.now):
        return _on_days("utter_nothing_from_day", day, sooner, asked)
    return Say("utter_nothing_free", choices=ways_on())


def _on_days(phrase: str, day: str, found: list[FreePlace], asked: Asked) -> Say:
    free = places.spread(found[: places.CHOICES_AT_MOST])
    choices = [places.day_and_time_choice(place, asked.language) for place in free]
    return Say(phrase, {"day": day}, _wherever(free), choices=choices, steps=_where_to_share(free))


def _is_wherever(free: list[FreePlace]) -> bool:
    """Tell whether several hospitals are offered of which nobody knows how far they are."""
    return len({place.facility_id for place in free if place.distance is None}) > 1


def _wherever(free: list[FreePlace]) -> list[Line]:
    return [line("line_hospitals_wherever")] if _is_wherever(free) else []


def _where_to_share(free: list[FreePlace]) -> list[Step]:
    return [Step.SHARE_POSITION] if _is_wherever(free) else []
