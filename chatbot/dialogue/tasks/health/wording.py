"""Days, hours and names in the reader's words, as appointments need them."""

from __future__ import annotations

from datetime import datetime

from dialogue import formats
from dialogue.saying import Line, link

CALL_115 = link("link_115", "tel:115")


def day(at: datetime, language: str) -> str:
    return formats.day(at.date(), language)


def when(at: datetime, language: str) -> dict[str, str]:
    """Return the fields `day` and `time`."""
    return {"day": day(at, language), "time": formats.clock(at, language)}


def map_of(name: str, position: dict[str, float]) -> Line:
    return link("link_map", f"geo:{position['latitude']},{position['longitude']}", name=name)
