"""The feeds that we poll, each an agency's, and what became of each message found there."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from api.alerts.agency_keys import AgencyKeys
from api.alerts.errors import FeedNotFound, InvalidFeed
from api.alerts.source import Version
from api.kit.clock import Clock
from api.kit.ids import derived_id, is_id
from api.kit.jobs import Jobs
from api.kit.store import CollectionSpec, Document, Index, Store
from api.kit.transactions import transact

ALERT_FEEDS = CollectionSpec("alert_feeds")
FEED_MESSAGES = CollectionSpec(
    "alert_feed_messages",
    (Index(("at",), expire_after_seconds=30 * 24 * 3600), Index(("feed_id", "at"))),
)
POLL = "alerts.poll_feed"
PAUSE_SECONDS_AT_LEAST = 15
PAUSE_SECONDS_AT_MOST = 86_400
_ADDRESS = re.compile(r"https?://[!-~]{1,2000}")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_HOSTS_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class PolledFeed:
    """`hosts`: where the feed, its links and redirects may lead. `run`: the number of the next poll.

    `failures`: in a row. `last_error`: the code of what went wrong last, of the feed or of a link in
    it. `alarmed_at`: when administrators were told that it is dead. Times are aware UTC.
    """

    id: str
    agency_id: str
    url: str
    hosts: frozenset[str]
    pause_seconds: int
    run: int
    created_at: datetime
    removed_at: datetime | None
    version: Version
    polled_at: datetime | None
    succeeded_at: datetime | None
    failures: int
    last_error: str | None
    alarmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class FeedMessage:
    """What became of one message: `alert_id` of what was taken in, or the `code` of its refusal."""

    id: str
    entry: str
    alert_id: str | None
    code: str | None
    at: datetime


class PolledFeeds:
    def __init__(self, store: Store, keys: AgencyKeys, jobs: Jobs, clock: Clock) -> None:
        self._store = store
        self._feeds = store[ALERT_FEEDS]
        self._messages = store[FEED_MESSAGES]
        self._keys = keys
        self._jobs = jobs
        self._clock = clock

    async def add(
        self, agency_id: str, url: str, hosts: Sequence[str], pause_seconds: int
    ) -> PolledFeed:
        """Poll a feed from now on; one that is there already gets these hosts and this pause.

        The agency's senders alone are taken from it. Raises InvalidFeed, AgencyKeyNotFound.
        """
        feed_id = derived_id("alert feed", agency_id, url)
        allowed = _checked(url, hosts, pause_seconds)
        asked = {"hosts": sorted(allowed), "pause_seconds": pause_seconds, "removed_at": None}

        async def work() -> PolledFeed:
            await self._keys.take_turn(agency_id)
            document = await self._feeds.update_one(
                {"_id": feed_id}, {"$set": asked, "$inc": {"run": 1}}
            )
            if document is None:
                document = {**_new(feed_id, agency_id, url, self._clock()), **asked}
                await self._feeds.insert(document)
            feed = _feed(document)
            await self._plan(feed, self._clock())
            return feed

        return await transact(self._store, work)

    async def list(self) -> list[PolledFeed]:
        """Return the feeds that are polled, oldest first."""
        found = await self._feeds.find({"removed_at": None}, sort=[("created_at", 1)])
        return [_feed(document) for document in found]

    async def get(self, feed_id: str) -> PolledFeed | None:
        document = await self._feeds.get(feed_id)
        return _feed(document) if document else None

    async def remove(self, feed_id: str) -> PolledFeed:
        """Stop polling a feed; what it brought stays. Raises FeedNotFound."""
        document = None
        if is_id(feed_id):
            document = await self._feeds.update_one(
                {"_id": feed_id, "removed_at": None}, {"$set": {"removed_at": self._clock()}}
            )
        if document is None:
            raise FeedNotFound
        return _feed(document)

    async def finish(
        self, feed: PolledFeed, changes: Mapping[str, Any], next_at: datetime
    ) -> PolledFeed | None:
        """Note how a poll ended, and ask for the next; joins the open transaction.

        None when the feed was removed or changed meanwhile, or another run of the job did this.
        """
        document = await self._feeds.update_one(
            {"_id": feed.id, "run": feed.run, "removed_at": None},
            {"$set": changes, "$inc": {"run": 1}},
        )
        if document is None:
            return None
        after = _feed(document)
        await self._plan(after, next_at)
        return after

    async def known(self, message_ids: Sequence[str]) -> frozenset[str]:
        """Return which messages were dealt with for good."""
        return frozenset(await self._messages.get_many(message_ids))

    async def note(self, feed: PolledFeed, message: FeedMessage) -> None:
        await self._messages.upsert(
            {
                "_id": message.id,
                "feed_id": feed.id,
                "entry": message.entry[:500],
                "alert_id": message.alert_id,
                "code": message.code,
                "at": message.at,
            }
        )

    async def messages(self, feed_id: str, limit: int) -> "Sequence[FeedMessage]":
        """Return what became of the latest messages of a feed, the latest first."""
        found = await self._messages.find({"feed_id": feed_id}, sort=[("at", -1)], limit=limit)
        return [
            FeedMessage(one["_id"], one["entry"], one["alert_id"], one["code"], one["at"])
            for one in found
        ]

    async def _plan(self, feed: PolledFeed, run_at: datetime) -> None:
        payload = {"feed": feed.id, "run": feed.run}
        await self._jobs.enqueue(
            POLL, payload, id=derived_id(POLL, feed.id, str(feed.run)), run_at=run_at
        )


def _checked(url: str, hosts: Sequence[str], pause_seconds: int) -> frozenset[str]:
    """Return the hosts that are allowed: the feed's own and those named. Raises InvalidFeed."""
    problem = InvalidFeed(least=PAUSE_SECONDS_AT_LEAST, most=PAUSE_SECONDS_AT_MOST)
    try:
        parts = urlsplit(url)
        _ = parts.port  # is read late, and may be none
    except ValueError as error:
        raise problem from error
    allowed = frozenset({parts.hostname or "", *(host.lower() for host in hosts)})
    is_sound = (
        _ADDRESS.fullmatch(url) is not None
        and "@" not in parts.netloc
        and len(allowed) <= _HOSTS_AT_MOST
        and all(map(_HOST.fullmatch, allowed))
        and PAUSE_SECONDS_AT_LEAST <= pause_seconds <= PAUSE_SECONDS_AT_MOST
    )
    if not is_sound:
        raise problem
    return allowed


def _new(feed_id: str, agency_id: str, url: str, now: datetime) -> Document:
    return {
        "_id": feed_id,
        "agency_id": agency_id,
        "url": url,
        "run": 1,
        "created_at": now,
        "etag": None,
        "last_modified": None,
        "polled_at": None,
        "succeeded_at": None,
        "failures": 0,
        "last_error": None,
        "alarmed_at": None,
    }


def _feed(document: Document) -> PolledFeed:
    return PolledFeed(
        id=document["_id"],
        agency_id=document["agency_id"],
        url=document["url"],
        hosts=frozenset(document["hosts"]),
        pause_seconds=document["pause_seconds"],
        run=document["run"],
        created_at=document["created_at"],
        removed_at=document["removed_at"],
        version=Version(document["etag"], document["last_modified"]),
        polled_at=document["polled_at"],
        succeeded_at=document["succeeded_at"],
        failures=document["failures"],
        last_error=document["last_error"],
        alarmed_at=document["alarmed_at"],
    )
