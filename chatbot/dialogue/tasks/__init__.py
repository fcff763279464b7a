"""Every task of the bot by its intent; a module holds those of one subject."""

from __future__ import annotations

from dialogue.task import Task
from dialogue.tasks.cards import CARDS
from dialogue.tasks.school import SCHOOL

SUBJECTS: tuple[tuple[Task, ...], ...] = (CARDS, SCHOOL)

TASKS: dict[str, Task] = {task.intent: task for subject in SUBJECTS for task in subject}
