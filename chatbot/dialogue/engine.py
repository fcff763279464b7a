"""Decides what is said next.

In this order: an emergency; a yes or no to what was offered; what belongs to the form under way; another task,
for which the form waits; small talk; and at last that it was not understood.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

from dialogue import by_rule, company, emergency, forms, helping, unanswered
from dialogue.emergency_kinds import SUICIDE
from dialogue.filling import tapped
from dialogue.first_words import is_more_of_the_same, is_unanswered
from dialogue.form import Form
from dialogue.forms import SIGN_IN, refusal
from dialogue.province import Asked, Province, ProvinceUnreachable, Refused, SignInNeeded
from dialogue.saying import Choice, Say, choice, line
from dialogue.state import OpenForm, State
from dialogue.task import Answering, Task
from dialogue.tasks.telltale_words import asks, says_signed_in
from dialogue.titles import offered
from dialogue.turn import Found, Turn
from dialogue.understanding import (
    ABOUT_ALONE,
    CLEAR,
    NO_TASK,
    POSSIBLE,
    SMALL_TALK,
    SURE,
    UNCLEAR_AT_MOST,
)

Tasks = Mapping[str, Task]
Outcome = tuple[State, list[Say]]


async def respond(turn: Turn, state: State, tasks: Tasks, province: Province) -> Outcome:
    """Return the state after a message, and what to answer: one reply at least."""
    return await Engine(tasks).respond(Asked(turn, state, province))


class Engine:
    """`tasks` by intent."""

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks

    async def respond(self, asked: Asked) -> Outcome:
        asked = _as_answered(replace(asked, state=_back_in_danger(asked.state)))
        state, turn = asked.state, asked.turn
        is_about_sos = state.is_in_danger and emergency.said(asked) is not None
        if not is_about_sos and is_unanswered(state, turn.text):
            return emergency.unanswered(asked)
        if not is_about_sos and turn.intent == "emergency":
            return self._cried(asked)
        if state.is_in_danger:
            return await self._offer_waiting(await self._after_emergency(asked))
        return await self._respond(asked)

    def _cried(self, asked: Asked) -> Outcome:
        if is_more_of_the_same(asked.state, emergency.cry_of(asked)):
            return company.more_told(asked)
        return emergency.begun(asked, self._instead(asked))

    def _instead(self, asked: Asked) -> list[Choice]:
        """Return the task that a cry for help may mean if it is none: what stands behind it in the ranking."""
        behind = [intent for intent, _ in asked.turn.intents[1:2] if intent in self._tasks]
        return [choice(intent, self._tasks[intent].title) for intent in behind]

    async def _after_emergency(self, asked: Asked) -> Outcome:
        guessed = None if emergency.said(asked) == "yes" else self._guessed(asked)
        if guessed is None and (kept := company.stayed(asked, self._tasks)) is not None:
            return kept
        if guessed is None and (after := await emergency.gone_on(asked)) is not None:
            return after
        if guessed is None and asked.turn.intent in emergency.WHILE_IT_LASTS:
            return self._told_once_more(asked)
        if guessed is not None:
            return await self._turn_to(asked, guessed)
        wanted = self._wanted(asked)
        if wanted is None:
            return emergency.more_told(asked, self._meant(asked))
        state, says = await self._turn_to(asked, wanted)
        return state, [*emergency.numbers_above(asked), *says]

    def _wanted(self, asked: Asked) -> str | None:
        """Return the task that somebody in danger clearly asks for, or asks for again after it was offered.

        "The Red River", said twice, tells where it is: only a question asks.
        """
        state, turn = asked.state, asked.turn
        if state.danger == SUICIDE:
            return turn.intent if company.asks_for_something(asked, self._tasks) else None
        was_offered = turn.intent in {value for _, value in state.guesses}
        is_told = (
            turn.intent in {"human", *company.TELLS_HOW_IT_IS} or turn.intent not in self._tasks
        )
        if is_told or not asks(turn.text):
            return None
        return turn.intent if turn.confidence >= (SURE if was_offered else CLEAR) else None

    def _meant(self, asked: Asked) -> list[Choice]:
        """Return what a message in an emergency may be about if nobody is in danger: a task, and the form that waits."""
        turn = asked.turn
        likely = [turn.intent] if turn.confidence >= POSSIBLE else []
        waiting = [form.intent for form in asked.state.waiting[:1]]
        known = [one for one in dict.fromkeys([*likely, *waiting]) if one in self._tasks]
        return [choice(one, self._tasks[one].title) for one in known]

    async def _turn_to(self, asked: Asked, wanted: str) -> Outcome:
        """Do a task instead of what an emergency offers; a form that waits for it is gone on with."""
        asked = replace(asked, state=replace(asked.state, guesses=()))
        waiting = asked.state.with_first(wanted)
        if waiting is None:
            return await self._begin(asked, wanted)
        return await self._ask_again(_left(waiting, wanted).resumed(), [], asked)

    def _told_once_more(self, asked: Asked) -> Outcome:
        """Tell the numbers again, before whatever else is answered."""
        says: list[Say] = []
        if asked.turn.intent == "change_language":
            state, says = self._other_language(asked)
            asked = replace(asked, state=state)
        if asked.turn.intent == "who_are_you":
            says = [Say(SMALL_TALK["who_are_you"])]
        state, (numbers, *offer) = emergency.once_more(asked)
        return state, [numbers, *says, *offer]

    async def _respond(self, asked: Asked) -> Outcome:
        turn = asked.turn
        if asked.state.is_resume_offered and turn.intent in {"affirm", "deny", "stop"}:
            return await self._resume_or_drop(asked)
        if guessed := self._guessed(asked):
            return await self._begin(asked, guessed)
        if asked.state.form is not None:
            return await self._in_form(asked, asked.state.form)
        return await self._without_form(asked)

    async def _without_form(self, asked: Asked) -> Outcome:
        turn = asked.turn
        if (meta := await self._meta(asked)) is not None:
            return meta
        if turn.confidence < SURE and turn.intent not in NO_TASK:
            return await self._asked_back(asked)
        if turn.intent in self._tasks:
            return await self._begin(asked, turn.intent)
        if turn.intent == "inform" and not asked.state.last and (wanted := self._named(asked)):
            return await self._begin(asked, wanted)
        is_more = turn.intent in {"inform", "affirm"} or (turn.intent == "deny" and turn.found)
        if is_more and asked.state.last:
            return await self._again(asked, with_new=True)
        if turn.intent in {"affirm", "deny"}:
            return asked.state.understood(), [Say("utter_what_can_i_do")]
        return await self._asked_back(asked)

    def _named(self, asked: Asked) -> str | None:
        """Return the task for a name that stands alone."""
        wanted = (task for kind, task in ABOUT_ALONE.items() if asked.turn.first(kind))
        return next((task for task in wanted if task in self._tasks), None)

    async def _in_form(self, asked: Asked, form: OpenForm) -> Outcome:
        task = self._tasks.get(form.intent)
        if not isinstance(task, Form):  # a form of another version of this program
            return await self._without_form(replace(asked, state=replace(asked.state, form=None)))
        if asked.turn.intent in task.stopped_by and not asked.turn.found:
            return _stopped(asked.state)
        other = self._other_task(asked, form)
        if (
            other is None
            or forms.is_answer(asked, task, form)
            or forms.is_corrected(asked, task, form)
        ):
            outcome = await forms.go_on(asked, task, form)
            if outcome is not None:
                return await self._offer_waiting(outcome)
        if other is not None:
            return await self._interrupt(asked, other)
        if (meta := await self._meta(asked)) is not None:
            state, says = meta
            return (
                (state, says) if state.form is None else await self._ask_again(state, says, asked)
            )
        return await self._not_understood_in_form(asked)

    def _other_task(self, asked: Asked, form: OpenForm) -> str | None:
        turn = asked.turn
        is_other = turn.intent in self._tasks and turn.intent != form.intent
        return turn.intent if is_other and turn.confidence >= SURE else None

    async def _interrupt(self, asked: Asked, intent: str) -> Outcome:
        """Do another task; a question is answered and the form goes on at once, a form makes it wait."""
        if isinstance(self._tasks[intent], Answering):
            state, says = await self._begin(asked, intent)
            return await self._ask_again(state, says, asked)
        return await self._begin(replace(asked, state=asked.state.interrupted()), intent)

    async def _ask_again(self, state: State, says: list[Say], asked: Asked) -> Outcome:
        if state.form is None:
            return state, says
        again = await forms.ask_again(replace(asked, state=state), self._tasks, state.form)
        return again[0], [*says, *again[1]]

    async def _not_understood_in_form(self, asked: Asked) -> Outcome:
        state = replace(asked.state, unclear=asked.state.unclear + 1)
        if state.unclear > UNCLEAR_AT_MOST:
            return replace(state, unclear=0), [_offer_person()]
        return await self._ask_again(state, [Say("utter_not_understood_here")], asked)

    async def _begin(self, asked: Asked, intent: str) -> Outcome:
        task = self._tasks[intent]
        asked = replace(asked, state=_left(asked.state.understood(), intent))
        if isinstance(task, Form):
            form = OpenForm(intent, uuid.uuid4().hex)
            if asked.state.form is not None and asked.state.form.intent != intent:
                asked = replace(asked, state=asked.state.interrupted())
            if task.needs_person and not asked.turn.is_signed_in:
                return replace(asked.state, form=forms.keeping(asked, form)), [SIGN_IN]
            return await self._offer_waiting(await forms.begin(asked, task, form))
        if task.needs_person and not asked.turn.is_signed_in:
            return _remember(asked, intent), [SIGN_IN]
        if not isinstance(task, Answering):
            raise TypeError(f"{intent} is neither a form nor a question")
        return await self._answer(asked, task)

    async def _answer(self, asked: Asked, task: Answering) -> Outcome:
        state = _remember(asked, task.intent)
        try:
            says = list(await task.answers(asked))
        except SignInNeeded:
            return state, [SIGN_IN]
        except Refused as refused:
            return state, [refusal(refused)]
        except ProvinceUnreachable:
            return state, [task.unreachable]
        return state.showing(says), says

    async def _meta(self, asked: Asked) -> Outcome | None:
        state, turn = asked.state, asked.turn
        if turn.intent == "stop":
            return _stopped(state)
        if turn.intent == "change_language":
            return self._other_language(asked)
        if turn.intent == "repeat":
            if state.form is not None:
                return state.understood(), []
            return await self._again(asked, with_new=False)
        if turn.intent == "thanks" and state.emergency is not None:
            return state.understood(), [Say("utter_safe_then")]
        if turn.intent == "help" and turn.confidence >= SURE:
            return helping.helped(asked, self._tasks)
        if turn.intent in SMALL_TALK and turn.confidence >= SURE:
            return state.understood(), [Say(SMALL_TALK[turn.intent])]
        return None

    def _other_language(self, asked: Asked) -> Outcome:
        state, language = asked.state.understood(), asked.turn.value("language")
        if language is None or language == "other":
            return state, [Say("utter_which_language")]
        return replace(state, language=language), [Say("utter_language_changed")]

    async def _again(self, asked: Asked, *, with_new: bool) -> Outcome:
        """Answer the last question once more, with what the message changes of it."""
        last = asked.state.last
        if last is None or last["intent"] not in self._tasks:
            return asked.state.understood(), [Say("utter_nothing_to_repeat")]
        before = tuple(Found(**found) for found in last["found"])
        new = asked.turn.found if with_new else ()
        kinds = {found.kind for found in new}
        kept = tuple(found for found in before if found.kind not in kinds)
        turn = replace(asked.turn, text="", found=(*new, *kept))
        return await self._begin(replace(asked, turn=turn), last["intent"])

    def _guessed(self, asked: Asked) -> str | None:
        guesses = asked.state.guesses
        meant = tapped(asked, guesses)
        if meant is None and asked.turn.intent == "affirm" and len(guesses) == 1:
            meant = guesses[0][1]
        return meant if meant in self._tasks else None

    async def _asked_back(self, asked: Asked) -> Outcome:
        """Ask which of two was meant; after that, offer a person."""
        state, turn = asked.state, asked.turn
        unclear = state.unclear + 1
        likely = [
            intent
            for intent, confidence in turn.intents
            if intent in self._tasks and confidence >= POSSIBLE
        ][:2]
        await unanswered.report(asked, likely[0] if likely else None)
        if unclear > UNCLEAR_AT_MOST:
            return replace(state, unclear=0, guesses=()), [_offer_person()]
        if not likely or turn.intent == "out_of_scope":
            return replace(state, unclear=unclear, guesses=()), [Say("utter_out_of_scope")]
        choices = [choice(intent, self._tasks[intent].title) for intent in likely]
        guesses = offered(choices, asked.language)
        return replace(state, unclear=unclear, guesses=guesses), [
            Say("utter_did_you_mean", choices=choices)
        ]

    async def _resume_or_drop(self, asked: Asked) -> Outcome:
        state = asked.state
        if asked.turn.intent != "affirm":
            dropped = replace(state, waiting=(), is_resume_offered=False)
            return dropped, [Say("utter_stopped")]
        return await self._ask_again(state.resumed().calm(), [], asked)

    async def _offer_waiting(self, outcome: Outcome) -> Outcome:
        """When a form has ended and another waits for it, offer to go on with that."""
        state, says = outcome
        known = tuple(form for form in state.waiting if form.intent in self._tasks)
        state = replace(state, waiting=known)  # others are of another version of this program
        is_open = state.form is not None or state.is_in_danger
        if is_open or not state.waiting or state.is_resume_offered:
            return state, says
        title = self._tasks[state.waiting[0].intent].title
        offer = Say("utter_resume", {"task": line(title)}, choices=_yes_no())
        return replace(state, is_resume_offered=True), [*says, offer]


def _as_answered(asked: Asked) -> Asked:
    """Return a message as what it answers: the very title of a yes or no, that somebody has signed in, the second.

    They are short, and written without marks: a classifier may take them for anything.
    """
    asked = by_rule.read(asked)
    turn, waits = asked.turn, asked.state.form is not None and bool(asked.state.form.told)
    said = tapped(asked, offered(_yes_no(), asked.language))
    if said is not None:
        return _meaning(asked, "affirm" if said == "yes" else "deny")
    if waits and turn.is_signed_in and turn.intent != "emergency" and says_signed_in(turn.text):
        return _meaning(asked, "inform")
    if turn.intent == "place_info" and _is_of_list(asked, "facility"):
        return _meaning(asked, ABOUT_ALONE["facility"])
    return asked


def _back_in_danger(state: State) -> State:
    """Return the state of who wanted to die, and has talked to a person or found none."""
    is_so = state.is_over and state.sos_kind == SUICIDE and state.form is None
    return replace(state, is_over=False) if is_so else state


def _left(state: State, intent: str) -> State:
    """Return the state in which a task begins: who wants to die is still so when a person was called."""
    if intent == "human" and state.sos_kind == SUICIDE:
        return replace(state, is_over=True)
    return state.calm()


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


def _stopped(state: State) -> Outcome:
    is_something = state.form is not None or state.waiting
    said = Say("utter_stopped" if is_something else "utter_nothing_to_stop")
    return replace(state.understood(), form=None, waiting=()), [said]


def _yes_no() -> list[Choice]:
    return [choice("yes", "choice_yes"), choice("no", "choice_no")]


def _offer_person() -> Say:
    return Say("utter_offer_person", choices=[choice("human", "title_human")])


def _remember(asked: Asked, intent: str) -> State:
    found: Sequence[Found] = asked.turn.found
    kept = [asdict(one) | {"start": 0, "end": 0} for one in found if one.kind != "emergency"]
    return replace(asked.state.understood(), last={"intent": intent, "found": kept[:10]})
