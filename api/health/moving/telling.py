"""Tells whoever had a place that the facility cancelled it, and that others are there."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from api.health.appointments.records import Appointment, CancelledBy
from api.health.appointments.repository import AppointmentRepository
from api.health.moving.cancelled_session import CancellationReason, CancelledSessionRepository
from api.health.moving.cancelling import TELL_CANCELLED
from api.health.reaching.message import Message
from api.health.reaching.place_words import PlaceWords
from api.health.reaching.reaching import Reaching
from api.health.reaching.wording import Wording
from api.kit.clock import Clock
from api.kit.errors import N_
from api.kit.ids import derived_id
from api.kit.jobs import Handler

TITLE = N_("Your appointment was cancelled")
CANCELLED = N_(
    "{facility} has to cancel your appointment: {moment}. Choose another place in the app."
)
CANCELLED_SOMEWHERE = N_(
    "Your appointment has to be cancelled: {moment}. Choose another place in the app."
)
REASONS: Mapping[CancellationReason, str] = {
    CancellationReason.PRACTITIONER_AWAY: N_("The doctor cannot be there."),
    CancellationReason.EQUIPMENT: N_("Equipment that is needed does not work."),
    CancellationReason.EMERGENCY: N_("An emergency has to go first."),
}
_NEWS_FOR = timedelta(days=2)


class CancellationTelling:
    def __init__(
        self,
        appointments: AppointmentRepository,
        cancelled: CancelledSessionRepository,
        wording: Wording,
        reaching: Reaching,
        clock: Clock,
    ) -> None:
        self._appointments = appointments
        self._cancelled = cancelled
        self._wording = wording
        self._reaching = reaching
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {TELL_CANCELLED: self._tell}

    async def _tell(self, payload: Mapping[str, Any]) -> None:
        await self._reaching.say(lambda: self._message(payload["appointment"]))

    async def _message(self, appointment_id: str) -> Message | None:
        lost = await self._appointments.get(appointment_id)
        if lost is None or lost.booker_id is None:
            return None
        if lost.cancelled_by is not CancelledBy.FACILITY or lost.moved_to is not None:
            return None
        words = await self._wording.of(lost)
        return self._said(lost, lost.booker_id, words, await self._why(lost, words))

    async def _why(self, lost: Appointment, words: PlaceWords) -> str:
        cancelled = await self._cancelled.get(lost.session_id)
        reason = REASONS.get(cancelled.reason) if cancelled else None
        return words.translated(reason) if reason else ""

    def _said(self, lost: Appointment, person_id: str, words: PlaceWords, why: str) -> Message:
        brief = words.brief(CANCELLED, CANCELLED_SOMEWHERE)
        return Message(
            id=derived_id("health cancellation", lost.id),
            thread=derived_id("health reminders", lost.id),
            person_id=person_id,
            language=words.language,
            title=words.translated(TITLE),
            brief=brief,
            letter="\n\n".join(filter(None, (brief, why, words.details()))),
            expires_at=self._clock() + _NEWS_FOR,
            data={"type": "healthCancellation", "appointmentId": lost.id},
        )
