"""Doctors and appointments: which specialty, where, when, and the queue."""

from __future__ import annotations

from dialogue.task import Task
from dialogue.tasks.health.appointments import MyAppointments, QueueStatus
from dialogue.tasks.health.booking import BookAppointment
from dialogue.tasks.health.changes import CancelAppointment, RescheduleAppointment
from dialogue.tasks.health.directory import FindDoctor
from dialogue.tasks.health.triage import WhichSpecialty

HEALTH: tuple[Task, ...] = (
    WhichSpecialty(),
    FindDoctor(),
    BookAppointment(),
    RescheduleAppointment(),
    CancelAppointment(),
    MyAppointments(),
    QueueStatus(),
)
