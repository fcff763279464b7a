"""What a session's queue remembers besides its patients: a document a session.

Whoever calls, skips or declares a delay writes it in one conditional write, so that two desks at
once take turns: the later one looks again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from api.health.schedules.records import ClinicSession
from api.kit.store import CollectionSpec, Document, DuplicateKey, Index, Store, WriteConflict

HEALTH_QUEUES = CollectionSpec("health_queues", (Index(("kept_until",), expire_after_seconds=0),))
KEPT_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class DeclaredDelay:
    """What the desk said: how many minutes later than planned, and why, for the patients to read."""

    minutes: int
    reason: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Queue:
    """`calls`: the last ones. `not_before`: by appointment, of those who were called and not there.

    `booked_in_row`: called since the last walk-in. `declared`: stands until the next call, which
    measures anew. `closed_because`: as the desk ended the session. `settled_at`: when what was left
    open was decided.
    """

    session_id: str
    kept_until: datetime
    calls: tuple[datetime, ...] = ()
    booked_in_row: int = 0
    not_before: Mapping[str, datetime] = field(default_factory=dict[str, datetime])
    declared: DeclaredDelay | None = None
    closed_because: str | None = None
    settled_at: datetime | None = None
    version: int = 0

    @classmethod
    def new(cls, session: ClinicSession) -> "Queue":
        return cls(session.id, session.end + KEPT_FOR)


class QueueRepository:
    """All queries on queues. Every call joins the open transaction, if there is one."""

    def __init__(self, store: Store) -> None:
        self._queues = store[HEALTH_QUEUES]

    async def of(self, session: ClinicSession) -> Queue:
        """Return the queue of a session, a new one while nothing was kept of it."""
        document = await self._queues.get(session.id)
        return _queue(document) if document else Queue.new(session)

    async def of_many(self, sessions: Sequence[ClinicSession]) -> dict[str, Queue]:
        """Return the queues of sessions, by the sessions' ids."""
        found = await self._queues.get_many(sorted({one.id for one in sessions}))
        return {
            one.id: _queue(found[one.id]) if one.id in found else Queue.new(one) for one in sessions
        }

    async def put(self, queue: Queue) -> None:
        """Keep it in place of its version. Raises WriteConflict when somebody was faster."""
        if queue.version:
            if await self._queues.replace_if_version(_document(queue), queue.version) is None:
                raise WriteConflict
            return
        try:
            await self._queues.insert({**_document(queue), "version": 1})
        except DuplicateKey as error:
            raise WriteConflict from error


def _document(queue: Queue) -> Document:
    declared = queue.declared
    return {
        "_id": queue.session_id,
        "kept_until": queue.kept_until,
        "calls": list(queue.calls),
        "booked_in_row": queue.booked_in_row,
        "not_before": dict(queue.not_before),
        "declared": declared
        and {"minutes": declared.minutes, "reason": declared.reason, "at": declared.at},
        "closed_because": queue.closed_because,
        "settled_at": queue.settled_at,
        "version": queue.version,
    }


def _queue(document: Document) -> Queue:
    declared = document["declared"]
    return Queue(
        session_id=document["_id"],
        kept_until=document["kept_until"],
        calls=tuple(document["calls"]),
        booked_in_row=document["booked_in_row"],
        not_before=document["not_before"],
        declared=declared
        and DeclaredDelay(declared["minutes"], declared["reason"], declared["at"]),
        closed_because=document["closed_because"],
        settled_at=document["settled_at"],
        version=document["version"],
    )
