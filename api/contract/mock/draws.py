"""Values drawn by what they are for: the same ones whenever, and in whatever order, they are asked for."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

Item = TypeVar("Item")
_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Draw:
    """`key` names what is drawn for; each step further in makes another draw."""

    key: str

    def inside(self, *names: object) -> "Draw":
        """Return the draw for something in this one."""
        return Draw("/".join([self.key, *map(str, names)]))

    def below(self, end: int) -> int:
        """Return 0 to `end` - 1."""
        return int.from_bytes(self._digest()[:8]) % end

    def between(self, least: int, most: int) -> int:
        """Return a whole number, both ends included."""
        return least + self.below(most - least + 1)

    def share(self) -> float:
        """Return 0 to 1, in steps of a ten-thousandth."""
        return self.below(10_001) / 10_000

    def one_of(self, items: Sequence[Item]) -> Item:
        """Return one of `items`, which are not empty."""
        return items[self.below(len(items))]

    def id(self) -> str:
        """Return an identifier of the form that the server's have."""
        return base64.b32encode(self._digest()[:_ID_BYTES]).decode().rstrip("=").lower()

    def _digest(self) -> bytes:
        return hashlib.sha256(self.key.encode()).digest()
