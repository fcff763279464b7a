"""What phones may show of a chain: of each thread, what was put there by which notice, oldest first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.alerts.bulletins import Bulletin
from api.alerts.notices import (
    belated_id,
    cancellation_id,
    left_out_id,
    newcomers_id,
    quieted_id,
    warning_id,
)
from api.alerts.open_alerts import Alert, OpenAlerts
from api.alerts.repository import AlertRecord, AlertRepository
from api.alerts.sounding import is_known
from api.alerts.threads import Threads, threads_of
from notifications.devices import Device
from notifications.service import Notifications


@dataclass(frozen=True, slots=True)
class Put:
    """A notice that puts a bulletin into a thread; None: that what was there holds no more."""

    notice_id: str
    bulletin: Bulletin | None


class ShownChain:
    """`alerts`: messages of a chain that phones were told, oldest first, and the threads of each."""

    def __init__(
        self, alerts: Sequence[Alert], threads: Sequence[Threads], notifications: Notifications
    ) -> None:
        self.alerts = tuple(alerts)
        self._threads = tuple(threads)
        self._notifications = notifications

    @property
    def threads(self) -> Threads:
        """All threads in which there was anything."""
        return tuple(dict.fromkeys(one for threads in self._threads for one in threads))

    def told_in(self, thread: str) -> list[tuple[AlertRecord, Bulletin]]:
        """Return the messages that put a bulletin into a thread, and that bulletin, oldest first."""
        return [
            (alert.record, alert.bulletins[threads.index(thread)])
            for alert, threads in zip(self.alerts, self._threads, strict=True)
            if thread in threads
        ]

    def latest(self, thread: str) -> Bulletin | None:
        """Return the bulletin that was put into a thread last."""
        found = [put.bulletin for put in self.puts(thread) if put.bulletin is not None]
        return found[-1] if found else None

    def warnings(self, threads: Sequence[str]) -> list[str]:
        """Return the ids of the notices that put a bulletin there."""
        puts = [put for thread in threads for put in self.puts(thread)]
        return [put.notice_id for put in puts if put.bulletin is not None]

    def ended_notices(
        self,
        now: datetime,
        threads: Sequence[str] | None = None,
        *,
        with_cancellations: bool = True,
    ) -> list[str]:
        """Return the ids of all notices of the messages that have ended, in these threads or in all.

        `with_cancellations`: also of those with which such messages were taken back.
        """
        found: list[str] = []
        for place, alert in enumerate(self.alerts):
            for thread in self.threads if threads is None else threads:
                if alert.record.has_ended(now):
                    puts = self._said(place, thread)
                    if with_cancellations:
                        puts += self._taken_back(place, thread)
                    found += (put.notice_id for put in puts)
        return found

    def puts(self, thread: str) -> list[Put]:
        """Return what was put into a thread, oldest first."""
        return [
            put
            for place in range(len(self.alerts))
            for put in (*self._said(place, thread), *self._taken_back(place, thread))
        ]

    async def may_show(self, threads: Sequence[str]) -> frozenset[str]:
        """Return the devices that were shown a bulletin in one of these threads, or may have been."""
        return await self._notifications.may_show(self.warnings(threads))

    async def may_show_still(self, thread: str) -> frozenset[str]:
        """Return the same without those that were told since that it holds no more."""
        may_show = await self.may_show([thread])
        over = {put.notice_id for put in self.puts(thread) if put.bulletin is None}
        shown = await self._last_shown(thread)
        return frozenset(device for device in may_show if shown.get(device) not in over)

    async def knows(
        self, thread: str, update: Bulletin, now: datetime
    ) -> tuple[Callable[[Device], bool], Callable[[Device], bool]]:
        """Return what tells of a device whether it shows something there, and whether it knows the update.

        Each is judged by what it was shown last itself: not everybody was reached by every message.
        """
        shown = await self._last_shown(thread)
        bulletins = {put.notice_id: put.bulletin for put in self.puts(thread)}
        verdicts: dict[tuple[str, str], bool] = {}

        def knows(device: Device) -> bool:
            notice_id, language = shown.get(device.id), device.profile.language
            bulletin = bulletins[notice_id] if notice_id is not None else None
            if notice_id is None or bulletin is None:
                return False
            if (notice_id, language) not in verdicts:
                verdicts[notice_id, language] = is_known(update, bulletin, language, now)
            return verdicts[notice_id, language]

        return lambda device: device.id in shown, knows

    async def _last_shown(self, thread: str) -> dict[str, str]:
        return await self._notifications.last_shown([put.notice_id for put in self.puts(thread)])

    def _said(self, place: int, thread: str) -> list[Put]:
        """Return what a message put into a thread."""
        alert, threads = self.alerts[place], self._threads[place]
        puts: list[Put] = []
        late: list[Put] = []
        if thread in threads:
            number = threads.index(thread)
            loud = warning_id(alert.record.id, number)
            puts += [
                Put(notice_id, alert.bulletins[number])
                for notice_id in (loud, quieted_id(loud), belated_id(loud))
            ]
            late.append(Put(newcomers_id(loud), alert.bulletins[number]))
        over = left_out_id(alert.record.id, thread)
        # Who comes in later may have been told before, by the same message, that it holds no more for them.
        return [*puts, Put(over, None), Put(belated_id(over), None), *late]

    def _taken_back(self, place: int, thread: str) -> list[Put]:
        """Return what took it out of a thread again."""
        record = self.alerts[place].record
        over = [cancellation_id(cancel, record.id, thread) for cancel in record.cancelled_by]
        return [Put(notice_id, None) for one in over for notice_id in (one, belated_id(one))]


class ShownChains:
    """Finds what phones may show of the chain of a message."""

    def __init__(
        self, alerts: AlertRepository, open_alerts: OpenAlerts, notifications: Notifications
    ) -> None:
        self._alerts = alerts
        self._open_alerts = open_alerts
        self._notifications = notifications

    async def before(self, record: AlertRecord) -> tuple[ShownChain, Threads]:
        """Return what was told before a warning, and the threads of its own bulletins."""
        earlier = [await self._open_alerts.open(one) for one in await self._told_before(record)]
        *threads, own = threads_of([*earlier, await self._open_alerts.open(record)])
        return ShownChain(earlier, threads, self._notifications), own

    async def up_to(self, record: AlertRecord) -> ShownChain:
        """Return what was told up to a warning, itself included."""
        told = [*await self._told_before(record), record]
        opened = [await self._open_alerts.open(one) for one in told]
        return ShownChain(opened, threads_of(opened), self._notifications)

    async def still_shows(self, record: AlertRecord, cancel: AlertRecord, now: datetime) -> bool:
        """Tell whether phones show the alert itself: not when an update has taken its place there.

        An update that was to take effect later, or reaches nobody, has taken nothing's place.
        """
        if (
            record.warned_at is None
            or cancel.id not in record.cancelled_by
            or now >= record.expires_at
        ):
            return False
        updates = await self._alerts.get_many(record.superseded_by)
        return all(update.warned_at is None for update in updates.values())

    async def _told_before(self, record: AlertRecord) -> list[AlertRecord]:
        if not record.references:
            return []
        chain = await self._alerts.of_thread(record.thread, record.sender, record.status)
        referenced = await self._alerts.get_many(record.references)
        known = {one.id: one for one in (*chain, *referenced.values())}.values()
        told = [one for one in known if one.warned_at is not None and one.sent < record.sent]
        return sorted(told, key=lambda one: one.sent)
