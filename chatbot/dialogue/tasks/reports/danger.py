"""Whom to call before anything is reported."""

from __future__ import annotations

from dataclasses import replace

from dialogue.form import Slots
from dialogue.saying import Say, line, link

_CALLED = ("112", "113", "114", "115")


def numbers_first(say: Say, slots: Slots) -> Say:
    """Return a reply that names the numbers of a category in which lives may be in danger."""
    numbers = [one for one in slots.get("numbers", ()) if one in _CALLED]
    if not numbers:
        return say
    links = [link(f"link_{number}", f"tel:{number}") for number in numbers]
    danger = line("line_report_danger", number=numbers[0])
    return replace(say, lines=[danger, *say.lines], links=[*links, *say.links])
