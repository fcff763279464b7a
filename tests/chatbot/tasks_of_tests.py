"""Tasks of the tests' own: a question, and a form of three slots."""

from collections.abc import Sequence
from typing import ClassVar

import pytest
from dialogue.form import Form, NotThis, Slot, Slots, Taken, Took
from dialogue.province import Asked
from dialogue.saying import Say, Shown, choice_of
from dialogue.state import OpenForm
from dialogue.task import Answering

from tests.chatbot.dialogues import Dialogue, found


class Weather(Answering):
    intent, title = "weather_warning", "title_human"

    async def answers(self, asked: Asked) -> Sequence[Say]:
        await asked.ask("weather", commune=asked.turn.value("commune"))
        shows = (Shown("place", "P001"), Shown("place", "P002"))
        return [Say("utter_near_you", shows=shows)]


class Balance(Weather):
    intent = "card_balance"
    needs_person: ClassVar[bool] = True


class Day(Slot):
    name, kinds, clears = "day", ("date",), ("hour",)

    async def ask(self, asked: Asked, slots: Slots) -> Say:
        return Say("utter_what_can_i_do")

    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        if asked.turn.value("date") == "2026-01-01":
            return NotThis(Say("utter_place_unknown"))
        return await super().take(asked, slots, is_awaited=is_awaited)


class Hour(Slot):
    name, kinds = "hour", ("time",)

    async def ask(self, asked: Asked, slots: Slots) -> Say:
        return Say(
            "utter_which_place", choices=[choice_of("08:00", "8 h"), choice_of("09:30", "9:30")]
        )


class Words(Slot):
    name, is_told = "words", True

    async def ask(self, asked: Asked, slots: Slots) -> Say:
        return Say("utter_greet")

    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        return Took("kept elsewhere") if is_awaited else None


class Booking(Form):
    intent, title, needs_person = "book_appointment", "title_human", True
    slots = (Day(), Hour())

    async def read_back(self, asked: Asked, slots: Slots) -> Say:
        return Say("utter_thanks", {"day": slots["day"], "hour": slots["hour"]})

    async def commit(self, asked: Asked, form: OpenForm) -> Sequence[Say]:
        await asked.do("book", **form.slots, idempotencyKey=form.key)
        return [Say("utter_help")]

    def after_refusal(self, code: str, form: OpenForm) -> OpenForm | None:
        return form.without("hour") if code == "TAKEN" else None


class Report(Booking):
    intent, needs_person = "report_problem", False
    slots = (Words(), Day())

    async def read_back(self, asked: Asked, slots: Slots) -> Say:
        return Say("utter_thanks")


TASKS = (Weather(), Balance(), Booking(), Report())
MONDAY, TUESDAY = found("date", "2026-12-07"), found("date", "2026-12-08")


@pytest.fixture
def talk() -> Dialogue:
    return Dialogue(TASKS)


async def booked_but_for_yes(talk: Dialogue) -> None:
    talk.province.answers["book"] = {"bookIt": {"__typename": "BookSuccess"}}
    await talk.hear("book_appointment", MONDAY)
    await talk.tap(2)
