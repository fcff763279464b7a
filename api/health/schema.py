"""What the slice adds to the roots of the contract."""

import strawberry

from api.health.appointments.schema import AppointmentsMutation, AppointmentsQuery
from api.health.directory.mutations_schema import DirectoryMutation
from api.health.directory.schema import DirectoryQuery
from api.health.health_error import HealthErrors
from api.health.record.mutations_schema import RecordMutation
from api.health.record.schema import RecordQuery
from api.health.schedules.schema import SchedulesMutation, SchedulesQuery
from api.health.slots.schema import SlotsQuery
from api.health.triage.schema import TriageQuery

__all__ = ["HealthErrors", "HealthMutation", "HealthQuery"]


@strawberry.type
class HealthQuery(
    DirectoryQuery,
    SlotsQuery,
    SchedulesQuery,
    TriageQuery,
    RecordQuery,
    AppointmentsQuery,
):
    pass


@strawberry.type
class HealthMutation(
    DirectoryMutation,
    SchedulesMutation,
    RecordMutation,
    AppointmentsMutation,
):
    pass
