"""The durable outbox: batches of up to 1,000 devices with an outcome each.

A batch holds ids of devices only. Registration, language and quiet hours are read when it is sent,
so a phone that registered anew gets what was queued before, and one that left is left alone.
A batch is due at `due_at`; to lease it is to push that moment forward in one conditional update, so
the batches of a worker that died simply come due again. A batch without `due_at` is finished.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterable, Iterator, Mapping, Sequence
from collections.abc import Collection as AnyOf
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from api.kit.clock import Clock
from api.kit.ids import derived_id, new_id
from api.kit.store import CollectionSpec, Document, Filter, Index, Sort, Store, Update
from notifications.addressed import (
    Addressed,
    Mark,
    WaitingBatch,
    among_waiting,
    not_reached,
    noted_anew,
    refused_at,
)
from notifications.notice import Notice, Priority
from notifications.outcomes import OPEN_OUTCOMES, Outcome
from notifications.receipts import Receipts

KEPT_SECONDS = 30 * 24 * 3600
LEASE_SECONDS = 15.0

OUTBOX = CollectionSpec(
    "outbox",
    (
        Index(("lane", "due_at")),
        Index(("lane", "wanted_at")),
        Index(("notice_id", "number")),
        Index(("expires_at",), expire_after_seconds=KEPT_SECONDS),
    ),
)
_LANES = {priority: lane for lane, priority in enumerate(Priority)}
_MOST_URGENT_FIRST: Sort = (("lane", 1), ("due_at", 1))
_BATCHES_READ_AT_ONCE = 50
_NOT_REACHED = frozenset({Outcome.RETIRED.value, Outcome.REFUSED.value})
_HAS_IT = frozenset({Outcome.ACCEPTED.value})
_MAY_HAVE_IT = frozenset(
    {
        Outcome.ACCEPTED.value,
        Outcome.QUEUED.value,
        Outcome.DEFERRED_AFTER_TRY.value,
        Outcome.EXPIRED_AFTER_TRY.value,
    }
)


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch in the hands of one worker. `outcomes[i]` is that of `device_ids[i]`.

    `refused`: how often each device had been registered anew when FCM refused it for good.
    """

    id: str
    notice_id: str
    device_ids: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    attempt: int
    lease: str
    refused: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class Progress:
    """How many devices of a notice stand where, and how many of them opened it.

    `likely_outside`: those known by a cell that lies mostly outside the area. Some of these stand
    outside; they are warned, so that nobody inside is missed.
    """

    devices: int
    by_outcome: Mapping[Outcome, int]
    opened: int = 0
    likely_outside: int = 0

    @property
    def is_finished(self) -> bool:
        return not any(self.by_outcome.get(outcome) for outcome in OPEN_OUTCOMES)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What should have gone out. `depth`: batches or texts; `leased`: those in the hands of a worker."""

    depth: int
    oldest_seconds: float
    leased: int


class Tally:
    """How many devices of a notice stand where. Batches that are done with are read once."""

    def __init__(self) -> None:
        self._read: set[int] = set()
        self._of_these: Counter[Outcome] = Counter()

    async def of(self, batches: AsyncIterable[Document]) -> Counter[Outcome]:
        """Return the counts, of what was read before and of these, which are all the others."""
        counts = Counter(self._of_these)
        async for document in batches:
            own = Counter(map(Outcome, document["outcomes"]))
            counts.update(own)
            # Another reading may have taken it in meanwhile.
            if document["due_at"] is None and document["number"] not in self._read:
                self._read.add(document["number"])
                self._of_these.update(own)
        return counts

    @property
    def read(self) -> list[int]:
        """The numbers of the batches that need not be read any more."""
        return sorted(self._read)


def new_batch(notice: Notice, number: int, device_ids: Sequence[str], now: datetime) -> Document:
    """Return the document of the batch `number`, whose id is a function of notice and number.

    `wanted_at`: since when it should be on phones, however often it was tried; gone when it is done with.
    """
    return {
        "_id": derived_id("outbox", notice.id, str(number)),
        "notice_id": notice.id,
        "number": number,
        "lane": _LANES[notice.priority],
        "device_ids": list(device_ids),
        "outcomes": [Outcome.QUEUED.value] * len(device_ids),
        "due_at": now,
        "wanted_at": now,
        "lease": None,
        "attempts": 0,
        "expires_at": notice.expires_at,
    }


class Outbox:
    """All queries on batches, but for their birth (notifications.fan_outs)."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._batches = store[OUTBOX]
        self._receipts = Receipts(store)
        self._clock = clock

    async def lease(self, lanes: Sequence[Priority]) -> Batch | None:
        """Take the batch of the most urgent lane that has been due the longest, or None."""
        now = self._clock()
        lease = new_id()
        document = await self._batches.update_one(
            {"lane": {"$in": [_LANES[lane] for lane in lanes]}, "due_at": {"$lte": now}},
            {
                "$set": {"due_at": now + timedelta(seconds=LEASE_SECONDS), "lease": lease},
                "$inc": {"attempts": 1},
            },
            sort=_MOST_URGENT_FIRST,
        )
        return _batch(document, lease) if document else None

    async def is_due(self) -> bool:
        """Tell whether there is anything to lease."""
        every_lane = {"$in": list(_LANES.values())}
        due = {"lane": every_lane, "due_at": {"$lte": self._clock()}}
        return await self._batches.find_one(due, sort=_MOST_URGENT_FIRST) is not None

    async def keep(self, batch: Batch, outcomes: Sequence[Outcome]) -> bool:
        """Note what is known and hold the batch longer; False when another worker has it now."""
        return await self._note(
            batch, outcomes, self._clock() + timedelta(seconds=LEASE_SECONDS), batch.lease
        )

    async def let_go(
        self,
        batch: Batch,
        outcomes: Sequence[Outcome],
        due_at: datetime | None,
        refused: Mapping[str, int] | None = None,
        unread: AnyOf[str] = (),
    ) -> bool:
        """Note what is known; the batch is due again at `due_at`, or finished when None.

        `refused`: all devices that FCM has refused for good (Batch). `unread`: those that could not be read;
        what is queued for them alone is not late (Outbox.waiting), or nothing else that is would be seen.
        """
        fields: Document = {"refused": _refusals(batch, refused)} if refused else {}
        if due_at is None:
            ended = {"$unset": {"wanted_at": None}, "$set": fields}
            return await self._note(batch, outcomes, None, None, ended)
        pairs = zip(batch.device_ids, outcomes, strict=True)
        is_late = any(it is Outcome.QUEUED and one not in unread for one, it in pairs)
        waits = {} if is_late else {"wanted_at": due_at}
        return await self._note(batch, outcomes, due_at, None, {"$set": {**fields, **waits}})

    async def waiting(self, lane: Priority) -> "Waiting":
        """Return what of a lane should have been sent by now, what is being sent included."""
        now = self._clock()
        wanted = {"lane": _LANES[lane], "wanted_at": {"$lte": now}}
        oldest = await self._batches.find_one(wanted, sort=[("wanted_at", 1)])
        if oldest is None:
            return Waiting(0, 0.0, 0)
        leased = {**wanted, "due_at": {"$gt": now}, "lease": {"$ne": None}}
        age = (now - oldest["wanted_at"]).total_seconds()
        return Waiting(await self._batches.count(wanted), age, await self._batches.count(leased))

    async def progress(self, notice_id: str) -> Progress:
        counts: Counter[Outcome] = Counter()
        opened_by = await self._receipts.of(notice_id)
        opened = 0
        async for document in self._of_notice(notice_id):
            counts.update(map(Outcome, document["outcomes"]))
            # A receipt of somebody whom the notice was not for counts nothing.
            opened += len(opened_by.intersection(document["device_ids"]))
        return Progress(counts.total(), dict(counts), opened)

    async def count(self, notice_id: str, tally: Tally) -> Counter[Outcome]:
        """Return how many devices of a notice stand where; reads only what the tally has not."""
        return await tally.of(self._of_notice(notice_id, besides=tally.read))

    async def holding(self, notice_id: str, device_ids: Sequence[str]) -> frozenset[str]:
        """Return those of `device_ids` that are in a batch of the notice."""
        wanted = frozenset(device_ids)
        found: set[str] = set()
        async for document in self._of_notice(notice_id):
            found.update(wanted.intersection(document["device_ids"]))
        return frozenset(found)

    async def addressed(
        self, notice_id: str, marks: Sequence[Mark], known: Addressed
    ) -> frozenset[Mark]:
        """Return those of `marks` that the batches have (_marks). Reads only what `known` has not."""
        wanted = frozenset(marks)
        # Before it is asked: what is taken in meanwhile, by another look, is read here too.
        read, waiting = known.read, known.waiting
        # A thread, because what is new is sorted into what may be a million.
        found = set(await asyncio.to_thread(known.among, marks))
        async for document in self._of_notice(notice_id, besides=read, waiting=waiting):
            there = tuple(_marks(document))
            found.update(wanted.intersection(there))
            waiting.pop(document["number"], None)
            known.remember(document, there)
        return frozenset(found | await asyncio.to_thread(among_waiting, marks, waiting.values()))

    async def reached_by(
        self, notice_ids: Sequence[str], *, or_tried: bool = False
    ) -> frozenset[str]:
        """Return the devices for which FCM took one of these notices over.

        With `or_tried`, also those to which it was sent without a clear answer, or is being sent
        now. Held in memory as a whole: about 100 bytes each.
        """
        reached: set[str] = set()
        for notice_id in notice_ids:
            async for document in self._of_notice(notice_id):
                wanted = _may_have_it(document) if or_tried else _HAS_IT
                reached.update(_devices_with(document, wanted))
        return frozenset(reached)

    async def reached_since(self, notice_id: str, moment: datetime) -> frozenset[str] | None:
        """Return the devices that may have been reached after `moment`; None while a worker sends it.

        Outcomes are noted by the batch: whoever was reached before by one that went on is in it, too.
        """
        reached: set[str] = set()
        async for document in self._of_notice(notice_id):
            due_at, noted_at = document["due_at"], document.get("noted_at")
            if document["lease"] is not None and due_at is not None and due_at > self._clock():
                return None
            if noted_at is not None and noted_at > moment:
                reached.update(_devices_with(document, _may_have_it(document)))
        return frozenset(reached)

    async def devices_of(self, notice_id: str) -> frozenset[str]:
        """Return all devices in the batches of a notice."""
        found: set[str] = set()
        async for document in self._of_notice(notice_id):
            found.update(document["device_ids"])
        return frozenset(found)

    async def _note(
        self,
        batch: Batch,
        outcomes: Sequence[Outcome],
        due_at: datetime | None,
        lease: str | None,
        besides: Update | None = None,
    ) -> bool:
        changes = besides or {}
        noted = await self._batches.update_one(
            {"_id": batch.id, "lease": batch.lease},
            {
                **changes,
                "$set": {
                    "outcomes": [outcome.value for outcome in outcomes],
                    "due_at": due_at,
                    "lease": lease,
                    "noted_at": self._clock(),
                    **changes.get("$set", {}),
                },
            },
        )
        return noted is not None

    async def _of_notice(
        self,
        notice_id: str,
        besides: Sequence[int] = (),
        waiting: Mapping[int, WaitingBatch] | None = None,
    ) -> AsyncGenerator[Document]:
        """Yield its batches but those `besides`, and those that are still as they were `waiting`."""
        after: tuple[int, str] | None = None
        others: Filter = {"number": {"$nin": list(besides)}} if besides else {}
        if waiting:
            others = {**others, "$or": noted_anew(waiting)}
        while found := await self._batches.find(
            {"notice_id": notice_id, **others},
            sort=[("number", 1)],
            after=after,
            limit=_BATCHES_READ_AT_ONCE,
        ):
            for document in found:
                yield document
            after = (found[-1]["number"], found[-1]["_id"])


