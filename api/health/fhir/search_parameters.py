"""Search parameters as R4 has them (section 3.1.1): repeated means "and", a comma means "or"."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from api.health.fhir.errors import InvalidParameter, UnknownParameter
from api.health.fhir.exchange import Pairs
from api.kit.formats import VIETNAM_TIME

PARAMETERS_AT_MOST = 40
ALTERNATIVES_AT_MOST = 20
CHARACTERS_AT_MOST = 500
COUNT_AT_MOST = 100
COUNT = 20
CURSOR = "_cursor"
"""Ours: where the page before this one ended."""

_OF_THE_DOOR = frozenset({"_format", "_pretty"})
_SEPARATOR = re.compile(r"(?<!\\),")
_ESCAPED = re.compile(r"\\([,|$\\])")
_DATE = re.compile(
    r"(eq|ge|gt|le|lt|sa|eb)?"
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?)?)?"
)
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
_FIRST = datetime(1, 1, 2, tzinfo=UTC)
_LAST = datetime(9999, 12, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Token:
    """`system`: None for any, empty for a code without one."""

    system: str | None
    code: str


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` to before `until`."""

    since: datetime
    until: datetime


EVER = Period(_FIRST, _LAST)


class SearchQuery:
    """What was asked of a resource that knows the parameters `known`.

    Raises UnknownParameter when `strict`; else what is unknown is left out, of `used` too, which is
    how R4 tells a client what was ignored. Raises InvalidParameter for what breaks a bound, and for
    a modifier of a known parameter that is not among them.
    """

    def __init__(self, pairs: Pairs, known: Collection[str], *, strict: bool) -> None:
        if len(pairs) > PARAMETERS_AT_MOST:
            raise InvalidParameter(name="?")
        self.used: list[tuple[str, str]] = []
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            if name in _OF_THE_DOOR or not value:
                continue
            if name in known or name in ("_count", CURSOR):
                self._take(name, value)
            elif name.partition(":")[0] in known:
                raise InvalidParameter(name=name[:CHARACTERS_AT_MOST])
            elif strict:
                raise UnknownParameter(name=name[:64])

    @property
    def count(self) -> int:
        """How many resources a page has at most. Raises InvalidParameter."""
        value = self.one("_count")
        if value is None:
            return COUNT
        if not value.isascii() or not value.isdecimal() or not int(value[:9]) > 0:
            raise InvalidParameter(name="_count")
        return min(int(value[:9]), COUNT_AT_MOST)

    @property
    def cursor(self) -> str | None:
        return self.one(CURSOR)

    def one(self, name: str) -> str | None:
        """Return the value of what may be given once. Raises InvalidParameter."""
        values = self._values.get(name, [])
        if len(values) > 1:
            raise InvalidParameter(name=name)
        return values[0] if values else None

    def has(self, name: str) -> bool:
        return name in self._values

    def alternatives(self, name: str) -> list[list[str]]:
        """Return what must hold together, each a list of which one suffices."""
        return [_alternatives(name, value) for value in self._values.get(name, [])]

    def tokens(self, name: str) -> list[list[Token]]:
        return [[_token(one) for one in some] for some in self.alternatives(name)]

    def references(self, name: str, *kinds: str, base: str) -> frozenset[str] | None:
        """Return the ids of these kinds of resource that all mentions leave; None: not asked."""
        left: frozenset[str] | None = None
        for some in self.alternatives(name):
            ids = frozenset(reference_id(name, one, kinds, base=base) for one in some)
            left = ids if left is None else left & ids
        return left

    def ids(self) -> frozenset[str] | None:
        """Return the ids that `_id` leaves; None: not asked."""
        left: frozenset[str] | None = None
        for some in self.alternatives("_id"):
            left = frozenset(some) if left is None else left & frozenset(some)
        return left

    def period(self, name: str) -> Period:
        """Return the moments that all mentions of a date leave. Raises InvalidParameter."""
        since, until = EVER.since, EVER.until
        for value in self._values.get(name, []):
            found = period_of(name, value)
            since, until = max(since, found.since), min(until, found.until)
        return Period(since, until)

    def flag(self, name: str) -> bool | None:
        """Return the boolean, None when it is not asked for. Raises InvalidParameter."""
        value = self.one(name)
        if value is None:
            return None
        if value not in ("true", "false"):
            raise InvalidParameter(name=name)
        return value == "true"

    def _take(self, name: str, value: str) -> None:
        at_most = CHARACTERS_AT_MOST * (8 if name == CURSOR else 1)
        if len(value) > at_most or "\x00" in value or not value.isprintable():
            raise InvalidParameter(name=name)
        self._values.setdefault(name, []).append(value)
        self.used.append((name, value))


