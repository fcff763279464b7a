"""The job that passes a warning to one relay: signed, tried again until it is taken or the warning ends.

At least once: a worker that is killed after a relay took it sends it again, under the same notice.
"""

import asyncio
import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import orjson
import structlog

from api.alerts.actual_alert import ActualAlert
from api.alerts.bulletins import Bulletin, Communes
from api.alerts.notices import warning
from api.alerts.open_alerts import OpenAlerts
from api.alerts.relays.records import Relay, RelayKind, RelayState, Target
from api.alerts.relays.repository import RelayRepository
from api.alerts.repository import AlertRepository
from api.alerts.subjects import subject_of
from api.alerts.threads import first_thread
from api.kit.clock import Clock
from api.kit.endpoints import Endpoints
from api.kit.ids import derived_id
from api.kit.jobs import Handler, Jobs
from api.kit.stamped_signatures import stamped
from api.kit.store import Store
from api.kit.transactions import transact
from notifications.notice import Notice

RELAYING = "alerts.relay"
SIGNATURE = "laocai-signature"
"""api.kit.stamped_signatures over the body, by the relay's secret."""

NOTICE = "laocai-notice"
"""The same again means: said already."""

FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(minutes=5)
_DOUBLINGS_AT_MOST = 10

log = structlog.get_logger()


class RelayJobs:
    def __init__(
        self,
        store: Store,
        alerts: AlertRepository,
        open_alerts: OpenAlerts,
        communes: Communes,
        relays: RelayRepository,
        endpoints: Endpoints,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._store = store
        self._alerts = alerts
        self._open_alerts = open_alerts
        self._communes = communes
        self._relays = relays
        self._endpoints = endpoints
        self._jobs = jobs
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        """Return the handler of each kind of job, for the worker. They wait for other systems."""
        return {RELAYING: self.pass_on}

    async def ask(self, payload: Mapping[str, Any]) -> None:
        """Ask for a bulletin, of which phones have just been told, to be passed on in its communes."""
        found = await self._in_force(payload)
        if found is None:
            return
        notice, bulletin = found
        homes = await asyncio.to_thread(bulletin.reach.homes, self._communes)
        for relay in await self._relays.in_communes(homes):
            if bulletin.is_all_clear or relay.wants(subject_of(bulletin)):
                await self._ask(payload, notice, relay)

    async def pass_on(self, payload: Mapping[str, Any]) -> None:
        """Try once, and ask for another try if the relay did not take it."""
        relay_id, notice_id = payload["relay_id"], payload["notice_id"]
        if not await self._relays.is_waiting(notice_id, relay_id):
            return
        found, kept = await self._in_force(payload), await self._relays.get(relay_id)
        if found is None or kept is None:
            await self._relays.expire(notice_id, relay_id)
            return
        is_taken = await self._sent(found[0], *kept)
        await transact(self._store, lambda: self._note(payload, is_taken=is_taken))

    async def _ask(self, payload: Mapping[str, Any], notice: Notice, relay: Relay) -> None:
        job = {
            "alert_id": payload["alert_id"],
            "number": int(payload["number"]),
            "notice_id": notice.id,
            "relay_id": relay.id,
            "attempt": 1,
        }

        async def work() -> None:
            if await self._relays.begin(notice.id, relay, notice.expires_at):
                await self._enqueue(job)

        await transact(self._store, work)

    async def _note(self, payload: Mapping[str, Any], *, is_taken: bool) -> None:
        now, attempt = self._clock(), int(payload["attempt"])
        state = RelayState.TAKEN if is_taken else RelayState.WAITING
        await self._relays.tried(payload["notice_id"], payload["relay_id"], state, now)
        if not is_taken:
            await self._enqueue({**payload, "attempt": attempt + 1}, pause_after(attempt))

    async def _enqueue(self, job: Mapping[str, Any], pause: timedelta = timedelta()) -> None:
        job_id = derived_id(RELAYING, job["notice_id"], job["relay_id"], str(job["attempt"]))
        await self._jobs.enqueue(RELAYING, job, id=job_id, run_at=self._clock() + pause)

    async def _in_force(self, payload: Mapping[str, Any]) -> tuple[Notice, Bulletin] | None:
        """Return the bulletin and its notice, unless something has ended it."""
        record, now = await self._alerts.get(payload["alert_id"]), self._clock()
        if record is None or record.warned_at is None or record.has_ended(now):
            return None
        number = int(payload["number"])
        bulletin = (await self._open_alerts.open(record)).bulletins[number]
        if not bulletin.is_in_force(now):
            return None
        return warning(
            ActualAlert(record), number, bulletin, first_thread(record, number)
        ), bulletin

    async def _sent(self, notice: Notice, relay: Relay, target: Target) -> bool:
        body = body_of(notice, relay, target)
        headers = {
            "content-type": "application/json",
            NOTICE: notice.id,
            SIGNATURE: stamped(target.secret, body, self._clock()),
        }
        is_taken = await self._endpoints.post(target.url, headers, body)
        log.info("warning passed on", notice=notice.id, relay=relay.id, is_taken=is_taken)
        return is_taken


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
