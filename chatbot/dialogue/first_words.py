"""What is answered first in an emergency. Rasa itself says it to a cry; to other messages the dialogue does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from dialogue.emergency_kinds import (
    OTHER_NUMBER,
    SUICIDE,
    first_told,
    is_certain,
    kind_of,
    links_of,
    number_of,
    whom_to_call,
)
from dialogue.saying import Say, digest, line
from dialogue.state import State
from dialogue.tasks.unanswered_words import says_unanswered
from dialogue.titles import worded
from locales import AVAILABLE

SOS_TITLE = "choice_send_sos"


@dataclass(frozen=True, slots=True)
class Cry:
    """A message as Rasa and the dialogue both have it. `told`: what was found of emergencies in it.

    `is_in_doubt`: it is likelier something else.
    """

    text: str
    told: list[str]
    is_in_doubt: bool = False

    @property
    def is_certain(self) -> bool:
        return any(map(is_certain, self.told))

    def tells_another_than(self, kind: str | None) -> bool:
        """Tell whether certain words tell another kind."""
        return first_told(filter(is_certain, self.told)) not in {None, kind}


def back_in_danger(state: State) -> State:
    """Return the state of who wanted to die, and has talked to a person or found none."""
    is_so = state.is_over and state.sos_kind == SUICIDE and state.form is None
    return replace(state, is_over=False) if is_so else state


def first_said(state: State, cry: Cry) -> Say:
    """Return whom to call; to what is no new cry, how to go on after that."""
    state = back_in_danger(state)
    if taps_sos(cry.text):
        return whom_to_call(state.danger)
    if is_unanswered(state, cry.text) and not cry.tells_another_than(state.sos_kind):
        return call_again(state.sos_kind)
    if is_more_of_the_same(state, cry):
        return with_you(state)
    if is_doubtful(state, cry):
        return if_in_danger(kind_of(cry.told, None))
    return whom_to_call(kind_of(cry.told, state.danger))


def taps_sos(text: str) -> bool:
    """Tell whether the SOS was tapped, in whatever language it was offered."""
    return digest(text) in _sos_titles()


@cache
def _sos_titles() -> frozenset[str]:
    return frozenset(digest(worded(line(SOS_TITLE), tag)) for tag in AVAILABLE)


def is_unanswered(state: State, text: str) -> bool:
    """Tell whether a number that was told does not answer, also after the SOS was sent or declined."""
    return state.emergency is not None and state.form is None and says_unanswered(text)


def is_more_of_the_same(state: State, cry: Cry) -> bool:
    """Tell whether somebody who wants to die goes on telling how it is: only certain words make a new cry."""
    return state.danger == SUICIDE and not cry.is_certain


def is_doubtful(state: State, cry: Cry) -> bool:
    """Tell whether nobody may be in danger: the number is said in one line above what is answered."""
    return cry.is_in_doubt and not state.is_in_danger


def if_in_danger(kind: str | None) -> Say:
    return Say("utter_if_in_danger", {"number": number_of(kind)}, links=links_of(kind))


def call_again(kind: str | None) -> Say:
    number = number_of(kind)
    phrase = "utter_no_answer_112" if number == OTHER_NUMBER else "utter_no_answer"
    nearby = line("line_company_near" if kind == SUICIDE else "line_help_near")
    lines = [nearby, line("line_without_signal")]
    return Say(phrase, {"number": number}, lines, links=links_of(kind))


def with_you(state: State) -> Say:
    """Return what is said to who wants to die and goes on writing; not twice the same in a row."""
    phrase = "utter_with_you_still" if state.unclear else "utter_with_you"
    return Say(phrase, links=links_of(SUICIDE))
