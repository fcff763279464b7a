"""Alert rules, free of HTTP and GraphQL: take messages in, say what holds now and where."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from api.alerts.acceptance import Acceptance
from api.alerts.administrators import AdministratorAlarms
from api.alerts.agency_keys import Agency, AgencyKeys
from api.alerts.bulletins import Communes
from api.alerts.errors import AlertProblem, EntryWithoutMessage, SenderNotAllowed
from api.alerts.fan_out import (
    CHANGES,
    FAN_OUT,
    FAN_OUT_CANCELLATION,
    WITHDRAW_REPLACED,
    FanOutJobs,
)
from api.alerts.feed import FeedEntry, entries_of
from api.alerts.intake import Imported, read_arrival
from api.alerts.newcomers import NewcomerLooks
from api.alerts.open_alerts import Alert, AlertView, OpenAlerts
from api.alerts.polling.feeds import PolledFeeds
from api.alerts.polling.polling import FeedPolling
from api.alerts.publishing.public_alerts import PublicAlerts
from api.alerts.repository import AlertRecord, AlertRepository
from api.alerts.signatures.alarming import ExpiryAlarms
from api.alerts.signatures.certificates import AgencyCertificates
from api.kit.clock import Clock
from api.kit.events import Events
from api.kit.geo import Position
from api.kit.jobs import Handler, Jobs
from api.kit.pages import Listing, Page, checked_first
from api.kit.rounds import Rounds
from api.kit.store import Store
from notifications.service import Notifications

ACTIVE_ALERTS = Listing("activeAlerts", (int, datetime, str))
_READ_AT_ONCE = 100

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What became of one message of a document: it was taken in, or refused for `problem`.

    `entry`: the id of the feed's entry; None when the document was the message itself.
    """

    entry: str | None
    imported: Imported | None
    problem: AlertProblem | None