def _batch(document: Document, lease: str) -> Batch:
    return Batch(
        id=document["_id"],
        notice_id=document["notice_id"],
        device_ids=tuple(document["device_ids"]),
        outcomes=tuple(Outcome(outcome) for outcome in document["outcomes"]),
        attempt=document["attempts"],
        lease=lease,
        refused={document["device_ids"][place]: times for place, times in _refused(document)},
    )


def _refusals(batch: Batch, refused: Mapping[str, int]) -> list[Document]:
    places = {device_id: place for place, device_id in enumerate(batch.device_ids)}
    return [{"place": places[one], "renewals": times} for one, times in refused.items()]


def _refused(batch: Document) -> Iterator[tuple[int, int]]:
    """Yield places, and how often the device there had been registered anew when it was refused."""
    return ((one["place"], one["renewals"]) for one in batch.get("refused", ()))


def _marks(batch: Document) -> Iterator[Mark]:
    """Yield who is in a batch and was told or is to be, and for whom it was meant and reached nobody.

    Whoever registers anew since can be reached now, and was told nothing. The dead registration of a
    device that is gone is not told apart: the device can be met again only when it was registered anew.
    """
    refused = dict(_refused(batch))
    for place, device_id in enumerate(batch["device_ids"]):
        outcome = batch["outcomes"][place]
        if outcome not in _NOT_REACHED:
            yield device_id
            continue
        yield not_reached(device_id)
        if outcome == Outcome.REFUSED.value:
            # None in what was kept before renewals were counted.
            yield refused_at(device_id, refused.get(place, 0))


def _may_have_it(batch: Document) -> frozenset[str]:
    """Return the outcomes of devices that may show the notice: more of them once the batch was sent."""
    return _MAY_HAVE_IT if batch["attempts"] > 0 else _HAS_IT


def _devices_with(batch: Document, outcomes: frozenset[str]) -> Iterator[str]:
    pairs = zip(batch["device_ids"], batch["outcomes"], strict=True)
    return (device_id for device_id, outcome in pairs if outcome in outcomes)
