"""After the numbers were said: at most two questions, the offer of an SOS, and the form waits.

The first line of the answer, the number to call, is said by Rasa itself and needs neither this program nor the API.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from functools import cache

from dialogue.emergency_kinds import SUICIDE, kind_of
from dialogue.filling import tapped
from dialogue.province import Asked, ProvinceUnreachable, Refused, SignInNeeded
from dialogue.saying import Choice, Say, Step, choice, content, digest
from dialogue.state import State
from dialogue.tasks.rescue import raise_sos
from dialogue.tasks.telltale_words import says_only_yes
from dialogue.titles import offered, worded
from locales import AVAILABLE

Outcome = tuple[State, list[Say]]

_QUESTIONS_AT_MOST = 2
_CHOICES = [choice("yes", "choice_send_sos"), choice("no", "choice_no")]


def begun(asked: Asked, instead: list[Choice]) -> Outcome:
    """Offer to send the position to the rescue desk; a form under way is set aside.

    `instead`: what may have been meant if nobody is in danger.
    """
    kept = asked.state.guesses
    kind = kind_of(asked.turn.values("emergency"), asked.state.sos_kind)
    state = replace(asked.state.interrupted().understood(), sos_kind=kind)
    questions = (state.emergency or 0) + 1
    if questions > _QUESTIONS_AT_MOST:
        return replace(state, guesses=kept), []
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


def said(asked: Asked) -> str | None:
    """Return what a message taps of what was offered; the SOS also where it was offered long before."""
    is_sos = digest(asked.turn.text) in _sos_titles()
    return "yes" if is_sos else tapped(asked, asked.state.guesses)


@cache
def _sos_titles() -> frozenset[str]:
    return frozenset(digest(worded(_CHOICES[0].title, tag)) for tag in AVAILABLE)


async def gone_on(asked: Asked) -> Outcome | None:
    """Return what a message after an emergency does; None when it is about something else.

    Only a tap, or a yes and nothing else, sends the SOS: "ok, they are on their way" is none.
    """
    turn, meant = asked.turn, said(asked)
    ended = replace(asked.state.understood(), emergency=None, sos_key=None, sos_kind=None)
    if meant == "no" or turn.intent in {"deny", "thanks", "stop"}:
        return ended, [Say(_last_words(asked.state))]
    if meant != "yes" and turn.intent != "affirm":
        return None
    if meant != "yes" and not says_only_yes(turn.text):
        return _asked_again(asked, ended)
    if turn.is_signed_in and turn.position is not None:
        return await _raised(asked, ended)
    return _position_missing(asked, ended)


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
        return ended, [await raise_sos(asked)]
    except Refused as refused:
        lines = [content(refused.message)]
        return asked.state, [Say("utter_sos_failed", lines=lines, steps=[Step.RAISE_SOS])]
    except (ProvinceUnreachable, SignInNeeded):
        return asked.state, [Say("utter_sos_failed", steps=[Step.RAISE_SOS])]
