"""What somebody in danger may want besides help: what their message is about, and what it clearly asks for."""

from __future__ import annotations

from dataclasses import replace

from dialogue import about_talk, company, emergency
from dialogue.emergency_kinds import SUICIDE, first_told
from dialogue.province import Asked
from dialogue.saying import Choice, Say, choice
from dialogue.state import State
from dialogue.task import Tasks
from dialogue.tasks.places import where_am_i
from dialogue.tasks.telltale_words import asks, besides_no_emergency, says_no_emergency, says_unhurt
from dialogue.turn import Turn
from dialogue.understanding import CLEAR, POSSIBLE, SMALL_TALK, SURE

Outcome = tuple[State, list[Say]]

_A_CLAUSE = 10


def instead(asked: Asked, tasks: Tasks) -> list[Choice]:
    """Return the task that a cry for help may mean if it is none: what stands behind it in the ranking."""
    behind = [intent for intent, _ in asked.turn.intents[1:2] if intent in tasks]
    return [choice(intent, tasks[intent].title) for intent in behind]


def wanted(asked: Asked, tasks: Tasks) -> str | None:
    """Return the task that somebody in danger clearly asks for, or asks for again after it was offered.

    "The Red River", said twice, tells where it is: only a question asks.
    """
    state, turn = asked.state, asked.turn
    if state.danger == SUICIDE:
        return turn.intent if company.asks_for_something(asked, tasks) else None
    was_offered = turn.intent in {value for _, value in state.guesses}
    is_told = turn.intent in {"human", *company.TELLS_HOW_IT_IS} or turn.intent not in tasks
    if is_told or not asks(turn.text):
        return None
    return turn.intent if turn.confidence >= (SURE if was_offered else CLEAR) else None


def meant(asked: Asked, tasks: Tasks) -> list[Choice]:
    """Return what a message in an emergency may be about if nobody is in danger: a task, and the form that waits."""
    turn = asked.turn
    likely = [turn.intent] if turn.confidence >= POSSIBLE else []
    waiting = [form.intent for form in asked.state.waiting[:1]]
    known = [one for one in dict.fromkeys([*likely, *waiting]) if one in tasks]
    return [choice(one, tasks[one].title) for one in known]


def told_once_more(asked: Asked) -> Outcome:
    """Tell the numbers again, before whatever else is answered."""
    says: list[Say] = []
    if asked.turn.intent == "change_language":
        state, says = about_talk.other_language(asked)
        asked = replace(asked, state=state)
    if asked.turn.intent == "who_are_you":
        says = [Say(SMALL_TALK["who_are_you"])]
    state, (numbers, *offer) = emergency.once_more(asked)
    return state, [numbers, *says, *offer]


def is_denied(asked: Asked) -> bool:
    """Tell whether somebody whom the numbers were told says that it is no emergency; who wants to die is not taken at that."""
    is_said = says_no_emergency(asked.turn.text) and not _tells_danger_too(asked.turn)
    wants_to_die = SUICIDE in {asked.state.danger, first_told(asked.turn.values("emergency"))}
    return is_said and asked.state.is_in_danger and not wants_to_die


def _tells_danger_too(turn: Turn) -> bool:
    """Tell whether a message beside a denial tells a danger: "it is no emergency for me, but he is bleeding".

    Of a likely cry the kind is found in the whole of it: then as much as a clause beside the denial does, and so it
    does beside that nobody is hurt.
    """
    text, kinds = turn.text, [one for one in turn.all_of("emergency") if first_told([one.value])]
    if any(says_no_emergency(f"{text[: one.start]} {text[one.end :]}") for one in kinds):
        return True
    is_more_told = _signs(besides_no_emergency(text)) >= _A_CLAUSE
    likelier = max((belief for _, belief in turn.intents[1:]), default=0.0)
    is_likely = turn.intent == "emergency" and turn.confidence >= likelier
    return is_more_told and (says_unhurt(text) or (is_likely and bool(kinds)))


def _signs(text: str) -> int:
    """Return how much a text says, in letters of an alphabet: a sign of Chinese or Japanese is three."""
    return sum(3 if sign >= "\u2e80" else 1 for sign in text if sign.isalnum())


def calmed(asked: Asked) -> Asked:
    """Return what else is said by who says that it is no emergency."""
    intents = tuple(one for one in asked.turn.intents if one[0] != "emergency")
    calm = replace(asked.state.calm(), guesses=())
    return replace(asked, turn=replace(asked.turn, intents=intents), state=calm)


def left(state: State, intent: str) -> State:
    """Return the state in which a task begins: who wants to die is still so when a person was called.

    Who asks where they are, in an emergency, is to tell it to the number.
    """
    if intent == where_am_i.INTENT:
        return state
    if intent == "human" and state.sos_kind == SUICIDE:
        return replace(state, is_over=True)
    return state.calm()
