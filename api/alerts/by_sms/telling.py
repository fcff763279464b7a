"""The job that sends SMS: some minutes after an extreme warning, to whoever opened it on no device of theirs.

And after an Update, to whoever got one before and learns of something by it: of more danger, of something else
to do, or of communes that are new.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from api.alerts.actual_alert import ActualAlert
from api.alerts.bulletins import Bulletin, Communes
from api.alerts.by_sms.hearing import Hearing
from api.alerts.by_sms.queueing import Saying, SmsQueue
from api.alerts.by_sms.spending import NoticeOver, SmsSpending
from api.alerts.by_sms.told import SmsRecords, Standing
from api.alerts.by_sms.wishes import SmsWishes
from api.alerts.cap_message import Severity
from api.alerts.notices import warning
from api.alerts.open_alerts import OpenAlerts
from api.alerts.repository import AlertRepository
from api.alerts.shown import Put, ShownChains
from api.alerts.sounding import is_known
from api.kit.clock import Clock
from api.kit.ids import derived_id
from api.kit.jobs import Handler, Jobs
from notifications.notice import Notice

SEND_SMS = "alerts.send_sms"
NEXT_LOOK_AFTER: Final = timedelta(seconds=15)
"""While a text is in the hands of a worker; as long as that lasts."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Telling:
    """A bulletin, what was put into its thread before, and the communes whose people are meant."""

    notice: Notice
    bulletin: Bulletin
    puts: tuple[Put, ...]
    homes: frozenset[str]

    @property
    def is_for_everybody(self) -> bool:
        """Tell whether those are told, too, who know nothing of it; milder ones are for who got an SMS before."""
        return self.bulletin.severity is Severity.EXTREME


class _News:
    """Judges who learns of something by a bulletin, from what reached them last by SMS."""

    def __init__(self, telling: _Telling, communes: Communes, now: datetime) -> None:
        self._telling = telling
        self._communes = communes
        self._now = now
        self._bulletins = {put.notice_id: put.bulletin for put in telling.puts}
        self._grows: dict[str, bool] = {}

    async def is_for(self, standing: Standing) -> bool:
        last = standing.last
        told = self._bulletins.get(last.notice_id) if last else None
        if last is None or told is None or told.is_all_clear:
            return self._telling.is_for_everybody
        if not is_known(self._telling.bulletin, told, last.language, self._now):
            return True
        return await self._is_larger(last.notice_id, told)

    async def _is_larger(self, notice_id: str, told: Bulletin) -> bool:
        """Tell whether communes are meant now that were not; once for each that was told."""
        if notice_id not in self._grows:
            before = await asyncio.to_thread(told.reach.homes, self._communes)
            self._grows[notice_id] = not self._telling.homes <= before
        return self._grows[notice_id]


