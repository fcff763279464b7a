"""The job that erases a person: every holder in turn, as often as it takes, then the account itself.

Killed at any point it goes on where it was: a holder that was not noted as done is asked again, and
finds nothing left to do.
"""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

import structlog

from api.accounts.people.repository import AccountRepository
from api.accounts.privacy.erasures import Erasure, ErasureRepository
from api.kit.clock import Clock
from api.kit.formats import VIETNAM_TIME, day_in_vietnam
from api.kit.ids import derived_id
from api.kit.jobs import Handler, Jobs
from api.kit.personal_data import HolderUnavailable, PersonalData
from api.kit.store import Store
from api.kit.transactions import transact

ERASE = "accounts.erase"
SCRUB = "accounts.scrub"
SCRUBBED_AT = time(3, tzinfo=VIETNAM_TIME)
"""When the fewest write: scrubbing makes writers of the embedded engine wait."""
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=15)

log = structlog.get_logger()


class Erasing:
    """`holders`: whoever keeps something of people."""

    def __init__(
        self,
        store: Store,
        erasures: ErasureRepository,
        accounts: AccountRepository,
        holders: Sequence[PersonalData],
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._store = store
        self._erasures = erasures
        self._accounts = accounts
        self._holders = holders
        self._jobs = jobs
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {ERASE: self._erase, SCRUB: self._scrub}

    async def _erase(self, payload: Mapping[str, Any]) -> None:
        erasure = await self._erasures.get(payload["erasure"])
        if erasure is None or erasure.person_id is None:
            return
        late = await self._ask_holders(erasure, erasure.person_id)
        if late:
            log.warning("erasure waits", erasure=erasure.id, holders=late, tries=erasure.tries)
            await self._ask_again(payload, erasure)
            return
        await self._finish(erasure, erasure.person_id)
        await self._store.scrub()

    async def _ask_holders(self, erasure: Erasure, person_id: str) -> list[str]:
        """Let every holder erase, and return the names of those that could not."""
        late: list[str] = []
        for holder in self._holders:
            if holder.name in erasure.done:
                continue
            try:
                await holder.erase(person_id)
            except HolderUnavailable:
                late.append(holder.name)
            else:
                await self._erasures.mark_done(erasure.id, holder.name)
        return late

    async def _ask_again(self, payload: Mapping[str, Any], erasure: Erasure) -> None:
        # As a new job: this one would be parked after an hour, and nobody may be left unerased.
        async def work() -> None:
            tries = await self._erasures.count_try(erasure.id)
            await self._jobs.enqueue(
                ERASE,
                payload,
                id=derived_id("erase again", erasure.id, str(tries)),
                run_at=self._clock() + _pause(tries),
            )

        await transact(self._store, work)

    async def _finish(self, erasure: Erasure, person_id: str) -> None:
        async def work() -> None:
            await self._accounts.remove(person_id)
            await self._erasures.finish(erasure.id, self._clock())
            tonight = _next_night(self._clock())
            scrub_id = derived_id("scrub", tonight.isoformat())
            await self._jobs.enqueue(SCRUB, {}, id=scrub_id, run_at=tonight)

        await transact(self._store, work)
        log.info("erasure finished", erasure=erasure.id)

    async def _scrub(self, _: Mapping[str, Any]) -> None:
        await self._store.scrub(whole=True)


def _pause(tries: int) -> timedelta:
    doubled: timedelta = _FIRST_PAUSE * 2 ** min(tries - 1, 16)
    return min(doubled, _LONGEST_PAUSE) * random.uniform(0.5, 1)  # noqa: S311 - jitter, not a secret


def _next_night(now: datetime) -> datetime:
    today = day_in_vietnam(now)
    night = datetime.combine(today, SCRUBBED_AT)
    return night if night > now else night + timedelta(days=1)
