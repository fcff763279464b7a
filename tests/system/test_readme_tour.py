"""The README's tour, command by command, against the running product: it answers what is printed there."""

import json
import re
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from api.kit.store.values import is_dictionary, is_list
from tests.system.running_product import BOT_PYTHON, ROOT, RunningProduct, wait_until

STEP_SECONDS = 20.0
TOUR = (ROOT / "README.md").read_text(encoding="utf-8").split("## A tour")[1].split("\n## ")[0]
STEPS = re.compile(r"```sh\n(?P<command>.*?)```\n(?:```json\n(?P<answer>.*?)```)?", re.DOTALL)
# What differs from run to run: ids and digests, moments, codes, tokens cut short.
CODE = re.compile(r"\b\d{6}\b")
VOLATILE = [
    re.compile(r"[a-z2-7]{26}"),
    re.compile(r"[0-9a-f]{64}"),
    re.compile(r"LC-[0-9A-Z]{3}-[0-9A-Z]{3}"),
    re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(\+00:00|Z)"),
]


@dataclass(frozen=True, slots=True)
class Step:
    command: str
    answer: Any


def steps(port: int) -> Iterator[Step]:
    for found in STEPS.finditer(TOUR):
        command = found["command"].replace("localhost:8000", f"localhost:{port}")
        yield Step(command, json.loads(found["answer"]) if found["answer"] else None)


class Shell:
    """One bash, so that what a step defines is there for the next."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._bash = subprocess.Popen(
            ["bash"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, command: str) -> str:
        """Return what the command prints."""
        assert self._bash.stdin is not None
        assert self._bash.stdout is not None
        self._bash.stdin.write(f"{command}\necho\necho the-end-of-the-step\n")
        self._bash.stdin.flush()
        printed = iter(self._bash.stdout.readline, "the-end-of-the-step\n")
        return "".join(printed)

    def close(self) -> None:
        assert self._bash.stdin is not None
        assert self._bash.stdout is not None
        self._bash.stdin.close()
        self._bash.wait(STEP_SECONDS)
        self._bash.stdout.close()


def agrees(printed: Any, answer: Any) -> bool:  # noqa: ANN401
    """Tell whether the README's `printed` is what came: members may be left out, texts be cut by …"""
    if is_dictionary(printed):
        return is_dictionary(answer) and all(
            name in answer and agrees(value, answer[name]) for name, value in printed.items()
        )
    if is_list(printed):
        return is_list(answer) and len(printed) == len(answer) and all(map(agrees, printed, answer))
    if not isinstance(printed, str) or not isinstance(answer, str):
        return bool(printed == answer)
    if any(form.fullmatch(printed) and form.fullmatch(answer) for form in VOLATILE):
        return True
    start, cut, _ = CODE.sub("", printed).partition("…")
    answer = CODE.sub("", answer)
    return bool(answer.startswith(start) if cut else start == answer)


def test_what_agrees_and_what_does_not() -> None:
    assert agrees({"a": "x…", "b": [1]}, {"a": "xyz", "b": [1], "c": 2})
    assert agrees({"id": "a" * 26}, {"id": "b" * 26})
    assert not agrees({"a": "x"}, {"a": "xyz"})
    assert not agrees({"a": [1]}, {"a": [1, 2]})
    assert not agrees({"a": 1}, {})


@pytest.mark.skipif(not BOT_PYTHON.exists(), reason="the bot's environment (make bot) is not here")
def test_every_step_of_the_tour_answers_what_the_readme_shows(tmp_path: Path) -> None:
    product = RunningProduct(tmp_path, has_bot=True)
    product.start()
    wait_until(product.bot_answers)
    shell = Shell(product.environment)
    wrong: list[str] = []

    for step in steps(product.port):
        deadline = time.monotonic() + STEP_SECONDS
        answer = shell.run(step.command)
        # A warning needs a moment to reach the recorder.
        while not (is_right := is_as_shown(step, answer)) and time.monotonic() < deadline:
            if "recorder" not in step.command:
                break
            time.sleep(0.2)
            answer = shell.run(step.command)
        if not is_right:
            wrong.append(f"{step.command}\nanswered: {answer}")

    shell.close()
    product.stop()
    product.close()
    assert wrong == []
    assert sum(step.answer is not None for step in steps(0)) >= 10


def is_as_shown(step: Step, answer: str) -> bool:
    if step.answer is None:
        return "not found" not in answer
    try:
        return agrees(step.answer, json.loads(answer))
    except json.JSONDecodeError:
        return False
