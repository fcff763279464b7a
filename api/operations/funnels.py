"""How far the active alerts have come. What is done with is not counted again: it may be a million devices."""

from collections import Counter, OrderedDict
from collections.abc import Sequence

from api.alerts.notices import notice_ids
from api.alerts.repository import AlertRecord
from api.alerts.service import AlertService
from api.operations.live_state import Funnel
from api.safety.safe.muster import MusterService
from notifications.outbox import Tally
from notifications.outcomes import Outcome
from notifications.service import Notifications

FUNNELS_AT_MOST = 20
"""The worst of the active alerts: each is a label of some figures."""
_NOTICES_REMEMBERED = 1_000


class Funnels:
    def __init__(
        self, alerts: AlertService, notifications: Notifications, muster: MusterService
    ) -> None:
        self._alerts = alerts
        self._notifications = notifications
        self._muster = muster
        self._tallies: OrderedDict[str, Tally] = OrderedDict()

    async def of(self, records: Sequence[AlertRecord]) -> tuple[Funnel, ...]:
        """Return those of the first records, which are the worst."""
        return tuple([await self._of(record) for record in records[:FUNNELS_AT_MOST]])

    async def _of(self, record: AlertRecord) -> Funnel:
        bulletins = (await self._alerts.open_alerts.open(record)).bulletins
        outcomes: Counter[Outcome] = Counter()
        opened = 0
        for notice_id in notice_ids(record.id, len(bulletins)):
            outcomes.update(await self._notifications.count(notice_id, self._tally(notice_id)))
            opened += await self._notifications.count_opened(notice_id)
        safe, need_help = await self._muster.totals(record.id)
        return Funnel(record.id, outcomes.total(), dict(outcomes), opened, safe, need_help)

    def _tally(self, notice_id: str) -> Tally:
        tally = self._tallies.setdefault(notice_id, Tally())
        self._tallies.move_to_end(notice_id)
        if len(self._tallies) > _NOTICES_REMEMBERED:
            self._tallies.popitem(last=False)
        return tally
