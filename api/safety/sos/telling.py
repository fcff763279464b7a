"""Who is told of a call for help: the people at the desks, by push; and when it is forgotten.

While nobody acknowledges it they are told again, a few times. Of a call that nobody ends the positions are
forgotten as of any other, KEPT_FOR after the phone's last word, and the end is noted.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from api.kit.clock import Clock
from api.kit.errors import N_
from api.kit.events import Events
from api.kit.ids import derived_id
from api.kit.jobs import Handler, Jobs
from api.kit.store import Store
from api.kit.transactions import transact
from api.safety.desks import RescueDesks
from api.safety.sos.records import KEPT_FOR, OPEN, Sos, SosState, SosStep
from api.safety.sos.repository import SosRepository
from api.safety.tracks import Tracks
from locales import AVAILABLE, translator
from notifications.notice import Notice, Priority, Text
from notifications.service import Notifications

CHANGES = "safety.sos"
"""The topic of events: a call was raised, moved, or acted on. Payload: `sos_id`."""
CALL_DESKS = "safety.sos_call_desks"
FORGET = "safety.sos_forget"
LAPSE = "safety.sos_lapse"
TOLD_AGAIN_AFTER = timedelta(minutes=5)
TOLD_AGAIN_AT_MOST = 3
_WORTH_TELLING = timedelta(hours=2)
_TITLE = N_("Somebody calls for help")
_BODY = N_("Open the rescue desk and acknowledge the call.")


class SosTelling:
    def __init__(
        self,
        store: Store,
        sos: SosRepository,
        tracks: Tracks,
        desks: RescueDesks,
        jobs: Jobs,
        notifications: Notifications,
        events: Events,
        clock: Clock,
    ) -> None:
        self._store = store
        self._sos = sos
        self._tracks = tracks
        self._desks = desks
        self._jobs = jobs
        self._notifications = notifications
        self._events = events
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {CALL_DESKS: self._call_desks, FORGET: self._forget, LAPSE: self._lapse}

    async def raised(self, sos: Sos) -> None:
        """Ask for the desks to be called, and for what nobody ends to lapse; joins the open transaction."""
        await self._call(sos, "0", 0)
        await self._lapse_in_time(sos)

    async def entered(self, sos: Sos, commune_code: str) -> None:
        """Ask for the desk of another commune to be called too; joins the open transaction."""
        await self._call(sos, commune_code, 0)

    async def ended(self, sos: Sos, now: datetime) -> None:
        """Ask for what the phone told to be forgotten in time; joins the open transaction."""
        await self._jobs.enqueue(
            FORGET, {"sos": sos.id}, id=derived_id(FORGET, sos.id), run_at=now + KEPT_FOR
        )

    async def forget(self, sos_id: str) -> None:
        """Forget where somebody was, what they said and who they were; a call that is open ends so."""

        async def work() -> None:
            now = self._clock()
            step = SosStep(SosState.ENDED, now, None)
            fields = {"state": step.state.value, "state_since": now}
            is_ended_now = await self._sos.change(sos_id, OPEN, fields, step=step) is not None
            await self._sos.forget(sos_id)
            await self._tracks.forget(sos_id)
            if is_ended_now:
                await self._events.publish(CHANGES, {"sos_id": sos_id})

        await transact(self._store, work)

    async def _call_desks(self, payload: Mapping[str, Any]) -> None:
        sos, number = await self._sos.get(payload["sos"]), payload["number"]
        if sos is None or sos.state not in (OPEN if number == 0 else {SosState.RAISED}):
            return
        for person_id in await self._desks.staff_for(sos.communes):
            await self._notifications.tell(_notice(sos, number, person_id), person_id)
        if number < TOLD_AGAIN_AT_MOST and sos.state is SosState.RAISED:
            await self._call(sos, str(number + 1), number + 1)

    async def _call(self, sos: Sos, occasion: str, number: int) -> None:
        """Ask for the desks to be called; `number`: how often they were before, in vain."""
        run_at = self._clock() + TOLD_AGAIN_AFTER if number else None
        await self._jobs.enqueue(
            CALL_DESKS,
            {"sos": sos.id, "number": number},
            id=derived_id(CALL_DESKS, sos.id, occasion),
            run_at=run_at,
        )

    async def _lapse(self, payload: Mapping[str, Any]) -> None:
        await transact(self._store, partial(self._lapse_or_wait, payload["sos"]))

    async def _lapse_or_wait(self, sos_id: str) -> None:
        sos = await self._sos.get(sos_id)
        if sos is None or sos.state not in OPEN:
            return
        if self._clock() < sos.heard_at + KEPT_FOR:
            await self._lapse_in_time(sos)
        else:
            await self.forget(sos.id)

    async def _lapse_in_time(self, sos: Sos) -> None:
        await self._jobs.enqueue(
            LAPSE,
            {"sos": sos.id},
            id=derived_id(LAPSE, sos.id, sos.heard_at.isoformat()),
            run_at=sos.heard_at + KEPT_FOR,
        )

    async def _forget(self, payload: Mapping[str, Any]) -> None:
        sos = await self._sos.get(payload["sos"])
        if sos is not None and sos.state not in OPEN:
            await self.forget(sos.id)


def _notice(sos: Sos, number: int, person_id: str) -> Notice:
    """Return what a locked phone may show: neither who, nor where."""
    texts = {
        language: Text(translator(language)(_TITLE), translator(language)(_BODY))
        for language in AVAILABLE
    }
    return Notice(
        id=derived_id("sos call", sos.id, person_id, str(number)),
        thread=derived_id("sos thread", sos.id),
        texts=texts,
        priority=Priority.EXTREME,
        overrides_quiet_hours=True,
        expires_at=sos.raised_at + _WORTH_TELLING,
        data={"type": "sos", "id": sos.id},
    )
