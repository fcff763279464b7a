"""Feedback and people: reports, ratings, things lost and found, and whom to turn to."""

from __future__ import annotations

from dialogue.task import Task
from dialogue.tasks.reports.confirm_repair import ConfirmRepair
from dialogue.tasks.reports.help_desks import LostFound
from dialogue.tasks.reports.human import Human
from dialogue.tasks.reports.rate_service import RateService
from dialogue.tasks.reports.report_problem import ReportProblem
from dialogue.tasks.reports.track_report import TrackReport

REPORTS: tuple[Task, ...] = (
    ReportProblem(),
    TrackReport(),
    ConfirmRepair(),
    RateService(),
    LostFound(),
    Human(),
)
