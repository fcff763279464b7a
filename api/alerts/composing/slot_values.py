"""Values in texts: read once as typed, written as each language writes them."""

import math
from datetime import datetime

from babel.numbers import format_decimal
from babel.units import format_unit

from api.alerts.composing.errors import InvalidSlot
from api.alerts.composing.hazards import Slot, SlotKind
from api.kit.formats import locale_of, moment_text

TEXT_CHARACTERS_AT_MOST = 100

_UNITS = {
    SlotKind.METRES: "length-meter",
    SlotKind.MILLIMETRES: "length-millimeter",
    SlotKind.HOURS: "duration-hour",
    SlotKind.DEGREES: "temperature-celsius",
}
_BOUNDS = {
    SlotKind.NUMBER: (0, 10_000),
    SlotKind.METRES: (0, 10_000),
    SlotKind.MILLIMETRES: (0, 3_000),
    SlotKind.HOURS: (0, 240),
    SlotKind.DEGREES: (-30, 60),
}


def check_value(slot: Slot, value: str) -> None:
    """Raise InvalidSlot unless the typed value is of the slot's kind: digits with a point, or ISO 8601."""
    match slot.kind:
        case SlotKind.TEXT:
            is_sound = 0 < len(value.strip()) <= TEXT_CHARACTERS_AT_MOST and value.isprintable()
        case SlotKind.MOMENT:
            is_sound = _moment(value) is not None
        case _:
            is_sound = _number(slot.kind, value) is not None
    if not is_sound:
        raise InvalidSlot(name=slot.name)


def written(slot: Slot, value: str, language: str) -> str:
    """Return a checked value as a language writes it, with its unit."""
    if slot.kind is SlotKind.TEXT:
        return value.strip()
    if slot.kind is SlotKind.MOMENT:
        moment = _moment(value)
        return moment_text(moment, language) if moment else value
    number, locale = float(value), locale_of(language)
    if slot.kind is SlotKind.NUMBER:
        return format_decimal(number, locale=locale)
    if slot.kind is SlotKind.HOURS:
        written_out = format_unit(number, _UNITS[slot.kind], length="long", locale=locale)
        # Some locales have no pattern of that length, and are given the unit's technical name.
        if _UNITS[slot.kind] not in written_out:
            return written_out
    return format_unit(number, _UNITS[slot.kind], length="short", locale=locale)


def _moment(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _number(kind: SlotKind, value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    least, most = _BOUNDS[kind]
    return number if math.isfinite(number) and least <= number <= most else None
