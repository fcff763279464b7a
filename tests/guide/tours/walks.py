"""A walk as a phone would record it: `python -m tests.guide.tours.walks` writes sa_pa_walk.csv anew.

Nobody has recorded the walk yet, so it is made: straight from stop to stop at walking pace, a fix
every five seconds, with what receivers do among houses. The error wanders, and the accuracy that is
told fits it; there are gaps, spells under eaves, somebody who stands still, and one who turns back. In the
noise, fixes are thrown into the zones of other stops, with the accuracy a phone tells for such fixes.
"""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, radians
from pathlib import Path

from api.guide.tours.library import shipped_tours
from api.guide.tours.records import Tour
from api.kit.geo import Position

RECORDED = Path(__file__).with_name("sa_pa_walk.csv")
_SEED = 11
_SECONDS_A_FIX = 5
_METRES_A_FIX = 6.0
_METRES_PER_DEGREE = 111_195.0
_FIXES_AT_A_STOP = 14


@dataclass(frozen=True, slots=True)
class Fix:
    """What a phone says. `is_noise`: thrown far off by the receiver, which says so in its accuracy."""

    seconds: int
    latitude: float
    longitude: float
    accuracy: float
    is_noise: bool


def recorded(path: Path = RECORDED) -> list[Fix]:
    with path.open(newline="") as file:
        return [
            Fix(
                int(row["seconds"]),
                float(row["latitude"]),
                float(row["longitude"]),
                float(row["accuracy"]),
                row["is_noise"] == "yes",
            )
            for row in csv.DictReader(file)
        ]


def walked(tour: Tour, seed: int = _SEED) -> Iterator[Fix]:
    chance = random.Random(seed)  # noqa: S311 - not a secret, but the same walk each time
    east = north = 0.0
    seconds = 0
    for at, true in enumerate(_true_positions(tour)):
        seconds += _SECONDS_A_FIX
        is_under_eaves = at % 90 in range(40, 52)
        deviation = 22.0 if is_under_eaves else 5.0
        east = 0.8 * east + chance.gauss(0, deviation * 0.6)
        north = 0.8 * north + chance.gauss(0, deviation * 0.6)
        if at % 120 in range(100, 106):  # a gap
            continue
        yield _fix(seconds, _moved(true, east, north), 1.51 * deviation * chance.uniform(0.9, 1.2))
        if at % 17 == 0:
            other = chance.choice(tour.stops).position
            thrown = _moved(other, chance.gauss(0, 12), chance.gauss(0, 12))
            yield _fix(seconds + 1, thrown, chance.uniform(90, 400), is_noise=True)


def _true_positions(tour: Tour) -> Iterator[Position]:
    start = tour.stops[0].position
    yield from _leg(_moved(start, -150, -60), start)
    for at, stop in enumerate(tour.stops):
        yield from [stop.position] * _FIXES_AT_A_STOP
        if at == 2:  # somebody forgot an umbrella at the stop before, and turns back
            yield from _leg(stop.position, tour.stops[at - 1].position)
            yield from _leg(tour.stops[at - 1].position, stop.position)
        if at + 1 < len(tour.stops):
            yield from _leg(stop.position, tour.stops[at + 1].position)


def _leg(start: Position, end: Position) -> Iterator[Position]:
    north = (end.latitude - start.latitude) * _METRES_PER_DEGREE
    east = (end.longitude - start.longitude) * _METRES_PER_DEGREE * cos(radians(start.latitude))
    steps = max(1, round((north**2 + east**2) ** 0.5 / _METRES_A_FIX))
    for step in range(1, steps + 1):
        yield _moved(start, east * step / steps, north * step / steps)


def _moved(position: Position, east: float, north: float) -> Position:
    return Position(
        position.latitude + north / _METRES_PER_DEGREE,
        position.longitude + east / (_METRES_PER_DEGREE * cos(radians(position.latitude))),
    )


def _fix(seconds: int, position: Position, accuracy: float, *, is_noise: bool = False) -> Fix:
    return Fix(
        seconds,
        round(position.latitude, 6),
        round(position.longitude, 6),
        round(accuracy, 1),
        is_noise,
    )


def write(path: Path = RECORDED) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["seconds", "latitude", "longitude", "accuracy", "is_noise"])
        for fix in walked(shipped_tours().tours["sa-pa-town"]):
            noise = "yes" if fix.is_noise else "no"
            writer.writerow([fix.seconds, fix.latitude, fix.longitude, fix.accuracy, noise])


if __name__ == "__main__":
    write()
