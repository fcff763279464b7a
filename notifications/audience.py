"""From an area and communes to devices: everyone inside, each once, a page at a time.

A device with an exact position is inside when the area comes as near to it as it may be off; any other
when its cell touches the area. Whoever does not want such warnings is left out, if it is not extreme.

Where an index of all devices is loaded (notifications.device_index), it gives everybody meant in one
stream, `indexed`. Else there are two, one after the other. `cells`: devices whose cell touches the
area. `communes`: those at home in a commune, and not in such a cell. Both take only devices that stood still since before
the fan-out began, so that one that moves meanwhile is neither missed nor met twice; the third
stream, `changed`, looks at the others, and asks which of them are in already. What is in the index may
be of a moment later than that, which makes no difference: `changed` meets whoever changed since.
Last, `expected`: devices of people who will be there by what they planned or booked.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import h3

from api.kit.area import Area
from api.kit.audience_source import AudienceSource, Period, in_pages
from notifications.cell_verdicts import CellVerdicts
from notifications.device_columns import Wanted
from notifications.device_index import SETTLING_TIME, DeviceIndex
from notifications.device_repository import DeviceRepository
from notifications.devices import (
    ACCURACY_METRES_AT_MOST,
    ANCESTOR_RESOLUTIONS,
    Device,
    is_coarse_cell,
)
from notifications.notice import Audience

PAGE_SIZE = 1_000
PEOPLE_AT_ONCE = 2_000
"""Each page reads all batches of the notice, to see who is in already: few pages, then."""
CELLS_AT_ONCE = 500
ANCESTORS_AT_MOST = 2_000
_BY_INDEX = ("indexed", "changed", "expected")
_BY_STORE = ("cells", "communes", "changed", "expected")

Cursor = Sequence[Any]
"""Where a selection stands: a stream's name, and the sort values of the last device seen in it."""

AlreadyIn = Callable[[Sequence[str]], Awaitable[frozenset[str]]]
"""Tells which of these device ids were handed out before."""


@dataclass(frozen=True, slots=True)
class SelectedPage:
    """Up to PAGE_SIZE devices, perhaps none, and the cursor behind them.

    `likely_outside`: those of which only a cell is known, and most of it lies outside the area.
    """

    device_ids: tuple[str, ...]
    cursor: Cursor
    likely_outside: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Expected:
    """Who knows of people that will be there, by name in ascending order, and when that counts.

    `said_since`: only those who said so since then.
    """

    sources: Sequence[AudienceSource]
    period: Period
    said_since: datetime | None = None


