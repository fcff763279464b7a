"""The loop that runs jobs: lease, run, extend while running, retry with back-off, park."""

import asyncio
import random
from collections.abc import Mapping
from contextlib import suppress

import structlog

from api.kit.clock import Clock
from api.kit.job_meters import JobMeters
from api.kit.jobs import Handler, Jobs, LeasedJob
from api.kit.seeing import Seeing
from api.kit.store import Store, StoreError

log = structlog.get_logger()

# A crashed worker's jobs wait for the lease to end: short, because a warning may be among them.
LEASE_SECONDS = 15.0
POLL_SECONDS = 0.2
ATTEMPTS_AT_MOST = 60
_BACK_OFF_SECONDS_AT_MOST = 60.0


class JobRunner:
    """Runs the jobs whose kinds have a handler, several at a time.

    Handlers must be idempotent: a job runs again when its worker died or its lease was lost.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        handlers: Mapping[str, Handler],
        *,
        lease_seconds: float = LEASE_SECONDS,
        jobs_at_once: int = 4,
        meters: JobMeters | None = None,
    ) -> None:
        self._meters = meters or JobMeters(Seeing())
        self._jobs = Jobs(store, clock)
        self._handlers = handlers
        self._kinds = sorted(handlers)
        self._lease_seconds = lease_seconds
        self._jobs_at_once = jobs_at_once
        self._due = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; jobs under way are finished first."""
        async with asyncio.TaskGroup() as tasks:
            for _ in range(self._jobs_at_once):
                tasks.create_task(self._work(stop))
            tasks.create_task(self._watch(stop))

    async def run_due(self) -> int:
        """Run everything that is due now, one after the other; return how many jobs ran."""
        ran = 0
        while job := await self._jobs.lease(self._kinds, self._lease_seconds):
            await self._run_one(job)
            ran += 1
        return ran

    async def _watch(self, stop: asyncio.Event) -> None:
        """Wake the lanes when something is due: one cheap read, where each would try to write."""
        while not stop.is_set():
            try:
                if await self._jobs.is_any_due(self._kinds):
                    self._due.set()
            except StoreError as error:
                log.warning("job store unavailable", error=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), POLL_SECONDS * random.uniform(0.8, 1.2))  # noqa: S311 - jitter
        self._due.set()

    async def _work(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self._due.clear()
            try:
                if job := await self._jobs.lease(self._kinds, self._lease_seconds):
                    await self._run_one(job)
                    continue
            except StoreError as error:
                # Whatever was leased comes due again by itself.
                log.warning("job store unavailable", error=type(error).__name__)
            await self._due.wait()

    async def _run_one(self, job: LeasedJob) -> None:
        keep = asyncio.create_task(self._keep_lease(job))
        try:
            await self._meters.run(job, lambda: self._handlers[job.kind](job.payload))
        except Exception as error:
            # The one place that catches everything: whatever a handler raises, the job is not lost.
            await self._failed(job, error)
        else:
            self._meters.ended(job, "done")
            await self._jobs.complete(job)
        finally:
            keep.cancel()

    async def _failed(self, job: LeasedJob, error: Exception) -> None:
        reason = type(error).__name__
        if job.attempt >= ATTEMPTS_AT_MOST:
            log.error("job parked", job=job.id, kind=job.kind, attempt=job.attempt, exc_info=error)
            self._meters.ended(job, "parked")
            await self._jobs.park(job, reason)
            return
        self._meters.ended(job, "failed")
        log.warning("job failed", job=job.id, kind=job.kind, attempt=job.attempt, exc_info=error)
        await self._jobs.retry(job, _back_off_seconds(job.attempt), reason)

    async def _keep_lease(self, job: LeasedJob) -> None:
        while True:
            await asyncio.sleep(self._lease_seconds / 3)
            with suppress(StoreError):
                if not await self._jobs.extend(job, self._lease_seconds):
                    return


def _back_off_seconds(attempt: int) -> float:
    """Return 0.25 to 0.5 s after the first failure, doubling up to a minute."""
    longest = min(0.5 * 2 ** min(attempt - 1, 16), _BACK_OFF_SECONDS_AT_MOST)
    return random.uniform(longest / 2, longest)  # noqa: S311 - jitter, not a secret
