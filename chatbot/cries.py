"""Scores the bot on emergencies that people tell in their own ways, and on messages that only sound like one.

`tests/emergencies/<language>.yml` has them by kind, `none` among these. A cry that is heard and not told apart is
answered with 112, which is right for some; the other numbers stand in the next line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from dialogue.emergency_kinds import EMERGENCY
from understanding import understood

FOLDER = Path(__file__).resolve().parent / "tests" / "emergencies"
NONE = "none"
NUMBERS = {
    "medical": "115",
    "suicide": "115",
    "fire": "114",
    "trapped": "114",
    "police": "113",
    "violence": "113",
    "rescue": "112",
    "water": "112",
}
"""Which number whoever wrote the messages meant by a kind."""


@dataclass(frozen=True)
class Cry:
    """`kind`: of NUMBERS, or NONE where nobody is in danger."""

    text: str
    kind: str


@dataclass(frozen=True)
class Heard:
    """Shares: of emergencies that were heard; of others that were taken for one, and of those above whose answer the number was said in one line; of the heard answered with the right number."""

    recall: float
    false_alarms: float
    in_doubt: float
    right_number: float


def cries_of(language: str) -> list[Cry]:
    document = yaml.safe_load((FOLDER / f"{language}.yml").read_text(encoding="utf-8"))
    return [Cry(str(text), kind) for kind, texts in document.items() for text in texts]


def heard(cries: list[Cry], parsed: Mapping[str, Mapping[str, Any]]) -> Heard:
    """Return how a model heard these; `parsed` is what it made of each text."""
    from components.emergency import number_to_call_first

    taken = [one for one in cries if parsed[one.text]["intent"]["name"] == EMERGENCY]
    true = [one for one in taken if one.kind != NONE]
    false = [understood(parsed[one.text]) for one in taken if one.kind == NONE]
    said = [number_to_call_first(parsed[one.text]["entities"]) for one in true]
    right = sum(NUMBERS[one.kind] == number for one, number in zip(true, said, strict=True))
    emergencies = sum(one.kind != NONE for one in cries)
    others = max(len(cries) - emergencies, 1)
    return Heard(
        len(true) / max(emergencies, 1),
        sum(not one.is_in_doubt for one in false) / others,
        sum(one.is_in_doubt for one in false) / others,
        right / max(len(true), 1),
    )
