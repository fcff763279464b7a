"""Flows of graphql/flows/ as steps, and what of them is compared."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

FLOWS = sorted(path for path in (ROOT / "graphql" / "flows").glob("*.md") if path.stem != "README")
_STEP = re.compile(
    r"^```json(?: (?P<operation>\w+/\w+) (?P<language>[\w-]+))?\n(?P<body>.*?)^```$|^> (?P<event>[^\n]+)$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Event:
    """What others do."""

    words: str


@dataclass(frozen=True, slots=True)
class Request:
    operation: str
    language: str
    variables: Any


@dataclass(frozen=True, slots=True)
class Answer:
    members: Any


def steps_of(path: Path) -> list[Event | Request | Answer]:
    steps: list[Event | Request | Answer] = []
    for found in _STEP.finditer(path.read_text(encoding="utf-8")):
        if found["event"]:
            steps.append(Event(found["event"]))
        elif found["operation"]:
            body = json.loads(found["body"])
            steps.append(Request(found["operation"], found["language"], body))
        else:
            steps.append(Answer(json.loads(found["body"])))
    return steps


def filled(value: Any, known: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Return `value` with what is known in place of its names."""
    if isinstance(value, dict):
        return {name: filled(it, known) for name, it in value.items()}
    if isinstance(value, list):
        return [filled(it, known) for it in value]
    if isinstance(value, str) and value.startswith("$"):
        return known[value[1:]]
    return value


def held(expected: Any, found: Any, known: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Return of `found` what `expected` tells of; its names take what is there, when they are new."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return {name: held(it, found.get(name), known) for name, it in expected.items()}
    if isinstance(expected, list) and isinstance(found, list):
        return [held(*pair, known) for pair in zip(expected, found, strict=False)]
    if isinstance(expected, str) and expected.startswith("$"):
        known.setdefault(expected[1:], found)
    return found
