"""The job that reads a feed: each message once, and the next poll asked for in the same write.

A poll that fails comes again later and later, with jitter, within an hour at most. When none has gone
well for DEAD_AFTER the administrators are told, once until it answers again.
"""

import asyncio
import hashlib
import random
from collections.abc import Mapping
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
from api.alerts.source import Version, fetch
from api.kit.clock import Clock
from api.kit.errors import N_
from api.kit.ids import derived_id
from api.kit.jobs import Handler
from api.kit.store import Store
from api.kit.transactions import transact

DEAD_AFTER = timedelta(hours=1)
MESSAGES_A_POLL = 50
_PAUSE_AT_MOST = 3_600.0
_JITTER = (0.8, 1.2)
_MAY_PASS = frozenset(
    {
        AlertErrorCode.SOURCE_NOT_READABLE,
        AlertErrorCode.SENT_IN_FUTURE,
        AlertErrorCode.SIGNER_NOT_TRUSTED,
    }
)
"""Refusals that may be another answer at the next poll; all others are for good."""
TITLE = N_("A feed of warnings does not answer")
BODY = N_("Nothing could be read from the feed of {agency} since {since}: {url}")

log = structlog.get_logger()


class Intake(Protocol):
    async def __call__(self, raw: bytes, source: str, *, agency: Agency | None) -> Imported: ...


@dataclass(frozen=True, slots=True)
class _Poll:
    """How a poll went. `version` is kept when nothing is left to be asked for again."""

    version: Version
    problem: AlertProblem | None
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
            poll = _Poll(feed.version, problem, is_read=False)
        await transact(self._store, lambda: self._finish(feed, agency, poll))

    async def _read(self, feed: PolledFeed, agency: Agency) -> _Poll:
        fetched = await fetch(feed.url, hosts=feed.hosts, known=feed.version)
        if fetched.body is None:
            return _Poll(fetched.version, None, is_read=True)
        entries = await asyncio.to_thread(_entries, fetched.body)
        ids = {_message_id(feed, entry): entry for entry in entries}
        known = await self._feeds.known(list(ids))
        new = [(one, entry) for one, entry in ids.items() if one not in known]
        problem: AlertProblem | None = None
        for message_id, entry in new[:MESSAGES_A_POLL]:
            problem = await self._take(feed, agency, message_id, entry) or problem
        is_whole = problem is None and len(new) <= MESSAGES_A_POLL
        return _Poll(fetched.version if is_whole else Version(), problem, is_read=True)

    async def _take(
        self, feed: PolledFeed, agency: Agency, message_id: str, entry: FeedEntry
    ) -> AlertProblem | None:
        """Take one message in; return what may be tried again at the next poll."""
        alert_id, code = None, None
        try:
            raw = entry.message or await _linked(feed, entry)
            if raw is None:
                code = AlertErrorCode.ENTRY_WITHOUT_MESSAGE.name
            else:
                alert_id = (await self._take_in(raw, f"feed:{feed.id}", agency=agency)).id
        except AlertProblem as problem:
            log.warning("message of a feed refused", feed=feed.id, code=problem.code.name)
            if problem.code in _MAY_PASS:
                return problem
            code = problem.code.name
        await self._feeds.note(
            feed, FeedMessage(message_id, entry.name, alert_id, code, self._clock())
        )
        return None

    async def _finish(self, feed: PolledFeed, agency: Agency | None, poll: _Poll) -> None:
        now = self._clock()
        failures = 0 if poll.is_read else feed.failures + 1
        changes: dict[str, Any] = {
            "etag": poll.version.etag,
            "last_modified": poll.version.last_modified,
            "polled_at": now,
            "failures": failures,
            "last_error": poll.problem.code.name if poll.problem else None,
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
