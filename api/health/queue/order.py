"""In which order people are called: pure, so that whoever asks finds the same.

Those with a place go by its time. Whoever comes more than LATE_AFTER after it goes behind those who
have the next place and came in time, so that nobody's lateness costs another the place. Walk-ins go
by when they came: after BOOKED_BEFORE_A_WALK_IN with a place one walk-in is called, and they fill
the time in which nobody's place has come yet.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

LATE_AFTER = timedelta(minutes=15)
BOOKED_BEFORE_A_WALK_IN = 2


@dataclass(frozen=True, slots=True)
class InQueue:
    """Somebody who waits, or is expected.

    `place`: when the place begins that they booked, None for a walk-in. `came_at`: None while they
    are only expected. `not_before`: they were called and not there, so they let others go first.
    """

    id: str
    number: int
    place: datetime | None
    came_at: datetime | None
    not_before: datetime | None = None

    @property
    def is_late(self) -> bool:
        if self.place is None or self.came_at is None:
            return False
        return self.came_at > self.place + LATE_AFTER


@dataclass(frozen=True, slots=True, order=True)
class Turn:
    """Sorts a lane. `is_behind`: goes behind those in time of the same moment."""

    at: datetime
    is_behind: bool
    number: int


def turn_of(one: InQueue, step: timedelta) -> Turn:
    """Return the turn in its lane; places follow each other by `step`."""
    came_at, place = one.came_at, one.place
    if place is None:
        at = came_at or one.not_before
        if at is None:
            raise ValueError(one.id)  # a walk-in is written down when they come
    else:
        at = _next_place(place, came_at, step) if came_at and one.is_late else place
    if one.not_before is not None and one.not_before > at:
        return Turn(one.not_before, is_behind=True, number=one.number)
    return Turn(at, is_behind=one.is_late, number=one.number)


def let_others_go(
    one: InQueue, others: Iterable[InQueue], step: timedelta, now: datetime
) -> datetime:
    """Return before when somebody who was called and not there is not called again.

    One place later; where places are far apart, when the next of the `others` with a place has theirs,
    or else nobody would go before.
    """
    one_later = max(now, turn_of(one, step).at) + step
    places = [
        turn_of(it, step).at
        for it in others
        if it.place is not None and not _is_away(it, now) and it.id != one.id
    ]
    return max(one_later, min(places, default=one_later))


def call_order(
    waiting: Iterable[InQueue], *, now: datetime, step: timedelta, booked_in_row: int
) -> list[InQueue]:
    """Return everybody in the order in which they are called, if nothing changes.

    `booked_in_row`: how many with a place were called since the last walk-in. Nobody who was called
    and not there is called at once again while somebody of the other lane is.
    """
    lanes = _lanes(waiting, step)
    order: list[InQueue] = []
    while lanes.booked or lanes.walk_ins:
        is_walk_in = lanes.is_walk_in_next(now + step, booked_in_row)
        if not order and lanes.is_only_the_other_here(is_walk_in, now):
            is_walk_in = not is_walk_in
        if is_walk_in:
            order.append(lanes.walk_ins.popleft()[1])
            booked_in_row = 0
        else:
            order.append(lanes.booked.popleft()[1])
            booked_in_row += 1
    return order


@dataclass(frozen=True, slots=True)
class _Lanes:
    booked: deque[tuple[Turn, InQueue]]
    walk_ins: deque[tuple[Turn, InQueue]]

    def is_walk_in_next(self, due_until: datetime, booked_in_row: int) -> bool:
        if not self.walk_ins or not self.booked:
            return bool(self.walk_ins)
        is_due = self.booked[0][0].at <= due_until
        return not is_due or booked_in_row >= BOOKED_BEFORE_A_WALK_IN

    def is_only_the_other_here(self, is_walk_in: bool, now: datetime) -> bool:
        """Tell whether the lane whose turn it is begins with somebody away, and the other does not."""
        lane, other = self.walk_ins, self.booked
        if not is_walk_in:
            lane, other = other, lane
        return bool(other) and _is_away(lane[0][1], now) and not _is_away(other[0][1], now)


def _is_away(one: InQueue, now: datetime) -> bool:
    return one.not_before is not None and one.not_before > now


def _lanes(waiting: Iterable[InQueue], step: timedelta) -> _Lanes:
    turns = sorted(
        ((turn_of(one, step), one) for one in waiting), key=lambda pair: (pair[0], pair[1].id)
    )
    return _Lanes(
        deque(pair for pair in turns if pair[1].place is not None),
        deque(pair for pair in turns if pair[1].place is None),
    )


def _next_place(place: datetime, came_at: datetime, step: timedelta) -> datetime:
    """Return the beginning of the first place, in steps from `place`, not before `came_at`."""
    steps = -((place - came_at) // step)  # rounded up
    return place + steps * step
