"""Who is told of a call for help: the people at the desks, by push; and when it is forgotten."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from api.kit.clock import Clock
from api.kit.errors import N_
from api.kit.ids import derived_id
from api.kit.jobs import Handler, Jobs
from api.kit.store import Store
from api.kit.transactions import transact
from api.safety.desks import RescueDesks
from api.safety.sos.records import KEPT_FOR, OPEN, Sos
from api.safety.sos.repository import SosRepository
from api.safety.tracks import Tracks
from locales import AVAILABLE, translator
from notifications.notice import Notice, Priority, Text
from notifications.service import Notifications

CHANGES = "safety.sos"
"""The topic of events: a call was raised, moved, or acted on. Payload: `sos_id`."""
CALL_DESKS = "safety.sos_call_desks"
FORGET = "safety.sos_forget"
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
        clock: Clock,
    ) -> None:
        self._store = store
        self._sos = sos
        self._tracks = tracks
        self._desks = desks
        self._jobs = jobs
        self._notifications = notifications
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {CALL_DESKS: self._call_desks, FORGET: self._forget}

    async def raised(self, sos: Sos) -> None:
        """Ask for the desks to be called; joins the open transaction."""
        await self._jobs.enqueue(CALL_DESKS, {"sos": sos.id}, id=derived_id(CALL_DESKS, sos.id))

    async def ended(self, sos: Sos, now: datetime) -> None:
        """Ask for what the phone told to be forgotten in time; joins the open transaction."""
        await self._jobs.enqueue(
            FORGET, {"sos": sos.id}, id=derived_id(FORGET, sos.id), run_at=now + KEPT_FOR
        )

    async def forget(self, sos_id: str) -> None:
        """Forget where somebody was, what they said and who they were."""

        async def work() -> None:
            await self._sos.forget(sos_id)
            await self._tracks.forget(sos_id)

        await transact(self._store, work)

    async def _call_desks(self, payload: Mapping[str, Any]) -> None:
        sos = await self._sos.get(payload["sos"])
        if sos is None or sos.state not in OPEN:
            return
        for person_id in await self._desks.staff_for(sos.commune_code):
            await self._notifications.tell(_notice(sos, person_id), person_id)

    async def _forget(self, payload: Mapping[str, Any]) -> None:
        sos = await self._sos.get(payload["sos"])
        if sos is not None and sos.state not in OPEN:
            await self.forget(sos.id)


def _notice(sos: Sos, person_id: str) -> Notice:
    """Return what a locked phone may show: neither who, nor where."""
    texts = {
        language: Text(translator(language)(_TITLE), translator(language)(_BODY))
        for language in AVAILABLE
    }
    return Notice(
        id=derived_id("sos call", sos.id, person_id),
        thread=derived_id("sos thread", sos.id),
        texts=texts,
        priority=Priority.EXTREME,
        overrides_quiet_hours=True,
        expires_at=sos.raised_at + _WORTH_TELLING,
        data={"type": "sos", "id": sos.id},
    )
