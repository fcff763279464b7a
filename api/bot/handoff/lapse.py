"""Clerks who vanish lose what they have to the queue; people who leave are ended."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from api.bot.handoff.records import Handoff, HandoffState, LaterKind
from api.bot.handoff.repository import HandoffRepository, in_states
from api.bot.handoff.service import LAPSE_EVERY, LAPSE_JOB
from api.kit.clock import Clock
from api.kit.jobs import Handler, Jobs
from api.kit.store import Store
from api.kit.transactions import transact

CLERK_GONE_AFTER = timedelta(minutes=10)
PERSON_GONE_AFTER = timedelta(minutes=30)
WAITS_AT_MOST = timedelta(hours=4)
"""Who waits in silence has not left: only after this it is taken that they have."""


class HandoffLapse:
    def __init__(self, store: Store, handoffs: HandoffRepository, jobs: Jobs, clock: Clock) -> None:
        self._store = store
        self._handoffs = handoffs
        self._jobs = jobs
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {LAPSE_JOB: self._run}

    async def _run(self, payload: Mapping[str, Any]) -> None:
        async def work() -> None:
            handoff = await self._handoffs.get(payload["handoff_id"])
            if handoff is None or handoff.state is HandoffState.ENDED:
                return
            await self._look(handoff)
            following = {**payload, "round": payload["round"] + 1}
            # Named by its round: a run that is repeated does not make two of it.
            name = f"{LAPSE_JOB} {handoff.id} {following['round']}"
            run_at = self._clock() + LAPSE_EVERY
            await self._jobs.enqueue(LAPSE_JOB, following, id=name, run_at=run_at)

        await transact(self._store, work)

    async def _look(self, handoff: Handoff) -> None:
        now = self._clock()
        patience = WAITS_AT_MOST if handoff.state is HandoffState.WAITING else PERSON_GONE_AFTER
        gone = {"moved_at": {"$lte": now - patience}, **in_states([handoff.state])}
        if await self._handoffs.end(handoff, gone, now) is not None:
            return
        fields = {
            "state": HandoffState.WAITING.value,
            "clerk_id": None,
            "clerk_key": handoff.id,
        }
        silent = {
            "clerk_at": {"$lte": now - CLERK_GONE_AFTER},
            **in_states([HandoffState.OPEN]),
        }
        returned = await self._handoffs.change(handoff.id, silent, fields)
        if returned is not None:
            await self._handoffs.add(returned, LaterKind.QUEUED, None, now)
