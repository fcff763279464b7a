"""The link in a reminder that gives a place back: "I can't come"."""

from api.health.appointments.cancelling import CancellingTickets
from api.health.appointments.records import Appointment

PATH = "/health/v1/cannot-come"


class CannotComeLinks:
    """`public_url`: the address under which phones reach us."""

    def __init__(self, tickets: CancellingTickets, public_url: str) -> None:
        self._tickets = tickets
        self._public_url = public_url.rstrip("/")

    def link(self, appointment: Appointment) -> str:
        """Return where somebody confirms with one tap that they cannot come; it opens no account."""
        return f"{self._public_url}{PATH}?ticket={self._tickets.issue(appointment)}"
