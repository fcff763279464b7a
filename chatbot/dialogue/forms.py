"""A form from its first message to its commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dialogue.filling import Filled, chosen, fill, question, tapped
from dialogue.form import Form
from dialogue.province import Asked, ProvinceUnreachable, Refused, SignInNeeded
from dialogue.saying import Say, Step, content
from dialogue.state import OpenForm, State
from dialogue.task import Task
from dialogue.tasks.telltale_words import opens_with_no
from dialogue.titles import offered
from dialogue.turn import remembered
from dialogue.understanding import SMALL_TALK

Outcome = tuple[State, list[Say]]

_MOSTLY = 0.5
_TO_THE_BOT = frozenset({"stop", "change_language", "repeat", *SMALL_TALK})
SIGN_IN = Say("utter_sign_in", steps=[Step.SIGN_IN])


async def begin(asked: Asked, task: Form, form: OpenForm) -> Outcome:
    """Begin a form with what its first message says already."""
    try:
        begun = await task.begin(asked, form)
        if not isinstance(begun, OpenForm):
            return replace(asked.state, form=None).showing(begun), list(begun)
        filled = await fill(asked, task, begun)
        return await _ask_next(asked, task, filled)
    except ProvinceUnreachable:
        return replace(asked.state, form=keeping(asked, form)), [task.unreachable]
    except SignInNeeded:
        return replace(asked.state, form=keeping(asked, form)), [SIGN_IN]
    except Refused as refused:
        return replace(asked.state, form=None), [refusal(refused)]


def keeping(asked: Asked, form: OpenForm) -> OpenForm:
    """Return a form that has to wait, with what the message says for it; later words win."""
    return replace(form, told=remembered(asked.turn.recalling(*form.told).found))


def _recalling(asked: Asked, task: Form, form: OpenForm) -> tuple[Asked, Form, OpenForm]:
    """Return what begins a form: the message, with what was said while the form waited."""
    turn = asked.turn.recalling(*form.told)
    return replace(asked, turn=turn), task, replace(form, told=())


def is_meant(asked: Asked, task: Form, form: OpenForm) -> bool:
    """Tell whether a message that is taken for another task belongs to this form."""
    return is_answer(asked, task, form) or is_corrected(asked, task, form)


def is_answer(asked: Asked, task: Form, form: OpenForm) -> bool:
    """Tell whether a message answers the open question, whatever else the classifier makes of it.

    It does when a choice was tapped, when free words were asked for, when what was asked for is most of what was
    said, and when it has words that are about the form, whichever of its questions is open.
    """
    if tapped(asked, form.offered) is not None:
        return True
    if any(slot.is_said_in(asked.turn.text) for slot in task.slots):
        return True
    if form.asked is None:
        return False
    if chosen(asked, form) is not None:
        return True
    slot = task.slot(form.asked)
    named = sum(found.end - found.start for found in asked.turn.all_of(*slot.kinds))
    if slot.is_told:
        return True
    return named >= _MOSTLY * max(len(asked.turn.text), 1)


def is_corrected(asked: Asked, task: Form, form: OpenForm) -> bool:
    """Tell whether a message corrects the form, with something that it takes: a no to what was read back, or a neighbour.

    "No, at the stone church" names a place, and would else be taken for a question about it; "move it to Friday"
    for an appointment that is booked already.
    """
    if asked.turn.first(*task.kinds) is None:
        return False
    is_refused = form.is_read_back and opens_with_no(asked.turn.text)
    return is_refused or asked.turn.intent in task.corrected_by


def is_named(asked: Asked, task: Form) -> bool:
    """Tell whether a message names something for a form that waits, and asks for nothing else."""
    is_for_it = asked.turn.intent in {"inform", "deny", "stop", *task.corrected_by}
    return is_for_it and asked.turn.first(*task.kinds) is not None


def waits_for_sign_in(asked: Asked, task: Form) -> bool:
    return task.needs_person and not asked.turn.is_signed_in


async def go_on(asked: Asked, task: Form, form: OpenForm) -> Outcome | None:
    """Return what a message does to a form; None when it says nothing about it."""
    try:
        if waits_for_sign_in(asked, task):
            return _kept(asked, task, form)
        if form.asked is None and not form.is_read_back:  # it has waited from the beginning
            return await begin(*_recalling(asked, task, form))
        if form.is_read_back and asked.turn.intent == "affirm" and not asked.turn.found:
            return await _commit(asked, task, form)
        return await _taken(asked, task, form)
    except ProvinceUnreachable:
        return asked.state, [task.unreachable]
    except SignInNeeded:
        return asked.state, [SIGN_IN]


def _kept(asked: Asked, task: Form, form: OpenForm) -> Outcome | None:
    """Keep what is said for a form until somebody has signed in; a no leaves it."""
    turn, is_named = asked.turn, asked.turn.first(*task.kinds) is not None
    if turn.intent == "deny" and not is_named:
        return _left(asked)
    is_for_it = is_named or turn.intent in {task.intent, "inform", "affirm"}
    if turn.intent in _TO_THE_BOT or not is_for_it:
        return None
    return replace(asked.state, form=keeping(asked, form)), [SIGN_IN]


async def _taken(asked: Asked, task: Form, form: OpenForm) -> Outcome | None:
    turn, filled = asked.turn, await fill(asked, task, form)
    is_same = turn.intent == "stop" and filled.form.slots == form.slots
    if filled.objection or (filled.is_changed and not is_same):
        return await _ask_next(asked, task, filled)
    is_no = turn.intent == "deny" or (turn.intent == "stop" and task.is_left_for_another(form))
    if is_no and task.ends_with_no(form):
        return _left(asked)
    if turn.intent == "deny" and form.is_read_back:
        return asked.state.understood(), [Say("utter_what_to_change", choices=[*task.changes])]
    return None


def _left(asked: Asked) -> Outcome:
    return replace(asked.state.understood(), form=None), [Say("utter_stopped")]


async def ask_again(
    asked: Asked, tasks: Mapping[str, Task], form: OpenForm, *, is_taken: bool = False
) -> Outcome:
    """Return the open question of a form once more; `is_taken`: after taking what the message says for it.

    How many messages in a row were not understood stays what it was.
    """
    task = tasks.get(form.intent)
    if not isinstance(task, Form):
        return replace(asked.state, form=None), []
    if waits_for_sign_in(asked, task):
        kept = keeping(asked, form) if is_taken else form
        return replace(asked.state, form=kept), [SIGN_IN]
    if form.asked is None and not form.is_read_back:
        return await begin(*_recalling(asked, task, form))
    try:
        filled = await fill(asked, task, _unasked(form)) if is_taken else Filled(form)
        state, says = await _ask_next(asked, task, filled)
        return replace(state, unclear=asked.state.unclear), says
    except ProvinceUnreachable:
        return asked.state, [task.unreachable]
    except SignInNeeded:
        return asked.state, [SIGN_IN]


def of_this_version(task: Form, form: OpenForm) -> OpenForm:
    """Return a form without its open question where this version of the program does not ask it."""
    is_known = form.asked is None or any(slot.name == form.asked for slot in task.slots)
    return form if is_known else _unasked(form)


def _unasked(form: OpenForm) -> OpenForm:
    """Return a form that asks nothing at the moment, so that nothing is taken for an answer to it."""
    return replace(form, asked=None, offered=(), is_read_back=False)


async def _ask_next(asked: Asked, task: Form, filled: Filled) -> Outcome:
    form, say = await question(asked, task, filled.form, filled.objected)
    is_answered = form.is_read_back and not task.needs_yes
    kept = None if is_answered else form
    says = [filled.objection, say] if filled.objection else [say]
    ways = [one for told in says for one in told.choices if one.is_way]
    state = replace(asked.state.understood(), form=kept, guesses=offered(ways, asked.language))
    return state.showing([say]), says


async def _commit(asked: Asked, task: Form, form: OpenForm) -> Outcome:
    try:
        says = list(await task.commit(asked, form))
    except Refused as refused:
        kept = task.after_refusal(refused.code, form)
        state = replace(asked.state.understood(), form=kept)
        if kept is None:
            return state, [refusal(refused)]
        again, asking = await _ask_next(replace(asked, state=state), task, Filled(kept))
        return again, [refusal(refused), *asking]
    after = replace(asked.state.understood(), form=None).showing(says)
    waiting = tuple(one for one in after.waiting if not task.settles(form, one))
    return replace(after, waiting=waiting), says


def refusal(refused: Refused) -> Say:
    """Return what the API said against it, in its words."""
    return Say("utter_refused", lines=[content(refused.message)])
