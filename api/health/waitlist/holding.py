"""Holds a place that was kept back for somebody who waits, if they may still have it."""

from datetime import datetime

from api.accounts.errors import NotSignedIn
from api.health.appointments.consent import HealthConsent
from api.health.appointments.holding import Holds
from api.health.appointments.patients import Patients
from api.health.appointments.records import Appointment
from api.health.errors import HealthProblem
from api.health.slots.repository import SlotRepository
from api.health.waitlist.wish import Wish


class OfferHolding:
    def __init__(
        self, slots: SlotRepository, patients: Patients, consent: HealthConsent, holds: Holds
    ) -> None:
        self._slots = slots
        self._patients = patients
        self._consent = consent
        self._holds = holds

    async def hold_kept(self, wish: Wish, slot_id: str, until: datetime) -> Appointment | None:
        """Make a hold of one room of a place that is kept back; joins the open transaction.

        None when the patient, or who acts for them, may not have it: then it is kept back still.
        """
        try:
            patient = await self._patients.of(wish.person_id, wish.dependant_id)
            await self._consent.check(wish.person_id, wish.dependant_id)
            # Given and taken again in one transaction, so nobody sees it free. Whoever is refused by
            # the caps was counted after the taking, and leaves the room taken, as it was.
            await self._slots.give_back(slot_id)
            await self._holds.take(patient, slot_id)
        except (HealthProblem, NotSignedIn):
            return None
        # What may still be refused must be refused above: here it would end the whole transaction.
        await self._slots.give_back(slot_id)
        return await self._holds.hold(patient, slot_id, wish.language, until)
