"""Signed status lists as gates fetch them: whole, or what changed since the version a gate has.

Each process keeps the lists in memory and adds what changed; a list that grew by a thousand changes is
kept whole in the store, so that a new process need not read all of them.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.credentials.status.repository import ListId, StatusRepository
from api.credentials.status.status_list import (
    Delta,
    Stamp,
    StatusList,
    sign_delta,
    sign_list,
)
from api.kit.clock import Clock
from api.kit.signing_keys import SigningKeys

LIVES_FOR = timedelta(days=7)
"""A gate that could not ask for so long has no list any more."""
FRESH_FOR = timedelta(seconds=60)
SIGNED_ANEW_AFTER = timedelta(seconds=60)
SNAPSHOT_EVERY = 1_000
CHANGES_IN_A_DELTA_AT_MOST = 5_000


@dataclass(frozen=True, slots=True)
class PublishedList:
    """`tag`: for If-None-Match; another one when the list is signed anew, which proves that it is fresh."""

    token: str
    tag: str
    version: int
    made_at: datetime


class Publishing:
    """`public_url`: the address under which gates reach us."""

    def __init__(
        self, statuses: StatusRepository, keys: SigningKeys, public_url: str, clock: Clock
    ) -> None:
        self._statuses = statuses
        self._keys = keys
        self._public_url = public_url.rstrip("/")
        self._clock = clock
        self._lists: dict[ListId, StatusList] = {}
        self._published: dict[ListId, PublishedList] = {}
        self._signing = asyncio.Lock()

    def uri(self, list_id: ListId) -> str:
        return f"{self._public_url}/credentials/v1/status/{list_id.text}"

    async def list_ids(self, tag: str) -> list[ListId]:
        """Return the lists of an audience; none for a tag that stands for nobody."""
        return await self._statuses.lists_of(tag)

    async def whole(self, list_id: ListId) -> PublishedList | None:
        """Return a list as it is now, None when there is none."""
        if list_id not in await self._statuses.lists_of(list_id.tag):
            return None
        async with self._signing:
            version = await self._statuses.version(list_id)
            published = self._published.get(list_id)
            if published is None or published.version != version or self._is_old(published):
                published = await self._sign(list_id)
                self._published[list_id] = published
            return published

    async def since(self, list_id: ListId, version: int) -> str | None:
        """Return the signed delta since a version, None where only the whole list helps."""
        if list_id not in await self._statuses.lists_of(list_id.tag):
            return None
        newest = await self._statuses.version(list_id)
        if not 0 <= newest - version <= CHANGES_IN_A_DELTA_AT_MOST or version < 0:
            return None
        changes = await self._statuses.changes_after(list_id, version)
        newest = changes[-1].version if changes else version
        if len(changes) != newest - version:
            return None  # some are told no more
        delta = Delta(version, newest, {change.place: change.status for change in changes})
        key_id, private = await self._keys.to_sign()
        return sign_delta(delta, self._stamp(list_id), key_id, private)

    async def _sign(self, list_id: ListId) -> PublishedList:
        status_list = (await self._current(list_id)).copy()
        stamp = self._stamp(list_id)
        key_id, private = await self._keys.to_sign()
        # A full list takes some hundredths of a second to compress: not in the loop's thread.
        token = await asyncio.to_thread(sign_list, status_list, stamp, key_id, private)
        tag = f"{status_list.version}-{int(stamp.made_at.timestamp())}"
        return PublishedList(token, tag, status_list.version, stamp.made_at)

    async def _current(self, list_id: ListId) -> StatusList:
        kept = self._lists.get(list_id) or await self._statuses.snapshot(list_id)
        changes = await self._statuses.changes_after(list_id, kept.version)
        while changes and changes[0].version != kept.version + 1:
            # Another process kept the list whole meanwhile, and what came before is told no more.
            kept = await self._statuses.snapshot(list_id)
            changes = await self._statuses.changes_after(list_id, kept.version)
        self._lists[list_id], since = kept, kept.version
        if changes:
            kept.change(changes[-1].version, [(one.place, one.status) for one in changes])
        if kept.version // SNAPSHOT_EVERY > since // SNAPSHOT_EVERY:
            told_since = kept.version - CHANGES_IN_A_DELTA_AT_MOST
            await self._statuses.keep_snapshot(list_id, kept, told_since)
        return kept

    def _stamp(self, list_id: ListId) -> Stamp:
        return Stamp(self.uri(list_id), self._clock(), LIVES_FOR, FRESH_FOR)

    def _is_old(self, published: PublishedList) -> bool:
        # A clock that was set back must not keep what was signed in the future.
        return not timedelta() <= self._clock() - published.made_at < SIGNED_ANEW_AFTER
