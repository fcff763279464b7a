"""Whoever is offered a place takes it, or lets it go to the next."""

from dataclasses import dataclass

from api.accounts.caller import Caller
from api.health.appointments.booking import Booking, Wish
from api.health.appointments.errors import HoldOver
from api.health.appointments.holding import Holding
from api.health.appointments.records import Appointment
from api.health.waitlist.errors import OfferOver


@dataclass(frozen=True, slots=True)
class Answering:
    """An offer is a hold: taking it is booking, declining it is letting go."""

    booking: Booking
    holding: Holding

    async def take(
        self, caller: Caller, appointment_id: str, how: Wish, idempotency_key: str
    ) -> Appointment:
        """Book the place that is offered. Raises OfferOver, and else what Booking.book raises."""
        try:
            return await self.booking.book(caller, appointment_id, how, idempotency_key)
        except HoldOver as error:
            raise OfferOver from error

    async def decline(
        self, caller: Caller, appointment_id: str, idempotency_key: str
    ) -> Appointment:
        """Let the place go to the next; the caller goes on waiting for others.

        Raises OfferOver, and else what Holding.release raises.
        """
        try:
            return await self.holding.release(caller, appointment_id, idempotency_key)
        except HoldOver as error:
            raise OfferOver from error
