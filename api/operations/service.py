"""Reads the live state, for figures and for administrators."""

from dataclasses import dataclass
from time import perf_counter

from api.accounts.caller import PROVINCE, Caller, Role
from api.accounts.sign_in.send_caps import SendCaps
from api.alerts.service import AlertService
from api.bot.rasa import Rasa
from api.conditions.near.service import NearService
from api.feedback.reports.repository import ReportRepository
from api.kit.clock import Clock
from api.kit.jobs import Jobs
from api.kit.limits import Limits
from api.kit.seeing.registry import version_of_product
from api.kit.store import Store
from api.operations.funnels import Funnels
from api.operations.live_state import (
    CertificateState,
    FeedState,
    Lane,
    LaneName,
    LiveState,
    OverdueReports,
    RedisState,
    SensorState,
)
from notifications.notice import Priority
from notifications.outbox import Outbox
from notifications.text_message import Channel
from notifications.text_outbox import TextOutbox

ALERTS_AT_MOST = 1_000
FEEDS_AT_MOST = 100
CERTIFICATES_AT_MOST = 100
_PUSHES = {
    Priority.EXTREME: LaneName.EXTREME,
    Priority.SEVERE: LaneName.SEVERE,
    Priority.NORMAL: LaneName.NORMAL,
}
_TEXTS = {Channel.SMS: LaneName.SMS, Channel.EMAIL: LaneName.EMAIL}


@dataclass(frozen=True, slots=True)
class Observed:
    """What is looked at, each its own slice's."""

    store: Store
    limits: Limits
    rasa: Rasa
    outbox: Outbox
    texts: TextOutbox
    jobs: Jobs
    alerts: AlertService
    near: NearService
    reports: ReportRepository
    caps: SendCaps


class Operations:
    def __init__(self, observed: Observed, funnels: Funnels, clock: Clock) -> None:
        self._observed = observed
        self._funnels = funnels
        self._clock = clock

    async def state_for(self, caller: Caller) -> LiveState:
        """Return the live state to an administrator. Raises NotSignedIn, NotAllowed, StoreError."""
        caller.require(Role.ADMINISTRATOR, PROVINCE)
        return await self.state()

    async def state(self) -> LiveState:
        """Read it now: some dozens of short queries. Raises StoreError."""
        seen, now = self._observed, self._clock()
        began = perf_counter()
        await seen.store.ping()
        store_milliseconds = (perf_counter() - began) * 1_000
        active = await seen.alerts.records.active(now, ALERTS_AT_MOST, None)
        return LiveState(
            at=now,
            version=version_of_product(),
            store_milliseconds=store_milliseconds,
            redis=await self._redis(),
            bot_is_there=await seen.rasa.is_there(),
            lanes=await self._lanes(),
            jobs=await seen.jobs.waiting(),
            active_alerts=len(active),
            funnels=await self._funnels.of(active),
            feeds=await self._feeds(),
            sensors=await self._sensors(),
            overdue=OverdueReports(*await seen.reports.count_overdue(now)),
            certificates=await self._certificates(),
            sms_caps=await seen.caps.used_today(now),
        )

    async def _lanes(self) -> tuple[Lane, ...]:
        pushes = [
            Lane(name, await self._observed.outbox.waiting(priority))
            for priority, name in _PUSHES.items()
        ]
        texts = [
            Lane(name, await self._observed.texts.waiting(channel))
            for channel, name in _TEXTS.items()
        ]
        return (*pushes, *texts)

    async def _redis(self) -> RedisState:
        reached = await self._observed.limits.reaches_redis()
        if reached is None:
            return RedisState.UNUSED
        return RedisState.REACHED if reached else RedisState.AWAY

    async def _feeds(self) -> tuple[FeedState, ...]:
        feeds = await self._observed.alerts.feeds.list()
        return tuple(
            FeedState(
                feed.id,
                feed.agency_id,
                feed.polled_at,
                feed.succeeded_at,
                feed.failures,
                feed.last_error,
            )
            for feed in feeds[:FEEDS_AT_MOST]
        )

    async def _certificates(self) -> tuple[CertificateState, ...]:
        """Return those that sign now or will, but for what has a successor of the same agency."""
        certificates, now = self._observed.alerts.certificates, self._clock()
        found = [
            CertificateState(one.id, one.agency_id, one.not_after)
            for one in await certificates.list()
            if one.is_open(now) and not await certificates.is_succeeded(one)
        ]
        return tuple(found[:CERTIFICATES_AT_MOST])

    async def _sensors(self) -> SensorState:
        stations = await self._observed.near.every_station()
        silent = tuple(sorted(one.station.id for one in stations if not one.is_known))
        return SensorState(len(stations), silent)
