"""A person's own appointments, and those of whom she booked for."""

from datetime import datetime

from api.accounts.caller import Caller
from api.health.appointments.holding import Holds
from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.appointments.repository import AppointmentRepository
from api.kit.pages import Listing, Page, checked_first

_LATEST_FIRST = Listing("myAppointments", (datetime, str))


class AppointmentReading:
    def __init__(self, appointments: AppointmentRepository, holds: Holds) -> None:
        self._appointments = appointments
        self._holds = holds

    async def of(
        self, caller: Caller, status: AppointmentStatus | None, first: int, after: str | None
    ) -> Page[Appointment]:
        """Return what the caller holds and booked, the latest start first.

        Raises NotSignedIn, InvalidPageSize, InvalidCursor.
        """
        person_id = caller.person()
        checked_first(first)
        await self._holds.release_expired()
        values = _LATEST_FIRST.values(after)
        found = await self._appointments.of_booker(
            person_id,
            () if status is None else (status,),
            after=None if values is None else (values[0], values[1]),
            limit=first + 1,
        )
        return _LATEST_FIRST.page(
            found, first=first, after=after, values=lambda it: (it.start, it.id)
        )

    async def find(self, caller: Caller, appointment_id: str) -> Appointment | None:
        """Return one of the caller's, None when there is none. Raises NotSignedIn."""
        person_id = caller.person()
        await self._holds.release_expired()
        found = await self._appointments.get(appointment_id)
        return found if found is not None and found.booker_id == person_id else None
