"""For whom: the person who writes, or one of those in her account."""

from __future__ import annotations

from typing import Any

from typing_extensions import override

from dialogue.form import NotThis, Slot, Slots, Taken, Took
from dialogue.province import Asked
from dialogue.saying import Line, Say, choice, choice_of, line

ME = "me"
_RELATIONS = {"mother": "PARENT", "father": "PARENT", "child": "CHILD", "spouse": "SPOUSE"}
_OTHERS = frozenset({"grandmother", "grandfather", "sibling", "friend", "family"})
_DEPENDANTS_SHOWN = 5


async def dependants(asked: Asked) -> list[dict[str, Any]]:
    return list((await asked.ask("accounts/MyDependants"))["me"]["dependants"])


async def related(asked: Asked, person: str) -> list[dict[str, Any]]:
    """Return those of the account who can be meant by a `person` that was found."""
    everybody = await dependants(asked)
    if person == "family":
        return everybody
    wanted = _RELATIONS.get(person, "OTHER")
    return [one for one in everybody if one["relation"] == wanted]


class Patient(Slot):
    """The value is "me" or the id of a dependant."""

    name, kinds, is_asked_at_once = "patient", ("person",), True

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        family = (await dependants(asked))[:_DEPENDANTS_SHOWN]
        choices = [choice_of(one["id"], one["name"]) for one in family]
        return Say("utter_for_whom", choices=[choice(ME, "choice_for_me"), *choices])

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        person = asked.turn.value("person")
        if person is None or person == ME:
            return Took(ME) if person else None
        if person not in _RELATIONS and person not in _OTHERS:
            return NotThis(Say("utter_one_patient_at_a_time"))
        meant = await related(asked, person)
        if not meant:
            return NotThis(Say("utter_no_such_dependant"))
        if slots.get(self.name) in {one["id"] for one in meant}:
            return None
        return Took(meant[0]["id"]) if len(meant) == 1 else NotThis(Say("utter_which_dependant"))


async def name_of(asked: Asked, patient: str) -> str | Line:
    """Return the name to read back, the phrase "you" for the person herself."""
    if patient == ME:
        return line("part_you")
    family = await dependants(asked)
    return next(
        (one["name"] for one in family if one["id"] == patient), line("part_your_dependant")
    )
