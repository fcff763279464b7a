"""Reads Dockerfiles: stages, and the instructions of each."""

import json
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import ROOT

FILES = (ROOT / "docker" / "api.Dockerfile", ROOT / "docker" / "bot.Dockerfile")


@dataclass(slots=True)
class Stage:
    """What a stage starts from, and what it adds: pairs of an instruction and its arguments."""

    name: str
    base: str
    instructions: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def all_of(self, instruction: str) -> list[str]:
        return [arguments for name, arguments in self.instructions if name == instruction]


def stages(file: Path) -> dict[str, Stage]:
    found: dict[str, Stage] = {}
    stage: Stage | None = None
    for instruction, arguments in _instructions(file.read_text()):
        if instruction == "FROM":
            base, _, name = arguments.partition(" AS ")
            stage = found[name] = Stage(name, base)
        else:
            assert stage is not None
            stage.instructions.append((instruction, arguments))
    return found


def last_of(built: dict[str, Stage], name: str, instruction: str) -> str | None:
    """Return what holds in a stage: the last such instruction there, else in what it starts from."""
    stage = built.get(name)
    while stage is not None:
        if found := stage.all_of(instruction):
            return found[-1]
        stage = built.get(stage.base)
    return None


def command_of(built: dict[str, Stage], name: str) -> list[str]:
    command: list[str] = json.loads(last_of(built, name, "CMD") or "[]")
    return command


def copied_from_the_context(stage: Stage) -> list[str]:
    words = [shlex.split(one) for one in stage.all_of("COPY")]
    return [source for one in words if not one[0].startswith("--from") for source in one[:-1]]


def _instructions(text: str) -> list[tuple[str, str]]:
    lines = [
        line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]
    whole = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    parts = (line.partition(" ") for line in whole.splitlines())
    return [(name, arguments.strip()) for name, _, arguments in parts]
