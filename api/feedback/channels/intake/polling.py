"""Feeds, asked again and again by a chain of jobs each.

A run takes in what is new and then, in one transaction, counts itself and asks for the next; a run that
is killed is run again, and takes in nothing twice. A feed that fails is asked less and less often.
"""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from api.feedback.channels.intake.feed import BYTES_AT_MOST, FeedRefused, items_of
from api.feedback.channels.intake.taking_in import TakingIn
from api.feedback.channels.records import Source, SourceKind, SourceState
from api.feedback.channels.sources.repository import SourceRepository
from api.kit.clock import Clock
from api.kit.endpoints import EndpointAnswer, EndpointFailed, Endpoints
from api.kit.ids import derived_id
from api.kit.jobs import Handler, Jobs
from api.kit.store import Store
from api.kit.transactions import transact

POLL = "feedback.channels.poll"
EVERY: Final = timedelta(minutes=15)
FIRST_PAUSE: Final = timedelta(minutes=15)
LONGEST_PAUSE: Final = timedelta(hours=6)
_DOUBLINGS_AT_MOST = 8
_TAG_CHARACTERS_AT_MOST = 500
_ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.8"
_NOT_MODIFIED = 304
_OK = 200

log = structlog.get_logger()


class Polling:
    def __init__(
        self,
        store: Store,
        sources: SourceRepository,
        taking_in: TakingIn,
        endpoints: Endpoints,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._store = store
        self._sources = sources
        self._taking_in = taking_in
        self._endpoints = endpoints
        self._jobs = jobs
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {POLL: self.poll}

    async def begin(self, source: Source) -> None:
        """Ask for the first poll of a source's chain; joins the open transaction."""
        if source.kind is SourceKind.FEED:
            await self._ask(source, self._clock())

    async def poll(self, payload: Mapping[str, Any]) -> None:
        """Ask a feed once, and take in what is new."""
        source = await self._sources.get(payload["source"])
        if source is None or not _is_its_turn(source, payload):
            return
        try:
            fields = await self._read(source)
        except (EndpointFailed, FeedRefused) as error:
            log.info("feed not read", source=source.id, reason=error.reason)
            await self._go_on(source, self._failure(source, error.reason), failed=True)
            return
        good = {"failures": 0, "failing_since": None, "failure": None, "heard_at": self._clock()}
        await self._go_on(source, good | fields, failed=False)

    async def _read(self, source: Source) -> dict[str, Any]:
        """Take in what a feed has, and return what to ask with the next time."""
        answer = await self._endpoints.get(
            source.url or "", _conditions(source), bytes_at_most=BYTES_AT_MOST
        )
        if answer.status == _NOT_MODIFIED:
            return {}
        if answer.status != _OK:
            raise EndpointFailed(f"status {answer.status}")
        # The oldest first, so that the first of a story leads it.
        for item in reversed(items_of(answer.body)):
            await self._taking_in.take(source.id, item)
        return _validators(answer)

    async def _go_on(self, source: Source, fields: Mapping[str, Any], *, failed: bool) -> None:
        pause = pause_after(source.failures + 1) if failed else _spread(EVERY)

        async def work() -> None:
            stored = await self._sources.polled(source, fields)
            if stored is not None:
                await self._ask(stored, self._clock() + pause)

        await transact(self._store, work)

    def _failure(self, source: Source, reason: str) -> dict[str, Any]:
        return {
            "failures": source.failures + 1,
            "failing_since": source.failing_since or self._clock(),
            "failure": reason,
        }

    async def _ask(self, source: Source, at: datetime) -> None:
        await self._jobs.enqueue(
            POLL,
            {"source": source.id, "chain": source.chain, "polls": source.polls},
            id=derived_id(POLL, source.id, source.chain, str(source.polls)),
            run_at=at,
        )


def pause_after(failures: int) -> timedelta:
    """Return 7.5 to 15 minutes after the first failure, doubling up to six hours."""
    doubled: int = 2 ** min(failures - 1, _DOUBLINGS_AT_MOST)
    longest = min(FIRST_PAUSE * doubled, LONGEST_PAUSE)
    return longest * random.uniform(0.5, 1)  # noqa: S311 - jitter, not a secret


def _spread(pause: timedelta) -> timedelta:
    return pause * random.uniform(0.9, 1.1)  # noqa: S311 - jitter, not a secret


def _is_its_turn(source: Source, payload: Mapping[str, Any]) -> bool:
    is_own = source.chain == payload["chain"] and source.polls == payload["polls"]
    return is_own and source.state is SourceState.ACTIVE


def _conditions(source: Source) -> dict[str, str]:
    headers = {"accept": _ACCEPT, "user-agent": "laocai-channels/1"}
    if source.etag is not None:
        headers["if-none-match"] = source.etag
    if source.last_modified is not None:
        headers["if-modified-since"] = source.last_modified
    return headers


def _validators(answer: EndpointAnswer) -> dict[str, Any]:
    return {
        "etag": _short(answer.headers.get("etag")),
        "last_modified": _short(answer.headers.get("last-modified")),
    }


def _short(value: str | None) -> str | None:
    is_sound = value is not None and len(value) <= _TAG_CHARACTERS_AT_MOST and value.isascii()
    return value if is_sound else None
