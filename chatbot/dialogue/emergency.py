"""After the numbers were said: at most two questions, the offer of an SOS, and the form waits.

The first line of the answer, the number to call, is said by Rasa itself and needs neither this program nor the API.
"""

from __future__ import annotations

import uuid
from dataclasses import replace

from dialogue.emergency_kinds import SUICIDE, kind_of, links_of, number_of, whom_to_call
from dialogue.filling import tapped
from dialogue.first_words import SOS_TITLE, Cry, back_in_danger, call_again, taps_sos
from dialogue.province import Asked, ProvinceUnreachable, Refused, SignInNeeded
from dialogue.saying import Choice, Say, Step, choice, content
from dialogue.state import State
from dialogue.tasks.rescue import raise_sos
from dialogue.tasks.telltale_words import says_only_no, says_only_yes, says_send
from dialogue.titles import offered
from dialogue.turn import Turn, remembered

Outcome = tuple[State, list[Say]]

_QUESTIONS_AT_MOST = 2
_CHOICES = [choice("yes", SOS_TITLE), choice("no", "choice_no")]

WHILE_IT_LASTS = frozenset({"change_language", "repeat", "help", "greet", "who_are_you", "abuse"})
"""Who says so in an emergency is still in it: the numbers are told again, and the SOS is offered."""


def cry_of(asked: Asked) -> Cry:
    turn = asked.turn
    return Cry(turn.text, turn.values("emergency"), turn.is_cry_in_doubt)


def is_heard_beside_a_person(turn: Turn, state: State) -> bool:
    """Tell whether the bot answers where a person does: a cry beyond doubt, and the button of the SOS that it offered then."""
    is_cry = turn.intent == "emergency" and not turn.is_cry_in_doubt
    return is_cry or (back_in_danger(state).is_in_danger and taps_sos(turn.text))


def begun(asked: Asked, instead: list[Choice]) -> Outcome:
    """Offer to send the position to the rescue desk; a form under way is set aside.

    `instead`: what may have been meant if nobody is in danger.
    """
    before = asked.state.calm() if asked.state.is_over else asked.state
    kind = kind_of(asked.turn.values("emergency"), before.danger)
    state = replace(before.interrupted().understood(), sos_kind=kind)
    questions = (state.emergency or 0) + 1
    if questions > _QUESTIONS_AT_MOST or state.is_sos_sent:
        # The numbers alone are said: a yes to them is none to the SOS.
        guesses = tuple(one for one in before.guesses if one[1] != "no")
        return replace(state, guesses=guesses), []
    key = state.sos_key or uuid.uuid4().hex
    state = replace(state, emergency=questions, sos_key=key)
    instead = [] if kind == SUICIDE else instead
    guesses = offered([*_CHOICES, *instead], asked.language)
    found = remembered(asked.turn.found)
    return replace(state, guesses=guesses, guessed_from=found), [_offer(asked, instead)]


def _offer(asked: Asked, instead: list[Choice]) -> Say:
    if not asked.turn.is_signed_in:
        return Say("utter_sos_by_app", steps=_steps(asked), choices=instead)
    return Say("utter_offer_sos", steps=_steps(asked), choices=[*_CHOICES, *instead])


def _steps(asked: Asked) -> list[Step]:
    """Return what the app can do: the SOS by chat wants a position, the one by the app none of it."""
    is_missing = asked.turn.is_signed_in and asked.turn.position is None
    return [Step.SHARE_POSITION, Step.RAISE_SOS] if is_missing else [Step.RAISE_SOS]


def unanswered(asked: Asked) -> Outcome:
    """Say what to do where a number does not answer; the SOS is offered still, unless it is sent."""
    cry = cry_of(asked)
    before, kind = asked.state.sos_kind, kind_of(cry.told, asked.state.sos_kind)
    state = replace(asked.state.understood(), sos_kind=kind)
    is_new = cry.tells_another_than(before) and kind != SUICIDE
    is_said = asked.turn.intent == "emergency" and not is_new
    says = [] if is_said else [call_again(before)]
    if state.is_sos_sent:
        return state, says
    state, offer = _offered(asked, replace(state, is_over=False))
    return state, [*says, offer]


