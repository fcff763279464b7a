"""Every task of the bot by its intent; a module holds those of one subject."""

from __future__ import annotations

from dialogue.task import Task
from dialogue.tasks.health import HEALTH

SUBJECTS: tuple[tuple[Task, ...], ...] = (HEALTH,)
from dialogue.tasks.conditions import CONDITIONS
from dialogue.tasks.places import PLACES

SUBJECTS: tuple[tuple[Task, ...], ...] = (PLACES, CONDITIONS)
from dialogue.tasks.reports import REPORTS

SUBJECTS: tuple[tuple[Task, ...], ...] = (REPORTS,)
from dialogue.tasks.cards import CARDS
from dialogue.tasks.school import SCHOOL

SUBJECTS: tuple[tuple[Task, ...], ...] = (CARDS, SCHOOL)

TASKS: dict[str, Task] = {task.intent: task for subject in SUBJECTS for task in subject}
