"""After the numbers were said: at most two questions, the offer of an SOS, and the form waits.

The first line of the answer, the number to call, is said by Rasa itself and needs neither this program nor the API.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from functools import cache

from dialogue.emergency_kinds import (
    OTHER_NUMBER,
    SUICIDE,
    is_certain,
    kind_of,
    links_of,
    number_of,
    whom_to_call,
)
from dialogue.filling import tapped
from dialogue.province import Asked, ProvinceUnreachable, Refused, SignInNeeded
from dialogue.saying import Choice, Say, Step, choice, content, digest, line
from dialogue.state import State
from dialogue.tasks.rescue import raise_sos
from dialogue.tasks.telltale_words import says_only_yes
from dialogue.tasks.unanswered_words import says_unanswered
from dialogue.titles import offered, worded
from locales import AVAILABLE

Outcome = tuple[State, list[Say]]

_QUESTIONS_AT_MOST = 2
_CHOICES = [choice("yes", "choice_send_sos"), choice("no", "choice_no")]


def begun(asked: Asked, instead: list[Choice]) -> Outcome:
    """Offer to send the position to the rescue desk; a form under way is set aside.

    `instead`: what may have been meant if nobody is in danger.
    """
    before = asked.state.calm() if asked.state.is_over else asked.state
    kind = kind_of(asked.turn.values("emergency"), before.danger)
    state = replace(before.interrupted().understood(), sos_kind=kind)
    questions = (state.emergency or 0) + 1
    if questions > _QUESTIONS_AT_MOST:
        return replace(state, guesses=before.guesses), []
    key = state.sos_key or uuid.uuid4().hex
    state = replace(state, emergency=questions, sos_key=key)
    instead = [] if kind == SUICIDE else instead
    guesses = offered([*_CHOICES, *instead], asked.language)
    return replace(state, guesses=guesses), [_offer(asked, instead)]


def _offer(asked: Asked, instead: list[Choice]) -> Say:
    if not asked.turn.is_signed_in:
        return Say("utter_sos_by_app", steps=[Step.RAISE_SOS], choices=instead)
    steps = [Step.RAISE_SOS] if asked.turn.position else [Step.SHARE_POSITION, Step.RAISE_SOS]
    return Say("utter_offer_sos", steps=steps, choices=[*_CHOICES, *instead])


def first_said(state: State, told: list[str], text: str) -> Say:
    """Return what Rasa itself answers to a cry: whom to call. `told`: what was found of emergencies in it."""
    if is_unanswered(state, text) and not any(map(is_certain, told)):
        return _call_again(state.sos_kind)
    return whom_to_call(kind_of(told, state.danger))


def is_unanswered(state: State, text: str) -> bool:
    """Tell whether a number that was told does not answer, also after the SOS was sent or declined."""
    return state.emergency is not None and state.form is None and says_unanswered(text)


def unanswered(asked: Asked) -> Outcome:
    """Say what to do where a number does not answer; the SOS is offered still, unless it is sent."""
    told = asked.turn.values("emergency")
    kind = asked.state.sos_kind or kind_of(told, None)
    state = replace(asked.state.understood(), sos_kind=kind)
    is_said = asked.turn.intent == "emergency" and not any(map(is_certain, told))
    says = [] if is_said else [_call_again(kind)]
    if state.is_sos_sent:
        return state, says
    state, offer = _offered(asked, replace(state, is_over=False))
    return state, [*says, offer]


def _call_again(kind: str | None) -> Say:
    number = number_of(kind)
    phrase = "utter_no_answer_112" if number == OTHER_NUMBER else "utter_no_answer"
    nearby = line("line_company_near" if kind == SUICIDE else "line_help_near")
    lines = [nearby, line("line_without_signal")]
    return Say(phrase, {"number": number}, lines, links=links_of(kind))


def _offered(asked: Asked, state: State) -> tuple[State, Say]:
    """Offer the SOS, as a question while one may be asked; by its button alone after that."""
    questions = (state.emergency or 0) + 1
    if questions <= _QUESTIONS_AT_MOST:
        state = replace(state, emergency=questions, guesses=offered(_CHOICES, asked.language))
        return state, _offer(asked, [])
    button = _CHOICES[:1] if asked.turn.is_signed_in else []
    say = Say("utter_sos_by_app", steps=[Step.RAISE_SOS], choices=button)
    return replace(state, guesses=offered(button, asked.language)), say


def said(asked: Asked) -> str | None:
    """Return what a message taps of what was offered; the SOS also where it was offered long before."""
    is_sos = digest(asked.turn.text) in _sos_titles()
    return "yes" if is_sos else tapped(asked, asked.state.guesses)


@cache
def _sos_titles() -> frozenset[str]:
    return frozenset(digest(worded(_CHOICES[0].title, tag)) for tag in AVAILABLE)


async def gone_on(asked: Asked) -> Outcome | None:
    """Return what a message after an emergency does; None when it is about something else.

    Only a tap, or a yes and nothing else to the question, sends the SOS: "ok, they are on their way" is none.
    """
    turn, meant = asked.turn, said(asked)
    ended = replace(asked.state.understood(), is_over=True)
    if meant == "no" or turn.intent in {"deny", "thanks", "stop"}:
        return ended, [Say(_last_words(asked.state))]
    if meant != "yes" and turn.intent != "affirm":
        return None
    if meant != "yes" and not _is_asked(asked.state):
        state, offer = _offered(asked, asked.state)
        return state, [offer]
    if meant != "yes" and not says_only_yes(turn.text):
        return _asked_again(asked, ended)
    if turn.is_signed_in and turn.position is not None:
        return await _raised(asked, ended)
    return _position_missing(asked, ended)


def _is_asked(state: State) -> bool:
    """Tell whether a yes or no answers the offer of the SOS: its button alone is no question."""
    return any(value == "no" for _, value in state.guesses)


def _last_words(state: State) -> str:
    return "utter_not_alone" if state.sos_kind == SUICIDE else "utter_safe_then"


def _asked_again(asked: Asked, ended: State) -> Outcome:
    """Ask whether to send it, of who may have said so; once more at most."""
    questions = (asked.state.emergency or 0) + 1
    if questions > _QUESTIONS_AT_MOST:
        return ended, [
            Say(_last_words(asked.state)),
            Say("utter_sos_by_app", steps=[Step.RAISE_SOS]),
        ]
    state = replace(asked.state.understood(), emergency=questions)
    return replace(state, guesses=offered(_CHOICES, asked.language)), [_offer(asked, [])]


def _position_missing(asked: Asked, ended: State) -> Outcome:
    questions = (asked.state.emergency or 0) + 1
    if not asked.turn.is_signed_in or questions > _QUESTIONS_AT_MOST:
        return ended, [Say("utter_sos_by_app", steps=[Step.RAISE_SOS])]
    say = Say("utter_sos_needs_position", steps=[Step.SHARE_POSITION, Step.RAISE_SOS])
    return replace(asked.state, emergency=questions), [say]


async def _raised(asked: Asked, ended: State) -> Outcome:
    try:
        return replace(ended, is_sos_sent=True), [await raise_sos(asked)]
    except Refused as refused:
        lines = [content(refused.message)]
        return asked.state, [Say("utter_sos_failed", lines=lines, steps=[Step.RAISE_SOS])]
    except (ProvinceUnreachable, SignInNeeded):
        return asked.state, [Say("utter_sos_failed", steps=[Step.RAISE_SOS])]
