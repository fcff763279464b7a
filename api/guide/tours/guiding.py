"""What to tell somebody now, and where to go next: a function of where they stand and what they heard.

Nothing is kept of anybody: the phone names the stops it has told, so the same question has the same answer,
offline packs answer as the server does, and a story is never told twice.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum, auto
from math import atan2, cos, degrees, radians, sin

from api.guide.tours.records import Stop, Tour
from api.guide.tours.whereabouts import Whereabouts
from api.kit.geo import Position, distance_metres

LEAST_LIKELIHOOD = 0.6
"""A story is told where one is at least so likely to be in its zone."""
POOR_ACCURACY_METRES = 80.0
"""Beyond it a fix comes from masts or a reflection, and is farther off than it says: nothing is told."""
_VEHICLE_METRES_PER_SECOND = 4.0
"""Faster than people run with a phone in their hand: then only the short text is told."""


class GuideState(StrEnum):
    """What somebody is doing on the tour."""

    TELLING = auto()
    ON_THE_WAY = auto()
    OFF_THE_WAY = auto()
    UNCERTAIN = auto()
    FINISHED = auto()


class Turn(StrEnum):
    """Where something lies, seen from the way one looks."""

    AHEAD = auto()
    RIGHT = auto()
    BEHIND = auto()
    LEFT = auto()


@dataclass(frozen=True, slots=True)
class Next:
    """The stop to go to.

    `bearing`: degrees from north, None where the stop is within the accuracy of the position; `turn`:
    None where no heading is known either.

    `comes_from`: the stop whose directions lead there, None when somebody comes from elsewhere.
    """

    stop: Stop
    distance_metres: float
    bearing: float | None
    turn: Turn | None
    comes_from: Stop | None


@dataclass(frozen=True, slots=True)
class Guidance:
    """`told`: the stop whose story is to be told now. `likelihood`: of standing in a zone, 0 to 1."""

    state: GuideState
    told: Stop | None
    is_brief: bool
    likelihood: float
    next: Next | None
    heard: int


def guide(
    tour: Tour,
    where: Whereabouts,
    heard: AbstractSet[str],
    *,
    heading: float | None = None,
    speed: float | None = None,
) -> Guidance:
    """Return what holds now. `heading`: degrees from north; `speed`: metres a second."""
    unheard = [stop for stop in tour.stops if stop.id not in heard]
    told, likelihood = _told(unheard, where)
    known = {stop.id for stop in tour.stops if stop.id in heard}
    state = _state(tour, where, unheard, told)
    following = _following(tour, known | _ids_of(told), told)
    # The written directions begin at the stop before: they mislead whoever stands elsewhere.
    come_from = set[str]() if state is GuideState.OFF_THE_WAY else known | _ids_of(told)
    return Guidance(
        state=state,
        told=told,
        is_brief=speed is not None and speed > _VEHICLE_METRES_PER_SECOND,
        likelihood=likelihood,
        next=_next(tour, where, following, heading, come_from) if following else None,
        heard=len(known),
    )


def _ids_of(told: Stop | None) -> set[str]:
    return set() if told is None else {told.id}


def _told(unheard: Sequence[Stop], where: Whereabouts) -> tuple[Stop | None, float]:
    """Return the first stop in whose zone one likely is, and how likely the likeliest of all is.

    Where zones lie apart, at most one is likelier than not. Where they overlap the earlier story comes
    first, and the other at the next question.
    """
    likely = [(where.likelihood_in(stop), stop) for stop in unheard]
    told = next((stop for share, stop in likely if share >= LEAST_LIKELIHOOD), None)
    if where.accuracy_metres > POOR_ACCURACY_METRES:
        told = None
    return told, max((share for share, _ in likely), default=0.0)


def _state(
    tour: Tour, where: Whereabouts, unheard: Sequence[Stop], told: Stop | None
) -> GuideState:
    if not unheard:
        return GuideState.FINISHED
    if told is not None:
        return GuideState.TELLING
    if where.accuracy_metres > POOR_ACCURACY_METRES:
        return GuideState.UNCERTAIN
    away = where.metres_from_line(tuple(stop.position for stop in tour.stops))
    if away - where.accuracy_metres > tour.corridor_metres:
        return GuideState.OFF_THE_WAY
    return GuideState.ON_THE_WAY


def _following(tour: Tour, known: AbstractSet[str], told: Stop | None) -> Stop | None:
    """Return the stop after the last that was told; behind it none is left out unless all after it are heard."""
    last = max((at for at, stop in enumerate(tour.stops) if stop.id in known), default=-1)
    if told is not None:
        last = tour.place_of(told.id) or 0
    order = (*tour.stops[last + 1 :], *tour.stops[: last + 1])
    return next((stop for stop in order if stop.id not in known), None)


def _next(
    tour: Tour,
    where: Whereabouts,
    stop: Stop,
    heading: float | None,
    come_from: AbstractSet[str],
) -> Next:
    place = tour.place_of(stop.id) or 0
    before = tour.stops[place - 1] if place else None
    away = distance_metres(where.position, stop.position)
    bearing = bearing_to(where.position, stop.position) if away > where.accuracy_metres else None
    return Next(
        stop=stop,
        distance_metres=away,
        bearing=bearing,
        turn=None if bearing is None or heading is None else turn_to(bearing, heading),
        comes_from=before if before and before.id in come_from else None,
    )


def bearing_to(a: Position, b: Position) -> float:
    """Return the direction from `a` to `b` in degrees from north, eastwards, 0 up to 360."""
    latitude_a, latitude_b = radians(a.latitude), radians(b.latitude)
    east = radians(b.longitude - a.longitude)
    x = sin(east) * cos(latitude_b)
    y = cos(latitude_a) * sin(latitude_b) - sin(latitude_a) * cos(latitude_b) * cos(east)
    return degrees(atan2(x, y)) % 360


def turn_to(bearing: float, heading: float) -> Turn:
    """Return where a bearing lies for somebody who looks along `heading`: a quarter of the circle each."""
    return tuple(Turn)[round(((bearing - heading) % 360) / 90) % 4]
