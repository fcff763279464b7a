"""A device as a few numbers: what of it the index of all devices keeps (notifications.device_columns)."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from api.kit.ids import is_id
from notifications.devices import Device
from notifications.preferences import Preferences

ID_BYTES = 16
DEGREES_SCALE = 10_000_000
"""An exact position is kept in units of 1e-7 degrees, about a centimetre."""

NOT_EXACT = 255
"""Stands for the accuracy of whoever is known by a cell alone."""

GONE = 65_535
"""Stands for the choice of whoever is not to be met in these rows any more."""

NO_CELL = 0


class Numbered:
    """Values that many devices share, each once, by the number that stands for it in a row."""

    def __init__(self) -> None:
        self.preferences: list[Preferences] = []
        self.communes: list[str] = []
        self._preferences: dict[Preferences, int] = {}
        self._communes: dict[str, int] = {}

    def preference(self, value: Preferences) -> int:
        """Return its number; there are 16,384 that can be chosen."""
        if value not in self._preferences:
            self._preferences[value] = len(self.preferences)
            self.preferences.append(value)
        return self._preferences[value]

    def commune(self, code: str) -> int:
        if code not in self._communes:
            self._communes[code] = len(self.communes)
            self.communes.append(code)
        return self._communes[code]


@dataclass(frozen=True, slots=True)
class Row:
    """One device. `observed`: seconds since 1970; `latitude`, `longitude`: scaled, 0 when not exact."""

    id: bytes
    cell: int
    latitude: int
    longitude: int
    observed: int
    accuracy: int
    choice: int
    communes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RowArrays:
    """Rows as columns, in any order. `homes[i]` is a commune of the row `at_home[i]`."""

    ids: NDArray[np.bytes_]
    cells: NDArray[np.uint64]
    latitudes: NDArray[np.int32]
    longitudes: NDArray[np.int32]
    observed: NDArray[np.uint32]
    accuracies: NDArray[np.uint8]
    choices: NDArray[np.uint16]
    homes: NDArray[np.uint16]
    at_home: NDArray[np.uint32]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> "RowArrays":
        homes = [(code, place) for place, row in enumerate(rows) for code in row.communes]
        return cls(
            np.array([row.id for row in rows], f"S{ID_BYTES}"),
            np.array([row.cell for row in rows], np.uint64),
            np.array([row.latitude for row in rows], np.int32),
            np.array([row.longitude for row in rows], np.int32),
            np.array([row.observed for row in rows], np.uint32),
            np.array([row.accuracy for row in rows], np.uint8),
            np.array([row.choice for row in rows], np.uint16),
            np.array([code for code, _ in homes], np.uint16),
            np.array([place for _, place in homes], np.uint32),
        )

    @classmethod
    def joined(cls, parts: Sequence["RowArrays"]) -> "RowArrays":
        """Return all rows, those of the first part first."""
        sizes = np.cumsum([0, *(len(part.ids) for part in parts)])
        moved = [part.at_home + np.uint32(first) for part, first in zip(parts, sizes, strict=False)]
        return cls(
            np.concatenate([part.ids for part in parts]),
            np.concatenate([part.cells for part in parts]),
            np.concatenate([part.latitudes for part in parts]),
            np.concatenate([part.longitudes for part in parts]),
            np.concatenate([part.observed for part in parts]),
            np.concatenate([part.accuracies for part in parts]),
            np.concatenate([part.choices for part in parts]),
            np.concatenate([part.homes for part in parts]),
            np.concatenate(moved).astype(np.uint32),
        )


def row_of(device: Device, numbered: Numbered) -> Row:
    """Return the row of a device that has not been retired, whose id is one of api.kit.ids."""
    profile = device.profile
    position, exact = profile.position, profile.exact
    return Row(
        id=packed(device.id),
        cell=int(position.cell, 16) if position else NO_CELL,
        latitude=round(exact.position.latitude * DEGREES_SCALE) if exact else 0,
        longitude=round(exact.position.longitude * DEGREES_SCALE) if exact else 0,
        # A second too late at most, so that nobody is forgotten before their time.
        observed=ceil(position.observed_at.timestamp()) if position else 0,
        accuracy=exact.accuracy_metres if exact else NOT_EXACT,
        choice=numbered.preference(profile.preferences),
        communes=tuple(numbered.commune(code) for code in sorted(profile.home_communes)),
    )


def packed(device_id: str) -> bytes:
    """Return the 16 bytes that an id stands for. Raises ValueError for what is none."""
    if not is_id(device_id):
        raise ValueError(device_id)
    return base64.b32decode(device_id.upper() + "======")


def unpacked(id_bytes: bytes) -> str:
    """Return the id of these bytes, of which NumPy leaves out the zeros at the end."""
    return base64.b32encode(id_bytes.ljust(ID_BYTES, b"\0")).decode().rstrip("=").lower()
