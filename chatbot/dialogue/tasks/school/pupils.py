"""The pupils whom somebody follows, and which of them is meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from typing_extensions import override

from dialogue.form import Slot, Slots, Taken, Took
from dialogue.province import Answer, Asked
from dialogue.saying import Say, choice_of
from dialogue.tasks.telltale_words import without_marks
from dialogue.turn import Found

SHOWN_AT_MOST = 6


async def followed(asked: Asked) -> list[Answer]:
    """Return the pupils of the account who are still at a school."""
    pupils = (await asked.ask("students/MyPupils"))["myPupils"]["pupils"]
    today = asked.turn.now.date().isoformat()
    return [one for one in pupils if one["leftOn"] is None or one["leftOn"] > today]


async def name_of(asked: Asked, pupil_id: str) -> str:
    """Return a name to be said and not kept; empty when the account follows no such pupil."""
    pupils = await followed(asked)
    return next((str(one["name"]) for one in pupils if one["id"] == pupil_id), "")


def title(pupil: Answer) -> str:
    """Return the name with the class, for two of a family may be named alike."""
    school_class = pupil["schoolClass"]
    return f"{pupil['name']} ({school_class['name']})" if school_class else str(pupil["name"])


def named_in(asked: Asked, pupils: Sequence[Answer]) -> list[Answer]:
    """Return the pupils whose given name a message has, with a capital and with or without its marks.

    "Mai" that was read as tomorrow names nobody.
    """
    # Sign by sign, for the places of what was found are those of the text as it was typed.
    text = "".join(without_marks(sign)[:1] or sign for sign in asked.turn.text)
    days = list(asked.turn.all_of("date"))
    return [one for one in pupils if _is_named(one, text, days)]


def _is_named(pupil: Answer, text: str, days: Sequence[Found]) -> bool:
    given = without_marks(str(pupil["name"]).split()[-1])
    places = re.finditer(rf"(?<![A-Za-z0-9]){re.escape(given)}(?![A-Za-z0-9])", text)
    return any(not any(day.start <= one.start() < day.end for day in days) for one in places)


class Child(Slot):
    """Only pupils of the account can be chosen, by a tap or by name: no id that is typed is taken."""

    name = "child"

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        pupils = (await followed(asked))[:SHOWN_AT_MOST]
        return Say(
            "utter_which_pupil", choices=[choice_of(one["id"], title(one)) for one in pupils]
        )

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        named = named_in(asked, await followed(asked))
        return Took(named[0]["id"]) if len(named) == 1 else None

    @override
    async def known(self, asked: Asked, slots: Slots) -> Taken:
        pupils = await followed(asked)
        return Took(pupils[0]["id"]) if len(pupils) == 1 else None
