"""Decides what is said next.

In this order: an emergency; a yes or no to what was offered; what belongs to the form under way; another task,
for which the form waits; small talk; and at last that it was not understood.
"""

from __future__ import annotations

import uuid
from dataclasses import replace

from dialogue import about_talk, company, emergency, forms, helping, in_danger, waiting
from dialogue.first_words import back_in_danger, is_doubtful, is_more_of_the_same, is_unanswered
from dialogue.form import Form
from dialogue.forms import SIGN_IN, refusal
from dialogue.guessing import (
    also_asked,
    as_said_before,
    asked_back,
    guessed,
    named,
    person_offered,
    ways_kept,
)
from dialogue.province import Asked, Province, ProvinceUnreachable, Refused, SignInNeeded
from dialogue.reading import as_answered
from dialogue.saying import Say
from dialogue.state import OpenForm, State
from dialogue.task import Answering, Tasks
from dialogue.tasks.places.way_words import asks_way
from dialogue.turn import Turn, remembered
from dialogue.understanding import NO_TASK, SURE, UNCLEAR_AT_MOST

Outcome = tuple[State, list[Say]]


async def respond(turn: Turn, state: State, tasks: Tasks, province: Province) -> Outcome:
    """Return the state after a message, and what to answer: one reply at least."""
    return await Engine(tasks).respond(Asked(turn, state, province))


