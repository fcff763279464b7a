"""The job that reads a feed: each message once, and the next poll asked for in the same write.

A poll that fails comes again later and later, with jitter, within an hour at most, whatever it fails with:
an error that nobody foresaw ends no chain. When none has gone well for DEAD_AFTER the administrators are
told, once until it answers again.
"""

import asyncio
import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urljoin

import structlog

from api.alerts.administrators import AdministratorAlarms
from api.alerts.agency_keys import Agency, AgencyKeys
from api.alerts.errors import AgencyKeyNotFound, AlertErrorCode, AlertProblem, FeedEmpty
from api.alerts.feed import FeedEntry, entries_of
from api.alerts.intake import Imported
from api.alerts.polling.feeds import POLL, FeedMessage, PolledFeed, PolledFeeds
from api.alerts.polling.rounds import (
    MESSAGES_A_ROUND,
    SECONDS_A_ROUND,
    Attempt,
    attempts_of,
    wait_after,
)
from api.alerts.source import Version, fetch
from api.kit.clock import Clock
from api.kit.errors import N_
from api.kit.ids import derived_id
from api.kit.jobs import Handler
from api.kit.store import Store, StoreUnavailable
from api.kit.transactions import transact

DEAD_AFTER = timedelta(hours=1)
_PAUSE_AT_MOST = 3_600.0
_JITTER = (0.8, 1.2)
_MAY_PASS = frozenset(
    {
        AlertErrorCode.SOURCE_NOT_READABLE,
        AlertErrorCode.SENT_IN_FUTURE,
        AlertErrorCode.SIGNER_NOT_TRUSTED,
    }
)
"""Refusals that may be another answer later; all others are for good."""
TITLE = N_("A feed of warnings does not answer")
BODY = N_("Nothing could be read from the feed of {agency} since {since}: {url}")

log = structlog.get_logger()


class Intake(Protocol):
    async def __call__(self, raw: bytes, source: str, *, agency: Agency | None) -> Imported: ...


@dataclass(frozen=True, slots=True)
class _Poll:
    """How a poll went. `version` is kept when nothing is left to be asked for again.

    `error`: the code of what went wrong, of the feed or of a message that is tried again.
    """

    version: Version
    error: str | None
    is_read: bool


