"""A pupil's card: whether it works, what is on it, and stopping a lost one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from typing_extensions import override

from dialogue import formats
from dialogue.form import Form, Slots
from dialogue.moments import moment_of
from dialogue.province import Answer, Asked
from dialogue.saying import YES_NO, Line, Say, line
from dialogue.state import OpenForm
from dialogue.tasks.school.pupils import SHOWN_AT_MOST, Child, followed, name_of, title
from dialogue.tasks.telltale_words import says_lost, says_unread

_STATES = {
    "VALID": "line_pupil_card_valid",
    "LOST": "line_pupil_card_stopped",
    "ENDED": "line_pupil_card_ended",
}


class StudentCard(Form):
    """A question is answered at once; only a card that is said to be lost becomes a form, to stop it."""

    intent, title, needs_person = "student_card", "title_student_card", True
    slots = (Child(),)

    @override
    async def begin(self, asked: Asked, form: OpenForm) -> OpenForm | Sequence[Say]:
        pupils = await followed(asked)
        if not pupils:
            return [Say("utter_no_pupils")]
        if says_lost(asked.turn.text):
            return form
        says = [await _card_of(asked, pupil) for pupil in pupils[:SHOWN_AT_MOST]]
        hint = (
            "utter_pupil_card_unread" if says_unread(asked.turn.text) else "utter_pupil_card_hint"
        )
        return [*says, Say(hint)]

    @override
    async def read_back(self, asked: Asked, slots: Slots) -> Say:
        name = await name_of(asked, slots["child"])
        if not name:
            return Say("utter_no_such_pupil")
        return Say("utter_stop_pupil_card", {"name": name}, choices=[*YES_NO])

    @override
    async def commit(self, asked: Asked, form: OpenForm) -> Sequence[Say]:
        """Stop the card; twice is once, so the contract asks for no key."""
        await asked.do("students/StopStudentCard", pupilId=form.slots["child"])
        name = await name_of(asked, form.slots["child"])
        return [Say("utter_pupil_card_stopped", {"name": name})]


async def _card_of(asked: Asked, pupil: Answer) -> Say:
    lines = [
        await _validity(asked, pupil["id"]),
        *await _meals(asked, pupil["id"]),
        *await _loans(asked, pupil["id"]),
    ]
    return Say("utter_pupil_card", {"name": title(pupil)}, lines)


async def _validity(asked: Asked, pupil_id: str) -> Line:
    card = (await asked.ask("students/StudentCard", pupilId=pupil_id))["studentCard"]
    if card is None:
        return line("line_pupil_card_none")
    day = formats.day(moment_of(card["validUntil"]).date(), asked.language)
    return line(_STATES[card["state"]], day=day)


async def _meals(asked: Asked, pupil_id: str) -> list[Line]:
    money = (await asked.ask("students/MealMoney", pupilId=pupil_id))["mealMoney"]
    fields = {"balance": money["balance"]["text"], "spent": money["spentToday"]["text"]}
    lines = [line("line_meal_money", **fields)]
    if money["aDay"] is not None:
        lines.append(line("line_meal_limit", limit=money["aDay"]["text"]))
    return lines


async def _loans(asked: Asked, pupil_id: str) -> list[Line]:
    data = await asked.ask("students/BookLoans", pupilId=pupil_id)
    lent = [loan for loan in data["bookLoans"]["loans"] if loan["endedAt"] is None]
    if not lent:
        return [line("line_no_loans")]
    due = min(date.fromisoformat(loan["dueOn"]) for loan in lent)
    return [line("line_loans", count=str(len(lent)), day=formats.day(due, asked.language))]
