"""What is being said, and how far the search for its readers has come."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from api.kit.readable import readable
from api.kit.store import CollectionSpec, Document, DuplicateKey, Index, Store
from api.kit.transactions import transact
from notifications.audience import Cursor
from notifications.notice import Notice, Priority, Text
from notifications.outbox import OUTBOX, new_batch

KEPT_SECONDS = 30 * 24 * 3600

FAN_OUTS = CollectionSpec("fan_outs", (Index(("expires_at",), expire_after_seconds=KEPT_SECONDS),))


LOOKS_BACK_AGAIN_AFTER = timedelta(seconds=20)
LOOKS_BACK_AGAIN_AT_LAST = timedelta(minutes=10)
"""From one look back that broke to the next it is twice as long each time, up to this long."""


@dataclass(frozen=True, slots=True)
class Behind:
    """Something of a look broke: whoever came since `since` is to be met once more, from `again_at` on.

    `tries`: how many looks back broke, the first one included.
    """

    since: datetime
    again_at: datetime
    tries: int

    def is_due(self, now: datetime) -> bool:
        """Tell whether to look back; also where a clock ahead of the others said when."""
        return not now < self.again_at <= now + LOOKS_BACK_AGAIN_AT_LAST

    def broken_again(self, now: datetime) -> "Behind":
        pause = min(LOOKS_BACK_AGAIN_AFTER * 2 ** min(self.tries, 16), LOOKS_BACK_AGAIN_AT_LAST)
        return Behind(self.since, now + pause, self.tries + 1)


@dataclass(frozen=True, slots=True)
class FanOut:
    """A notice on its way into the outbox. `batches` and `devices` count what is in already.

    `likely_outside`: of the `devices`, those known by a cell that lies mostly outside the area.
    `met_to`: until when whoever came into its audience later was met (notifications.newcomers); None
    before that has begun. `aside`: devices that came by then and could not be read or judged.
    `behind`: what else of that is to be made up for.
    """

    notice: Notice
    began_at: datetime
    done_at: datetime | None
    cursor: Cursor
    batches: int
    devices: int
    likely_outside: int = 0
    met_to: datetime | None = None
    aside: tuple[str, ...] = ()
    behind: Behind | None = None


class FanOuts:
    """All queries on fan-outs."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._fan_outs = store[FAN_OUTS]
        self._outbox = store[OUTBOX]

    async def get(self, notice_id: str) -> FanOut | None:
        document = await self._fan_outs.get(notice_id)
        return _fan_out(document) if document else None

    async def get_many(self, notice_ids: Sequence[str]) -> dict[str, FanOut]:
        """Return those that are there and can be read, by the ids of their notices."""
        found = await self._fan_outs.get_many(notice_ids)
        fan_outs = readable(found.values(), _fan_out, "fan-out")
        return {fan_out.notice.id: fan_out for fan_out in fan_outs}

    async def begin(self, notice: Notice, now: datetime) -> FanOut:
        """Start the fan-out of `notice`, or return how far an earlier start has come."""
        document = _document(notice, now)
        try:
            await self._fan_outs.insert(document)
        except DuplicateKey:
            kept = await self._fan_outs.get(notice.id)
            if kept is None:
                raise
            document = kept
        return _fan_out(document)

    async def add(
        self,
        fan_out: FanOut,
        device_ids: Sequence[str],
        cursor: Cursor,
        now: datetime,
        likely_outside: int = 0,
    ) -> FanOut | None:
        """Put one batch into the outbox and move the cursor behind it, in one transaction.

        None when another worker moved it first: then nothing was added.
        """
        return await self._put(fan_out, device_ids, now, {"done_at": None}, cursor, likely_outside)

    async def add_late(
        self, fan_out: FanOut, device_ids: Sequence[str], now: datetime, likely_outside: int = 0
    ) -> FanOut | None:
        """Put one batch more into the outbox behind the end of a fan-out, in one transaction.

        None when another worker added one first, or the notice has ended: then nothing was added.
        """
        unended = {"done_at": fan_out.done_at, "expires_at": {"$gt": now}}
        return await self._put(fan_out, device_ids, now, unended, fan_out.cursor, likely_outside)

    async def note_met(self, notice_id: str, to: datetime) -> None:
        """Note that whoever came into the audience by then was met; never back to an earlier moment."""
        await self._fan_outs.update_one({"_id": notice_id}, {"$max": {"met_to": to}})

    async def note_look(
        self, fan_out: FanOut, to: datetime, aside: Sequence[str], behind: Behind | None
    ) -> None:
        """Note that whoever came by then was met, but for these; nothing where another look noted first.

        That one began where this one did, and met or put aside the same: what it left holds.
        """
        seen = {"_id": fan_out.notice.id, "met_to": fan_out.met_to}
        left = {"aside": list(aside), "behind": behind and _behind_fields(behind)}
        await self._fan_outs.update_one(seen, {"$set": {"met_to": to, **left}})

    async def set_back(self, fan_out: FanOut, now: datetime) -> FanOut:
        """Return it with nobody met since it began, and keep that unless the moment moved meanwhile."""
        began_at = min(fan_out.began_at, now)
        await self._fan_outs.update_one(
            {"_id": fan_out.notice.id, "met_to": fan_out.met_to}, {"$set": {"met_to": began_at}}
        )
        return replace(fan_out, met_to=began_at)

    async def _put(
        self,
        fan_out: FanOut,
        device_ids: Sequence[str],
        now: datetime,
        condition: Document,
        cursor: Cursor,
        likely_outside: int = 0,
    ) -> FanOut | None:
        batch = new_batch(fan_out.notice, fan_out.batches, device_ids, now)
        counts = {"batches": 1, "devices": len(device_ids), "likely_outside": likely_outside}

        async def step() -> Document | None:
            moved = await self._fan_outs.update_one(
                {"_id": fan_out.notice.id, "batches": fan_out.batches, **condition},
                {"$set": {"cursor": list(cursor)}, "$inc": counts},
            )
            if moved is not None:
                await self._outbox.insert(batch)
            return moved

        moved = await transact(self._store, step)
        return _fan_out(moved) if moved else None

    async def finish(self, fan_out: FanOut, now: datetime) -> FanOut | None:
        """Mark the fan-out done; None when another worker added to it meanwhile."""
        document = await self._fan_outs.update_one(
            {"_id": fan_out.notice.id, "batches": fan_out.batches, "done_at": None},
            {"$set": {"done_at": now}},
        )
        return _fan_out(document) if document else None

    async def withdraw(self, notice_ids: Sequence[str], now: datetime) -> None:
        """Let these notices end now, unless they have ended: what is still queued expires.

        One that is not here yet is put here ended and done, so that whoever begins it is too late.
        """
        begun = await self._fan_outs.get_many(notice_ids)
        for notice_id in notice_ids:
            if notice_id not in begun:
                with suppress(DuplicateKey):
                    await self._fan_outs.insert(_never_begun(notice_id, now))
        await self._fan_outs.update_many(
            {"_id": {"$in": list(notice_ids)}}, {"$min": {"expires_at": now}}
        )


