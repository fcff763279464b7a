"""What becomes of a pupil who leaves: whatever is kept for her lets go, on the day, and for good later."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any, Protocol

import structlog

from api.kit.formats import VIETNAM_TIME
from api.kit.ids import derived_id
from api.kit.jobs import Handler, Jobs
from api.kit.store import Store
from api.kit.transactions import transact
from api.students.pupils.pupil import Pupil
from api.students.pupils.repository import PupilRepository

PUPIL_LEFT = "students.pupil_left"
ERASE_PUPIL = "students.erase_pupil"

log = structlog.get_logger()


class KeepsOfPupils(Protocol):
    """Keeps something for a pupil. Both are asked again after a crash, and join the open transaction."""

    async def pupil_left(self, pupil: Pupil) -> None:
        """End what only somebody at the school may have."""
        ...

    async def erase_pupil(self, pupil_id: str) -> None:
        """Remove all of it, or make it nobody's where money requires it to stay."""
        ...


async def ask_to_end(jobs: Jobs, pupil: Pupil) -> None:
    """Ask for what becomes of a pupil who leaves; joins the open transaction.."""
    if pupil.left_on is None or pupil.erase_at is None:
        return
    day = pupil.left_on.isoformat()
    payload = {"pupil": pupil.id, "left_on": day}
    for kind, run_at in (
        (PUPIL_LEFT, datetime.combine(pupil.left_on, time(), VIETNAM_TIME)),
        (ERASE_PUPIL, pupil.erase_at),
    ):
        # Of the change as well: who came back may leave again on the same day.
        job_id = derived_id(kind, pupil.id, day, str(pupil.version))
        await jobs.enqueue(kind, payload, id=job_id, run_at=run_at)


class PupilsLeaving:
    """`keepers`: whoever keeps something for pupils."""

    def __init__(
        self, store: Store, pupils: PupilRepository, keepers: Sequence[KeepsOfPupils]
    ) -> None:
        self._store = store
        self._pupils = pupils
        self._keepers = keepers

    def handlers(self) -> dict[str, Handler]:
        return {PUPIL_LEFT: self._left, ERASE_PUPIL: self._erase}

    async def let_go(self, pupil: Pupil) -> None:
        """Let everybody end what only somebody at the school may have; joins the open transaction."""
        for keeper in self._keepers:
            await keeper.pupil_left(pupil)

    async def _left(self, payload: Mapping[str, Any]) -> None:
        async def work() -> None:
            pupil = await self._still_left(payload)
            if pupil is not None:
                await self.let_go(pupil)

        await transact(self._store, work)

    async def _erase(self, payload: Mapping[str, Any]) -> None:
        async def work() -> None:
            pupil = await self._still_left(payload)
            if pupil is None:
                return
            for keeper in self._keepers:
                await keeper.erase_pupil(pupil.id)
            await self._pupils.remove(pupil.id)

        await transact(self._store, work)
        log.info("pupil erased", pupil=payload["pupil"])

    async def _still_left(self, payload: Mapping[str, Any]) -> Pupil | None:
        """Return the pupil; None when she has come back, or left on another day after all."""
        pupil = await self._pupils.get(payload["pupil"])
        has_left = pupil is not None and pupil.left_on is not None
        if not has_left or pupil is None or pupil.left_on is None:
            return None
        return pupil if pupil.left_on.isoformat() == payload["left_on"] else None
