"""Every task of the bot by its intent; a module holds those of one subject."""

from __future__ import annotations

from dialogue.task import Task
from dialogue.tasks.reports import REPORTS

SUBJECTS: tuple[tuple[Task, ...], ...] = (REPORTS,)

TASKS: dict[str, Task] = {task.intent: task for subject in SUBJECTS for task in subject}
