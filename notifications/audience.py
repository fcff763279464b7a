"""From an area and communes to devices: everyone inside, each once, a page at a time.

Three streams, one after the other. `cells`: devices whose cell touches the area. `communes`: those
at home in a commune, and not in such a cell. Both take only devices that stood still since before
the fan-out began, so that one that moves meanwhile is neither missed nor met twice; the third
stream, `changed`, looks at the others, and asks which of them are in already.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import h3

from api.kit.area import Area
from notifications.device_repository import DeviceRepository
from notifications.devices import ANCESTOR_RESOLUTIONS, Device
from notifications.notice import Audience

PAGE_SIZE = 1_000
SETTLING_TIME = timedelta(seconds=10)
"""A registration may take this long from its time stamp to its commit, clocks of hosts included."""

CELLS_AT_ONCE = 500
ANCESTORS_AT_MOST = 2_000

Cursor = Sequence[Any]
"""Where a selection stands: a stream's name, and the sort values of the last device seen in it."""

AlreadyIn = Callable[[Sequence[str]], Awaitable[frozenset[str]]]
"""Tells which of these device ids were handed out before."""


@dataclass(frozen=True, slots=True)
class SelectedPage:
    """Up to PAGE_SIZE devices, perhaps none, and the cursor behind them."""

    device_ids: tuple[str, ...]
    cursor: Cursor


class Selection:
    """The devices of one audience, as of the moment its fan-out began."""

    def __init__(
        self,
        devices: DeviceRepository,
        audience: Audience,
        began_at: datetime,
        already_in: AlreadyIn,
    ) -> None:
        self._devices = devices
        self._area = audience.area
        self._communes = audience.communes
        self._began_at = began_at
        self._settled_before = began_at - SETTLING_TIME
        self._already_in = already_in
        self._takes = audience.takes
        self._is_touched: dict[str, bool] = {}

    async def pages(self, cursor: Cursor = ()) -> AsyncGenerator[SelectedPage]:
        """Yield pages from behind `cursor`; the reader keeps one page before it asks for the next."""
        streams = {"cells": self._in_cells, "communes": self._at_home, "changed": self._changed}
        names = list(streams)
        first = names.index(cursor[0]) if cursor else 0
        for name in names[first:]:
            behind = cursor[1:] if cursor and cursor[0] == name else None
            async for page in streams[name](behind):
                yield page

    def includes(self, device: Device) -> bool:
        """Tell whether the device is meant: by its last position, or by a home commune."""
        return self._is_asked(device) and (
            self._is_inside(device) or bool(self._communes & device.profile.home_communes)
        )

    def _is_asked(self, device: Device) -> bool:
        return device.retired_at is None and (self._takes is None or self._takes(device))

    def _is_inside(self, device: Device) -> bool:
        position = device.position_at(self._began_at)
        return position is not None and self._touches(position.cell)

    def _touches(self, cell: str) -> bool:
        if cell not in self._is_touched:
            self._is_touched[cell] = self._area.touches_cell(cell)
        return self._is_touched[cell]

    def _stood_still(self, device: Device) -> bool:
        return self._is_asked(device) and device.updated_at < self._settled_before

    async def _in_cells(self, behind: Sequence[Any] | None) -> AsyncGenerator[SelectedPage]:
        cells = await self._touched_cells()
        remaining = [cell for cell in cells if behind is None or cell >= behind[0]]
        for start in range(0, len(remaining), CELLS_AT_ONCE):
            some_cells = remaining[start : start + CELLS_AT_ONCE]
            while found := await self._devices.in_cells(
                some_cells, (behind[0], behind[1]) if behind else None, PAGE_SIZE
            ):
                behind = (_cell_of(found[-1]), found[-1].id)
                chosen = (d for d in found if self._stood_still(d) and self._is_inside(d))
                yield SelectedPage(tuple(d.id for d in chosen), ("cells", *behind))
                if len(found) < PAGE_SIZE:
                    break

    async def _touched_cells(self) -> list[str]:
        if self._area.is_empty:
            return []
        cells = await self._cells_in_use()
        # A thread, because thousands of cells against a long coast line take a second.
        return sorted(await asyncio.to_thread(lambda: [c for c in cells if self._touches(c)]))

    async def _cells_in_use(self) -> list[str]:
        for resolution in ANCESTOR_RESOLUTIONS:
            if self._area.cells_estimate(resolution) <= ANCESTORS_AT_MOST:
                return await self._devices.cells_in_use(
                    resolution, ancestors_touching(self._area, resolution)
                )
        return await self._devices.all_cells_in_use()

    async def _at_home(self, behind: Sequence[Any] | None) -> AsyncGenerator[SelectedPage]:
        for commune in sorted(self._communes):
            if behind and commune < behind[0]:
                continue
            after = behind[1] if behind and commune == behind[0] else None
            while found := await self._devices.at_home_in(commune, after, PAGE_SIZE):
                after = found[-1].id
                chosen = (d for d in found if self._stood_still(d) and self._is_met(d, commune))
                yield SelectedPage(tuple(d.id for d in chosen), ("communes", commune, after))
                if len(found) < PAGE_SIZE:
                    break

    def _is_met(self, device: Device, commune: str) -> bool:
        """Tell whether this commune's stream is the one place where the device is met."""
        meant = self._communes & device.profile.home_communes
        return commune == min(meant) and not self._is_inside(device)

    async def _changed(self, behind: Sequence[Any] | None) -> AsyncGenerator[SelectedPage]:
        after = (behind[0], behind[1]) if behind else None
        while found := await self._devices.changed_since(self._settled_before, after, PAGE_SIZE):
            after = (found[-1].updated_at, found[-1].id)
            meant = [device.id for device in found if self.includes(device)]
            known = await self._already_in(meant) if meant else frozenset[str]()
            chosen = tuple(device_id for device_id in meant if device_id not in known)
            yield SelectedPage(chosen, ("changed", *after))
            if len(found) < PAGE_SIZE:
                break


def ancestors_touching(area: Area, resolution: int) -> frozenset[str]:
    """Return the larger cells under which a cell that touches `area` can be filed.

    An H3 cell sticks out of the ancestor it is filed under, but never beyond the ancestor's
    neighbours: so the cells that touch the area, and one ring around each.
    """
    return frozenset(
        str(neighbour) for cell in area.cells(resolution) for neighbour in h3.grid_disk(cell, 1)
    )


def _cell_of(device: Device) -> str:
    position = device.profile.position
    return position.cell if position else ""
