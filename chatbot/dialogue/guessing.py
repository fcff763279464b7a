"""What a message may have meant: asked back, and known again when it is tapped or said yes to."""

from __future__ import annotations

from dataclasses import replace

from dialogue import unanswered
from dialogue.filling import tapped
from dialogue.province import Asked
from dialogue.saying import Say, choice
from dialogue.state import State
from dialogue.task import Answering, Tasks
from dialogue.tasks.two_questions import asks_twice
from dialogue.titles import offered
from dialogue.turn import remembered
from dialogue.understanding import ABOUT_ALONE, POSSIBLE, SURE, UNCLEAR_AT_MOST

Outcome = tuple[State, list[Say]]


def guessed(asked: Asked, tasks: Tasks) -> str | None:
    """Return the task among the guesses that a message takes up."""
    guesses = asked.state.guesses
    meant = tapped(asked, guesses)
    if meant is None and asked.turn.intent == "affirm" and len(guesses) == 1:
        meant = guesses[0][1]
    return meant if meant in tasks else None


def named(asked: Asked, tasks: Tasks) -> str | None:
    """Return the task for a name that stands alone."""
    wanted = (task for kind, task in ABOUT_ALONE.items() if asked.turn.first(kind))
    return next((task for task in wanted if task in tasks), None)


def as_said_before(asked: Asked) -> Asked:
    """Return a guess that is taken up, with what was found in the message that it was made of.

    A title that is tapped names nothing itself; a yes may.
    """
    is_tapped = tapped(asked, asked.state.guesses) is not None
    turn = replace(asked.turn, found=()) if is_tapped else asked.turn
    return replace(asked, turn=turn.recalling(*asked.state.guessed_from))


async def asked_back(asked: Asked, tasks: Tasks) -> Outcome:
    """Ask which of two was meant; after that, offer a person."""
    state, turn = asked.state, asked.turn
    unclear = state.unclear + 1
    likely = [
        intent for intent, confidence in turn.intents if intent in tasks and confidence >= POSSIBLE
    ][:2]
    await unanswered.report(asked, likely[0] if likely else None)
    if unclear > UNCLEAR_AT_MOST:
        return person_offered(asked)
    if not likely or turn.intent == "out_of_scope":
        return replace(state, unclear=unclear, guesses=()), [Say("utter_out_of_scope")]
    choices = [choice(intent, tasks[intent].title) for intent in likely]
    guesses, found = offered(choices, asked.language), remembered(turn.found)
    state = replace(state, unclear=unclear, guesses=guesses, guessed_from=found)
    return state, [Say("utter_did_you_mean", choices=choices)]


def also_asked(asked: Asked, tasks: Tasks, outcome: Outcome) -> Outcome:
    """Offer, below an answer, what else a message asks: where two of its clauses ask, and a second task is likely."""
    (state, says), turn = outcome, asked.turn
    is_sure = turn.confidence >= SURE and isinstance(tasks.get(turn.intent), Answering)
    is_answer = is_sure and asked.state.form is None and state.form is None
    likely = (one for one, belief in turn.intents[1:] if one in tasks and belief >= POSSIBLE)
    second = next(likely, None)
    if second is None or not is_answer or _asks_back(says) or not asks_twice(turn.text):
        return outcome
    more = choice(second, tasks[second].title)
    guesses, found = offered([more], asked.language), remembered(turn.found)
    state = replace(state, guesses=guesses, guessed_from=found)
    return state, [*says, Say("utter_also_asked", choices=[more])]


def ways_kept(asked: Asked, tasks: Tasks, outcome: Outcome) -> Outcome:
    """Return an answer with the tasks that it leads on to, to be known again when they are tapped."""
    state, says = outcome
    ways = [one for say in says for one in say.choices if one.value in tasks]
    if not ways or state.guesses or state.form is not None or state.is_in_danger:
        return outcome
    guesses, found = offered(ways, asked.language), remembered(asked.turn.found)
    return replace(state, guesses=guesses, guessed_from=found), says


def _asks_back(says: list[Say]) -> bool:
    return any(say.choices for say in says)


def person_offered(asked: Asked) -> Outcome:
    """Offer a person instead of asking back for ever."""
    person = choice("human", "title_human")
    state = replace(asked.state, unclear=0, guesses=offered([person], asked.language))
    return state, [Say("utter_offer_person", choices=[person])]
