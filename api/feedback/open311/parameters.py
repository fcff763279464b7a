"""What is asked of the door, read and bounded. What is there and empty is as if it was not there."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from api.feedback.open311.errors import (
    InvalidParameter,
    MissingParameter,
    PageTooFar,
    TimesTooFarApart,
    UnknownJurisdiction,
)
from api.kit.geo import Position

JURISDICTION = "laocai.gov.vn"
SPAN = timedelta(days=90)
"""As the specification has it: the longest time that is asked for, and the one where none is said."""
ROWS_AT_MOST = 1_000
ROWS_AWAY_AT_MOST = 5_000
"""How many rows come before a page and in it; a shorter time reaches the others."""
RADIUS_METRES_AT_MOST = 50_000
RADIUS_METRES = 1_000
_LISTED_AT_MOST = 100
_NAME_CHARACTERS_AT_MOST = 60
_NUMBER = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,20})?")
_WHOLE = re.compile(r"[0-9]{1,6}")
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)(Z|[+\- ][0-9]{2}:[0-9]{2})"
)
"""W3C's note on dates, with a time zone. A plus that a client did not escape arrives as a space."""


@dataclass(frozen=True, slots=True)
class Span:
    """Both ends count."""

    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Window:
    """Of the rows that match, the newest first: how many are left out, and how many given then."""

    skipped: int
    size: int


@dataclass(frozen=True, slots=True)
class Circle:
    centre: Position
    metres: int


class Parameters:
    """Pairs of a query, or of a form."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._pairs = tuple((name, value.strip()) for name, value in pairs)

    def text(self, name: str) -> str | None:
        """Return a value that is there once at most. Raises InvalidParameter."""
        found = list(dict.fromkeys(value for known, value in self._pairs if known == name))
        given = [value for value in found if value]
        if len(given) > 1:
            raise InvalidParameter(name=name)
        return given[0] if given else None

    def needed(self, name: str) -> str:
        """Return a value. Raises MissingParameter, InvalidParameter."""
        given = self.text(name)
        if given is None:
            raise MissingParameter(name=name)
        return given

    def listed(self, name: str) -> tuple[str, ...]:
        """Return values that are there several times, or parted by commas. Raises InvalidParameter."""
        joined = ",".join(value for known, value in self._pairs if known == name)
        found = tuple(dict.fromkeys(it.strip() for it in joined.split(",") if it.strip()))
        if len(found) > _LISTED_AT_MOST:
            raise InvalidParameter(name=name)
        return found

    def attributes(self) -> tuple[tuple[str, str], ...]:
        """Return what is given as attribute[code] or attribute[code][], by code."""
        found: list[tuple[str, str]] = []
        for name, value in self._pairs:
            if name.startswith("attribute[") and name.endswith("]") and value:
                code = name.removeprefix("attribute[").removesuffix("[]").removesuffix("]")
                found.append((code[:_NAME_CHARACTERS_AT_MOST], value))
        return tuple(found)

    def check_jurisdiction(self) -> None:
        """Raise UnknownJurisdiction for another than ours; there is but one, so none need be named."""
        given = self.text("jurisdiction_id")
        if given is not None and given.lower() != JURISDICTION:
            raise UnknownJurisdiction(known=JURISDICTION)

    def span(self, now: datetime) -> Span:
        """Return the time that is asked for. Raises InvalidParameter, TimesTooFarApart."""
        first, last = self._moment("start_date"), self._moment("end_date")
        if last is None:
            last = now if first is None else max(first, min(now, first + SPAN))
        if first is None:
            first = last - SPAN
        if not timedelta() <= last - first <= SPAN:
            raise TimesTooFarApart(days=SPAN.days)
        return Span(first, last)

    def window(self) -> Window:
        """Return which page is asked for. Raises InvalidParameter, PageTooFar."""
        size = self._whole("page_size", ROWS_AT_MOST)
        page = self._whole("page", 1)
        if not 1 <= size <= ROWS_AT_MOST:
            raise InvalidParameter(name="page_size")
        if page < 1:
            raise InvalidParameter(name="page")
        if page * size > ROWS_AWAY_AT_MOST:
            raise PageTooFar(most=ROWS_AWAY_AT_MOST)
        return Window((page - 1) * size, size)

    def position(self) -> Position | None:
        """Return lat and long, which come together. Raises InvalidParameter."""
        latitude, longitude = self._number("lat", 90.0), self._number("long", 180.0)
        if latitude is None and longitude is None:
            return None
        if latitude is None or longitude is None:
            raise InvalidParameter(name="long" if longitude is None else "lat")
        return Position(latitude, longitude)

    def circle(self) -> Circle | None:
        """Return lat, long and radius in metres. Raises InvalidParameter."""
        centre = self.position()
        if centre is None:
            if self.text("radius") is not None:
                raise InvalidParameter(name="lat")
            return None
        metres = self._whole("radius", RADIUS_METRES)
        if not 1 <= metres <= RADIUS_METRES_AT_MOST:
            raise InvalidParameter(name="radius")
        return Circle(centre, metres)

    def _moment(self, name: str) -> datetime | None:
        given = self.text(name)
        if given is None:
            return None
        found = _MOMENT.fullmatch(given)
        try:
            if found is None:
                raise InvalidParameter(name=name)
            zone = found[2].replace(" ", "+").replace("Z", "+00:00")
            moment = datetime.fromisoformat(found[1] + zone).astimezone(UTC)
            # Far from both ends of the calendar, so that a span can be added.
            _ = (moment - SPAN, moment + SPAN)
        except (ValueError, OverflowError) as error:
            raise InvalidParameter(name=name) from error
        return moment

    def _number(self, name: str, most: float) -> float | None:
        given = self.text(name)
        if given is None:
            return None
        number = float(given) if _NUMBER.fullmatch(given) else math.nan
        if not -most <= number <= most:
            raise InvalidParameter(name=name)
        return number

    def _whole(self, name: str, otherwise: int) -> int:
        given = self.text(name)
        if given is None:
            return otherwise
        if _WHOLE.fullmatch(given) is None:
            raise InvalidParameter(name=name)
        return int(given)