class Engine:
    """`tasks` by intent."""

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks

    async def respond(self, asked: Asked) -> Outcome:
        asked = as_answered(replace(asked, state=back_in_danger(asked.state)))
        return ways_kept(asked, self._tasks, await self._answered(asked))

    async def _answered(self, asked: Asked) -> Outcome:
        state, turn = asked.state, asked.turn
        is_about_sos = state.is_in_danger and emergency.said(asked) is not None
        if not is_about_sos and is_unanswered(state, turn.text):
            return emergency.unanswered(asked)
        if not is_about_sos and turn.intent == "emergency":
            return await self._cried(asked)
        if state.is_in_danger:
            return waiting.offered_after(await self._after_emergency(asked), self._tasks)
        return also_asked(asked, self._tasks, await self._respond(asked))

    async def _cried(self, asked: Asked) -> Outcome:
        cry = emergency.cry_of(asked)
        if is_more_of_the_same(asked.state, cry):
            return company.more_told(asked)
        if in_danger.is_denied(asked) and not cry.is_certain:
            return await self._calmed(asked)
        if is_doubtful(asked.state, cry):
            likelier = replace(asked.turn, intents=asked.turn.intents[1:])
            return await self._respond(replace(asked, turn=likelier))
        return emergency.begun(asked, in_danger.instead(asked, self._tasks))

    async def _calmed(self, asked: Asked) -> Outcome:
        """Do what else is said by who says that it is no emergency."""
        asked = in_danger.calmed(asked)
        outcome = asked.state.understood(), [Say("utter_safe_then")]
        if asked.turn.intent in self._tasks and asked.turn.confidence >= SURE:
            outcome = await self._respond(asked)
        return waiting.offered_after(outcome, self._tasks)

    async def _after_emergency(self, asked: Asked) -> Outcome:
        if in_danger.is_denied(asked):
            return await self._calmed(asked)
        taken_up = None if emergency.said(asked) == "yes" else guessed(asked, self._tasks)
        if taken_up is not None:
            return await self._turn_to(as_said_before(asked), taken_up)
        if (kept := company.stayed(asked, self._tasks)) is not None:
            return kept
        if (after := await emergency.gone_on(asked)) is not None:
            return after
        if asked.turn.intent in emergency.WHILE_IT_LASTS:
            return in_danger.told_once_more(asked)
        wanted = in_danger.wanted(asked, self._tasks)
        if wanted is None:
            return emergency.more_told(asked, in_danger.meant(asked, self._tasks))
        state, says = await self._turn_to(asked, wanted)
        return state, [*emergency.numbers_above(asked), *says]

    async def _turn_to(self, asked: Asked, wanted: str) -> Outcome:
        """Do a task instead of what an emergency offers; a form that waits for it is gone on with."""
        asked = replace(asked, state=replace(asked.state, guesses=()))
        before = asked.state.with_first(wanted)
        if before is None:
            return await self._begin(asked, wanted)
        return await self._resume(replace(asked, state=in_danger.left(before, wanted)))

    async def _respond(self, asked: Asked) -> Outcome:
        is_offered = asked.state.is_resume_offered and asked.state.waiting
        if is_offered and (resumed := await self._resumed_or_dropped(asked)):
            return resumed
        if taken_up := guessed(asked, self._tasks):
            return await self._begin(as_said_before(asked), taken_up)
        if asked.state.form is not None:
            return await self._in_form(asked, asked.state.form)
        return await self._without_form(asked)

    async def _without_form(self, asked: Asked) -> Outcome:
        turn = asked.turn
        if (meta := await self._meta(asked)) is not None:
            return meta
        if turn.confidence < SURE and turn.intent not in NO_TASK:
            if self._asks_way(asked):
                return await self._begin(asked, "place_info")
            return await asked_back(asked, self._tasks)
        if turn.intent in self._tasks:
            return await self._begin(asked, turn.intent)
        if (
            turn.intent == "inform"
            and not asked.state.last
            and (wanted := named(asked, self._tasks))
        ):
            return await self._begin(asked, wanted)
        if turn.intent == "affirm" and asked.state.waiting and not turn.found:
            return await self._resume(asked)
        is_more = turn.intent in {"inform", "affirm"} or (turn.intent == "deny" and turn.found)
        if is_more and asked.state.last:
            return await self._again(asked, with_new=True)
        if turn.intent in {"affirm", "deny"}:
            return asked.state.understood(), [Say("utter_what_can_i_do")]
        return await asked_back(asked, self._tasks)

    def _asks_way(self, asked: Asked) -> bool:
        """Tell whether the way to something named is asked, which no intent of its own tells."""
        is_named = asked.turn.first("place", "commune") is not None
        return is_named and asks_way(asked.turn.text) and "place_info" in self._tasks

    async def _in_form(self, asked: Asked, form: OpenForm) -> Outcome:
        task = self._tasks.get(form.intent)
        if not isinstance(task, Form):  # a form of another version of this program
            return await self._without_form(replace(asked, state=replace(asked.state, form=None)))
        form = forms.of_this_version(task, form)
        asked = replace(asked, state=replace(asked.state, form=form))
        if asked.turn.intent in task.stopped_by and not asked.turn.found:
            return about_talk.stopped(asked.state)
        other = self._other_task(asked, form)
        if other is None or forms.is_meant(asked, task, form):
            outcome = await forms.go_on(asked, task, form)
            if outcome is not None:
                return waiting.offered_after(outcome, self._tasks)
        if task.is_left_for_another(form) and asked.turn.intent != "repeat":
            asked = replace(asked, state=replace(asked.state, form=None, last=None))
            return waiting.offered_after(await self._without_form(asked), self._tasks)
        if forms.waits_for_sign_in(asked, task) and asked.turn.intent != "repeat":
            return await self._without_form(asked)  # it is kept, and asks for that no second time
        if other is not None:
            return await self._interrupt(asked, other)
        if (meta := await self._meta(asked)) is not None:
            # A thanks ends a talk, or waits: the question stands, and is not asked once more.
            is_ended = asked.turn.intent == "thanks"
            return meta if is_ended else await self._ask_again(*meta, asked)
        return await self._not_understood_in_form(asked, form)

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

    async def _not_understood_in_form(self, asked: Asked, form: OpenForm) -> Outcome:
        is_own = form.intent == asked.turn.intent and asked.turn.confidence >= SURE
        is_person_offered = [value for _, value in asked.state.guesses] == ["human"]
        if is_own or (asked.turn.intent == "deny" and is_person_offered):
            return await self._ask_again(asked.state.understood(), [], asked)
        state = replace(asked.state, unclear=asked.state.unclear + 1)
        if state.unclear > UNCLEAR_AT_MOST:
            return person_offered(asked)
        return await self._ask_again(state, [Say("utter_not_understood_here")], asked)

    async def _begin(self, asked: Asked, intent: str) -> Outcome:
        task = self._tasks[intent]
        asked = replace(asked, state=in_danger.left(asked.state.understood(), intent))
        if isinstance(task, Form):
            return await self._begin_form(asked, task)
        if task.needs_person and not asked.turn.is_signed_in:
            return _remember(asked, intent), [SIGN_IN]
        if not isinstance(task, Answering):
            raise TypeError(f"{intent} is neither a form nor a question")
        return await self._answer(asked, task)

    async def _begin_form(self, asked: Asked, task: Form) -> Outcome:
        """Begin a form; one that waits is gone on with, unless other words may be meant for it."""
        form, is_told = asked.state.form, any(slot.is_told for slot in task.slots)
        if form is not None and form.intent != task.intent:
            asked = replace(asked, state=asked.state.interrupted())
        if not is_told and (before := asked.state.with_first(task.intent)) is not None:
            return await self._resume(replace(asked, state=before))
        begun = OpenForm(task.intent, uuid.uuid4().hex)
        if task.needs_person and not asked.turn.is_signed_in:
            return replace(asked.state, form=forms.keeping(asked, begun)), [SIGN_IN]
        return waiting.offered_after(await forms.begin(asked, task, begun), self._tasks)

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
        """Return the answer to what is said to the bot itself; None when it is none of that."""
        turn = asked.turn
        if turn.intent == "help" and turn.confidence >= SURE:
            return helping.helped(asked, self._tasks)
        if turn.intent != "repeat":
            return about_talk.answered(asked)
        if asked.state.form is not None:
            return asked.state.understood(), []
        return await self._again(asked, with_new=False)

    async def _again(self, asked: Asked, *, with_new: bool) -> Outcome:
        """Answer the last question once more, with what the message changes of it."""
        last = asked.state.last
        if last is None or last["intent"] not in self._tasks:
            return asked.state.understood(), [Say("utter_nothing_to_repeat")]
        new = asked.turn.found if with_new else ()
        turn = replace(asked.turn, text="", found=new).recalling(*last["found"])
        return await self._begin(replace(asked, turn=turn), last["intent"])

    async def _resumed_or_dropped(self, asked: Asked) -> Outcome | None:
        """Return what an answer to the offer to go on with a form does; None when it is no answer to that."""
        if waiting.is_wanted(asked, self._tasks):
            return await self._resume(replace(asked, state=asked.state.calm()))
        return waiting.dropped(asked)

    async def _resume(self, asked: Asked) -> Outcome:
        """Go on with the first form that waits, and with what the message says for it."""
        state = asked.state.understood().resumed()
        if state.form is None or state.form.intent not in self._tasks:  # of another version
            return replace(state, form=None), [Say("utter_what_can_i_do")]
        asked = replace(asked, state=state)
        return await forms.ask_again(asked, self._tasks, state.form, is_taken=True)


def _remember(asked: Asked, intent: str) -> State:
    last = {"intent": intent, "found": list(remembered(asked.turn.found))}
    return replace(asked.state.understood(), last=last)
