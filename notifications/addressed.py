"""Who is in the batches of a notice, remembered: to look there again costs what is new alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from api.kit.store import Document, Filter

WAITING_AT_MOST = 500
"""So many are told apart in one question to the store; others are read again at each look."""


Mark = str | tuple[str, int | None]
"""A device by its id: it was told, or is to be. Or what else is known of it in a batch, as below."""


def not_reached(device_id: str) -> Mark:
    """Say that it was meant for a device that was gone, or refused."""
    return (device_id, None)


def refused_at(device_id: str, renewals: int) -> Mark:
    """Say that FCM refused it at a device that had been registered anew so often."""
    return (device_id, renewals)


@dataclass(frozen=True, slots=True)
class WaitingBatch:
    """A batch that was in no worker's hands, as it was noted then: it changes only with a later note."""

    noted_at: datetime | None
    hashes: NDArray[np.int64]


class Addressed:
    """Devices of batches, 8 bytes each: of those that are done with, and of those that wait.

    By hashes of 64 bits of their marks: that one of a million phones is taken for another is less likely than one
    in 10^12.
    """

    def __init__(self) -> None:
        self._read: set[int] = set()
        self._hashes: NDArray[np.int64] = np.empty(0, np.int64)
        self._unsorted: list[NDArray[np.int64]] = []
        self._sorting = Lock()
        self._waiting: dict[int, WaitingBatch] = {}

    @property
    def read(self) -> list[int]:
        """The numbers of the batches that need not be read any more."""
        return sorted(self._read)

    @property
    def waiting(self) -> dict[int, WaitingBatch]:
        """The batches that need to be read only if they were noted anew, by their numbers."""
        return dict(self._waiting)

    def remember(self, batch: Document, there: Sequence[Mark]) -> None:
        """Remember who is there in a batch as it was read, unless a worker has it in hand."""
        if batch["due_at"] is None:
            self.take_in(batch["number"], there)
        elif batch["lease"] is None:
            self.hold(batch["number"], batch.get("noted_at"), there)
        else:
            self._waiting.pop(batch["number"], None)

    def hold(self, number: int, noted_at: datetime | None, marks: Iterable[Mark]) -> None:
        """Remember the devices of a batch that waits, unless another look saw it done with."""
        if number in self._read:
            return
        if number in self._waiting or len(self._waiting) < WAITING_AT_MOST:
            self._waiting[number] = WaitingBatch(noted_at, _hashes(tuple(marks)))

    def take_in(self, number: int, marks: Iterable[Mark]) -> None:
        """Remember the devices of a batch that will not change any more."""
        self._waiting.pop(number, None)
        if number not in self._read:
            self._read.add(number)
            self._unsorted.append(_hashes(tuple(marks)))

    def among(self, marks: Sequence[Mark]) -> frozenset[Mark]:
        """Return those of `marks` in batches that are done with. May run in any thread."""
        with self._sorting:
            hashes = self._sorted()
        return _found(marks, hashes)

    def _sorted(self) -> NDArray[np.int64]:
        # What is taken in while it is sorted stays for the next time.
        if new := tuple(self._unsorted):
            self._hashes = np.sort(np.concatenate([self._hashes, *new]))
            del self._unsorted[: len(new)]
        return self._hashes


def among_waiting(marks: Sequence[Mark], waiting: Iterable[WaitingBatch]) -> frozenset[Mark]:
    """Return those of `marks` in these batches. May run in any thread."""
    parts = [one.hashes for one in waiting]
    return _found(marks, np.sort(np.concatenate(parts))) if parts else frozenset()


def noted_anew(waiting: Mapping[int, WaitingBatch]) -> list[Filter]:
    """Return the terms of which one holds for a batch that is not as it was.

    By the very moment at which it was noted: whoever notes it next may have a clock that is behind.
    """
    numbers: dict[datetime | None, list[int]] = {}
    for number, batch in waiting.items():
        numbers.setdefault(batch.noted_at, []).append(number)
    return [
        {"number": {"$nin": list(waiting)}},
        {"lease": {"$ne": None}},
        *({"number": {"$in": some}, "noted_at": {"$ne": at}} for at, some in numbers.items()),
    ]


def _found(marks: Sequence[Mark], hashes: NDArray[np.int64]) -> frozenset[Mark]:
    wanted = _hashes(marks)
    places = np.searchsorted(hashes, wanted)
    found = np.take(hashes, places, mode="clip") == wanted if len(hashes) else ()
    return frozenset(one for one, is_there in zip(marks, found, strict=False) if is_there)


def _hashes(marks: Sequence[Mark]) -> NDArray[np.int64]:
    return np.fromiter(map(hash, marks), np.int64, len(marks))
