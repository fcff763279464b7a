"""What is said to the bot itself: small talk, another language, that it is to leave something."""

from __future__ import annotations

from dataclasses import replace

from dialogue.province import Asked
from dialogue.saying import Say
from dialogue.state import State
from dialogue.understanding import SMALL_TALK, SURE

Outcome = tuple[State, list[Say]]


def answered(asked: Asked) -> Outcome | None:
    """Return the answer to what is said to the bot itself; None when it is none of that."""
    state, turn = asked.state, asked.turn
    if turn.intent == "stop":
        return stopped(state)
    if turn.intent == "change_language":
        return other_language(asked)
    if turn.intent == "thanks" and state.emergency is not None:
        return state.understood(), [Say("utter_safe_then")]
    if turn.intent in SMALL_TALK and turn.confidence >= SURE:
        return state.understood(), [Say(SMALL_TALK[turn.intent])]
    return None


def stopped(state: State) -> Outcome:
    is_something = state.form is not None or state.waiting
    said = Say("utter_stopped" if is_something else "utter_nothing_to_stop")
    return replace(state.understood(), form=None, waiting=()), [said]


def other_language(asked: Asked) -> Outcome:
    state, language = asked.state.understood(), asked.turn.value("language")
    if language is None or language == "other":
        return state, [Say("utter_which_language")]
    return replace(state, language=language), [Say("utter_language_changed")]
