"""Where a trip begins, and what somebody likes to see."""

from __future__ import annotations

from typing_extensions import override

from dialogue.form import NotThis, Slot, Slots, Taken, Took
from dialogue.province import Asked
from dialogue.saying import Choice, Line, Say, Step, choice, line
from dialogue.tasks.places import whereabouts
from dialogue.tasks.places.trip_ends import ends_in, is_start
from dialogue.tasks.places.whereabouts import Whereabouts
from dialogue.turn import Found

HERE, ALL = "here", "ALL"
MUSTS_AT_MOST = 5
_INTERESTS = {
    "MARKETS": {"market"},
    "VILLAGES": {"village"},
    "TEMPLES": {"temple", "church"},
    "HISTORY": {"historical", "architecture", "archaeology", "museum"},
    "LANDSCAPES": {"landscape", "viewpoint", "pass"},
    "NATURE": {"waterfall", "lake", "cave", "nature_reserve", "park"},
    "HIKING": {"mountain", "trailhead"},
    "HOT_SPRINGS": {"hot_spring"},
    "ADVENTURE": {"activity"},
}
"""TripInterest by the categories of places that people name."""
_OFFERED = ("MARKETS", "VILLAGES", "LANDSCAPES", "NATURE", "HISTORY")


class From(Slot):
    """Where each day begins and ends: "place:P001", "commune:03006", or HERE, for a position is not kept."""

    name, kinds = "from", ("commune", "place")

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        is_here = asked.turn.position is not None
        here = [choice(HERE, "choice_from_here")] if is_here else []
        towns = [
            choice("commune:03006", "choice_from_sa_pa"),
            choice("commune:02647", "choice_from_lao_cai"),
        ]
        steps = [] if is_here else [Step.SHARE_POSITION]
        return Say("utter_trip_from_where", choices=[*here, *towns], steps=steps)

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        named = self._named(asked, slots, is_awaited=is_awaited)
        if named is None:
            is_shared = asked.turn.position and asked.turn.intent in {"inform", "affirm"}
            return Took(HERE) if is_awaited and is_shared else None
        if await whereabouts.at(asked, named) is None:
            return NotThis(Say("utter_place_unknown"))
        return Took(f"{named.kind}:{named.value}")

    def _named(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Found | None:
        """Return what is said to be the start, what answers the question, or what corrects a start without a goal."""
        ends = ends_in(asked.turn)
        if ends.start is not None:
            return ends.start
        if is_awaited:
            return asked.turn.first(*self.kinds)
        is_correction = self.name in slots and To.name not in slots
        return ends.goal if is_correction and ends.goal and not ends.is_goal_said else None


class To(Slot):
    """Where the trip leads, which is where its last day ends: "to Bac Ha, starting from Sa Pa"."""

    name, kinds, is_asked = "to", ("commune",), False

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        named = ends_in(asked.turn).goal
        if named is None or slots.get(From.name) == f"commune:{named.value}":
            return None
        return Took(f"commune:{named.value}") if await whereabouts.at(asked, named) else None


class Musts(Slot):
    """Ids of places to see in any case, joined by "+": those named, unless they tell where the trip begins."""

    name, kinds, is_asked = "must", ("place",), False

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        form = asked.state.form
        if form is not None and form.asked == From.name:
            return None
        meant = (one for one in asked.turn.all_of(*self.kinds) if not is_start(asked.turn, one))
        named = list(dict.fromkeys(one.value for one in meant))
        if not named and form is None and asked.turn.value("ordinal"):
            pointed = asked.thing(*self.kinds)
            named = [pointed.value] if pointed else []
        return Took("+".join(named[:MUSTS_AT_MOST])) if named else None


class Interests(Slot):
    """TripInterest names joined by "+", or ALL."""

    name, kinds = "interests", ("category",)

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        return Say(
            "utter_trip_interests",
            choices=[choice(ALL, "choice_interest_all"), *map(_interest_choice, _OFFERED)],
        )

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        if is_awaited and asked.turn.intent == "deny":
            return Took(ALL)
        named = {name for value in asked.turn.values("category") for name in value.split("+")}
        wanted = [interest for interest, kinds in _INTERESTS.items() if kinds & named]
        return Took("+".join(wanted)) if wanted else None


class Children(Slot):
    """Whether children come along, which makes days shorter."""

    name, kinds, is_asked = "children", ("person",), False

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        people = asked.turn.values(*self.kinds)
        is_child = any(one == "child" or one.endswith(":child") for one in people)
        return Took(True) if is_child else None


class Budget(Slot):
    """Dong for entrance fees."""

    name, kinds, is_asked = "budget", ("amount",), False

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        amount = asked.turn.value(*self.kinds)
        return Took(int(amount)) if amount and amount.isdecimal() else None


async def end_of(asked: Asked, slots: Slots, name: str) -> Whereabouts | None:
    """Return where a trip begins or ends, by the slot's name.

    None when that is not said, or was the phone's position, which is not shared any more.
    """
    if slots.get(name) == HERE:
        return Whereabouts(asked.turn.position) if asked.turn.position else None
    kind, _, key = str(slots.get(name) or "").partition(":")
    return await whereabouts.at(asked, Found(kind, key)) if key else None


def interests_of(slots: Slots) -> list[str]:
    return [] if slots["interests"] == ALL else str(slots["interests"]).split("+")


def musts_of(slots: Slots) -> list[str]:
    return str(slots["must"]).split("+") if slots.get("must") else []


def interest_line(interest: str) -> Line:
    return line(f"choice_interest_{interest.lower()}")


def _interest_choice(interest: str) -> Choice:
    return choice(interest, f"choice_interest_{interest.lower()}")