def reference_id(name: str, value: str, kinds: Collection[str], *, base: str) -> str:
    """Return the id in `Kind/id`, in that under our base address, or in a bare id.

    Raises InvalidParameter.
    """
    kind, slash, resource_id = value.removeprefix(f"{base}/").partition("/")
    if not slash:
        kind, resource_id = "", kind
    if (slash and kind not in kinds) or not _ID.fullmatch(resource_id):
        raise InvalidParameter(name=name)
    return resource_id


def period_of(name: str, value: str) -> Period:
    """Return the moments that a date with its prefix means, of which none means all that it covers.

    A date without a time zone is one of Vietnam. Raises InvalidParameter.
    """
    # A plus in an address stands for a space.
    found = _DATE.fullmatch(value.replace(" ", "+"))
    if found is None:
        raise InvalidParameter(name=name)
    prefix, *parts, zone = found.groups()
    try:
        low, high = _covered([int(part) for part in parts if part is not None], zone)
    except ValueError as error:
        raise InvalidParameter(name=name) from error
    return _ranges(low, high)[prefix or "eq"]


def _ranges(low: datetime, high: datetime) -> Mapping[str, Period]:
    before, after = EVER.since, EVER.until
    return {
        "eq": Period(low, high),
        "ge": Period(low, after),
        "gt": Period(high, after),
        "sa": Period(high, after),
        "le": Period(before, high),
        "lt": Period(before, low),
        "eb": Period(before, low),
    }


def _covered(numbers: list[int], zone: str | None) -> tuple[datetime, datetime]:
    """Return the first moment of a date and the first one after it. Raises ValueError."""
    year, month, day, hour, minute, second = (*numbers, *(1, 1, 1, 0, 0, 0)[len(numbers) :])
    wall = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - its zone is put on next
    low = _in_utc(wall, zone)
    if len(numbers) > 3:
        return low, low + timedelta(seconds=1 if len(numbers) == 6 else 60)
    return low, min(_in_utc(_next_day(wall, len(numbers)), zone), _LAST)


def _next_day(wall: datetime, precision: int) -> datetime:
    """Return the first day behind a year, a month or a day."""
    if wall.year == _LAST.year and (precision == 1 or wall.month == 12):
        return _LAST.replace(tzinfo=None)
    if precision == 1:
        return wall.replace(year=wall.year + 1)
    if precision == 2:
        return (wall + timedelta(days=31)).replace(day=1)
    return wall + timedelta(days=1)


def _in_utc(wall: datetime, zone: str | None) -> datetime:
    """Return the moment, kept a day away from both ends of the calendar."""
    own = VIETNAM_TIME if zone is None else datetime.fromisoformat(f"2000-01-01T00:00{zone}").tzinfo
    if wall.date() <= _FIRST.date():
        return _FIRST
    if wall.date() >= _LAST.date():
        return _LAST - timedelta(days=1)
    return wall.replace(tzinfo=own).astimezone(UTC)


def _alternatives(name: str, value: str) -> list[str]:
    some = _SEPARATOR.split(value)
    if len(some) > ALTERNATIVES_AT_MOST:
        raise InvalidParameter(name=name)
    return [_ESCAPED.sub(r"\1", one) for one in some]


def _token(value: str) -> Token:
    system, bar, code = value.rpartition("|")
    return Token(system if bar else None, code)