def _never_begun(notice_id: str, now: datetime) -> Document:
    nothing = Notice(notice_id, "", {}, Priority.NORMAL, False, now, {})
    return {**_document(nothing, now), "done_at": now}


def _document(notice: Notice, now: datetime) -> Document:
    return {
        "_id": notice.id,
        **_notice_fields(notice),
        "began_at": now,
        "done_at": None,
        "cursor": [],
        "batches": 0,
        "devices": 0,
        "likely_outside": 0,
    }


def _notice_fields(notice: Notice) -> Document:
    return {
        "thread": notice.thread,
        "texts": [
            {"language": language, "title": text.title, "body": text.body}
            for language, text in notice.texts.items()
        ],
        "priority": notice.priority.value,
        "overrides_quiet_hours": notice.overrides_quiet_hours,
        "expires_at": notice.expires_at,
        "data": [{"key": key, "value": value} for key, value in notice.data.items()],
        "reader": notice.reader,
        "is_quiet": notice.is_quiet,
        "is_quiet_at_night": notice.is_quiet_at_night,
    }


def _fan_out(document: Document) -> FanOut:
    return FanOut(
        notice=_notice(document),
        began_at=document["began_at"],
        done_at=document["done_at"],
        cursor=tuple(document["cursor"]),
        batches=document["batches"],
        devices=document["devices"],
        likely_outside=document.get("likely_outside", 0),  # none in what was kept before
        met_to=document.get("met_to"),
        aside=tuple(document.get("aside", ())),
        behind=_behind(document.get("behind")),
    )


def _behind(fields: Document | None) -> Behind | None:
    return None if fields is None else Behind(fields["since"], fields["again_at"], fields["tries"])


def _behind_fields(behind: Behind) -> Document:
    return {"since": behind.since, "again_at": behind.again_at, "tries": behind.tries}


def _notice(document: Document) -> Notice:
    texts: list[dict[str, str]] = document["texts"]
    data: list[dict[str, Any]] = document["data"]
    return Notice(
        id=document["_id"],
        thread=document["thread"],
        texts={text["language"]: Text(text["title"], text["body"]) for text in texts},
        priority=Priority(document["priority"]),
        overrides_quiet_hours=document["overrides_quiet_hours"],
        expires_at=document["expires_at"],
        data={entry["key"]: entry["value"] for entry in data},
        reader=document.get("reader"),  # none in what was kept before there were readers
        is_quiet=document.get("is_quiet", False),
        is_quiet_at_night=document.get("is_quiet_at_night", False),
    )
