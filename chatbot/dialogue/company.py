"""After somebody has said that they want to die, or told so of another: the talk stays with them.

What they write then is often taken for a question about doctors or schools. It begins nothing, and is not reported.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from dialogue import emergency
from dialogue.emergency_kinds import SUICIDE
from dialogue.first_words import with_you
from dialogue.province import Asked
from dialogue.saying import Say, choice
from dialogue.state import State
from dialogue.tasks.telltale_words import says_only_no, says_only_noted
from dialogue.titles import offered
from dialogue.turn import Turn

Outcome = tuple[State, list[Say]]

_SURE_OF_HELP, _SURE_OF_ANOTHER = 0.8, 0.95
_HELP = frozenset({"human", "book_appointment", "find_doctor"})
TELLS_HOW_IT_IS = frozenset(
    {
        "attendance",
        "confirm_repair",
        "lost_found",
        "place_info",
        "rate_service",
        "report_problem",
        "which_specialty",
    }
)
"""Intents for which what somebody in danger tells is taken, however sure the classifier is."""
_PERSON = choice("human", "title_human")


def stayed(asked: Asked, tasks: Container[str]) -> Outcome | None:
    """Return what stays with the person; None when a message is about the SOS, or clearly asks for something else."""
    state, turn, meant = asked.state, asked.turn, emergency.said(asked)
    if state.danger != SUICIDE or meant == "yes":
        return None
    if meant == "no" or _is_answered_shortly(turn):
        return state.understood(), [Say("utter_not_alone")]
    if turn.intent in emergency.WHILE_IT_LASTS or emergency.may_be_yes(asked):
        return None
    return None if asks_for_something(asked, tasks) else more_told(asked)


def more_told(asked: Asked) -> Outcome:
    """Answer who goes on telling how it is, and offer a person."""
    state = replace(asked.state.understood(), unclear=asked.state.unclear + 1)
    state = replace(state, guesses=offered([_PERSON], asked.language))
    says = [] if asked.turn.intent == "emergency" else [with_you(asked.state)]
    return state, [*says, Say("utter_person_to_talk_to", choices=[_PERSON])]


def _is_answered_shortly(turn: Turn) -> bool:
    """Tell whether a message is a thanks, a no, or an "ok" that only says that it was read: it sends no SOS."""
    is_no = turn.intent == "deny" and says_only_no(turn.text)
    is_noted = turn.intent == "affirm" and says_only_noted(turn.text)
    return is_no or is_noted or turn.intent in {"thanks", "stop"}


def asks_for_something(asked: Asked, tasks: Container[str]) -> bool:
    """Tell whether a task is meant beyond doubt: help at once, anything else that names something from the second message on."""
    turn = asked.turn
    if turn.intent not in tasks:
        return False
    if turn.intent in _HELP or turn.first("specialty", "facility") is not None:
        return turn.confidence >= _SURE_OF_HELP
    names = any(found.kind != "emergency" for found in turn.found)
    is_telling = asked.state.unclear == 0 or turn.intent in TELLS_HOW_IT_IS
    return names and not is_telling and turn.confidence >= _SURE_OF_ANOTHER
