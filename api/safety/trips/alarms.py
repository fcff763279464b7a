"""The clock of a trip: the trekker is reminded, the contacts are told, then the rescue desk.

A stage is noted in the transaction that queues what is said, so that a worker that is killed says it once. Each
round, which an extension begins anew, has its own jobs; those of earlier rounds find nothing to do.
"""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

import structlog

from api.accounts.sign_in.addresses import Address
from api.accounts.sign_in.errors import TooManyCodes
from api.accounts.sign_in.send_caps import SendCaps
from api.kit.clock import Clock
from api.kit.ids import derived_id
from api.kit.jobs import Handler, Jobs
from api.kit.store import Store
from api.kit.transactions import transact
from api.safety.desks import RescueDesks
from api.safety.tracks import Tracks
from api.safety.trips.dangers import Dangers
from api.safety.trips.records import KEPT_FOR, AlarmStage, Trip, TripState
from api.safety.trips.repository import TripRepository
from api.safety.trips.texts import Word, contact_text, danger, desk_notice, reminder
from notifications.service import Notifications
from notifications.text_message import Channel
from notifications.texts import Texts

ALARM = "safety.trip_alarm"
TELL_CONTACT = "safety.trip_tell_contact"
CALL_DESKS = "safety.trip_call_desks"
WATCH = "safety.trip_watch"
FORGET = "safety.trip_forget"
WATCHED_EVERY = timedelta(minutes=30)

log = structlog.get_logger()


