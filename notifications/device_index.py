"""The columns of all devices, loaded from the store in pages and kept up by what changes there.

A prefilter in front of the store, never the truth: whatever changed since a fan-out began is looked at
there once more (notifications.audience). A device that was unregistered stays in the columns until they
are loaded anew; what is queued for it ends as RETIRED.
"""

import asyncio
from datetime import datetime, timedelta

import numpy as np
import structlog

from api.kit.clock import Clock
from api.kit.ids import is_id
from api.kit.store import StoreError
from notifications.device_columns import DeviceColumns, PackedIds, Wanted
from notifications.device_repository import DeviceRepository
from notifications.device_rows import Numbered, Row, RowArrays, packed, row_of, unpacked
from notifications.devices import Device
from notifications.pacing import pause

PAGE_SIZE = 1_000
FOLLOW_SECONDS = 1.0
LOAD_AGAIN_AFTER = timedelta(days=1)
SETTLING_TIME = timedelta(seconds=10)
"""A change may take this long from its time stamp to its commit, clocks of hosts included."""

CHANGES_AT_LEAST = 1_000
CHANGED_SHARE = 64
"""Changes are merged into the columns when they are more than one in so many of them."""

log = structlog.get_logger()


class SelectedIds:
    """Everybody meant, in the order of the bytes of their ids, which is the same in every process."""

    def __init__(self, ids: PackedIds, likely_outside: PackedIds) -> None:
        self._ids = np.sort(ids, kind="stable")
        self._likely_outside = frozenset(likely_outside.tolist())

    def __len__(self) -> int:
        return len(self._ids)

    def place_behind(self, device_id: str) -> int:
        """Return the place of the first that comes after this id."""
        wanted = np.array([packed(device_id)], self._ids.dtype)
        return int(np.searchsorted(self._ids, wanted, side="right")[0])

    def page(self, start: int, most: int) -> tuple[tuple[str, ...], frozenset[str]]:
        """Return ids from a place on, and which of them are likely outside (notifications.audience)."""
        found: list[bytes] = self._ids[start : start + most].tolist()
        outside = self._likely_outside.intersection(found)
        return tuple(map(unpacked, found)), frozenset(map(unpacked, outside))


class Snapshot:
    """The columns, and what changed since they were made, as of a moment."""

    def __init__(self, columns: DeviceColumns, changed: DeviceColumns) -> None:
        self._layers = (columns, changed)

    def select(self, wanted: Wanted) -> SelectedIds:
        """Select everybody meant. Takes a moment: run it in a thread."""
        ids: list[PackedIds] = []
        outside: list[PackedIds] = []
        for layer in self._layers:
            selected = layer.select(wanted)
            ids.append(layer.ids(selected.rows))
            outside.append(layer.ids(layer.likely_outside(wanted, selected)))
        return SelectedIds(np.concatenate(ids), np.concatenate(outside))


class DeviceIndex:
    """One in a process. `snapshot` answers as of now, by the store's clock and SETTLING_TIME."""

    def __init__(self, devices: DeviceRepository, clock: Clock) -> None:
        self._devices = devices
        self._clock = clock
        self._numbered = Numbered()
        self._columns: DeviceColumns | None = None
        self._changed: dict[str, Row] = {}
        self._loaded_at: datetime | None = None
        self._followed_to: datetime | None = None
        self._lock = asyncio.Lock()
        self.loaded = asyncio.Event()

    @property
    def is_loaded(self) -> bool:
        return self._columns is not None

    async def run(self, stop: asyncio.Event) -> None:
        """Load the columns and follow the store until `stop` is set."""
        while not stop.is_set():
            try:
                await self.keep_up()
            except StoreError as error:
                log.warning("device index not followed", error=type(error).__name__)
            await pause(stop, FOLLOW_SECONDS)

    async def snapshot(self) -> Snapshot:
        """Return all devices as of now, after loading them where that was not done. Raises StoreError."""
        async with self._lock:
            columns = await self._load() if self._columns is None else self._columns
            await self._follow(columns)
            changed = RowArrays.of(list(self._changed.values()))
            return Snapshot(columns, DeviceColumns(changed, self._numbered))

    async def keep_up(self) -> None:
        """Take in what is new, and put the columns in order again when that is much. Raises StoreError."""
        async with self._lock:
            is_old = self._loaded_at and self._clock() - self._loaded_at >= LOAD_AGAIN_AFTER
            columns = None if is_old else self._columns
            columns = await self._load() if columns is None else columns
            await self._follow(columns)
            if len(self._changed) > CHANGES_AT_LEAST + len(columns) // CHANGED_SHARE:
                self._columns = await asyncio.to_thread(self._merged, columns)
                self._changed = {}

    async def _load(self) -> DeviceColumns:
        began_at = self._clock()
        parts: list[RowArrays] = [RowArrays.of([])]
        after: str | None = None
        while found := await self._devices.all_behind(after, PAGE_SIZE):
            after = found[-1].id
            rows = [row_of(one, self._numbered) for one in found if _is_met(one)]
            parts.append(RowArrays.of(rows))
        self._columns = await asyncio.to_thread(self._ready, RowArrays.joined(parts))
        self._changed = {}
        self._loaded_at = self._followed_to = began_at
        self.loaded.set()
        log.info("device index loaded", devices=len(self._columns))
        return self._columns

    async def _follow(self, columns: DeviceColumns) -> None:
        """Take in what changed since the last look, and what may have been committed late."""
        now = self._clock()
        since = (self._followed_to or now) - SETTLING_TIME
        after: tuple[datetime, str] | None = None
        while found := await self._devices.changed_since(since, after, PAGE_SIZE):
            after = (found[-1].updated_at, found[-1].id)
            for device in found:
                self._take_in(device, columns)
            if len(found) < PAGE_SIZE:
                break
        self._followed_to = now

    def _take_in(self, device: Device, columns: DeviceColumns) -> None:
        if not is_id(device.id):
            return
        columns.remove(device.id)
        if device.retired_at is None:
            self._changed[device.id] = row_of(device, self._numbered)
        else:
            self._changed.pop(device.id, None)

    def _merged(self, columns: DeviceColumns) -> DeviceColumns:
        changed = RowArrays.of(list(self._changed.values()))
        return self._ready(RowArrays.joined([columns.arrays(), changed]))

    def _ready(self, arrays: RowArrays) -> DeviceColumns:
        columns = DeviceColumns(arrays, self._numbered)
        _ = columns.shapes  # drawn now, and not when somebody waits to be warned
        return columns


def _is_met(device: Device) -> bool:
    """Tell whether it belongs into the columns: nothing can be done with a device of another kind of id."""
    return device.retired_at is None and is_id(device.id)
