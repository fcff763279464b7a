"""Durable work: a job is committed with the change that asks for it, and runs at least once.

A job is a document with the moment it is due. To lease it is to push that moment forward in one
conditional update; a worker that dies simply lets the moment come, and another one takes over.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from api.kit.clock import Clock
from api.kit.ids import new_id
from api.kit.seeing import Tracer
from api.kit.seeing.tracer import NoTracer
from api.kit.store import CollectionSpec, Document, DuplicateKey, Filter, Index, Store

JOBS = CollectionSpec(
    "jobs",
    (
        Index(("state", "due_at")),
        Index(("done_at",), expire_after_seconds=7 * 24 * 3600),
    ),
)
Handler = Callable[[Mapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class LeasedJob:
    """A job in the hands of one worker until its lease ends. `attempt` counts from 1.

    `trace`: the traceparent of what asked for it, when that was traced.
    """

    id: str
    kind: str
    payload: Mapping[str, Any]
    attempt: int
    lease: str
    trace: str | None = None


@dataclass(frozen=True, slots=True)
class WaitingJobs:
    """`parked`: given up after many tries, for a person to look at."""

    due: int
    oldest_seconds: float
    leased: int
    parked: int


class Jobs:
    """The queue, as services and workers see it."""

    def __init__(self, store: Store, clock: Clock, tracer: Tracer | None = None) -> None:
        self._tracer: Tracer = tracer or NoTracer()
        self._jobs = store[JOBS]
        self._clock = clock

    async def enqueue(
        self,
        kind: str,
        payload: Mapping[str, Any],
        *,
        id: str | None = None,
        run_at: datetime | None = None,
    ) -> None:
        """Ask for one run of the handler of `kind`; joins the open transaction.

        `id` makes the request idempotent: a job of this id that exists, done or not, is left as it
        is. `payload` holds what the store can hold.
        """
        if id is not None and await self._jobs.get(id) is not None:
            return
        job = {
            "_id": id or new_id(),
            "kind": kind,
            "payload": dict(payload),
            "state": "open",
            "due_at": run_at or self._clock(),
            "attempts": 0,
            "lease": None,
        }
        if trace := self._tracer.traceparent():
            job["trace"] = trace
        try:
            await self._jobs.insert(job)
        except DuplicateKey:
            return

    async def is_any_due(self, kinds: list[str]) -> bool:
        """Tell, without taking anything, whether `lease` would find a job."""
        return await self._jobs.find_one(self._due(kinds)) is not None

    async def lease(self, kinds: list[str], lease_seconds: float) -> LeasedJob | None:
        """Take the job that has been due the longest, or None when nothing is due."""
        now = self._clock()
        lease = new_id()
        document = await self._jobs.update_one(
            self._due(kinds),
            {
                "$set": {"due_at": now + timedelta(seconds=lease_seconds), "lease": lease},
                "$inc": {"attempts": 1},
            },
            sort=[("due_at", 1)],
        )
        return _leased(document, lease) if document else None

    async def extend(self, job: LeasedJob, lease_seconds: float) -> bool:
        """Keep the job for longer; False when the lease was lost to another worker."""
        due_at = self._clock() + timedelta(seconds=lease_seconds)
        return await self._while_held(job, {"$set": {"due_at": due_at}})

    async def complete(self, job: LeasedJob) -> bool:
        """Mark the job done; False when the lease was lost, and another worker's run decides."""
        return await self._while_held(job, {"$set": {"state": "done", "done_at": self._clock()}})

    async def retry(self, job: LeasedJob, delay_seconds: float, reason: str) -> None:
        """Give the job back, due again after `delay_seconds`."""
        due_at = self._clock() + timedelta(seconds=delay_seconds)
        await self._while_held(job, {"$set": {"due_at": due_at, "last_error": reason}})

    async def park(self, job: LeasedJob, reason: str) -> None:
        """Stop trying; the job stays in the store for a person to look at."""
        await self._while_held(job, {"$set": {"state": "parked", "last_error": reason}})

    async def waiting(self) -> "WaitingJobs":
        """Return what is due and not begun, what is being run, and what was given up."""
        now = self._clock()
        due = {"state": "open", "due_at": {"$lte": now}}
        held_until = now + timedelta(
            minutes=1
        )  # longer than any lease, so that an index finds them
        oldest = await self._jobs.find_one(due, sort=[("due_at", 1)])
        leased = {
            "state": "open",
            "due_at": {"$gt": now, "$lte": held_until},
            "lease": {"$ne": None},
            "last_error": None,
        }
        return WaitingJobs(
            due=await self._jobs.count(due) if oldest else 0,
            oldest_seconds=(now - oldest["due_at"]).total_seconds() if oldest else 0.0,
            leased=await self._jobs.count(leased),
            parked=await self._jobs.count({"state": "parked"}),
        )

    async def count_by_state(self) -> dict[str, int]:
        """Return how many jobs are open, done and parked."""
        return await self._jobs.count_by("state", {})

    def _due(self, kinds: list[str]) -> Filter:
        return {"state": "open", "due_at": {"$lte": self._clock()}, "kind": {"$in": kinds}}

    async def _while_held(self, job: LeasedJob, update: Mapping[str, Mapping[str, Any]]) -> bool:
        held = {"_id": job.id, "state": "open", "lease": job.lease}
        return await self._jobs.update_one(held, update) is not None


def _leased(document: Document, lease: str) -> LeasedJob:
    return LeasedJob(
        id=document["_id"],
        kind=document["kind"],
        payload=document["payload"],
        attempt=document["attempts"],
        lease=lease,
        trace=document.get("trace"),
    )
