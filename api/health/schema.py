"""What the slice adds to the roots of the contract."""

import strawberry

from api.health.appointments.schema import AppointmentsMutation, AppointmentsQuery
from api.health.desk.schema import DeskMutation, DeskQuery
from api.health.directory.mutations_schema import DirectoryMutation
from api.health.directory.schema import DirectoryQuery
from api.health.health_error import HealthErrors
from api.health.moving.schema import MovingMutation, MovingQuery
from api.health.queue.schema import QueueMutation, QueueQuery, QueueSubscription
from api.health.record.mutations_schema import RecordMutation
from api.health.record.schema import RecordQuery
from api.health.reminders.schema import RemindersMutation, RemindersQuery
from api.health.schedules.schema import SchedulesMutation, SchedulesQuery
from api.health.slots.schema import SlotsQuery
from api.health.triage.schema import TriageQuery
from api.health.waitlist.schema import WaitlistMutation, WaitlistQuery

__all__ = ["HealthErrors", "HealthMutation", "HealthQuery", "HealthSubscription"]


@strawberry.type
class HealthQuery(
    DirectoryQuery,
    SlotsQuery,
    SchedulesQuery,
    QueueQuery,
    DeskQuery,
    WaitlistQuery,
    MovingQuery,
    RemindersQuery,
    TriageQuery,
    RecordQuery,
    AppointmentsQuery,
):
    pass


@strawberry.type
class HealthMutation(
    DirectoryMutation,
    SchedulesMutation,
    QueueMutation,
    DeskMutation,
    WaitlistMutation,
    MovingMutation,
    RemindersMutation,
    RecordMutation,
    AppointmentsMutation,
):
    pass


@strawberry.type
class HealthSubscription(QueueSubscription):
    pass
