"""What the day planner refuses, and why: always with what can be instead."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import TYPE_CHECKING, cast

from api.guide.planner.told import Told, Value
from api.kit.errors import N_, DomainError
from api.kit.geo import Position

if TYPE_CHECKING:
    from api.guide.planner.trip_plan import TripPlan


class TripRefusalCode(StrEnum):
    """Stable across releases: clients switch on it."""

    INVALID_MOMENT = auto()
    INVALID_POSITION = auto()
    INVALID_BUDGET = auto()
    OUTSIDE_PROVINCE = auto()
    STARTS_IN_PAST = auto()
    ENDS_BEFORE_START = auto()
    TRIP_TOO_LONG = auto()
    TRIP_TOO_SHORT = auto()
    TRIP_TOO_FAR_AHEAD = auto()
    TOO_MANY_PLACES = auto()
    UNKNOWN_PLACES = auto()
    WANTED_AND_AVOIDED = auto()
    MUSTS_NOT_POSSIBLE = auto()
    NOTHING_POSSIBLE = auto()
    NOT_DURING_TRIP = auto()
    TOO_MANY_AT_ONCE = auto()
    PLANNER_BUSY = auto()
    PLANNER_FAILED = auto()


@dataclass(frozen=True, slots=True)
class Unmet:
    """A wish that cannot be met. `next_possible`: when it could be; `excluded_by`: ids of what it excludes."""

    place_id: str
    why: Told
    next_possible: datetime | None = None
    excluded_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Nearest:
    """What can be instead: a plan, or other moments or another position to ask with.

    `without`: ids of the wished places that are not in it, and have to be given up for it.
    """

    plan: "TripPlan | None" = None
    without: tuple[str, ...] = ()
    starts: datetime | None = None
    ends: datetime | None = None
    position: Position | None = None


class TripProblem(DomainError):
    """Any refusal of the planner. `field`: the part of the input that is refused."""

    field: str | None = None
    retry_after_seconds: int | None = None

    def __init__(
        self,
        *,
        unmet: tuple[Unmet, ...] = (),
        nearest: Nearest | None = None,
        field: str | None = None,
        **params: object,
    ) -> None:
        super().__init__(**params)
        self.unmet = unmet
        self.nearest = nearest
        if field is not None:
            self.field = field

    def text(self, translate: Callable[[str], str], language: str) -> str:
        """Return the message for a reader of `language`, with what has names in their language."""
        values = cast("Mapping[str, Value]", self.params)
        return Told(self.code, self.message, values).text(translate, language)


class InvalidMoment(TripProblem):
    code = TripRefusalCode.INVALID_MOMENT
    message = N_("A time is given with its offset from UTC.")


class InvalidBudget(TripProblem):
    code = TripRefusalCode.INVALID_BUDGET
    message = N_("A budget is an amount in đồng of 0 or more.")
    field = "budget"


class OutsideProvince(TripProblem):
    """`from`, `to` or `position` is not in the province; `nearest.position` is."""

    code = TripRefusalCode.OUTSIDE_PROVINCE
    message = N_(
        "This position is outside the province of {province}. The nearest place to begin from is {name}."
    )


class StartsInPast(TripProblem):
    code = TripRefusalCode.STARTS_IN_PAST
    message = N_("The trip begins in the past. It can begin now at the earliest.")
    field = "start"


class EndsBeforeStart(TripProblem):
    code = TripRefusalCode.ENDS_BEFORE_START
    message = N_("The trip ends before it begins.")
    field = "end"


class TripTooLong(TripProblem):
    code = TripRefusalCode.TRIP_TOO_LONG
    message = N_("A trip is planned for {most} days at most.")
    field = "end"


class TripTooShort(TripProblem):
    code = TripRefusalCode.TRIP_TOO_SHORT
    message = N_("A trip takes at least {least} minutes, by day.")
    field = "end"


class TripTooFarAhead(TripProblem):
    code = TripRefusalCode.TRIP_TOO_FAR_AHEAD
    message = N_("A trip is planned {most} days ahead at most.")
    field = "start"


class TooManyPlaces(TripProblem):
    code = TripRefusalCode.TOO_MANY_PLACES
    message = N_("Name at most {most} places.")


class UnknownPlaces(TripProblem):
    code = TripRefusalCode.UNKNOWN_PLACES
    message = N_("Some of these places do not exist.")
    field = "must"


class WantedAndAvoided(TripProblem):
    code = TripRefusalCode.WANTED_AND_AVOIDED
    message = N_("You want to see some places and to avoid them as well.")
    field = "avoid"


class MustsNotPossible(TripProblem):
    """`unmet` says which and why; `nearest.plan` has all others, or the way home and moments that can be."""

    code = TripRefusalCode.MUSTS_NOT_POSSIBLE
    message = N_("Not everything that you want to see is possible on this trip.")
    field = "must"


class NothingPossible(TripProblem):
    code = TripRefusalCode.NOTHING_POSSIBLE
    message = N_("In this time nothing can be visited from there.")


class NotDuringTrip(TripProblem):
    code = TripRefusalCode.NOT_DURING_TRIP
    message = N_("The trip is over, or has not begun.")
    field = "now"


class TooManyAtOnce(TripProblem):
    """Of one person, or from one address of who is not signed in."""

    code = TripRefusalCode.TOO_MANY_AT_ONCE
    message = N_(
        "{most} plans are being made for you already. Please try again in {seconds} seconds."
    )
    retry_after_seconds = 5


class PlannerBusy(TripProblem):
    code = TripRefusalCode.PLANNER_BUSY
    message = N_("Many people are planning right now. Please try again in {seconds} seconds.")
    retry_after_seconds = 5


class PlannerFailed(TripProblem):
    code = TripRefusalCode.PLANNER_FAILED
    message = N_("The plan could not be made this time. Please try again.")
    retry_after_seconds = 5
