"""Messages that words alone tell apart, whatever the classifier makes of them."""

from __future__ import annotations

from dataclasses import replace

from dialogue.province import Asked
from dialogue.tasks.places import where_am_i
from dialogue.tasks.reports import codes


def read(asked: Asked) -> Asked:
    """Return a message with the code of a report that it names, and as the question where somebody is."""
    asked = codes.read(asked)
    turn = asked.turn
    if turn.intent == "emergency" or not where_am_i.asks_where_am_i(turn.text):
        return asked
    return replace(asked, turn=replace(turn, intents=((where_am_i.INTENT, 1.0),)))
