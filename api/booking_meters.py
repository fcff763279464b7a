"""Appointments by what became of them, counted as they change: health itself counts nothing."""

from prometheus_client import Counter

from api.health.appointments.records import Appointment, AppointmentStatus
from api.kit.seeing import Seeing


class BookingMeters:
    """Hears of changes (HearsOfChanges). A transaction that is tried again counts twice."""

    def __init__(self, seeing: Seeing) -> None:
        self._appointments = Counter(
            "laocai_appointments",
            "Appointments that came to a status.",
            ["status"],
            registry=seeing.registry,
        )
        for status in AppointmentStatus:
            self._appointments.labels(status.name)

    async def appointment_changed(
        self, appointment: Appointment, was: AppointmentStatus | None
    ) -> None:
        if appointment.status is not was:
            self._appointments.labels(appointment.status.name).inc()
