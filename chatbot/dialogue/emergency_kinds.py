"""The kinds of emergencies: which is taken first, whom to call for it, and what its SOS is raised as.

Rasa's components read it as well as the dialogue: the number is said by Rasa itself, without the action server.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dialogue.saying import Line, Say, link

EMERGENCY = "emergency"
SUICIDE = "suicide"
OTHER_NUMBER, OTHER_SOS = "112", "OTHER"
_CHILDREN = "111"
_CERTAIN = "_certain"


@dataclass(frozen=True, slots=True)
class Kind:
    """`name`: by which messages tell it; `number`: to call first; `sos`: the kind that the rescue desk sees."""

    name: str
    number: str
    sos: str


KINDS = {
    kind.name: kind
    for kind in (
        Kind(SUICIDE, "115", "MEDICAL"),
        Kind("fire", "114", "FIRE"),
        Kind("rescue", "112", "LOST"),
        Kind("trapped", "114", "TRAPPED"),
        Kind("medical", "115", "MEDICAL"),
        Kind("police", "113", "VIOLENCE"),
    )
}
"""When a message tells of several, the earlier one is taken."""


def is_in_doubt(intent: str | None, confidence: float | None) -> bool:
    """Tell whether the first intent of a message is an emergency, and another is likelier (components/emergency.py)."""
    return intent == EMERGENCY and (confidence or 0.0) < 1.0


def is_certain(told: str) -> bool:
    """Tell whether what was found in a message makes it an emergency whatever the classifier thinks."""
    return told.endswith(_CERTAIN)


def first_told(told: Iterable[str]) -> str | None:
    """Return the kind that comes first of what was found in a message, or None when nothing tells one."""
    names = {value.removesuffix(_CERTAIN) for value in told}
    return next((name for name in KINDS if name in names), None)


def kind_of(told: list[str], before: str | None) -> str | None:
    """Return the kind of an emergency: that of `before` stands, unless certain words tell another."""
    return first_told(filter(is_certain, told)) or before or first_told(told)


def number_of(kind: str | None) -> str:
    return KINDS[kind].number if kind in KINDS else OTHER_NUMBER


def sos_of(kind: str | None) -> str:
    return KINDS[kind].sos if kind in KINDS else OTHER_SOS


def whom_to_call(kind: str | None) -> Say:
    """Return what is said first of all in an emergency: the number, and all of them to tap."""
    if kind not in KINDS:
        return Say("utter_emergency", links=links_of(kind))
    phrase = kind if kind == SUICIDE else number_of(kind)
    return Say(f"utter_emergency_{phrase}", links=links_of(kind))


def links_of(kind: str | None) -> list[Line]:
    first = [number_of(kind)] + ([_CHILDREN] if kind == SUICIDE else [])
    numbers = dict.fromkeys([*first, *sorted(one.number for one in KINDS.values())])
    return [link(f"link_{number}", f"tel:{number}") for number in numbers]
