"""What a visitor asks for, within its bounds."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from api.guide.planner.errors import (
    EndsBeforeStart,
    InvalidBudget,
    InvalidMoment,
    Nearest,
    StartsInPast,
    TooManyPlaces,
    TripTooFarAhead,
    TripTooLong,
    WantedAndAvoided,
)
from api.guide.planner.wishes import Interest, Mobility, Pace
from api.kit.formats import VIETNAM_TIME
from api.kit.geo import Position

DAYS_AT_MOST = 7
DAYS_AHEAD_AT_MOST = 400
MUSTS_AT_MOST = 20
PLACES_AT_MOST = 200
BUDGET_AT_MOST = 10**12
_LATE_BY = timedelta(minutes=5)
"""A phone whose clock is this much behind does not ask for the past."""


@dataclass(frozen=True, slots=True)
class Underway:
    """A trip that has begun: what was planned and is kept if it can be, and what is behind the visitor."""

    planned: frozenset[str]
    done: frozenset[str]
    skipped: frozenset[str]

    @property
    def is_behind(self) -> frozenset[str]:
        return self.done | self.skipped


NOT_BEGUN = Underway(frozenset(), frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class TripRequest:
    """`lodging`: where each day begins and ends; `begins_at`: where the first day does; `ends_at`: the last.

    `budget`: đồng for entrance fees. No interests: all alike. `is_hurried`: somebody waits in a chat, a plan that is
    good will do. Raises TripProblem for what cannot be.
    """

    starts: datetime
    ends: datetime
    lodging: Position
    begins_at: Position
    ends_at: Position
    interests: frozenset[Interest] = frozenset()
    pace: Pace = Pace.NORMAL
    budget: int | None = None
    mobility: Mobility = Mobility.CAR
    with_children: bool = False
    musts: tuple[str, ...] = ()
    avoided: frozenset[str] = frozenset()
    underway: Underway = NOT_BEGUN
    is_hurried: bool = False

    def __post_init__(self) -> None:
        if self.starts.tzinfo is None or self.ends.tzinfo is None:
            raise InvalidMoment(field="start" if self.starts.tzinfo is None else "end")
        if self.budget is not None and not 0 <= self.budget <= BUDGET_AT_MOST:
            raise InvalidBudget
        self._check_places()

    @property
    def is_underway(self) -> bool:
        return self.underway is not NOT_BEGUN

    @property
    def first_midnight(self) -> datetime:
        """The beginning of the first day, as the calendar in the province has it."""
        local = self.starts.astimezone(VIETNAM_TIME)
        return local.replace(hour=0, minute=0, second=0, microsecond=0)

    @property
    def days(self) -> int:
        """How many days of the calendar the trip touches."""
        last = self.ends.astimezone(VIETNAM_TIME) - timedelta(microseconds=1)
        return (last.date() - self.first_midnight.date()).days + 1

    def check_times(self, now: datetime) -> None:
        """Raise StartsInPast, EndsBeforeStart, TripTooLong or TripTooFarAhead, with what can be."""
        if self.starts < now - _LATE_BY:
            raise StartsInPast(nearest=Nearest(starts=now))
        self.check_not_too_far_ahead(now)
        if self.ends <= self.starts:
            raise EndsBeforeStart(nearest=Nearest(ends=self.starts + timedelta(hours=10)))
        if self.ends - self.starts > timedelta(days=DAYS_AT_MOST) or self.days > DAYS_AT_MOST:
            latest = self.first_midnight + timedelta(days=DAYS_AT_MOST)
            raise TripTooLong(most=DAYS_AT_MOST, nearest=Nearest(ends=latest))

    def check_not_too_far_ahead(self, now: datetime) -> None:
        """Raise TripTooFarAhead. To be asked before anything is added to `starts`: calendars end."""
        latest = now + timedelta(days=DAYS_AHEAD_AT_MOST)
        if self.starts > latest:
            raise TripTooFarAhead(most=DAYS_AHEAD_AT_MOST, nearest=Nearest(starts=latest))

    def _check_places(self) -> None:
        for field, ids, most in (
            ("must", self.musts, MUSTS_AT_MOST),
            ("avoid", self.avoided, PLACES_AT_MOST),
            ("planned", self.underway.planned, PLACES_AT_MOST),
            ("done", self.underway.done, PLACES_AT_MOST),
            ("skip", self.underway.skipped, PLACES_AT_MOST),
        ):
            if len(ids) > most:
                raise TooManyPlaces(most=most, field=field)
        if self.avoided & set(self.musts):
            raise WantedAndAvoided
