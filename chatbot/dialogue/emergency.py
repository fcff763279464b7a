"""After the numbers were said: at most two questions, the offer of an SOS, and the form waits.

The first line of the answer, the number to call, is said by Rasa itself and needs neither this program nor the API.
"""

from __future__ import annotations

import uuid
from dataclasses import replace

from dialogue.filling import tapped
from dialogue.province import Asked, ProvinceUnreachable, Refused, SignInNeeded
from dialogue.saying import Choice, Say, Step, choice, content
from dialogue.state import State
from dialogue.tasks.rescue import kind_of, raise_sos
from dialogue.titles import offered

Outcome = tuple[State, list[Say]]

_QUESTIONS_AT_MOST = 2
_CHOICES = [choice("yes", "choice_send_sos"), choice("no", "choice_no")]


def begun(asked: Asked, instead: list[Choice]) -> Outcome:
    """Offer to send the position to the rescue desk; a form under way is set aside.

    `instead`: what may have been meant if nobody is in danger.
    """
    state = asked.state.interrupted().understood()
    questions = (state.emergency or 0) + 1
    if questions > _QUESTIONS_AT_MOST:
        return state, []
    key = state.sos_key or uuid.uuid4().hex
    state = replace(state, emergency=questions, sos_key=key, sos_kind=kind_of(asked))
    guesses = offered([*_CHOICES, *instead], asked.language)
    return replace(state, guesses=guesses), [_offer(asked, instead)]


def _offer(asked: Asked, instead: list[Choice]) -> Say:
    if not asked.turn.is_signed_in:
        return Say("utter_sos_by_app", steps=[Step.RAISE_SOS], choices=instead)
    steps = [Step.RAISE_SOS] if asked.turn.position else [Step.SHARE_POSITION, Step.RAISE_SOS]
    return Say("utter_offer_sos", steps=steps, choices=[*_CHOICES, *instead])


async def gone_on(asked: Asked) -> Outcome | None:
    """Return what a message after an emergency does; None when it is about something else."""
    turn, said = asked.turn, tapped(asked, asked.state.guesses)
    ended = replace(asked.state.understood(), emergency=None, sos_key=None, sos_kind=None)
    if said == "no" or turn.intent in {"deny", "thanks", "stop"}:
        return ended, [Say("utter_safe_then")]
    if said != "yes" and turn.intent != "affirm":
        return None
    if turn.is_signed_in and turn.position is not None:
        return await _raised(asked, ended)
    return _position_missing(asked, ended)


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
