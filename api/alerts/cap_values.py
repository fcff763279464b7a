"""The values inside CAP elements: times, references, polygons, circles (OASIS CAP 1.2, section 3.2).

Every function takes the element, and names it and its line when it refuses the value.
"""

import math
import re
from datetime import UTC, datetime, timedelta

from lxml import etree

from api.alerts.cap_message import Reference
from api.alerts.cap_xml import Element
from api.alerts.errors import (
    InvalidCircle,
    InvalidIdentifier,
    InvalidPolygon,
    InvalidReferences,
    InvalidTime,
    TooMany,
    ValueNotAllowed,
)
from api.kit.area import Circle
from api.kit.geo import InvalidPosition, Position

IDENTIFIER_CHARACTERS_AT_MOST = 300
REFERENCES_AT_MOST = 100
RADIUS_METRES_AT_MOST = 20_040_000.0
"""Half way round the earth."""
SIZE_BYTES_BELOW = 2**53

_IDENTIFIER = re.compile(rf"[^\s,<&]{{1,{IDENTIFIER_CHARACTERS_AT_MOST}}}")
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T)([0-9]{2})(:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2})"
)
_NUMBER = re.compile(r"[+-]?([0-9]{1,20}(\.[0-9]{0,30})?|\.[0-9]{1,30})")


def name_of(element: Element) -> str:
    """Return the element's name as the standard has it."""
    return etree.QName(element).localname


def prose(element: Element) -> str | None:
    """Return the text without the indentation of its lines, None when there is nothing to read."""
    lines = [line.strip() for line in (element.text or "").strip().splitlines()]
    return "\n".join(lines) or None


def identifier(element: Element) -> str:
    """Return an identifier or sender. Raises InvalidIdentifier (3.2.1)."""
    text = element.text or ""
    if not _IDENTIFIER.fullmatch(text):
        raise InvalidIdentifier(
            element=name_of(element), limit=IDENTIFIER_CHARACTERS_AT_MOST, line=element.sourceline
        )
    return text


def moment(element: Element) -> datetime:
    """Return the time as aware UTC. Raises InvalidTime outside 1970 to 9998."""
    time = _moment(element.text or "")
    if time is None:
        raise InvalidTime(element=name_of(element), line=element.sourceline)
    return time


def _moment(text: str) -> datetime | None:
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        return None
    day, hour, rest = found.groups()
    # XML Schema's 24:00:00 is the next day's midnight.
    extra, hour = (
        (timedelta(days=1), "00") if hour + rest[:6] == "24:00:00" else (timedelta(), hour)
    )
    try:
        time = (datetime.fromisoformat(day + hour + rest) + extra).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return time if 1970 <= time.year <= 9998 else None


def references(element: Element, own: Reference) -> tuple[Reference, ...]:
    """Return the messages named, each once, in a message that is itself named `own`.

    Raises TooMany, or InvalidReferences when one is later, or the message itself.
    """
    words = (element.text or "").split()
    if len(words) > REFERENCES_AT_MOST:
        raise TooMany(element=name_of(element), limit=REFERENCES_AT_MOST, line=element.sourceline)
    found = [_reference(word) for word in words]
    kept = [one for one in found if one is not None and one.sent <= own.sent and one != own]
    if len(kept) < len(found):
        raise InvalidReferences(element=name_of(element), line=element.sourceline)
    return tuple(dict.fromkeys(kept))


def _reference(word: str) -> Reference | None:
    sender, _, rest = word.partition(",")
    identifier, _, sent = rest.partition(",")
    time = _moment(sent)
    if time is None or not _IDENTIFIER.fullmatch(sender) or not _IDENTIFIER.fullmatch(identifier):
        return None
    return Reference(sender, identifier, time)


def polygon(element: Element) -> tuple[Position, ...]:
    """Return the corners, first and last the same; none for an empty element. Raises InvalidPolygon."""
    corners = tuple(_position(pair) for pair in (element.text or "").split())
    if not corners:
        return ()
    sound = tuple(corner for corner in corners if corner is not None)
    if len(sound) < len(corners) or len(sound) < 4 or sound[0] != sound[-1]:
        raise InvalidPolygon(element=name_of(element), line=element.sourceline)
    return sound


def circle(element: Element) -> Circle | None:
    """Return the circle, None for an empty element. Raises InvalidCircle."""
    parts = (element.text or "").split()
    if not parts:
        return None
    centre = _position(parts[0])
    kilometres = _number(parts[1]) if len(parts) == 2 else None
    if centre is None or kilometres is None or not 0 <= kilometres * 1000 <= RADIUS_METRES_AT_MOST:
        raise InvalidCircle(element=name_of(element), line=element.sourceline)
    return Circle(centre, kilometres * 1000)


def whole_number(element: Element) -> int:
    """Return a size in bytes. Raises ValueNotAllowed."""
    text = (element.text or "").strip()
    if len(text) > 20 or not 0 <= int(text) < SIZE_BYTES_BELOW:
        raise ValueNotAllowed(element=name_of(element), line=element.sourceline)
    return int(text)


def decimal(element: Element) -> float:
    """Return an altitude or ceiling. Raises ValueNotAllowed."""
    number = _number((element.text or "").strip())
    if number is None:
        raise ValueNotAllowed(element=name_of(element), line=element.sourceline)
    return number


def _position(pair: str) -> Position | None:
    latitude, _, longitude = pair.partition(",")
    y, x = _number(latitude), _number(longitude)
    if y is None or x is None:
        return None
    try:
        return Position(y, x)
    except InvalidPosition:
        return None


def _number(text: str) -> float | None:
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    return number if math.isfinite(number) else None
