"""Every task of the bot by its intent; a module holds those of one subject."""

from __future__ import annotations

from dialogue.task import Task
from dialogue.tasks.cards import CARDS
from dialogue.tasks.conditions import CONDITIONS
from dialogue.tasks.health import HEALTH
from dialogue.tasks.places import PLACES
from dialogue.tasks.reports import REPORTS
from dialogue.tasks.school import SCHOOL

SUBJECTS: tuple[tuple[Task, ...], ...] = (PLACES, CONDITIONS, HEALTH, CARDS, SCHOOL, REPORTS)

TASKS: dict[str, Task] = {task.intent: task for subject in SUBJECTS for task in subject}