def _offered(asked: Asked, state: State) -> tuple[State, Say]:
    """Offer the SOS, as a question while one may be asked; by its button alone after that."""
    questions = (state.emergency or 0) + 1
    if questions <= _QUESTIONS_AT_MOST:
        state = replace(state, emergency=questions, guesses=offered(_CHOICES, asked.language))
        return state, _offer(asked, [])
    button = _CHOICES[:1] if asked.turn.is_signed_in else []
    say = Say("utter_sos_by_app", steps=_steps(asked), choices=button)
    return replace(state, guesses=offered(button, asked.language)), say


def more_told(asked: Asked, instead: list[Choice]) -> Outcome:
    """Answer who tells more of it, which reaches nobody from here. `instead`: what may have been meant, to tap."""
    kind, button = asked.state.danger, _CHOICES[:1]
    shown = [*(button if asked.turn.is_signed_in else []), *instead]
    say = Say(
        "utter_tell_them",
        {"number": number_of(kind)},
        links=links_of(kind),
        choices=shown,
        steps=_steps(asked),
    )
    guesses = offered([*button, *instead], asked.language)
    found = remembered(asked.turn.found)
    return replace(asked.state.understood(), guesses=guesses, guessed_from=found), [say]


def said(asked: Asked) -> str | None:
    """Return what a message taps of what was offered; the SOS also where it was offered long before, or said: "send it"."""
    text = asked.turn.text
    is_wish = says_only_yes(text) and says_send(text)
    return "yes" if is_wish or taps_sos(text) else tapped(asked, asked.state.guesses)


async def gone_on(asked: Asked) -> Outcome | None:
    """Return what a message after an emergency does; None when it is about something else.

    Only a tap, or a yes and nothing else to the question, sends the SOS: "ok, they are on their way" is none.
    """
    turn, meant = asked.turn, said(asked)
    ended = replace(asked.state.understood(), is_over=asked.state.danger != SUICIDE)
    if meant == "no" or _is_no(asked):
        return ended, [Say("utter_safe_then")]
    if meant != "yes" and turn.intent not in {"affirm", "deny"}:
        return None
    if meant != "yes" and not is_yes(asked):
        return _asked_again(asked, ended)
    if turn.is_signed_in and turn.position is not None:
        return await _raised(asked, ended)
    return _position_missing(asked, ended)


def may_be_yes(asked: Asked) -> bool:
    """Tell whether a message may mean that the SOS is to be sent, so that this is asked once more."""
    is_wish = asked.turn.intent == "affirm" and says_send(asked.turn.text)
    return is_wish or is_yes(asked)


def is_yes(asked: Asked) -> bool:
    """Tell whether a message is a yes to the offer of the SOS: its button alone is no question."""
    turn = asked.turn
    return _is_asked(asked.state) and turn.intent == "affirm" and says_only_yes(turn.text)


def _is_no(asked: Asked) -> bool:
    """Tell whether nothing more is wanted: "no, he is still in there" answers something else."""
    turn = asked.turn
    is_no = turn.intent == "deny" and says_only_no(turn.text) and _is_asked(asked.state)
    return is_no or turn.intent in {"thanks", "stop"}


def _is_asked(state: State) -> bool:
    return any(value == "no" for _, value in state.guesses)


def _asked_again(asked: Asked, ended: State) -> Outcome:
    """Ask whether to send it, of who may have said so; once more at most, and then only its button is left."""
    state, is_affirm = asked.state.understood(), asked.turn.intent == "affirm"
    if is_affirm and not _is_asked(asked.state):
        guesses = offered(_CHOICES, asked.language)
        return replace(state, guesses=guesses), [_offer(asked, [])]
    questions = asked.state.emergency or 0
    state, offer = _offered(asked, state)
    if is_affirm and questions >= _QUESTIONS_AT_MOST:
        return ended, [Say("utter_safe_then"), replace(offer, choices=[])]
    return state, [offer]


def numbers_above(asked: Asked) -> list[Say]:
    """Return what stands above the answer to a question that somebody asks in an emergency."""
    return [] if asked.state.danger == SUICIDE else [whom_to_call(asked.state.danger)]


def once_more(asked: Asked) -> Outcome:
    """Tell the numbers again, in the language that somebody may just have asked for, and offer the SOS."""
    say = whom_to_call(asked.state.danger)
    if asked.state.is_sos_sent:
        return asked.state, [say]
    state, offer = _offered(asked, asked.state.understood())
    return state, [say, offer]


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
