"""A message as what it answers, whatever the classifier takes it for."""

from __future__ import annotations

from dataclasses import replace

from dialogue import by_rule
from dialogue.filling import tapped
from dialogue.province import Asked
from dialogue.saying import YES_NO
from dialogue.tasks.telltale_words import says_signed_in
from dialogue.titles import offered
from dialogue.understanding import ABOUT_ALONE


def as_answered(asked: Asked) -> Asked:
    """Return a message as what it answers: the very title of a yes or no, that somebody has signed in, the second.

    They are short, and written without marks: a classifier may take them for anything.
    """
    asked = by_rule.read(asked)
    turn, waits = asked.turn, asked.state.form is not None and bool(asked.state.form.told)
    said = tapped(asked, offered([*YES_NO], asked.language))
    if said is not None:
        return _meaning(asked, "affirm" if said == "yes" else "deny")
    if waits and turn.is_signed_in and turn.intent != "emergency" and says_signed_in(turn.text):
        return _meaning(asked, "inform")
    if turn.intent in {"place_info", "out_of_scope"} and _is_of_list(asked, "facility"):
        return _meaning(asked, ABOUT_ALONE["facility"])
    return asked


def _is_of_list(asked: Asked, kind: str) -> bool:
    """Tell whether a message means one of the things of this kind that were just listed, by its number."""
    shown = {one.kind for one in asked.state.shown}
    return (
        shown == {kind}
        and asked.turn.value("ordinal") is not None
        and not asked.turn.value("place")
    )


def _meaning(asked: Asked, intent: str) -> Asked:
    return replace(asked, turn=replace(asked.turn, intents=((intent, 1.0),)))
