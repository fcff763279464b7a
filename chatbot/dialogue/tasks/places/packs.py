"""The pack for where there is no signal: the app fetches and checks it, the bot says what it is."""

from __future__ import annotations

from babel import Locale
from babel.units import format_unit

from dialogue.province import Asked
from dialogue.saying import Line, line

_BYTES_OF_A_KILOBYTE = 1_000


async def pack_line(asked: Asked, *, tour: str | None = None, commune: str | None = None) -> Line:
    """Return a line on the pack of a tour or a commune, of the province without either."""
    found = await asked.ask(
        "guide/OfflinePack", tour=tour, commune=commune, language=asked.language, since=None
    )
    pack = found["offlinePack"]
    if not pack["download"]:
        return line("line_pack")
    return line("line_pack_size", size=_size(pack["download"]["byteCount"], asked.language))


def _size(count: int, language: str) -> str:
    kilobytes = max(1, round(count / _BYTES_OF_A_KILOBYTE))
    locale = Locale.parse(language, sep="-")
    return format_unit(kilobytes, "digital-kilobyte", "short", locale=locale)
