"""What the bot can do, told to who asks for help: the tasks that most people come for are a tap away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dialogue.province import Asked
from dialogue.saying import Say, choice
from dialogue.state import State
from dialogue.task import Task
from dialogue.titles import offered

_MOST_WANTED = (
    "find_nearby",
    "plan_trip",
    "find_doctor",
    "report_problem",
    "card_buy",
    "attendance",
    "human",
)


def helped(asked: Asked, tasks: Mapping[str, Task]) -> tuple[State, list[Say]]:
    """Return what can be done; in a form its question comes after it, and nothing else is offered."""
    state = asked.state.understood()
    if state.form is not None:
        return state, [Say("utter_help")]
    choices = [choice(one, tasks[one].title) for one in _MOST_WANTED if one in tasks]
    guesses = offered(choices, asked.language)
    return replace(state, guesses=guesses), [Say("utter_help", choices=choices)]
