"""Tells whoever waits that a place is held for them, while it is."""

from collections.abc import Mapping
from typing import Any

from api.health.appointments.records import AppointmentStatus
from api.health.appointments.repository import AppointmentRepository
from api.health.reaching.message import Message
from api.health.reaching.reaching import Reaching
from api.health.reaching.wording import Wording
from api.health.waitlist.offering import TELL_OFFER
from api.health.waitlist.texts import offer
from api.kit.jobs import Handler


class OfferTelling:
    def __init__(
        self, appointments: AppointmentRepository, wording: Wording, reaching: Reaching
    ) -> None:
        self._appointments = appointments
        self._wording = wording
        self._reaching = reaching

    def handlers(self) -> dict[str, Handler]:
        return {TELL_OFFER: self._tell}

    async def _tell(self, payload: Mapping[str, Any]) -> None:
        await self._reaching.say(lambda: self._message(payload["appointment"]))

    async def _message(self, appointment_id: str) -> Message | None:
        held = await self._appointments.get(appointment_id)
        if held is None or held.status is not AppointmentStatus.PENDING:
            return None
        if held.booker_id is None or held.held_until is None:
            return None
        return offer(await self._wording.of(held), held.booker_id, held.held_until)
