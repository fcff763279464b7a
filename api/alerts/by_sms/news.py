"""Who learns of something by a bulletin, from what reached them last by SMS."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.alerts.bulletins import Bulletin, Communes
from api.alerts.by_sms.told import Standing
from api.alerts.cap_message import Severity
from api.alerts.repository import AlertRecord
from api.alerts.shown import Put
from api.alerts.sounding import is_known
from notifications.notice import Notice


@dataclass(frozen=True, slots=True)
class SmsTelling:
    """A bulletin, what was put into its thread before, and the communes whose people are meant.

    `since`: from when such danger has been told there without a break before it; None: never.
    """

    notice: Notice
    bulletin: Bulletin
    puts: tuple[Put, ...]
    homes: frozenset[str]
    since: datetime | None

    @property
    def is_for_everybody(self) -> bool:
        """Tell whether those are told, too, who know nothing of it; milder ones are for who got an SMS before."""
        return is_extreme(self.bulletin)


class News:
    """Of one bulletin, as of one moment."""

    def __init__(self, telling: SmsTelling, communes: Communes, now: datetime) -> None:
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


def is_extreme(bulletin: Bulletin) -> bool:
    return bulletin.severity is Severity.EXTREME and not bulletin.is_all_clear


def extreme_since(told: Sequence[tuple[AlertRecord, Bulletin]]) -> datetime | None:
    """Return from when on all that was told, oldest first, was extreme."""
    since: datetime | None = None
    for record, bulletin in reversed(told):
        if not is_extreme(bulletin):
            break
        since = record.warned_at or since
    return since
