"""Believable scalars: what a field is called, and what type it has, say what may stand in it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from api.contract.mock.draws import Draw
from api.contract.mock.words import words_of

VIETNAM = timezone(timedelta(hours=7))
TOWNS = (
    (22.3364, 103.8438),
    (22.5372, 104.2911),
    (21.7050, 104.8700),
    (22.2600, 104.5200),
    (22.3352, 103.8413),
)
"""Degrees, WGS 84: Sa Pa, Bắc Hà, Yên Bái, Phố Ràng and the square of Sa Pa."""
TOWN_DEGREES = 0.004
_LATER = re.compile(r"(until|ends?|expires|due|closes|last|next|latest|to$)", re.IGNORECASE)
_INTS: tuple[tuple[str, int, int, int], ...] = (
    ("amount|price|dong|fee|balance|refund", 20, 500, 1000),
    ("minutes", 5, 90, 1),
    ("seconds", 10, 300, 1),
    ("metres|distance|altitude", 50, 2900, 1),
    ("percent", 0, 100, 1),
    ("year", 2025, 2027, 1),
    ("month", 1, 12, 1),
    ("stars|score", 1, 5, 1),
    ("", 0, 40, 1),
)
_FLOATS: tuple[tuple[str, float, float], ...] = (
    ("distance|length|metres|radius|within", 50, 20_000),
    ("accuracy", 4, 60),
    ("heading|bearing", 0, 359),
    ("share|confidence|ratio", 0, 1),
    ("average|rating|mean", 1, 5),
    ("temperature", 8, 30),
    ("", 0, 100),
)


def position_of(draw: Draw) -> tuple[float, float]:
    """Return degrees within some 650 m of a town of the province."""
    latitude, longitude = draw.one_of(TOWNS)
    north, east = (draw.inside(axis).share() - 0.5 for axis in ("north", "east"))
    return (
        round(latitude + 2 * TOWN_DEGREES * north, 6),
        round(longitude + 2 * TOWN_DEGREES * east, 6),
    )


def whole_of(name: str, draw: Draw) -> int:
    """Return a whole number that a field of that name may have."""
    least, most, step = next(it[1:] for it in _INTS if re.search(it[0], name, re.IGNORECASE))
    return draw.between(least, most) * step


def decimal_of(name: str, draw: Draw) -> float:
    """Return a number that a field of that name may have."""
    least, most = next(it[1:] for it in _FLOATS if re.search(it[0], name, re.IGNORECASE))
    return round(least + (most - least) * draw.share(), 3)


def moment_of(name: str, draw: Draw, now: datetime) -> datetime:
    """Return a moment before `now`, or after it when the name says that it is to come."""
    minutes = timedelta(minutes=draw.between(5, 3 * 24 * 60))
    moment = now + minutes if _LATER.search(name) else now - minutes
    return moment.astimezone(VIETNAM).replace(second=0, microsecond=0)


def text_of(name: str, draw: Draw, language: str) -> str:
    """Return what a String of that name may say."""
    lowered = name.lower()
    for part, made in _TEXTS:
        if part in lowered:
            return made(draw)
    return words_of(name, draw, language)


_TEXTS: tuple[tuple[str, Callable[[Draw], str]], ...] = (
    ("url", lambda draw: f"https://laocai.example/{draw.id()[:8]}"),
    ("cell", lambda draw: draw.one_of(("8741592b2ffffff", "8741592b6ffffff"))),
    ("cursor", lambda draw: draw.id()),
    ("token", lambda draw: draw.id() + draw.id()),
    ("secret", lambda draw: draw.id() + draw.id()),
    ("digest", lambda draw: draw.id()),
    ("code", lambda draw: draw.id()[:8].upper()),
    ("phone", lambda draw: f"+8491{draw.between(1_000_000, 9_999_999)}"),
    ("email", lambda draw: f"{draw.id()[:6]}@laocai.example"),
    ("timezone", lambda _: "Asia/Ho_Chi_Minh"),
    ("language", lambda draw: draw.one_of(("vi", "en", "zh-Hans", "fr", "ko", "ja"))),
    ("openinghours", lambda _: "Mo-Su 07:00-17:00"),
)
