"""Days, hours and names in the reader's words, as appointments need them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from babel import Locale
from babel.dates import format_time

from dialogue import formats
from dialogue.province import Answer
from dialogue.saying import Line, link

CALL_115 = link("link_115", "tel:115")


def moment_of(text: str) -> datetime:
    """Return a DateTime of the API on Vietnam's clocks; Python 3.10 does not read a Z."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(formats.VIETNAM)


def day(at: datetime, language: str) -> str:
    return formats.day(at.date(), language)


def clock(at: datetime, language: str) -> str:
    # CLDR's short form says AM and PM in Korean; its readers write 오전 and 오후.
    form = "aaaa h:mm" if language == "ko" else "short"
    return format_time(at.time(), form, locale=Locale.parse(language, sep="-"))


def when(at: datetime, language: str) -> dict[str, str]:
    """Return the fields `day` and `time`."""
    return {"day": day(at, language), "time": clock(at, language)}


def nodes(connection: Answer) -> list[dict[str, Any]]:
    return [edge["node"] for edge in connection["edges"]]


def map_of(name: str, position: dict[str, float]) -> Line:
    return link("link_map", f"geo:{position['latitude']},{position['longitude']}", name=name)
