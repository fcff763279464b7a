"""Which specialty: the questionnaire of the API by chat, urgent signs first. It names departments, no illness.

Of the answers only codes of questions are kept, and none once the form has ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from typing_extensions import override

from dialogue.form import Form, NotThis, Slot, Slots, Taken, Took
from dialogue.province import Answer, Asked
from dialogue.saying import Choice, Line, Say, Shown, choice, choice_of, content, line, link
from dialogue.state import OpenForm
from dialogue.tasks.health.complaint_words import complaint_in
from dialogue.tasks.health.questioning import (
    NUMBERS,
    OVER,
    all_no,
    answers_of,
    suggest,
    urgent_signs,
)
from dialogue.tasks.health.wording import CALL_115

_COMMON = ("fever", "cough_breathing", "belly_pain", "tooth", "skin", "joints_back")
_NOT_WORDS = frozenset({"affirm", "deny", "stop", "repeat", "change_language", "thanks", "greet"})
_MAYBE_ANYTHING = frozenset({"inform", "which_specialty", "nlu_fallback", "out_of_scope"})
_AGES = {
    "NEWBORN": "choice_newborn",
    "INFANT": "choice_infant",
    "CHILD": "choice_child",
    "ADULT": "choice_adult",
    "OLDER": "choice_older",
}
_AGES_OF = {"child": ("NEWBORN", "INFANT", "CHILD"), "me": ("CHILD", "ADULT", "OLDER")}
_GROWN_UP = ("ADULT", "OLDER")
_GROWN_UPS = frozenset({"mother", "father", "spouse"})
_MEN = frozenset({"father", "grandfather"})
_OF_WOMEN = frozenset({"pregnancy", "womens_health", "belly_pain"})


class Version(Slot):
    """Of the questionnaire, so that its questions do not change on the way."""

    name = "version"

    @override
    async def known(self, asked: Asked, slots: Slots) -> Taken:
        found = await asked.ask("health/TriageQuestionnaire")
        return Took(found["triageQuestionnaire"]["version"])


class Person(Slot):
    name, kinds, is_asked = "person", ("person",), False


class Complaint(Slot):
    """Taken out of the person's words, of which only the complaint's code is kept."""

    name, is_told = "complaint", True
    clears = ("pregnant", "danger", *(f"answer_{n}" for n in NUMBERS))

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        found = (await asked.ask("health/TriageQuestionnaire"))["triageQuestionnaire"]
        names = {one["code"]: one["name"] for one in found["complaints"]}
        choices = [choice_of(code, names[code]) for code in _COMMON if code in names]
        return Say("utter_what_is_it", choices=choices)

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        if asked.turn.intent in _NOT_WORDS or (not is_awaited and self.name in slots):
            return None
        if complaint := complaint_in(asked.turn.text):
            return Took(complaint)
        if is_awaited and asked.turn.intent in _MAYBE_ANYTHING:
            return NotThis(Say("utter_complaint_unknown"))
        return None


class Age(Slot):
    name, clears = "age", ("pregnant", "danger", *(f"answer_{n}" for n in NUMBERS))

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        person = slots.get("person", "")
        ages = _GROWN_UP if person in _GROWN_UPS else _AGES_OF.get(person, tuple(_AGES))
        return Say("utter_how_old", choices=[choice(age, _AGES[age]) for age in ages])

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        return None

    @override
    async def known(self, asked: Asked, slots: Slots) -> Taken:
        return Took("OLDER") if slots.get("person") in {"grandmother", "grandfather"} else None


class YesOrNo(Slot):
    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        if not is_awaited or asked.turn.intent not in {"affirm", "deny"}:
            return None
        return await self.answered(asked, slots, is_yes=asked.turn.intent == "affirm")

    async def answered(self, asked: Asked, slots: Slots, *, is_yes: bool) -> Taken:
        return Took("yes" if is_yes else "no")


class Pregnant(YesOrNo):
    name, clears = "pregnant", ("danger", *(f"answer_{n}" for n in NUMBERS))

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        return Say("utter_pregnant", choices=_yes_no("yes", "no"))

    @override
    async def known(self, asked: Asked, slots: Slots) -> Taken:
        return Took("yes") if slots["complaint"] == "pregnancy" else None

    @override
    def is_needed(self, slots: Slots) -> bool:
        if slots["complaint"] == "pregnancy":
            return True
        can_be = slots.get("person") not in _MEN
        is_of_women = slots["complaint"] in _OF_WOMEN
        return can_be and (slots["age"] == "ADULT" or (slots["age"] == "CHILD" and is_of_women))


class Danger(YesOrNo):
    """All urgent signs at once. "No" keeps their codes; any "yes" is an emergency and ends the questions."""

    name = "danger"

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        signs = await urgent_signs(asked, slots)
        lines = [line("line_sign", sign=sign["text"]) for sign in signs]
        choices = _yes_no("yes", all_no(signs))
        return Say("utter_urgent_signs", lines=lines, links=[CALL_115], choices=choices)

    @override
    async def answered(self, asked: Asked, slots: Slots, *, is_yes: bool) -> Taken:
        return Took("yes" if is_yes else all_no(await urgent_signs(asked, slots)))

    @override
    async def known(self, asked: Asked, slots: Slots) -> Taken:
        return None if await urgent_signs(asked, slots) else Took(OVER)


class OneAnswer(YesOrNo):
    """The `number`th of the questions that are asked one by one."""

    number: ClassVar[int]

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        step = await suggest(asked, slots, answers_of(slots))
        code = step.get("question", OVER)
        choices = _yes_no(f"{code}=yes", f"{code}=no")
        return Say("utter_question", {"question": step.get("text", "")}, choices=choices)

    @override
    async def answered(self, asked: Asked, slots: Slots, *, is_yes: bool) -> Taken:
        step = await suggest(asked, slots, answers_of(slots))
        return Took(f"{step.get('question', OVER)}={'yes' if is_yes else 'no'}")

    @override
    async def known(self, asked: Asked, slots: Slots) -> Taken:
        step = await suggest(asked, slots, answers_of(slots))
        if step["__typename"] == "TriageQuestion":
            return None
        return Took(OVER, also={f"answer_{n}": OVER for n in NUMBERS if n > self.number})

    @override
    def is_needed(self, slots: Slots) -> bool:
        return bool(slots["danger"] != "yes")


def _numbered(number: int) -> Slot:
    names = {"name": f"answer_{number}", "number": number}
    numbered: Slot = type(f"Answer{number}", (OneAnswer,), names)()
    return numbered


def _yes_no(yes: str, no: str) -> list[Choice]:
    return [choice(yes, "choice_yes"), choice(no, "choice_no")]


class WhichSpecialty(Form):
    """Asks, and changes nothing: what it finds is said without a yes."""

    intent, title, needs_yes = "which_specialty", "title_which_specialty", False
    unreachable = Say("utter_triage_unreachable", links=[CALL_115])
    slots = (
        Version(),
        Person(),
        Complaint(),
        Age(),
        Pregnant(),
        Danger(),
        *map(_numbered, NUMBERS),
    )

    @override
    async def read_back(self, asked: Asked, slots: Slots) -> Say:
        if slots["danger"] == "yes":
            return Say("utter_triage_call_115", links=[CALL_115])
        end = await suggest(asked, slots, answers_of(slots))
        if end["__typename"] == "TriageEmergency":
            return _emergency(end)
        if end["__typename"] == "TriageSuggestion":
            return _suggestion(end)
        told = [content(end["message"])] if "message" in end else []
        return Say("utter_triage_without_end", lines=told, links=[CALL_115])

    @override
    async def commit(self, asked: Asked, form: OpenForm) -> Sequence[Say]:
        return []


def _emergency(end: Answer) -> Say:
    call: dict[str, Any] = end["call"]
    lines = [content(end["text"]), content(end["meanwhileText"])]
    links = [CALL_115 if call["number"] == "115" else link("link_112", call["url"])]
    return Say("utter_triage_call_115", lines=lines, links=links)


def _suggestion(end: Answer) -> Say:
    lines: list[Line] = [
        content(end["urgencyText"]),
        *(
            line("line_specialty", name=it["name"], treats=it["treats"])
            for it in end["specialties"]
        ),
        *(content(end[name]) for name in ("whyText", "ifWorseText", "noDiagnosisText")),
    ]
    return Say(
        "utter_triage",
        lines=lines,
        links=[CALL_115] if end["urgency"] == "NOW" else [],
        choices=[choice("find_doctor", "title_find_doctor"), _BOOK],
        shows=tuple(Shown("specialty", one["code"]) for one in end["specialties"]),
    )


_BOOK = choice("book_appointment", "title_book_appointment")
