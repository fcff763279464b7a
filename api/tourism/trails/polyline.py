"""A line as one short text: Google's encoded polyline, which map libraries read, to 5 decimals."""

from collections.abc import Iterable

from api.kit.geo import Position

_UNITS_PER_DEGREE = 100_000
_CHUNK_BITS, _FIRST_CHARACTER = 5, 63
_CHUNK = (1 << _CHUNK_BITS) - 1


def encoded(points: Iterable[Position]) -> str:
    """Return the text of a line: each degree, as a whole number, less the one before."""
    text: list[str] = []
    before = (0, 0)
    for point in points:
        here = (_units(point.latitude), _units(point.longitude))
        text.extend(_number(now - then) for now, then in zip(here, before, strict=True))
        before = here
    return "".join(text)


def _units(degrees: float) -> int:
    return round(degrees * _UNITS_PER_DEGREE)


def _number(value: int) -> str:
    # The sign goes into the lowest bit; chunks of five bits follow, the lowest first.
    rest = ~(value << 1) if value < 0 else value << 1
    characters: list[str] = []
    while rest > _CHUNK:
        characters.append(chr((_CHUNK + 1 | rest & _CHUNK) + _FIRST_CHARACTER))
        rest >>= _CHUNK_BITS
    return "".join([*characters, chr(rest + _FIRST_CHARACTER)])
