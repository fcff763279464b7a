"""A form from its first message to its commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace

from dialogue.filling import Filled, chosen, fill, question, tapped
from dialogue.form import Form
from dialogue.province import Asked, ProvinceUnreachable, Refused, SignInNeeded
from dialogue.saying import Say, Step, content
from dialogue.state import OpenForm, State
from dialogue.task import Task
from dialogue.tasks.telltale_words import opens_with_no
from dialogue.turn import Found
from dialogue.understanding import SMALL_TALK

Outcome = tuple[State, list[Say]]

_MOSTLY = 0.5
_TOLD_AT_MOST = 10
_TO_THE_BOT = frozenset({"stop", "change_language", "repeat", *SMALL_TALK})
SIGN_IN = Say("utter_sign_in", steps=[Step.SIGN_IN])


async def begin(asked: Asked, task: Form, form: OpenForm) -> Outcome:
    """Begin a form with what its first message says already."""
    try:
        begun = await task.begin(asked, form)
        if not isinstance(begun, OpenForm):
            return replace(asked.state, form=None), list(begun)
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
    new = [asdict(one) | {"start": 0, "end": 0} for one in asked.turn.found]
    kinds = {one["kind"] for one in new}
    kept = [one for one in form.told if one["kind"] not in kinds]
    return replace(form, told=tuple((new + kept)[:_TOLD_AT_MOST]))


def _recalling(asked: Asked, task: Form, form: OpenForm) -> tuple[Asked, Form, OpenForm]:
    """Return what begins a form: the message, with what was said while the form waited."""
    kinds = {one.kind for one in asked.turn.found}
    told = [Found(**one) for one in form.told if one["kind"] not in kinds]
    turn = replace(asked.turn, found=(*asked.turn.found, *told))
    return replace(asked, turn=turn), task, replace(form, told=())


def is_answer(asked: Asked, task: Form, form: OpenForm) -> bool:
    """Tell whether a message answers the open question, whatever else the classifier makes of it.

    It does when a choice was tapped, when free words were asked for, when it has words of what was asked for,
    and when that is most of what was said.
    """
    if tapped(asked, form.offered) is not None:
        return True
    if form.asked is None:
        return False
    if chosen(asked, form) is not None:
        return True
    slot = task.slot(form.asked)
    named = sum(found.end - found.start for found in asked.turn.all_of(*slot.kinds))
    if slot.is_told or slot.is_said_in(asked.turn.text):
        return True
    return named >= _MOSTLY * max(len(asked.turn.text), 1)


def is_corrected(asked: Asked, task: Form, form: OpenForm) -> bool:
    """Tell whether a message corrects what was read back: a no at its head, then something that the form takes.

    "No, at the stone church" names a place, and would else be taken for a question about it.
    """
    kinds = {kind for slot in task.slots for kind in slot.kinds}
    return (
        form.is_read_back
        and opens_with_no(asked.turn.text)
        and asked.turn.first(*kinds) is not None
    )


async def go_on(asked: Asked, task: Form, form: OpenForm) -> Outcome | None:
    """Return what a message does to a form; None when it says nothing about it."""
    turn, state = asked.turn, asked.state
    try:
        if task.needs_person and not turn.is_signed_in:
            if turn.intent in _TO_THE_BOT:
                return None
            return replace(state, form=keeping(asked, form)), [SIGN_IN]
        if form.asked is None and not form.is_read_back:  # it has waited from the beginning
            return await begin(*_recalling(asked, task, form))
        if form.is_read_back and turn.intent == "affirm" and not turn.found:
            return await _commit(asked, task, form)
        filled = await fill(asked, task, form)
        if filled.is_changed or filled.objection:
            return await _ask_next(asked, task, filled)
        if turn.intent == "deny" and task.ends_with_no:
            return replace(state.understood(), form=None), [Say("utter_stopped")]
        if turn.intent == "deny" and form.is_read_back:
            return state.understood(), [Say("utter_what_to_change", choices=[*task.changes])]
    except ProvinceUnreachable:
        return state, [task.unreachable]
    except SignInNeeded:
        return state, [SIGN_IN]
    return None


async def ask_again(asked: Asked, tasks: Mapping[str, Task], form: OpenForm) -> Outcome:
    """Return the open question of a form once more."""
    task = tasks.get(form.intent)
    if not isinstance(task, Form):
        return replace(asked.state, form=None), []
    if task.needs_person and not asked.turn.is_signed_in:
        return asked.state, [SIGN_IN]
    if form.asked is None and not form.is_read_back:
        return await begin(*_recalling(asked, task, form))
    try:
        return await _ask_next(asked, task, Filled(form))
    except ProvinceUnreachable:
        return asked.state, [task.unreachable]
    except SignInNeeded:
        return asked.state, [SIGN_IN]


async def _ask_next(asked: Asked, task: Form, filled: Filled) -> Outcome:
    form, say = await question(asked, task, filled.form)
    is_answered = form.is_read_back and not task.needs_yes
    kept = None if is_answered else form
    state = replace(asked.state.understood(), form=kept).showing([say])
    return state, [filled.objection, say] if filled.objection else [say]


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
    return (replace(after, waiting=()) if task.hands_over(form) else after), says


def refusal(refused: Refused) -> Say:
    """Return what the API said against it, in its words."""
    return Say("utter_refused", lines=[content(refused.message)])
