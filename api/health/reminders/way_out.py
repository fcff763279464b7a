"""The link in a reminder by which somebody who cannot come gives the place back, without signing in."""

from api.health.appointments.cancelling import Cancelling, CancellingTickets
from api.health.appointments.errors import AppointmentNotFound
from api.health.appointments.records import Appointment
from api.health.appointments.repository import AppointmentRepository
from api.health.reaching.place_words import PlaceWords
from api.health.reaching.wording import Wording

PATH = "/health/v1/cannot-come"


class CannotComeLinks:
    """`public_url`: the address under which phones reach us."""

    def __init__(self, tickets: CancellingTickets, public_url: str) -> None:
        self._tickets = tickets
        self._public_url = public_url.rstrip("/")

    def link(self, appointment: Appointment) -> str:
        """Return where one tap gives the place back; it opens no account."""
        return f"{self._public_url}{PATH}?ticket={self._tickets.issue(appointment)}"


class CannotCome:
    """What the page behind the link shows and does."""

    def __init__(
        self,
        appointments: AppointmentRepository,
        tickets: CancellingTickets,
        cancelling: Cancelling,
        wording: Wording,
    ) -> None:
        self._appointments = appointments
        self._tickets = tickets
        self._cancelling = cancelling
        self._wording = wording

    async def asked(self, ticket: str) -> PlaceWords:
        """Return what would be cancelled; nothing is yet: whatever previews links reads pages too.

        Raises AppointmentNotFound.
        """
        appointment = await self._appointments.get(ticket.partition(".")[0])
        if appointment is None or not self._tickets.is_good(ticket, appointment):
            raise AppointmentNotFound
        return await self._wording.of(appointment)

    async def confirmed(self, ticket: str) -> PlaceWords:
        """Cancel; again and again answers the same. Raises AppointmentNotFound, AppointmentOver."""
        return await self._wording.of(await self._cancelling.cancel_by_ticket(ticket))
