"""Pupils for their guardians: the card, and the days at school."""

from __future__ import annotations

from dialogue.task import Task
from dialogue.tasks.school.attendance import Attendance
from dialogue.tasks.school.pupil_card import StudentCard

SCHOOL: tuple[Task, ...] = (StudentCard(), Attendance())