class FeedPolling:
    """`take_in` is what a message goes through at the HTTP door, too."""

    def __init__(
        self,
        store: Store,
        feeds: PolledFeeds,
        keys: AgencyKeys,
        alarms: AdministratorAlarms,
        take_in: Intake,
        clock: Clock,
    ) -> None:
        self._store = store
        self._feeds = feeds
        self._keys = keys
        self._alarms = alarms
        self._take_in = take_in
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {POLL: self._poll}

    async def _poll(self, payload: Mapping[str, Any]) -> None:
        feed = await self._feeds.get(payload["feed"])
        if feed is None or feed.removed_at is not None or feed.run != payload["run"]:
            return
        agency = await self._keys.get(feed.agency_id)
        try:
            if agency is None or agency.revoked_at is not None:
                raise AgencyKeyNotFound
            poll = await self._read(feed, agency)
        except AlertProblem as problem:
            poll = _Poll(feed.version, problem.code.name, is_read=False)
        except StoreUnavailable:
            raise  # the feed is none the worse for it, and nothing could be counted
        except Exception as error:
            # Left to the runner, the job would be parked in the end, and no warning come from there again.
            log.error("feed not read", feed=feed.id, error=type(error).__name__)
            poll = _Poll(feed.version, type(error).__name__, is_read=False)
        await transact(self._store, lambda: self._finish(feed, agency, poll))

    async def _read(self, feed: PolledFeed, agency: Agency) -> _Poll:
        fetched = await fetch(feed.url, hosts=feed.hosts, known=feed.version)
        if fetched.body is None:
            return _Poll(fetched.version, None, is_read=True)
        entries = await asyncio.to_thread(_entries, fetched.body)
        ids = {_message_id(feed, entry): entry for entry in entries}
        noted = await self._feeds.noted(list(ids))
        await self._take_in_turn(feed, agency, attempts_of(ids, noted, self._clock()))
        after = await self._feeds.noted(list(ids))
        left = [one for one in ids if one not in after or after[one].next_at is not None]
        error = next((after[one].code for one in left if one in after), None)
        return _Poll(Version() if left else fetched.version, error, is_read=True)

    async def _take_in_turn(
        self, feed: PolledFeed, agency: Agency, attempts: Sequence[Attempt]
    ) -> None:
        """Take in as many messages as a round has time for, and one at least."""
        time = asyncio.get_running_loop().time
        ends_at = time() + SECONDS_A_ROUND
        for attempt in attempts[:MESSAGES_A_ROUND]:
            await self._take(feed, agency, attempt)
            if time() >= ends_at:
                return

    async def _take(self, feed: PolledFeed, agency: Agency, attempt: Attempt) -> None:
        """Take one message in, and note what became of it."""
        entry, alert_id, code, may_pass = attempt.entry, None, None, False
        try:
            raw = entry.message or await _linked(feed, entry)
            if raw is None:
                code = AlertErrorCode.ENTRY_WITHOUT_MESSAGE.name
            else:
                alert_id = (await self._take_in(raw, f"feed:{feed.id}", agency=agency)).id
        except AlertProblem as problem:
            log.warning("message of a feed refused", feed=feed.id, code=problem.code.name)
            code, may_pass = problem.code.name, problem.code in _MAY_PASS
        except StoreUnavailable:
            raise
        except Exception as error:
            # One message must not hold back the rest, nor is it lost.
            log.error("message of a feed failed", feed=feed.id, error=type(error).__name__)
            code, may_pass = type(error).__name__, True
        now, tries = self._clock(), attempt.tries + 1
        next_at = now + wait_after(tries, feed.pause_seconds) if may_pass else None
        message = FeedMessage(attempt.message_id, entry.name, alert_id, code, now, tries, next_at)
        await self._feeds.note(feed, message)

    async def _finish(self, feed: PolledFeed, agency: Agency | None, poll: _Poll) -> None:
        now = self._clock()
        failures = 0 if poll.is_read else feed.failures + 1
        changes: dict[str, Any] = {
            "etag": poll.version.etag,
            "last_modified": poll.version.last_modified,
            "polled_at": now,
            "failures": failures,
            "last_error": poll.error,
        }
        is_dead = now - (feed.succeeded_at or feed.created_at) >= DEAD_AFTER
        is_news = not poll.is_read and is_dead and feed.alarmed_at is None
        if poll.is_read:
            changes |= {"succeeded_at": now, "alarmed_at": None}
        elif is_news:
            changes["alarmed_at"] = now
        next_at = now + timedelta(seconds=pause_seconds(feed.pause_seconds, failures))
        if await self._feeds.finish(feed, changes, next_at) and is_news:
            await self._alarm(feed, agency, now)

    async def _alarm(self, feed: PolledFeed, agency: Agency | None, now: datetime) -> None:
        log.error("feed is dead", feed=feed.id, failures=feed.failures + 1)
        since = feed.succeeded_at or feed.created_at
        await self._alarms.tell(
            ("feed", feed.id, now.isoformat()),
            TITLE,
            BODY,
            agency=agency.name if agency else "",
            since=f"{since:%Y-%m-%d %H:%M} UTC",
            url=feed.url,
        )


def pause_seconds(pause: int, failures: int) -> float:
    """Return how long to wait: twice as long after each failure, an hour or the pause at most, jittered."""
    longest = max(_PAUSE_AT_MOST, float(pause))
    return min(pause * 2.0 ** min(failures, 12), longest) * random.uniform(*_JITTER)  # noqa: S311 - jitter


def _entries(document: bytes) -> list[FeedEntry]:
    """Return the entries; a document that is no feed is taken for a message. An empty feed is fine."""
    try:
        entries = entries_of(document)
    except FeedEmpty:
        return []
    return [FeedEntry("", document)] if entries is None else entries


def _message_id(feed: PolledFeed, entry: FeedEntry) -> str:
    said = hashlib.sha256(entry.message or b"").hexdigest()
    return derived_id("feed message", feed.id, entry.name, entry.version, entry.link or "", said)


async def _linked(feed: PolledFeed, entry: FeedEntry) -> bytes | None:
    """Return the message an entry leads to, None when it leads nowhere."""
    if not entry.link:
        return None
    return (await fetch(urljoin(feed.url, entry.link), hosts=feed.hosts)).body
