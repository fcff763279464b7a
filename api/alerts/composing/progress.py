"""How far a warning has come: what became of it on the devices it was meant for, and who opened it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from api.accounts.caller import Caller
from api.alerts.composing.speakers import AlertStaff
from api.alerts.notices import notice_ids
from api.alerts.open_alerts import OpenAlerts
from api.alerts.repository import AlertRepository
from notifications.outbox import Progress
from notifications.outcomes import Outcome
from notifications.service import Notifications


@dataclass(frozen=True, slots=True)
class WarningProgress:
    """Of all notices of one warning. A device that two bulletins reach is counted in both."""

    alert_id: str
    notice_ids: tuple[str, ...]
    total: Progress


class ProgressOfWarnings:
    def __init__(
        self,
        staff: AlertStaff,
        alerts: AlertRepository,
        open_alerts: OpenAlerts,
        notifications: Notifications,
    ) -> None:
        self._staff = staff
        self._alerts = alerts
        self._open_alerts = open_alerts
        self._notifications = notifications

    async def of(self, caller: Caller, agency_id: str, alert_id: str) -> WarningProgress | None:
        """Return it to whoever writes or approves for the agency; None for what is not its warning.

        Raises NotSignedIn, NotAllowed.
        """
        self._staff.reader(caller, agency_id)
        record = await self._alerts.get(alert_id)
        sender = self._staff.speaker(agency_id).sender
        if record is None or not record.warns or record.sender != sender:
            return None
        bulletins = (await self._open_alerts.open(record)).bulletins
        ids = tuple(notice_ids(record.id, len(bulletins)))
        return WarningProgress(record.id, ids, await self._total(ids))

    async def _total(self, ids: Sequence[str]) -> Progress:
        outcomes: Counter[Outcome] = Counter()
        opened = likely_outside = 0
        for notice_id in ids:
            progress = await self._notifications.progress(notice_id)
            outcomes.update(progress.by_outcome)
            opened += progress.opened
            likely_outside += progress.likely_outside
        return Progress(outcomes.total(), dict(outcomes), opened, likely_outside)
