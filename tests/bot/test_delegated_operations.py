"""What tasks of the bot send for people is delegated to it, and nothing else is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from graphql import FieldNode, OperationDefinitionNode, parse

from api.bot.delegation import DELEGATED_OPERATIONS
from tests.conftest import ROOT, document
from tests.contract.authorization import ROOT_FIELDS
from tests.contract.rows import EVERYBODY

DIALOGUE = ROOT / "chatbot" / "dialogue"
OPERATION = re.compile(r"[a-z_]+/[A-Z][A-Za-z0-9]*")
TICKETS_ALONE = {"bot/ReportUnanswered"}
"""Asked for a conversation, never for a person."""


def named_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from OPERATION.findall(node.value) if " " not in node.value else ()


def sent() -> set[str]:
    """Return every operation that the dialogue names."""
    return {name for path in DIALOGUE.rglob("*.py") for name in named_in(path)}


def is_for_anyone(operation: str) -> bool:
    (definition,) = (
        one
        for one in parse(document(operation)).definitions
        if isinstance(one, OperationDefinitionNode)
    )
    root = definition.operation.value.capitalize()
    selected = definition.selection_set.selections
    fields = [one.name.value for one in selected if isinstance(one, FieldNode)]
    return all(ROOT_FIELDS[f"{root}.{field}"].allowed == EVERYBODY for field in fields)


def test_every_operation_for_a_person_that_the_dialogue_sends_is_delegated() -> None:
    of_people = {name for name in sent() if not is_for_anyone(name)} - TICKETS_ALONE

    assert "students/StopStudentCard" in of_people
    assert of_people - set(DELEGATED_OPERATIONS) == set()


def test_nothing_is_delegated_that_the_dialogue_does_not_send() -> None:
    assert set(DELEGATED_OPERATIONS) - sent() == set()
