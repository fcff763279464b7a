"""When who comes for what: 24 hours of arrivals, made by chance from a seed, and so the same each time."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

HOURS: Final = 24
FLOOD_HOUR: Final = 20
Mix = Mapping[str, float]
NIGHT: Mix = {"weather": 4, "sensors": 2, "moved": 3, "places": 1, "search": 1}
MORNING: Mix = {
    "weather": 8,
    "market": 4,
    "plan": 1,
    "places": 4,
    "search": 4,
    "guide": 2,
    "moved": 3,
}
SCHOOL_RUN: Mix = {"school": 10, "weather": 4, "doctor": 3, "desk": 4, "wallet": 2, "search": 2}
CLINIC: Mix = {"doctor": 5, "desk": 5, "search": 3, "places": 3, "reports": 2, "wallet": 1}
MARKET: Mix = {
    "market": 8,
    "search": 6,
    "places": 6,
    "pack": 3,
    "gate": 4,
    "wallet": 4,
    "guide": 4,
    "plan": 0.5,
}
TET: Mix = {"tet": 8, "greeting": 2, "places": 3, "search": 3, "market": 2, "plan": 0.5}
COMPLAINTS: Mix = {"report": 3, "reports": 6, "search": 3, "places": 3, "school": 2}
FLOOD: Mix = {"sensors": 6, "weather": 10, "moved": 5, "alarmed": 6, "reports": 1}
PARTS: Final[tuple[tuple[str, float, Mix], ...]] = (
    *[("night", 0.3, NIGHT)] * 5,
    *[("morning", 1.0, MORNING)] * 2,
    ("school run", 1.3, SCHOOL_RUN),
    *[("clinic", 1.2, CLINIC)] * 2,
    *[("market Sunday", 1.6, MARKET)] * 3,
    *[("Tết", 1.3, TET)] * 3,
    *[("feedback", 1.1, COMPLAINTS)] * 2,
    *[("flood evening", 1.5, FLOOD)] * 4,
    *[("night", 0.3, NIGHT)] * 2,
)
"""What each hour is, how busy beside the average, and what people come for."""
MIDDAY: Mix = {
    "weather": 8, "market": 4, "places": 6, "search": 6, "guide": 3, "wallet": 4, "moved": 4,
    "reports": 3, "doctor": 1, "desk": 1, "gate": 1, "school": 2, "tet": 2, "pack": 1, "sensors": 2,
    "alarmed": 1,
}  # fmt: skip
"""All services at once, for the knee."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A visit that begins `at` seconds after the start, whatever became of those before it."""

    at: float
    hour: int
    kind: str
    who: int
    seed: int


def day(seconds: float, rate: float, phones: int, seed: int) -> list[Arrival]:
    """Return a day of `seconds`, with `rate` arrivals a second on average; at the flood every phone besides."""
    chance = random.Random(seed)
    length = seconds / HOURS
    mean = sum(busy for _, busy, _ in PARTS) / HOURS
    arrivals = [
        arrival
        for hour, (_, busy, mix) in enumerate(PARTS)
        for arrival in _poisson(chance, hour * length, length, rate * busy / mean, hour, mix)
    ]
    warned = FLOOD_HOUR * length
    arrivals.append(Arrival(warned, FLOOD_HOUR, "warning", 0, 0))
    for who in range(phones):
        at = warned + length * (0.1 + 0.4 * chance.random())
        arrivals.append(Arrival(at, FLOOD_HOUR, "alarmed", who, chance.getrandbits(32)))
    return sorted(arrivals, key=lambda it: it.at)


def steady(seconds: float, rate: float, seed: int) -> list[Arrival]:
    """Return arrivals at one rate, of all services."""
    return list(_poisson(random.Random(seed), 0.0, seconds, rate, 12, MIDDAY))


def _poisson(
    chance: random.Random, start: float, length: float, rate: float, hour: int, mix: Mix
) -> Iterator[Arrival]:
    kinds, weights = list(mix), list(mix.values())
    at = chance.expovariate(rate)
    while at < length:
        (kind,) = chance.choices(kinds, weights)
        yield Arrival(start + at, hour, kind, chance.getrandbits(24), chance.getrandbits(32))
        at += chance.expovariate(rate)