class TripAlarms:
    def __init__(
        self,
        store: Store,
        trips: TripRepository,
        tracks: Tracks,
        desks: RescueDesks,
        dangers: Dangers,
        jobs: Jobs,
        notifications: Notifications,
        texts: Texts,
        caps: SendCaps,
        clock: Clock,
    ) -> None:
        self._store = store
        self._trips = trips
        self._tracks = tracks
        self._desks = desks
        self._dangers = dangers
        self._jobs = jobs
        self._notifications = notifications
        self._texts = texts
        self._caps = caps
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {
            ALARM: self._alarm,
            TELL_CONTACT: self._tell_contact,
            CALL_DESKS: self._call_desks,
            WATCH: self._watch,
            FORGET: self._forget,
        }

    async def begin(self, trip: Trip) -> None:
        """Set the clock of this round; joins the open transaction."""
        payload = {"trip": trip.id, "round": trip.round}
        for stage in (AlarmStage.TREKKER, AlarmStage.CONTACTS, AlarmStage.DESK):
            await self._jobs.enqueue(
                ALARM,
                {**payload, "stage": int(stage)},
                id=derived_id(ALARM, trip.id, str(trip.round), stage.name),
                run_at=trip.moment_of(stage),
            )
        await self._jobs.enqueue(
            FORGET,
            payload,
            id=derived_id(FORGET, trip.id, str(trip.round)),
            run_at=trip.due_at + KEPT_FOR,
        )
        await self._watch_next(trip, 0)

    async def tell_contacts(self, trip: Trip, word: Word) -> None:
        """Ask for every contact to be told; joins the open transaction."""
        for number in range(len(trip.content.contacts) if trip.content else 0):
            await self._jobs.enqueue(
                TELL_CONTACT,
                {"trip": trip.id, "round": trip.round, "contact": number, "word": word.value},
                id=derived_id(TELL_CONTACT, trip.id, str(trip.round), word, str(number)),
            )

    async def forget(self, trip_id: str) -> None:
        """Forget who went where with whom, and end the alarms."""

        async def work() -> None:
            await self._trips.forget(trip_id)
            await self._tracks.forget(trip_id)

        await transact(self._store, work)

    async def _alarm(self, payload: Mapping[str, Any]) -> None:
        stage = AlarmStage(payload["stage"])
        await transact(
            self._store, partial(self._reach_all, payload["trip"], payload["round"], stage)
        )

    async def _reach_all(self, trip_id: str, round_number: int, stage: AlarmStage) -> None:
        """Tell the desk only after the contacts: when no worker ran for hours, all is due at once, in any order."""
        if stage is AlarmStage.DESK:
            await self._reach(trip_id, round_number, AlarmStage.CONTACTS)
        await self._reach(trip_id, round_number, stage)

    async def _reach(self, trip_id: str, round_number: int, stage: AlarmStage) -> None:
        trip = await self._trips.reach(trip_id, round_number, stage)
        if trip is None:
            return
        log.info("trip alarm", trip=trip.id, stage=stage.name)
        if stage is AlarmStage.TREKKER and trip.person_id is not None:
            await self._notifications.tell(reminder(trip), trip.person_id)
        elif stage is AlarmStage.CONTACTS and trip.content is not None:
            await self.tell_contacts(trip, Word.OVERDUE)
        elif stage is AlarmStage.CONTACTS:
            # Nobody knows any more whom to tell: the desk need not wait for contacts who know nothing.
            await self._reach(trip_id, round_number, AlarmStage.DESK)
        elif stage is AlarmStage.DESK:
            call_id = derived_id(CALL_DESKS, trip.id, str(trip.round))
            await self._jobs.enqueue(CALL_DESKS, {"trip": trip.id}, id=call_id)

    async def _tell_contact(self, payload: Mapping[str, Any]) -> None:
        word = Word(payload["word"])
        try:
            await transact(self._store, partial(self._tell_once, payload, word))
        except TooManyCodes:
            # No SMS are left today: the desk need not wait for contacts who know nothing.
            log.warning("no SMS left for the contacts of a trip", trip=payload["trip"])
            if word is Word.OVERDUE:
                work = partial(self._reach, payload["trip"], payload["round"], AlarmStage.DESK)
                await transact(self._store, work)

    async def _tell_once(self, payload: Mapping[str, Any], word: Word) -> None:
        # Where it does not open, later: a key may come back, and the desk is told at its time in any case.
        trip = await self._trips.get_opened(payload["trip"])
        if trip is None or trip.content is None:
            return
        is_off = trip.state is not TripState.OPEN or trip.round != payload["round"]
        if word is Word.OVERDUE and is_off:
            return
        number: int = payload["contact"]
        contact = trip.content.contacts[number]
        await self._caps.count_notice(Address(Channel.SMS, contact.number), self._clock())
        await self._texts.queue(contact_text(trip, trip.content, contact, word))

    async def _call_desks(self, payload: Mapping[str, Any]) -> None:
        trip = await self._trips.get(payload["trip"])
        if trip is None or trip.state is not TripState.OPEN:
            return
        for person_id in await self._desks.staff_for(
            [trip.commune_code] if trip.commune_code else []
        ):
            await self._notifications.tell(desk_notice(trip, person_id), person_id)

    async def _watch(self, payload: Mapping[str, Any]) -> None:
        """Tell of dangers on the way, as long as that is known, and look again: a key may come back."""
        trip = await self._trips.get_readable(payload["trip"])
        if trip is None or trip.state is not TripState.OPEN or trip.round != payload["round"]:
            return
        for one in await self._dangers.of(trip):
            if trip.person_id is not None:
                await self._notifications.tell(danger(trip, one.alert_id), trip.person_id)
        await self._watch_next(trip, payload["number"] + 1)

    async def _watch_next(self, trip: Trip, number: int) -> None:
        run_at = self._clock() + (WATCHED_EVERY if number else timedelta())
        if run_at > trip.moment_of(AlarmStage.CONTACTS):
            return
        await self._jobs.enqueue(
            WATCH,
            {"trip": trip.id, "round": trip.round, "number": number},
            id=derived_id(WATCH, trip.id, str(trip.round), str(number)),
            run_at=run_at,
        )

    async def _forget(self, payload: Mapping[str, Any]) -> None:
        if await self._trips.is_at(payload["trip"], payload["round"]):
            await self.forget(payload["trip"])
