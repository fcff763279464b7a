"""What is said of a report beside its description: before it, and after it. All of it goes to the authorities."""

from __future__ import annotations

import re

from typing_extensions import override

from dialogue.filling import tapped
from dialogue.form import NotThis, Slot, Slots, Taken, Took
from dialogue.province import Asked, Refused
from dialogue.saying import Line, Say, content, line
from dialogue.state import OpenForm
from dialogue.tasks.reports.kept_words import (
    ADDED,
    ANY_WORDS,
    EARLIER,
    KeptWords,
    is_said_to_the_bot,
    keep,
)
from dialogue.tasks.telltale_words import asks, opens_with_no
from dialogue.turn import Turn
from dialogue.understanding import SURE

A_DESCRIPTION = 20
"""So many signs beside what is named in a message tell more than the name."""
_A_DETAIL = 5
_FIRST_WIDE_SIGN, _WIDE = "\u2e80", 3
"""One sign of Chinese, Japanese or Korean says about as much as three letters."""
_NAMES = ("problem", "place", "commune", "road")
_AN_ANSWER = frozenset({"affirm", "deny"})
_QUESTION = re.compile(
    r"(?:[?？]|\b(?:không|khong|chưa|chua)(?: ạ| a)?|[吗呢か]|나요|까요)[\s.!。]*$"
)


def signs_beside(turn: Turn, *kinds: str) -> int:
    """Return how much a message says beside the names of these kinds, in letters of an alphabet."""
    named = {at for one in turn.all_of(*kinds) for at in range(one.start, one.end)}
    rest = [sign for at, sign in enumerate(turn.text) if at not in named]
    return sum(_WIDE if sign >= _FIRST_WIDE_SIGN else 1 for sign in rest)


class FirstWords(KeptWords):
    """A first message that names the problem and is too short for a description: "路灯坏了"."""

    name, is_asked, is_told = EARLIER, False, False

    @override
    def tells(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> bool:
        turn = asked.turn
        is_first = KeptWords.name not in slots and EARLIER not in slots
        is_said = turn.intent == "report_problem" and any(map(str.isalnum, turn.text))
        return is_first and is_said and turn.first("problem") is not None


class Details(Slot):
    """What somebody adds once they have described it: a house number, that it is dark. The description stays."""

    name, is_asked = ADDED, False

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        form = asked.state.form
        if form is None or not _is_detail(asked, form, slots):
            return None
        try:
            added = await keep(asked, asked.turn.text)
        except Refused as refused:
            return NotThis(Say("utter_refused", lines=[content(refused.message)]))
        return Took([*slots.get(ADDED, ()), added])


def _is_detail(asked: Asked, form: OpenForm, slots: Slots) -> bool:
    if not _may_be_detail(asked, form, slots):
        return False
    turn, is_answered = asked.turn, slots != form.slots
    beside = signs_beside(turn, *_NAMES)
    if beside >= A_DESCRIPTION or _is_address(turn, form):
        return _is_told(turn, form) and not (is_answered and opens_with_no(turn.text))
    is_whole = form.is_read_back and not is_answered and beside >= _A_DETAIL
    return is_whole and turn.intent not in _AN_ANSWER and _is_free(turn)


def _may_be_detail(asked: Asked, form: OpenForm, slots: Slots) -> bool:
    """Tell whether a message comes after the description, and is neither a tap nor a question."""
    turn = asked.turn
    is_described = KeptWords.name in slots and form.slots.get(KeptWords.name) == slots["words"]
    is_question = _QUESTION.search(turn.text) or (turn.intent == "out_of_scope" and asks(turn.text))
    if not is_described or is_question:
        return False
    return tapped(asked, form.offered) is None and not is_said_to_the_bot(asked)


def _is_told(turn: Turn, form: OpenForm) -> bool:
    """Tell whether a long message tells more: "yes, and a tree lies across"; a long no to the read-back does not."""
    return not form.is_read_back if turn.intent in _AN_ANSWER else _is_free(turn)


def _is_address(turn: Turn, form: OpenForm) -> bool:
    """Tell whether the answer to where it is has a number: "across from number 12" is on no list of places."""
    return (
        form.asked == "spot"
        and not turn.text.strip().isdecimal()
        and any(map(str.isdecimal, turn.text))
    )


def _is_free(turn: Turn) -> bool:
    return turn.intent in ANY_WORDS or turn.confidence < SURE


def noted(asked: Asked, slots: Slots) -> list[Line]:
    """Return that the message was added to the words, where a question that it did not answer follows."""
    form = asked.state.form
    is_added = form is not None and form.slots.get(ADDED) != slots.get(ADDED)
    return [line("line_report_added")] if is_added else []
