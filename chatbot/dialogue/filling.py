"""Fills a form from a message, and finds the question to ask next."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dialogue.form import Form, NotThis, Slot, Taken, Took
from dialogue.province import Asked
from dialogue.saying import Say, digest
from dialogue.state import OpenForm
from dialogue.titles import offered


@dataclass(frozen=True)
class Filled:
    """`form` after a message; `is_changed`: something of it was taken.

    `objection`: why something of it did not do, which was said of the slot `objected`.
    """

    form: OpenForm
    objection: Say | None = None
    objected: str | None = None
    is_changed: bool = False


def tapped(asked: Asked, choices: tuple[tuple[str, str], ...]) -> str | None:
    """Return the value of the choice whose title was tapped or typed."""
    said = digest(asked.turn.text)
    return next((value for title, value in choices if title == said), None)


def chosen(asked: Asked, form: OpenForm) -> str | None:
    """Return the value of the offered choice that was tapped, typed, or named by its number."""
    if (value := tapped(asked, form.offered)) is not None:
        return value
    said = asked.turn.text.strip()
    order = asked.turn.value("ordinal") or (said if said.isdecimal() else None)
    if order is None:
        return None
    at = len(form.offered) if order == "last" else int(order)
    return form.offered[at - 1][1] if 1 <= at <= len(form.offered) else None


def _only_one(asked: Asked, task: Form, form: OpenForm) -> Taken:
    """Take the only choice that a question offers for a bare yes; what is read back has its own."""
    is_yes = asked.turn.intent == "affirm" and not asked.turn.found
    if not is_yes or form.asked is None or len(form.offered) != 1:
        return None
    return None if task.slot(form.asked).is_told else Took(form.offered[0][1])


async def fill(asked: Asked, task: Form, form: OpenForm) -> Filled:
    """Take what a message holds: the awaited slot first, then whatever else it names; later words win."""
    if form.asked and (value := chosen(asked, form)) is not None:
        return _with(Filled(form), task.slot(form.asked), Took(value))
    filled = await _taken(asked, task, form)
    if filled.is_changed or filled.objection or form.asked is None:
        return filled
    only = _only_one(asked, task, form)
    return _with(filled, task.slot(form.asked), only) if isinstance(only, Took) else filled


async def _taken(asked: Asked, task: Form, form: OpenForm) -> Filled:
    """Take what the slots read out of a message."""
    filled = Filled(form)
    slots = sorted(task.slots, key=lambda slot: slot.name != form.asked)
    for slot in slots:
        taken = await slot.take(
            asked, filled.form.slots, is_awaited=slot.name == form.asked and not form.is_read_back
        )
        if isinstance(taken, NotThis):
            filled = replace(filled, objection=taken.say, objected=slot.name)
        elif taken is not None and filled.form.slots.get(slot.name) != taken.value:
            filled = _with(filled, slot, taken)
        elif taken is not None:
            filled = replace(filled, is_changed=True)
        if slot.is_told and taken is not None:
            break
    return filled


def _with(filled: Filled, slot: Slot, taken: Took) -> Filled:
    form = filled.form.without(*slot.clears).with_slots(
        **{slot.name: taken.value, **(taken.also or {})}
    )
    return replace(filled, form=form, is_changed=True)


async def question(
    asked: Asked, task: Form, form: OpenForm, objected: str | None = None
) -> tuple[OpenForm, Say]:
    """Return the form with the next question, or with everything read back when nothing is missing."""
    at_once = [one for one in task.slots if one.name == objected and one.is_asked_at_once]
    for slot in (*at_once, *task.slots):
        if slot.name in form.slots or not slot.is_asked or not slot.is_needed(form.slots):
            continue
        known = await slot.known(asked, form.slots)
        if isinstance(known, Took):
            form = form.with_slots(**{slot.name: known.value, **(known.also or {})})
            continue
        say = await slot.ask(asked, form.slots)
        return asking(asked, form, slot.name, say), say
    say = await task.read_back(asked, form.slots)
    choices = offered(say.choices, asked.language)
    return replace(form, asked=None, offered=choices, is_read_back=True), say


def asking(asked: Asked, form: OpenForm, name: str, say: Say) -> OpenForm:
    """Return the form with `say` as its open question."""
    choices = offered([one for one in say.choices if not one.is_way], asked.language)
    return replace(form, asked=name, offered=choices, is_read_back=False)
