"""Forms that wait for another to end: offered then, gone on with, or dropped."""

from __future__ import annotations

from dataclasses import replace

from dialogue import forms
from dialogue.form import Form
from dialogue.province import Asked
from dialogue.saying import YES_NO, Say, line
from dialogue.state import State
from dialogue.task import Tasks

Outcome = tuple[State, list[Say]]


def offered_after(outcome: Outcome, tasks: Tasks) -> Outcome:
    """When a form has ended and another waits for it, offer to go on with that."""
    state, says = outcome
    known = tuple(form for form in state.waiting if form.intent in tasks)
    state = replace(state, waiting=known)  # others are of another version of this program
    is_open = state.form is not None or state.is_in_danger
    if is_open or not state.waiting or state.is_resume_offered:
        return state, says
    title = tasks[state.waiting[0].intent].title
    offer = Say("utter_resume", {"task": line(title)}, choices=[*YES_NO])
    return replace(state, is_resume_offered=True), [*says, offer]


def is_wanted(asked: Asked, tasks: Tasks) -> bool:
    """Tell whether somebody goes on with the form that they were offered.

    Who names what it takes does: "leave it, back to Thursday" is no no.
    """
    task = tasks.get(asked.state.waiting[0].intent)
    is_meant = isinstance(task, Form) and forms.is_named(asked, task)
    return asked.turn.intent == "affirm" or is_meant


def dropped(asked: Asked) -> Outcome | None:
    """Drop what waits after a no; None when it is none."""
    if asked.turn.intent not in {"deny", "stop"}:
        return None
    state = replace(asked.state, waiting=(), is_resume_offered=False)
    return state, [Say("utter_stopped")]
