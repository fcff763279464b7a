"""What says that a warning no longer holds: what a Cancel takes back, and what an Update leaves out."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from api.alerts.actual_alert import ActualAlert
from api.alerts.notices import cancellation, closing
from api.alerts.open_alerts import OpenAlerts
from api.alerts.repository import AlertRecord, AlertRepository
from api.alerts.shown import ShownChain, ShownChains
from api.alerts.threads import threads_closed
from api.kit.clock import Clock
from notifications.notice import Notice


@dataclass(frozen=True, slots=True)
class End:
    """`notice` says it, `chain` is what was told before."""

    notice: Notice
    chain: ShownChain


class Ends:
    """Finds what ends there are, and what is said of each while it is news."""

    def __init__(
        self, alerts: AlertRepository, open_alerts: OpenAlerts, chains: ShownChains, clock: Clock
    ) -> None:
        self._alerts = alerts
        self._open_alerts = open_alerts
        self._chains = chains
        self._clock = clock

    async def cancelled_by(
        self, cancel: AlertRecord
    ) -> AsyncGenerator[tuple[AlertRecord, ShownChain]]:
        """Yield each warning that a Cancel takes back, with what was told up to it."""
        for record in (await self._alerts.get_many(cancel.references)).values():
            if record.warned_at is not None:
                yield record, await self._chains.up_to(record)

    async def closed_by(self, update: AlertRecord) -> tuple[ShownChain, list[str]]:
        """Return what was told before an update, and the threads that it closes.

        An all-clear closes none this way: it is told in each of them itself.
        """
        alert = await self._open_alerts.open(update)
        before, own = await self._chains.before(update)
        if alert.is_all_clear:
            return before, []
        return before, threads_closed(before.threads, alert, own, self._clock())

    async def of(self, ender: AlertRecord, of_id: str | None, thread: str) -> End | None:
        """Return how a thread ends: by a Cancel `of_id`, or, without it, by an Update that leaves it out."""
        if of_id is None:
            end = await self._left_out(ender, thread)
        else:
            end = await self._taken_back(ender, of_id, thread)
        return end if end and end.notice.expires_at > self._clock() else None

    async def _left_out(self, update: AlertRecord, thread: str) -> End | None:
        if update.has_ended(self._clock()):
            return None
        alert = await self._open_alerts.open(update)
        before, _ = await self._chains.before(update)
        notice = closing(alert, thread, before.latest(thread))
        return End(notice, before) if notice else None

    async def _taken_back(self, cancel: AlertRecord, of_id: str, thread: str) -> End | None:
        record = await self._alerts.get(of_id)
        if record is None or not await self._chains.still_shows(record, cancel, self._clock()):
            return None
        shown = await self._chains.up_to(record)
        latest = shown.latest(thread)
        if latest is None:
            return None
        return End(cancellation(ActualAlert(cancel), record, thread, latest), shown)
