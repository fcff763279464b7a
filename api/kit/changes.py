"""What a change says of one field: leave it as it is, or this value, where None removes it."""

from enum import Enum, auto
from typing import Final


class Unchanged(Enum):
    """The type of UNCHANGED, which tells "leave it" apart from None, "remove it"."""

    UNCHANGED = auto()


UNCHANGED: Final = Unchanged.UNCHANGED
