"""Finds days and hours in a message, whichever of the six languages it is written in."""

from moments.engine import find_moments
from moments.moment import Moment

__all__ = ["Moment", "find_moments"]
