"""One try to tell one relay something, and the next: signed, until it is taken or no longer holds.

At least once: a worker that is killed after a relay took it sends it again, under the same notice.
A try is noted before it begins, so that what ends a warning knows who may have been told of it, and
does not overtake it.
"""

import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import orjson
import structlog

from api.alerts.relays.records import Relay, RelayFailure, RelayKind, RelayState, Target
from api.alerts.relays.repository import RelayRepository
from api.kit.clock import Clock
from api.kit.endpoints import SECONDS, Endpoints, Posted
from api.kit.ids import derived_id
from api.kit.jobs import Jobs
from api.kit.stamped_signatures import stamped
from api.kit.store import Store
from api.kit.transactions import transact
from notifications.notice import Notice

SIGNATURE = "laocai-signature"
"""api.kit.stamped_signatures over the body, by the relay's secret."""

NOTICE = "laocai-notice"
"""The same again means: said already."""

FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(minutes=5)
IN_HAND: Final = timedelta(seconds=SECONDS + 5)
"""Longer than a call takes, and the noting of it."""
_DOUBLINGS_AT_MOST = 10
_FAILURES = {Posted.REFUSED: RelayFailure.REFUSED, Posted.UNREACHED: RelayFailure.UNREACHED}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Saying:
    """What a relay is to be told. `after`: notices that it must not overtake on the way there."""

    notice: Notice
    after: tuple[str, ...]


Look = Callable[[], Awaitable[Saying | None]]
"""Returns what is to be said, while it holds."""


class Passing:
    def __init__(
        self,
        store: Store,
        relays: RelayRepository,
        endpoints: Endpoints,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._store = store
        self._relays = relays
        self._endpoints = endpoints
        self._jobs = jobs
        self._clock = clock

    async def ask(
        self, kind: str, payload: Mapping[str, Any], notice: Notice, relay: Relay
    ) -> None:
        """Ask for a job of this kind that tells the relay of the notice; once, however often asked."""
        job = {**payload, "notice_id": notice.id, "relay_id": relay.id, "attempt": 1}

        async def work() -> None:
            if await self._relays.begin(notice.id, relay, notice.expires_at):
                await self._enqueue(kind, job)

        await transact(self._store, work)

    async def try_once(self, kind: str, payload: Mapping[str, Any], look: Look) -> None:
        """Try once, and ask for another try if the relay did not take it."""
        relay_id, notice_id = payload["relay_id"], payload["notice_id"]
        if not await self._relays.is_waiting(notice_id, relay_id):
            return
        saying, kept = await look(), await self._relays.get(relay_id)
        if saying is None or kept is None:
            await self._relays.expire(notice_id, relay_id)
        elif await self._overtakes(saying, relay_id):
            await self._enqueue_next(kind, payload)
        elif await self._taken_in_hand(notice_id, relay_id, look):
            posted = await self._sent(saying.notice, *kept)
            await transact(self._store, lambda: self._note(kind, payload, posted))

    async def _overtakes(self, saying: Saying, relay_id: str) -> bool:
        earlier = await self._relays.outcomes_at(relay_id, saying.after)
        now = self._clock()
        return any(one.in_hand_until is not None and one.in_hand_until > now for one in earlier)

    async def _taken_in_hand(self, notice_id: str, relay_id: str, look: Look) -> bool:
        now = self._clock()
        if not await self._relays.begin_try(notice_id, relay_id, now, now + IN_HAND):
            return False
        # What ends it from here on sees that we have it in hand; what ended it before, we see now.
        if await look() is None:
            await self._relays.expire(notice_id, relay_id)
            return False
        return True

    async def _note(self, kind: str, payload: Mapping[str, Any], posted: Posted) -> None:
        failure = _FAILURES.get(posted)
        state = RelayState.WAITING if failure else RelayState.TAKEN
        await self._relays.tried(payload["notice_id"], payload["relay_id"], state, failure)
        if failure is not None:
            await self._enqueue_next(kind, payload)

    async def _enqueue_next(self, kind: str, payload: Mapping[str, Any]) -> None:
        attempt = int(payload["attempt"])
        await self._enqueue(kind, {**payload, "attempt": attempt + 1}, pause_after(attempt))

    async def _enqueue(
        self, kind: str, job: Mapping[str, Any], pause: timedelta = timedelta()
    ) -> None:
        job_id = derived_id(kind, job["notice_id"], job["relay_id"], str(job["attempt"]))
        await self._jobs.enqueue(kind, job, id=job_id, run_at=self._clock() + pause)

    async def _sent(self, notice: Notice, relay: Relay, target: Target) -> Posted:
        body = body_of(notice, relay, target)
        headers = {
            "content-type": "application/json",
            NOTICE: notice.id,
            SIGNATURE: stamped(target.secret, body, self._clock()),
        }
        posted = await self._endpoints.posted(target.url, headers, body)
        log.info("warning passed on", notice=notice.id, relay=relay.id, posted=posted.name)
        return posted


def body_of(notice: Notice, relay: Relay, target: Target) -> bytes:
    """Return what a relay is sent: for Telegram a message as its bots send it, else our own JSON."""
    language, text = notice.text_for(relay.language)
    if relay.kind is RelayKind.TELEGRAM:
        return orjson.dumps({"chat_id": target.chat, "text": f"{text.title}\n\n{text.body}"})
    return orjson.dumps(
        {
            "noticeId": notice.id,
            "thread": notice.thread,
            "commune": relay.commune,
            "language": language,
            "title": text.title,
            "body": text.body,
            "expires": notice.expires_at.isoformat(),
            **notice.data,
        }
    )


def pause_after(attempt: int) -> timedelta:
    """Return 2.5 to 5 s after the first try, doubling up to five minutes."""
    doubled: int = 2 ** min(attempt - 1, _DOUBLINGS_AT_MOST)
    longest = min(FIRST_PAUSE * doubled, LONGEST_PAUSE)
    return longest * random.uniform(0.5, 1)  # noqa: S311 - jitter, not a secret
