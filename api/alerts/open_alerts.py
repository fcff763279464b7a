"""Alerts with their areas worked out, remembered: what a message says never changes."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.alerts.bulletins import Bulletin, Communes, bulletins_of
from api.alerts.repository import AlertRecord, AlertRepository, AlertState
from api.kit.geo import Position

REMEMBERED_BYTES = 64 * 1024 * 1024
"""About what the alerts may hold that are remembered: a thousand usual ones, a few of the largest."""
_BYTES_PER_CORNER = 200
_BYTES_PER_POSITION = 150
"""Of a corner or circle as the message has it: there it is kept however often it is repeated."""
_BYTES_PER_BYTE_OF_TEXT = 4
"""A single character beyond the Basic Multilingual Plane makes Python keep a whole text that wide."""


@dataclass(frozen=True, slots=True)
class AlertView:
    """An alert as seen from one place at one moment: `bulletin` is the worst that holds there."""

    record: AlertRecord
    state: AlertState
    bulletin: Bulletin


@dataclass(frozen=True, slots=True)
class Alert:
    """A warning: what became of it, and what it says, the worst first."""

    record: AlertRecord
    bulletins: tuple[Bulletin, ...]

    @property
    def is_all_clear(self) -> bool:
        """Tell whether all that it says is that the danger is over."""
        return bool(self.bulletins) and all(one.is_all_clear for one in self.bulletins)

    def view(self, position: Position | None, now: datetime) -> AlertView | None:
        """Return what holds at a position, or anywhere for None; what is in force now comes first."""
        here = [
            bulletin for bulletin in self.bulletins if position is None or bulletin.covers(position)
        ]
        if not here:
            return None
        in_force = [bulletin for bulletin in here if bulletin.is_in_force(now)]
        return AlertView(self.record, self.record.state(now), (in_force or here)[0])

    def active_view(self, position: Position | None, now: datetime) -> AlertView | None:
        """Return what people there are to be warned of now, None when nothing."""
        view = self.view(position, now)
        if view is None or not self.record.is_active(now) or not view.bulletin.is_in_force(now):
            return None
        return view


@dataclass(frozen=True, slots=True)
class _Opened:
    """`size`: about how many bytes it holds in memory."""

    bulletins: tuple[Bulletin, ...]
    size: int


class OpenAlerts:
    """Opens records: reads the message and works the areas out, once for the latest REMEMBERED_BYTES.

    However large, the last one asked for is remembered. All who ask while it is worked out, as a
    whole province does in the moment after a warning, wait for the same answer.
    """

    def __init__(self, alerts: AlertRepository, communes: Communes) -> None:
        self._alerts = alerts
        self._communes = communes
        self._opened: OrderedDict[str, _Opened] = OrderedDict()
        self._size = 0
        self._opening: dict[str, asyncio.Task[_Opened]] = {}

    async def open(self, record: AlertRecord) -> Alert:
        opened = self._opened.get(record.id)
        if opened is None:
            # Shielded: the others still wait when one of them goes away.
            opened = await asyncio.shield(self._task(record))
        else:
            self._opened.move_to_end(record.id)
        return Alert(record, opened.bulletins)

    def _task(self, record: AlertRecord) -> asyncio.Task[_Opened]:
        """Return the task that opens the record, begun by whoever asked first."""
        task = self._opening.get(record.id)
        if task is None:
            task = asyncio.create_task(self._open_first(record))
            self._opening[record.id] = task
            task.add_done_callback(lambda _: self._opening.pop(record.id))
        return task

    async def _open_first(self, record: AlertRecord) -> _Opened:
        opened = await self._worked_out(record)
        self._remember(record.id, opened)
        return opened

    def _remember(self, alert_id: str, opened: _Opened) -> None:
        self._opened[alert_id] = opened
        self._size += opened.size
        while self._size > REMEMBERED_BYTES and len(self._opened) > 1:
            _, oldest = self._opened.popitem(last=False)
            self._size -= oldest.size

    async def _worked_out(self, record: AlertRecord) -> _Opened:
        stored = await self._alerts.message(record.id)
        if stored is None:
            # Both parts are written in one transaction: something has tampered with the store.
            raise LookupError(record.id)
        bulletins = await asyncio.to_thread(
            bulletins_of, stored.message, record.received_at, self._communes
        )
        return _Opened(
            bulletins, len(stored.raw) * _BYTES_PER_BYTE_OF_TEXT + _shapes_size(bulletins)
        )


def _shapes_size(bulletins: Sequence[Bulletin]) -> int:
    """Return about how many bytes the places hold: as worked out, and as the message has them."""
    blocks = [area for bulletin in bulletins for info in bulletin.infos for area in info.areas]
    positions = sum(len(area.circles) + sum(map(len, area.polygons)) for area in blocks)
    reaches = {bulletin.reach for bulletin in bulletins}  # events of one place share it
    corners = sum(reach.area.corner_count for reach in reaches)
    return _BYTES_PER_POSITION * positions + _BYTES_PER_CORNER * corners