class SmsJobs:
    """`after`: how long people have to open a warning on a device."""

    def __init__(
        self,
        alerts: AlertRepository,
        open_alerts: OpenAlerts,
        chains: ShownChains,
        communes: Communes,
        wishes: SmsWishes,
        hearing: Hearing,
        records: SmsRecords,
        queue: SmsQueue,
        spending: SmsSpending,
        jobs: Jobs,
        clock: Clock,
        after: timedelta,
    ) -> None:
        self._alerts = alerts
        self._open_alerts = open_alerts
        self._chains = chains
        self._communes = communes
        self._wishes = wishes
        self._hearing = hearing
        self._records = records
        self._queue = queue
        self._spending = spending
        self._jobs = jobs
        self._clock = clock
        self._after = after

    def handlers(self) -> dict[str, Handler]:
        """Return the handler of each kind of job, for the worker."""
        return {SEND_SMS: self.send}

    async def ask(self, payload: Mapping[str, Any]) -> None:
        """Ask for the SMS of a bulletin that phones have just been told of, if there may be any."""
        telling = await self._telling(payload)
        if telling is not None:
            asked = {"alert_id": payload["alert_id"], "number": int(payload["number"])}
            await self._ask(asked, 0, self._after)

    async def send(self, payload: Mapping[str, Any]) -> None:
        """Queue an SMS for everybody who has to be told so, each once, however often this runs."""
        telling = await self._begun(payload)
        if telling is None:
            log.info("warning over, no SMS sent", alert=payload["alert_id"])
            return
        try:
            is_settled = await self._tell(telling)
        except NoticeOver:
            log.info("warning over, no more SMS sent", notice=telling.notice.id)
            return
        if not is_settled:
            await self._ask(payload, int(payload.get("round", 0)) + 1, NEXT_LOOK_AFTER)

    async def _tell(self, telling: _Telling) -> bool:
        """Tell all that is known by now who is to be told; False when there may be more."""
        notice = telling.notice
        heard = await self._hearing.of(notice.id, telling.bulletin, telling.puts, self._clock())
        news = _News(telling, self._communes, self._clock())
        is_settled, held_back = True, 0
        async for standing in self._meant(telling):
            if standing.has(notice.id):
                continue
            if standing.is_waiting:
                is_settled = False  # what they know is not known yet
            elif await news.is_for(standing) and not await heard.by(standing.person_id):
                held_back += not await self._queue.say(
                    Saying(notice), standing.person_id, standing.language, [notice.id]
                )
        await self._spending.note_held_back(notice.id, held_back)
        log.info("warning told by SMS", notice=notice.id, held_back=held_back)
        return is_settled

    async def _meant(self, telling: _Telling) -> AsyncGenerator[Standing]:
        """Yield those who were told something in the thread and whose communes are meant, then all others."""
        notice_ids = [*(put.notice_id for put in telling.puts), telling.notice.id]
        seen: set[str] = set()
        async for standing in self._records.standings(notice_ids):
            if telling.homes.intersection(*(one.communes for one in standing.told[-1:])):
                seen.add(standing.person_id)
                yield standing
        if not telling.is_for_everybody:
            return
        async for person_id in self._wishes.persons_of(telling.homes):
            if person_id not in seen:
                seen.add(person_id)
                yield Standing(person_id, (), None, None, is_waiting=False)

    async def _begun(self, payload: Mapping[str, Any]) -> _Telling | None:
        """Return what is to be told, with room for its counts, unless something has ended it."""
        telling = await self._telling(payload)
        if telling is None:
            return None
        await self._spending.begin(telling.notice.id, telling.notice.expires_at)
        # What ends it from here on finds the counts and closes them; what ended it before, we see now.
        return await self._telling(payload)

    async def _telling(self, payload: Mapping[str, Any]) -> _Telling | None:
        """Return the bulletin while it holds, if it may go by SMS to anybody."""
        record, number, now = (
            await self._alerts.get(payload["alert_id"]),
            int(payload["number"]),
            self._clock(),
        )
        if record is None or record.warned_at is None or record.has_ended(now):
            return None
        bulletin = (await self._open_alerts.open(record)).bulletins[number]
        if bulletin.is_all_clear or not bulletin.is_in_force(now):
            return None
        before, threads = await self._chains.before(record)
        puts = tuple(before.puts(threads[number]))
        is_extreme = bulletin.severity is Severity.EXTREME
        if not is_extreme and not await self._records.is_anybody_told(
            [one.notice_id for one in puts]
        ):
            return None
        notice = warning(ActualAlert(record), number, bulletin, threads[number])
        homes = await asyncio.to_thread(bulletin.reach.homes, self._communes)
        return _Telling(notice, bulletin, puts, homes)

    async def _ask(self, asked: Mapping[str, Any], look: int, after: timedelta) -> None:
        name = (asked["alert_id"], str(asked["number"]), *([str(look)] if look else []))
        await self._jobs.enqueue(
            SEND_SMS,
            {**asked, "round": look},
            id=derived_id(SEND_SMS, *name),
            run_at=self._clock() + after,
        )
