"""The job that says by SMS that a warning is over, to whoever got it by SMS, at once and once each.

Over is what a Cancel takes back, an all-clear ends, and an Update leaves out: an event that it does not go on
with, or the communes that the person asked for. Never before the warning: what has not gone out of it by then
is withdrawn, and what a worker has in hand is waited for. Who got none, gets no end.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import structlog

from api.alerts.actual_alert import ActualAlert
from api.alerts.bulletins import Bulletin, Communes
from api.alerts.by_sms.queueing import Saying, SmsQueue
from api.alerts.by_sms.spending import NoticeOver, SmsSpending
from api.alerts.by_sms.told import NEXT_LOOK_AFTER, SmsRecords, Standing
from api.alerts.ends import Ends
from api.alerts.notices import closing_by_sms, left_out_id, warning
from api.alerts.open_alerts import Alert, OpenAlerts
from api.alerts.repository import AlertRecord, AlertRepository
from api.alerts.shown import ShownChain, ShownChains
from api.kit.clock import Clock
from api.kit.ids import derived_id
from api.kit.jobs import Handler, Jobs
from notifications.notice import Notice

END_SMS = "alerts.end_sms"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Ending:
    """What says that it is over, after what was told in `chain`.

    `puts`: by thread, the notice as which it counts there. `goes_on_in`: communes in which it is not over.
    """

    notice: Notice
    chain: ShownChain
    puts: Mapping[str, str]
    goes_on_in: frozenset[str] = frozenset()


class SmsEnds:
    def __init__(
        self,
        alerts: AlertRepository,
        open_alerts: OpenAlerts,
        chains: ShownChains,
        ends: Ends,
        communes: Communes,
        records: SmsRecords,
        queue: SmsQueue,
        spending: SmsSpending,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._alerts = alerts
        self._open_alerts = open_alerts
        self._chains = chains
        self._ends = ends
        self._communes = communes
        self._records = records
        self._queue = queue
        self._spending = spending
        self._jobs = jobs
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {END_SMS: self.end}

    async def after_telling(self, payload: Mapping[str, Any]) -> None:
        """Ask for what a bulletin of an Update ends to be ended by SMS, beyond its communes or, all clear, everywhere."""
        update = await self._alerts.kept(payload["alert_id"])
        before, own = await self._chains.before(update)
        if not before.alerts:
            return
        alert = await self._open_alerts.open(update)
        thread = None if alert.is_all_clear else own[int(payload["number"])]
        await self._ask_first(update, None, thread, before)

    async def after_update(self, payload: Mapping[str, Any]) -> None:
        """Send no more of what the Update `alert_id` replaces, and ask for the events to be ended that it drops."""
        update = await self._alerts.kept(payload["alert_id"])
        before, closed = await self._ends.closed_by(update)
        await self._stop(before)
        for thread in closed:
            await self._ask_first(update, None, thread, before)

    async def after_cancellation(self, payload: Mapping[str, Any]) -> None:
        """Ask for what the Cancel `alert_id` takes back to be taken back by SMS."""
        cancel = await self._alerts.kept(payload["alert_id"])
        async for record, shown in self._ends.cancelled_by(cancel):
            for thread in shown.threads:
                await self._ask_first(cancel, record.id, thread, shown)

    async def end(self, payload: Mapping[str, Any]) -> None:
        """Queue an SMS for everybody who has to be told so, each once, however often this runs."""
        ending = await self._begun(payload)
        if ending is None:
            log.info("nothing to end by SMS", alert=payload["alert_id"])
            return
        try:
            is_settled = await self._tell(ending)
        except NoticeOver:
            log.info("end of no interest any more", notice=ending.notice.id)
            return
        if not is_settled:
            await self._ask(payload, int(payload["round"]) + 1, NEXT_LOOK_AFTER)

    async def _tell(self, ending: _Ending) -> bool:
        """Tell all of whom it is known by now that they got it; False when there may be more."""
        due: dict[str, list[tuple[str, Standing]]] = {}
        waiting: set[str] = set()
        for thread, put in ending.puts.items():
            warnings = _warnings(ending.chain, thread)
            puts = [one.notice_id for one in ending.chain.puts(thread)]
            async for standing in self._records.standings([*puts, *({put} - set(puts))]):
                if standing.has(put):
                    continue
                if standing.is_waiting:
                    waiting.add(standing.person_id)
                elif _is_over_for(standing, warnings, ending.goes_on_in):
                    due.setdefault(standing.person_id, []).append((put, standing))
        held_back = 0
        for person_id in due.keys() - waiting:
            held_back += not await self._said(ending.notice, person_id, due[person_id])
        await self._spending.note_held_back(ending.notice.id, held_back)
        log.info("end told by SMS", notice=ending.notice.id, held_back=held_back)
        return not waiting

    async def _said(
        self, notice: Notice, person_id: str, due: Sequence[tuple[str, Standing]]
    ) -> bool:
        language = due[0][1].language
        saying = Saying(notice, is_end=True)
        return await self._queue.say(saying, person_id, language, [put for put, _ in due])

    async def _begun(self, payload: Mapping[str, Any]) -> _Ending | None:
        """Return what is to be said, with room for its counts, unless something has overtaken it."""
        ending = await self._ending(payload)
        if ending is None:
            return None
        warnings = ending.chain.warnings(list(ending.puts))
        await self._spending.begin(ending.notice.id, ending.notice.expires_at, warnings)
        # What overtakes it from here on finds the counts and closes them; what did before, we see now.
        return await self._ending(payload)

    async def _ending(self, payload: Mapping[str, Any]) -> _Ending | None:
        ender, thread = await self._alerts.kept(payload["alert_id"]), payload["thread"]
        if payload["of"] is not None:
            end = await self._ends.of(ender, payload["of"], thread)
            return _Ending(end.notice, end.chain, {thread: end.notice.id}) if end else None
        if ender.has_ended(self._clock()):
            return None
        alert = await self._open_alerts.open(ender)
        before, own = await self._chains.before(ender)
        going_on = self._going_on(alert, own, thread)
        if going_on is None:
            return await self._dropped(ender, thread)
        number, bulletin = going_on
        if not bulletin.is_all_clear:
            return await self._beyond(ender, thread, bulletin)
        notice = warning(ActualAlert(ender), number, bulletin, own[number])
        threads = before.threads if thread is None else (thread,)
        return _Ending(notice, before, {one: left_out_id(ender.id, one) for one in threads})

    def _going_on(
        self, alert: Alert, own: Sequence[str], thread: str | None
    ) -> tuple[int, Bulletin] | None:
        """Return what an update says in a thread, or, all clear, in every one, while it holds."""
        for number, bulletin in enumerate(alert.bulletins):
            if thread in (None, own[number]) and bulletin.expires > self._clock():
                return number, bulletin
        return None

    async def _dropped(self, update: AlertRecord, thread: str | None) -> _Ending | None:
        end = await self._ends.of(update, None, thread) if thread else None
        latest = end.chain.latest(thread) if end and thread else None
        if end is None or latest is None or thread is None:
            return None
        return _Ending(closing_by_sms(end.notice, latest), end.chain, {thread: end.notice.id})

    async def _beyond(self, update: AlertRecord, thread: str, bulletin: Bulletin) -> _Ending | None:
        """Return the same for whoever is no longer meant; one that does not say where it holds leaves all as it is."""
        dropped = await self._dropped(update, thread)
        if dropped is None or bulletin.reach.is_nowhere:
            return None
        homes = await asyncio.to_thread(bulletin.reach.homes, self._communes)
        return replace(dropped, goes_on_in=homes)

    async def _stop(self, chain: ShownChain, *, with_cancellations: bool = True) -> None:
        """Queue no more SMS of what has ended in a chain, and withdraw those that have not gone."""
        ended = chain.ended_notices(self._clock(), with_cancellations=with_cancellations)
        await self._spending.close(ended)
        await self._records.withdraw(ended)

    async def _ask_first(
        self, ender: AlertRecord, of_id: str | None, thread: str | None, chain: ShownChain
    ) -> None:
        """Stop what has ended, and ask for the job if anybody was told of it."""
        await self._stop(chain, with_cancellations=of_id is None)
        threads = chain.threads if thread is None else (thread,)
        if await self._records.is_anybody_told(chain.warnings(threads)):
            await self._ask({"alert_id": ender.id, "of": of_id, "thread": thread}, 0, timedelta())

    async def _ask(self, asked: Mapping[str, Any], look: int, after: timedelta) -> None:
        name = (asked["alert_id"], asked["of"] or "", asked["thread"] or "", str(look))
        await self._jobs.enqueue(
            END_SMS,
            {**asked, "round": look},
            id=derived_id(END_SMS, *name),
            run_at=self._clock() + after,
        )


def _warnings(chain: ShownChain, thread: str) -> frozenset[str]:
    """Return the notices that say in a thread that there is danger."""
    return frozenset(
        put.notice_id
        for put in chain.puts(thread)
        if put.bulletin is not None and not put.bulletin.is_all_clear
    )


def _is_over_for(standing: Standing, warnings: frozenset[str], goes_on_in: frozenset[str]) -> bool:
    last = standing.last
    return last is not None and last.notice_id in warnings and not last.communes & goes_on_in
