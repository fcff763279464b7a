"""What a report is about: its category, and what the category's form wants to know."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from typing_extensions import override

from dialogue.form import NotThis, Slot, Slots, Taken, Took
from dialogue.province import Asked, Refused
from dialogue.saying import Choice, Say, choice, choice_of, content
from dialogue.tasks.reports.danger import numbers_first
from dialogue.tasks.reports.details import noted
from dialogue.tasks.reports.kept_words import (
    found_all,
    is_said_to_the_bot,
    is_tried_answer,
    keep,
)

Category = dict[str, Any]

_OFFERED = 5
_OTHER = "other"
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


async def category_of(asked: Asked, code: str) -> Category | None:
    """Return a category with its form, None for a code that the province has no more."""
    listed = (await asked.ask("feedback/ReportCategories"))["reportCategories"]["categories"]
    return next((one for one in listed if one["code"] == code), None)


async def wanted(asked: Asked, code: str) -> Slots:
    """Return what follows from a category: fields that must be answered, and whom to call in danger."""
    category = await category_of(asked, code)
    if category is None:
        return {"required": [], "numbers": []}
    required = [[one["code"], one["kind"]] for one in category["fields"] if one["isRequired"]]
    return {
        "required": required,
        "numbers": [one["number"] for one in category["emergencyNumbers"]],
    }


async def roads_of(asked: Asked, code: str) -> set[str]:
    """Return the codes of the roads that the category's form knows; none when it asks for no road."""
    category = await category_of(asked, code)
    fields = category["fields"] if category else []
    roads = next((one["choices"] for one in fields if one["code"] == "road"), None)
    return {one["code"] for one in roads or ()}


class CategorySlot(Slot):
    name, kinds = "category", ("problem",)
    clears = ("required", "numbers", "answer_1", "answer_2", "told_1", "told_2")

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        """Offer what the words sound like; the suggestion is shown, never taken."""
        text = await _words_to_judge(asked, slots)
        suggested = await _suggested(asked, text) if text else []
        choices = suggested or await _listed(asked)
        if all(one.value != _OTHER for one in choices):
            choices = [*choices, choice(_OTHER, "choice_report_other")]
        return Say("utter_report_which_category", lines=noted(asked, slots), choices=choices)


async def _words_to_judge(asked: Asked, slots: Slots) -> str | None:
    if is_tried_answer(asked, CategorySlot.name):
        return asked.turn.text
    return await found_all(asked, slots)


async def _suggested(asked: Asked, text: str) -> list[Choice]:
    data = await asked.ask("feedback/SuggestCategory", text=text)
    found = [one["category"] for one in data["suggestCategory"]["suggestions"]]
    return _choices(found)


async def _listed(asked: Asked) -> list[Choice]:
    data = await asked.ask("feedback/ReportCategories")
    return _choices(data["reportCategories"]["categories"])


def _choices(categories: list[Category]) -> list[Choice]:
    return [choice_of(one["code"], one["name"]["text"]) for one in categories[:_OFFERED]]


class Wanted(Slot):
    """Never asked: it follows from the category."""

    name = "required"

    @override
    async def known(self, asked: Asked, slots: Slots) -> Taken:
        known = await wanted(asked, slots["category"])
        return Took(known.pop("required"), known)


class Answer(Slot):
    """The answer to one required field of the category's form; `at`: which of them."""

    at: ClassVar[int]

    def field(self, slots: Slots) -> tuple[str, str] | None:
        """Return its code and kind, None when the form asks for fewer."""
        required = slots.get("required", [])
        return (required[self.at][0], required[self.at][1]) if self.at < len(required) else None

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        code, kind = self.field(slots) or ("", "")
        category = await category_of(asked, slots["category"])
        fields = category["fields"] if category else []
        asked_for = next((one for one in fields if one["code"] == code), None)
        label = asked_for["label"]["text"] if asked_for else code
        choices = _answers(kind, asked_for)
        return numbers_first(Say("utter_report_field", {"label": label}, choices=choices), slots)


def _answers(kind: str, asked_for: dict[str, Any] | None) -> list[Choice]:
    if kind == "YES_NO":
        return [choice("yes", "choice_yes"), choice("no", "choice_no")]
    offered = (asked_for or {}).get("choices") or []
    return [choice_of(one["code"], one["label"]["text"]) for one in offered[: _OFFERED + 1]]


class ChosenAnswer(Answer):
    """A yes, a no, or one of what the form offers."""

    @override
    def is_needed(self, slots: Slots) -> bool:
        field = self.field(slots)
        return field is not None and field[1] in {"YES_NO", "CHOICE"}

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        field = self.field(slots)
        if not is_awaited or field is None or field[1] != "YES_NO":
            return None
        said = {"affirm": "yes", "deny": "no"}.get(asked.turn.intent)
        return Took(said) if said else None


class ToldAnswer(Answer):
    """A number; or words, of which the slot holds the id."""

    is_told = True

    @override
    def is_needed(self, slots: Slots) -> bool:
        field = self.field(slots)
        return field is not None and field[1] in {"TEXT", "NUMBER"}

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        field = self.field(slots)
        if not is_awaited or field is None or is_said_to_the_bot(asked):
            return None
        if field[1] == "NUMBER":
            number = _NUMBER.search(asked.turn.text)
            if number is None:
                return NotThis(Say("utter_report_number_needed"))
            return Took(number[0].replace(",", "."))
        try:
            return Took(await keep(asked, asked.turn.text))
        except Refused as refused:
            return NotThis(Say("utter_refused", lines=[content(refused.message)]))


class FirstChosen(ChosenAnswer):
    name, at = "answer_1", 0


class SecondChosen(ChosenAnswer):
    name, at = "answer_2", 1


class FirstTold(ToldAnswer):
    name, at = "told_1", 0


class SecondTold(ToldAnswer):
    name, at = "told_2", 1


ANSWERS: tuple[Answer, ...] = (FirstChosen(), FirstTold(), SecondChosen(), SecondTold())