class Selection:
    """The devices of one audience, as of the moment its fan-out began.

    `unread`: those found so far of people who will be there that cannot be read.
    """

    def __init__(
        self,
        devices: DeviceRepository,
        audience: Audience,
        began_at: datetime,
        already_in: AlreadyIn,
        index: DeviceIndex | None = None,
        expected: Expected | None = None,
        verdicts: CellVerdicts | None = None,
    ) -> None:
        self._devices = devices
        self._index = index
        self._expecting = expected
        self._area = audience.area
        self._communes = audience.communes
        self._began_at = began_at
        self._settled_before = began_at - SETTLING_TIME
        self._already_in = already_in
        self._subject = audience.subject
        self._takes = audience.takes
        self._verdicts = verdicts or CellVerdicts(audience.area)
        self.unread = set[str]()

    async def pages(self, cursor: Cursor = ()) -> AsyncGenerator[SelectedPage]:
        """Yield pages from behind `cursor`; the reader keeps one page before it asks for the next."""
        streams = {
            "indexed": self._in_index,
            "cells": self._in_cells,
            "communes": self._at_home,
            "changed": self._changed,
            "expected": self._expected,
        }
        for name in self._stream_names(cursor):
            behind = cursor[1:] if cursor and cursor[0] == name else None
            async for page in streams[name](behind):
                yield page

    def expected(self) -> AsyncGenerator[SelectedPage]:
        """Yield pages of the devices of those alone who will be there by what they said."""
        return self._expected(None)

    def _stream_names(self, cursor: Cursor) -> Sequence[str]:
        """Return the streams to go through; one that was begun is gone on with, whoever has the index."""
        if cursor:
            is_indexed = cursor[0] == "indexed"
            names = _BY_INDEX if is_indexed else _BY_STORE
            return names[names.index(cursor[0]) :]
        if self._takes is not None or self._index is None:
            return _BY_STORE  # what `takes` asks about a device is in the store alone
        return _BY_INDEX if self._index.is_loaded else _BY_STORE

    async def _in_index(self, behind: Sequence[Any] | None) -> AsyncGenerator[SelectedPage]:
        index = self._index or DeviceIndex(self._devices, lambda: self._began_at)
        snapshot = await index.snapshot()
        wanted = Wanted(self._area, self._communes, self._subject, self._began_at)
        selected = await asyncio.to_thread(snapshot.select, wanted)
        first = selected.place_behind(behind[0]) if behind else 0
        for start in range(first, len(selected), PAGE_SIZE):
            ids, outside = selected.page(start, PAGE_SIZE)
            yield SelectedPage(ids, ("indexed", ids[-1]), outside)

    def includes(self, device: Device) -> bool:
        """Tell whether the device is meant: by its last position, or by a home commune."""
        return self._is_asked(device) and (
            self._is_inside(device) or bool(self._communes & device.profile.home_communes)
        )

    def may_be_anywhere(self, device: Device) -> bool:
        """Tell whether it is to be told if it is there, and nothing says where it is."""
        position = device.position_at(self._began_at)
        is_unknown = position is None and device.exact_at(self._began_at) is None
        return is_unknown and self._is_asked(device)

    def _is_asked(self, device: Device) -> bool:
        return (
            device.retired_at is None
            and device.profile.preferences.want(self._subject)
            and (self._takes is None or self._takes(device))
        )

    def _is_inside(self, device: Device) -> bool:
        """Tell it by the exact position while that says anything, else by the cell."""
        position, exact = device.position_at(self._began_at), device.exact_at(self._began_at)
        if exact is not None:
            return self._area.comes_within(exact.position, exact.accuracy_metres)
        return position is not None and self._verdicts.touches(position.cell)

    def _page(self, devices: Iterable[Device], cursor: Cursor) -> SelectedPage:
        chosen = list(devices)
        outside = frozenset(device.id for device in chosen if self.is_likely_outside(device))
        return SelectedPage(tuple(device.id for device in chosen), cursor, outside)

    def is_likely_outside(self, device: Device) -> bool:
        """Tell whether only a cell is known of it, most of which lies outside the area."""
        position = device.position_at(self._began_at)
        is_known = device.exact_at(self._began_at) is not None
        if position is None or is_known or self._communes & device.profile.home_communes:
            return False
        return self._verdicts.is_mostly_outside(position.cell)

    def _stood_still(self, device: Device) -> bool:
        return self._is_asked(device) and device.updated_at < self._settled_before

    def _comes_near(self, cell: str) -> bool:
        """Tell whether somebody in the cell may be meant; an exact position may be off by so much."""
        return self._verdicts.touches(cell) or self._area.touches_cell(
            cell, ACCURACY_METRES_AT_MOST
        )

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
                yield self._page(chosen, ("cells", *behind))
                if len(found) < PAGE_SIZE:
                    break

    async def _touched_cells(self) -> list[str]:
        if self._area.is_empty:
            return []
        # Who has another cannot be read, nor meant by it.
        cells = filter(is_coarse_cell, await self._cells_in_use())
        # A thread, because thousands of cells against a long coast line take a second.
        return sorted(await asyncio.to_thread(lambda: [c for c in cells if self._comes_near(c)]))

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
                yield self._page(chosen, ("communes", commune, after))
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
            meant = [device for device in found if self.includes(device)]
            known = await self._known(meant)
            yield self._page((d for d in meant if d.id not in known), ("changed", *after))
            if len(found) < PAGE_SIZE:
                break

    async def _expected(self, behind: Sequence[Any] | None) -> AsyncGenerator[SelectedPage]:
        """Yield the devices of people who will be there, some people at a time; most are in already."""
        if self._expecting is None:
            return
        period, said_since = self._expecting.period, self._expecting.said_since
        for source in self._expecting.sources:
            if behind and source.name < behind[0]:
                continue
            after = behind[1] if behind and source.name == behind[0] else None
            found = source.persons_in(self._area, self._communes, period, after, said_since)
            async for people in in_pages(found, PEOPLE_AT_ONCE):
                async for page in self._devices_of(people, source.name, after):
                    yield page
                after = people[-1]

    async def _devices_of(
        self, people: Sequence[str], source: str, after: str | None
    ) -> AsyncGenerator[SelectedPage]:
        """Yield their devices. Only behind the last page is the cursor behind these people.

        Whoever goes on from an earlier one meets them again, and knows which of them are in.
        """
        linked = await self._devices.linked_to(people)
        self.unread |= linked.broken
        meant = [device for device in linked.devices.values() if self._is_asked(device)]
        known = await self._known(meant)
        ids = [device.id for device in meant if device.id not in known]
        while len(ids) > PAGE_SIZE:
            yield SelectedPage(tuple(ids[:PAGE_SIZE]), ("expected", source, after))
            ids = ids[PAGE_SIZE:]
        yield SelectedPage(tuple(ids), ("expected", source, people[-1]))

    async def _known(self, devices: Sequence[Device]) -> frozenset[str]:
        return await self._already_in([d.id for d in devices]) if devices else frozenset()


async def nobody(_: Sequence[str]) -> frozenset[str]:
    """Say that none were handed out before: for whoever counts, or asks that elsewhere (`AlreadyIn`)."""
    return frozenset()


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
