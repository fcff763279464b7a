"""The job that sends SMS: some minutes after an extreme warning, to whoever opened it on no device of theirs.

And after an Update, to whoever got one before and learns of something by it: of more danger, of something else
to do, or of communes that are new.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from datetime import timedelta
from typing import Any

import structlog

from api.alerts.actual_alert import ActualAlert
from api.alerts.bulletins import Communes
from api.alerts.by_sms.hearing import Heard, Hearing
from api.alerts.by_sms.news import News, SmsTelling, extreme_since, is_extreme
from api.alerts.by_sms.queueing import Saying, SmsQueue
from api.alerts.by_sms.spending import NoticeOver, SmsSpending
from api.alerts.by_sms.told import NEXT_LOOK_AFTER, SmsRecords, Standing
from api.alerts.by_sms.wishes import SmsWishes
from api.alerts.notices import warning
from api.alerts.open_alerts import OpenAlerts
from api.alerts.repository import AlertRepository
from api.alerts.shown import ShownChains
from api.kit.clock import Clock
from api.kit.ids import derived_id
from api.kit.jobs import Handler, Jobs

SEND_SMS = "alerts.send_sms"

log = structlog.get_logger()


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
        """Ask for the SMS of a bulletin that phones have just been told of, if there may be any.

        Whoever has opened nothing of the event has the time from its first extreme warning on, however often
        that is updated; whoever has, from now on.
        """
        telling = await self._telling(payload)
        if telling is None:
            return
        asked = {"alert_id": payload["alert_id"], "number": int(payload["number"])}
        await self._ask({**asked, "is_early": False}, 0, self._after)
        if telling.since is not None and telling.is_for_everybody:
            left = max(telling.since + self._after - self._clock(), timedelta())
            await self._ask({**asked, "is_early": True}, 0, left)

    async def send(self, payload: Mapping[str, Any]) -> None:
        """Queue an SMS for everybody who has to be told so, each once, however often this runs."""
        telling = await self._begun(payload)
        if telling is None:
            log.info("warning over, no SMS sent", alert=payload["alert_id"])
            return
        try:
            is_settled = await self._tell(telling, is_early=bool(payload.get("is_early")))
        except NoticeOver:
            log.info("warning over, no more SMS sent", notice=telling.notice.id)
            return
        if not is_settled:
            await self._ask(payload, int(payload.get("round", 0)) + 1, NEXT_LOOK_AFTER)

    async def _tell(self, telling: SmsTelling, *, is_early: bool) -> bool:
        """Tell all that is known by now who is to be told; False when there may be more."""
        notice = telling.notice
        heard = await self._hearing.of(notice.id, telling.bulletin, telling.puts, self._clock())
        news = News(telling, self._communes, self._clock())
        is_settled, held_back = True, 0
        async for standing in self._meant(telling):
            person_id = standing.person_id
            if standing.has(notice.id) or (is_early and not await _knows_nothing(standing, heard)):
                continue
            if standing.is_waiting:
                is_settled = False  # what they know is not known yet
            elif await news.is_for(standing) and not await heard.by(person_id):
                held_back += not await self._queue.say(
                    Saying(notice), person_id, standing.language, [notice.id]
                )
        await self._spending.note_held_back(notice.id, held_back)
        log.info("warning told by SMS", notice=notice.id, held_back=held_back)
        return is_settled

    async def _meant(self, telling: SmsTelling) -> AsyncGenerator[Standing]:
        """Yield those who were told something in the thread and whose communes are meant, then all others."""
        notice_ids = [*(put.notice_id for put in telling.puts), telling.notice.id]
        met: set[str] = set()
        elsewhere: dict[str, Standing] = {}
        async for standing in self._records.standings(notice_ids):
            if standing.told[-1].communes & telling.homes:
                met.add(standing.person_id)
                yield standing
            else:
                elsewhere[standing.person_id] = standing
        if not telling.is_for_everybody:
            return
        async for person_id in self._wishes.persons_of(telling.homes):
            if person_id not in met:
                met.add(person_id)
                yield elsewhere.get(person_id) or Standing(person_id)

    async def _begun(self, payload: Mapping[str, Any]) -> SmsTelling | None:
        """Return what is to be told, with room for its counts, unless something has ended it."""
        telling = await self._telling(payload)
        if telling is None:
            return None
        await self._spending.begin(telling.notice.id, telling.notice.expires_at)
        # What ends it from here on finds the counts and closes them; what ended it before, we see now.
        return await self._telling(payload)

    async def _telling(self, payload: Mapping[str, Any]) -> SmsTelling | None:
        """Return the bulletin while it holds, if it may go by SMS to anybody."""
        record, now = await self._alerts.get(payload["alert_id"]), self._clock()
        if record is None or record.warned_at is None or record.has_ended(now):
            return None
        number = int(payload["number"])
        bulletin = (await self._open_alerts.open(record)).bulletins[number]
        if bulletin.is_all_clear or not bulletin.is_in_force(now):
            return None
        before, threads = await self._chains.before(record)
        thread = threads[number]
        earlier = before.warnings([thread])
        if not is_extreme(bulletin) and not await self._records.is_anybody_told(earlier):
            return None
        return SmsTelling(
            warning(ActualAlert(record), number, bulletin, thread),
            bulletin,
            tuple(before.puts(thread)),
            await asyncio.to_thread(bulletin.reach.homes, self._communes),
            extreme_since(before.told_in(thread)),
        )

    async def _ask(self, asked: Mapping[str, Any], look: int, after: timedelta) -> None:
        name = [asked["alert_id"], str(asked["number"])]
        name += ["early"] if asked.get("is_early") else []
        name += [str(look)] if look else []
        await self._jobs.enqueue(
            SEND_SMS,
            {**asked, "round": look},
            id=derived_id(SEND_SMS, *name),
            run_at=self._clock() + after,
        )


async def _knows_nothing(standing: Standing, heard: Heard) -> bool:
    is_told = standing.last is not None or standing.is_waiting
    return not is_told and await heard.nothing_by(standing.person_id)
