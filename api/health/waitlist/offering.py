"""A place that becomes free goes to who waits for it, in order: one person at a time.

Freed and kept back for those who wait is one transaction, so that no search takes it in between; from
kept back to held for somebody is another. Killed anywhere, the place is with the one or the other, and
the job, or the end of the hold, brings it on: to the next, or back to everybody when nobody is left.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from api.health.appointments.records import Appointment, AppointmentStatus, CancelledBy
from api.health.slots.records import Slot
from api.health.slots.repository import SlotRepository
from api.health.waitlist.holding import OfferHolding
from api.health.waitlist.offer_times import ANSWERED_WITHIN, is_worth_offering, offered_from
from api.health.waitlist.repository import KeptPlace, WaitlistRepository
from api.health.waitlist.wish import MISSED_AT_MOST, Wish, WishState
from api.kit.clock import Clock
from api.kit.ids import derived_id, new_id
from api.kit.jobs import Handler, Jobs
from api.kit.store import Store, WriteConflict
from api.kit.transactions import transact

OFFER_PLACE = "health.offer_place"
TELL_OFFER = "health.tell_offer"
_WISHES_AT_ONCE = 50


class Offering:
    def __init__(
        self,
        store: Store,
        waitlist: WaitlistRepository,
        slots: SlotRepository,
        holding: OfferHolding,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._store = store
        self._waitlist = waitlist
        self._slots = slots
        self._holding = holding
        self._jobs = jobs
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {OFFER_PLACE: self._offer_place}

    async def place_freed(self, slot: Slot) -> None:
        """Keep a room that was just given back for those who wait (HearsOfFreedPlaces).

        Nothing happens when nobody waits for it, or when it begins too soon.
        """
        if not self._is_worth(slot) or await self._first(slot) is None:
            return
        await self._slots.take(slot.id)
        place = KeptPlace(new_id(), slot.id)
        await self._waitlist.keep(place)
        await self._ask(place, offered_from(slot.start, self._clock()))

    async def appointment_changed(
        self, appointment: Appointment, was: AppointmentStatus | None
    ) -> None:
        """Note what became of an offer (HearsOfChanges)."""
        if was is not AppointmentStatus.PENDING:
            return
        wish = await self._waitlist.offered(appointment.id)
        if wish is None or appointment.status is AppointmentStatus.PENDING:
            return
        if await self._waitlist.replace(answered(wish, appointment)) is None:
            raise WriteConflict

    async def _offer_place(self, payload: Mapping[str, Any]) -> None:
        await transact(self._store, lambda: self._offer(payload["place"]))

    async def _offer(self, place_id: str) -> None:
        """Offer a kept place to the first who fits, or let everybody have it."""
        place = await self._waitlist.kept(place_id)
        if place is None:
            return  # it was offered before
        slot = await self._slots.get(place.slot_id)
        now = self._clock()
        if slot is not None and self._is_worth(slot):
            due_at = offered_from(slot.start, now)
            if due_at > now:
                await self._ask(place, due_at)
                return
            if await self._offer_to_first(place, slot, now + ANSWERED_WITHIN):
                return
        await self._waitlist.let_go(place.id)
        await self._slots.give_back(place.slot_id)

    async def _offer_to_first(self, place: KeptPlace, slot: Slot, until: datetime) -> bool:
        async for wish in self._fitting(slot):
            held = await self._holding.hold_kept(wish, slot.id, until)
            if held is None:
                continue
            offered = replace(wish, state=WishState.OFFERED, offer=held.id)
            if not await self._waitlist.let_go(place.id):
                raise WriteConflict
            if await self._waitlist.replace(offered) is None:
                raise WriteConflict
            await self._jobs.enqueue(
                TELL_OFFER, {"appointment": held.id}, id=derived_id(TELL_OFFER, held.id)
            )
            return True
        return False

    async def _first(self, slot: Slot) -> Wish | None:
        async for wish in self._fitting(slot):
            return wish
        return None

    async def _fitting(self, slot: Slot) -> AsyncIterator[Wish]:
        """Yield whose wish a place fits, first come first."""
        after: tuple[datetime, str] | None = None
        while found := await self._waitlist.waiting(
            slot.facility_id, slot.specialty, after=after, limit=_WISHES_AT_ONCE
        ):
            for wish in found:
                if wish.fits(slot) and wish.ends_at > self._clock():
                    yield wish
            after = (found[-1].joined_at, found[-1].id)

    async def _ask(self, place: KeptPlace, due_at: datetime) -> None:
        await self._jobs.enqueue(
            OFFER_PLACE,
            {"place": place.id},
            id=derived_id(OFFER_PLACE, place.id, due_at.isoformat()),
            run_at=due_at,
        )

    def _is_worth(self, slot: Slot) -> bool:
        return slot.is_open and is_worth_offering(slot.start, self._clock())


def answered(wish: Wish, appointment: Appointment) -> Wish:
    """Return a wish after its offer ended, whichever way."""
    if appointment.status is not AppointmentStatus.CANCELLED:
        return replace(wish, state=WishState.FILLED, offer=None)
    if appointment.cancelled_by is CancelledBy.FACILITY:
        return replace(wish, state=WishState.WAITING, offer=None)
    missed = wish.missed + (appointment.cancelled_by is CancelledBy.HOLD_EXPIRED)
    passed_on = (*wish.passed_on, appointment.slot_id or "")
    state = WishState.LAPSED if missed >= MISSED_AT_MOST else WishState.WAITING
    return replace(wish, state=state, offer=None, missed=missed, passed_on=passed_on)
