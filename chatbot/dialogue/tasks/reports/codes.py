"""Codes of reports that are not written as they should be: without their LC, or with a sign that is wrong."""

from __future__ import annotations

from dataclasses import replace

from dialogue.province import Asked
from dialogue.saying import Say, line
from dialogue.turn import Found
from report_codes import find_bare_code, wrong_code_in

SHOWN = "report_code"
_TRACKS, _SLOT = "track_report", "report"
_ABOUT_REPORTS = frozenset({_TRACKS, "confirm_repair"})
_BESIDE_A_CODE = 10
"""With so few letters beside it a code is all that a message says: "mã … nhé", "it's …"."""


def read(asked: Asked) -> Asked:
    """Return a message with the code that it names without LC, where a code may be meant.

    A code alone, right or wrong, asks for its report, whatever the classifier makes of six signs.
    """
    turn, form = asked.turn, asked.state.form
    is_about = turn.intent in _ABOUT_REPORTS
    is_other_asked = form is not None and form.asked != _SLOT and not is_about
    if turn.intent == "emergency" or turn.first(SHOWN) or is_other_asked:
        return asked
    bare = find_bare_code(turn.text)
    said = turn.text[bare.start : bare.end] if bare else wrong_code_in(turn.text)
    is_alone = said is not None and _letters(turn.text) - _letters(said) <= _BESIDE_A_CODE
    if not (is_alone or is_about):
        return asked
    if bare:
        found = (Found(SHOWN, bare.value, bare.start, bare.end), *turn.found)
        turn = replace(turn, found=found)
    if is_alone and not is_about:
        turn = replace(turn, intents=(("inform" if form else _TRACKS, 1.0),))
    return replace(asked, turn=turn)


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def objection_to(asked: Asked) -> Say | None:
    """Return what is wrong with the code of a message, and what a code is; None where none is wrong."""
    wrong = None if asked.turn.first(SHOWN) else wrong_code_in(asked.turn.text)
    if wrong is None:
        return None
    lines = [line("line_report_code_signs"), line("line_report_code_where")]
    return Say("utter_report_code_wrong", {"code": wrong}, lines)
