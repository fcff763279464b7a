"""Who is in the batches of a notice, remembered: to look there again costs what is new alone."""

from collections.abc import Iterable, Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray


class Addressed:
    """Devices of batches that are done with, 8 bytes each.

    By their hashes of 64 bits: that one of a million phones is taken for another is less likely than one in 10^12.
    """

    def __init__(self) -> None:
        self._read: set[int] = set()
        self._hashes: NDArray[np.int64] = np.empty(0, np.int64)
        self._unsorted: list[NDArray[np.int64]] = []
        self._sorting = Lock()

    @property
    def read(self) -> list[int]:
        """The numbers of the batches that need not be read any more."""
        return sorted(self._read)

    def take_in(self, number: int, device_ids: Iterable[str]) -> None:
        """Remember the devices of a batch that will not change any more."""
        if number not in self._read:
            self._read.add(number)
            self._unsorted.append(_hashes(tuple(device_ids)))

    def among(self, device_ids: Sequence[str]) -> frozenset[str]:
        """Return those of `device_ids` that are remembered. May run in any thread."""
        with self._sorting:
            hashes = self._sorted()
        wanted = _hashes(device_ids)
        places = np.searchsorted(hashes, wanted)
        found = np.take(hashes, places, mode="clip") == wanted if len(hashes) else ()
        return frozenset(one for one, is_there in zip(device_ids, found, strict=False) if is_there)

    def _sorted(self) -> NDArray[np.int64]:
        # What is taken in while it is sorted stays for the next time.
        if new := tuple(self._unsorted):
            self._hashes = np.sort(np.concatenate([self._hashes, *new]))
            del self._unsorted[: len(new)]
        return self._hashes


def _hashes(device_ids: Sequence[str]) -> NDArray[np.int64]:
    return np.fromiter(map(hash, device_ids), np.int64, len(device_ids))