class AlertService:
    """`jobs` tell the phones (see docs/alerts.md).

    `keys` are the agencies that may post, `certificates` what they sign with, `feeds` those that
    we read of them, `public` what other systems may have; `records`, `acceptance` and
    `open_alerts` are for those who compose warnings here.
    """

    def __init__(
        self,
        store: Store,
        jobs: Jobs,
        events: Events,
        notifications: Notifications,
        communes: Communes,
        clock: Clock,
    ) -> None:
        self.keys = AgencyKeys(store, clock)
        self.certificates = AgencyCertificates(store, self.keys, jobs, clock)
        alarms = AdministratorAlarms(store, notifications, clock)
        self.feeds = PolledFeeds(store, self.keys, jobs, clock)
        self._polling = FeedPolling(store, self.feeds, self.keys, alarms, self.import_cap, clock)
        self._expiry_alarms = ExpiryAlarms(self.certificates, self.keys, alarms)
        self._listeners: dict[str, list[Handler]] = {}
        self._events = events
        self._communes = communes
        self._clock = clock
        self.records = AlertRepository(store)
        self.acceptance = Acceptance(store, self.records, jobs, events, clock)
        self.open_alerts = OpenAlerts(self.records, communes)
        self.public = PublicAlerts(self.records, self.open_alerts, clock)
        self._fan_out_jobs = FanOutJobs(
            self.records, self.open_alerts, notifications, communes, jobs, events, clock
        )
        rounds = Rounds(store, clock)
        self.newcomers = NewcomerLooks(
            self.records, self.open_alerts, notifications, communes, rounds, clock
        )

    def handlers(self) -> dict[str, Handler]:
        """Return the handler of each kind of job of this slice, for the worker."""
        telling = self._fan_out_jobs.handlers()
        return {
            **{kind: self._heard_by_listeners(kind, telling[kind]) for kind in telling},
            **self._expiry_alarms.handlers(),
            **self._polling.handlers(),
        }

    def after_telling(self, listener: Handler) -> None:
        """Let a listener know, by the job's payload, that phones were told of a bulletin.

        It may be let know again, after a crash; so may the two below.
        """
        self._listeners.setdefault(FAN_OUT, []).append(listener)

    def after_cancellation(self, listener: Handler) -> None:
        """Let a listener know, by the job's payload, that phones were told of a Cancel."""
        self._listeners.setdefault(FAN_OUT_CANCELLATION, []).append(listener)

    def after_update(self, listener: Handler) -> None:
        """Let a listener know, by the job's payload, that an Update has ended what it replaces."""
        self._listeners.setdefault(WITHDRAW_REPLACED, []).append(listener)

    def _heard_by_listeners(self, kind: str, handler: Handler) -> Handler:
        async def handle(payload: Mapping[str, Any]) -> None:
            await handler(payload)
            for listener in self._listeners.get(kind, ()):
                await listener(payload)

        return handle

    def polling_handlers(self) -> dict[str, Handler]:
        """Return the handlers that wait for other systems, which may take long."""
        return self._polling.handlers()

    async def import_cap(
        self, raw: bytes, source: str, *, agency: Agency | None = None
    ) -> Imported:
        """Take in one CAP 1.2 message, whole: it is stored, and phones will be told, once this returns.

        The same message again changes nothing. `source` says where it came from; `agency` is set
        when it came through an agency's key, and then the sender must be one of the agency's.
        Raises AlertProblem: nothing was stored then.
        """
        trust = await self.certificates.trust_in(agency)
        arrival = await asyncio.to_thread(
            read_arrival, raw, source, self._clock(), self._communes, trust
        )
        if agency is not None and arrival.message.sender not in agency.senders:
            raise SenderNotAllowed(element="sender", value=arrival.message.sender)
        imported = await self.acceptance.accept(arrival)
        log.info(
            "cap message accepted",
            alert=imported.id,
            msg_type=arrival.message.msg_type.value,
            delivery=imported.delivery.value,
            is_replay=imported.is_replay,
            signature=imported.signature.value,
        )
        return imported

    async def import_document(self, raw: bytes, source: str) -> list[ImportOutcome]:
        """Take in a CAP message, or every message that an Atom feed holds.

        Raises AlertProblem for a document that is neither, or a message that is refused. In a feed
        each entry stands alone: a broken one does not hold back a warning beside it.
        """
        entries = await asyncio.to_thread(entries_of, raw)
        if entries is None:
            return [ImportOutcome(None, await self.import_cap(raw, source), None)]
        return [await self._import_entry(entry, source) for entry in entries]

    async def get(self, alert_id: str) -> AlertView | None:
        """Return a warning of any age; None for what is not a public warning."""
        alert = await self._warning(alert_id)
        return alert.view(None, self._clock()) if alert else None

    async def active(self, at: Position | None, first: int, after: str | None) -> Page[AlertView]:
        """Return the warnings in force at a position, or anywhere, the worst and latest first.

        Raises InvalidCursor or InvalidPageSize.
        """
        wanted = checked_first(first) + 1
        found: list[AlertView] = []
        async with aclosing(self._in_force(at, ACTIVE_ALERTS.values(after))) as views:
            async for view in views:
                found.append(view)
                if len(found) == wanted:
                    break
        return ACTIVE_ALERTS.page(
            found, first=first, after=after, values=lambda view: _sort_values(view.record)
        )

    async def in_force(self, start: datetime, end: datetime, most: int) -> list[Alert]:
        """Return the warnings in force at some moment from `start` to `end`, as known now.

        At most `most`, the worst and latest first.
        """
        records = await self.records.in_force(start, end, most)
        return [await self.open_alerts.open(record) for record in records]

    async def changes(self, at: Position | None) -> AsyncGenerator[AlertView]:
        """Yield each warning of a place, or of any, that is issued, updated or cancelled from now on."""
        async for event in self._events.listen(CHANGES):
            alert = await self._warning(event["alert_id"])
            view = alert.view(at, self._clock()) if alert else None
            if view is not None:
                yield view

    async def _in_force(
        self, at: Position | None, behind: Sequence[Any] | None
    ) -> AsyncGenerator[AlertView]:
        """Yield what holds at a position now. Opens no more than is asked for: that may cost much."""
        now = self._clock()
        records = await self.records.active(now, _READ_AT_ONCE, behind)
        while records:
            for record in records:
                alert = await self.open_alerts.open(record)
                if view := alert.active_view(at, now):
                    yield view
            behind = _sort_values(records[-1])
            is_last = len(records) < _READ_AT_ONCE
            records = [] if is_last else await self.records.active(now, _READ_AT_ONCE, behind)

    async def _warning(self, alert_id: str) -> Alert | None:
        record = await self.records.get(alert_id)
        if record is None or not record.warns:
            return None
        return await self.open_alerts.open(record)

    async def _import_entry(self, entry: FeedEntry, source: str) -> ImportOutcome:
        if entry.message is None:
            return ImportOutcome(entry.name, None, EntryWithoutMessage(entry=entry.name))
        try:
            return ImportOutcome(entry.name, await self.import_cap(entry.message, source), None)
        except AlertProblem as problem:
            return ImportOutcome(entry.name, None, problem)


def _sort_values(record: AlertRecord) -> tuple[int, datetime, str]:
    return record.severity_rank, record.sent, record.id
