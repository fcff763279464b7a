"""Why a place was chosen, why at this hour, and what to know before going."""

from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum, auto

from api.guide.planner.candidates import Candidate
from api.guide.planner.timetable import Item
from api.guide.planner.told import Named, Told
from api.guide.planner.trip_days import DAY, moment_of
from api.guide.planner.trip_request import TripRequest
from api.guide.planner.wishes import Mobility
from api.kit.errors import N_
from api.tourism.records import Confidence, Steps, Texts

ON_THE_WAY_MINUTES = 15
"""A place that costs no more travel than this lies on the way."""


class ReasonCode(StrEnum):
    """Why a place is in the plan, and why at this hour."""

    YOUR_WISH = auto()
    KEPT = auto()
    YOUR_INTEREST = auto()
    MARKET_DAY = auto()
    ON_THE_WAY = auto()
    WELL_FOUNDED = auto()
    ROOM_FOR_IT = auto()
    OPEN_THEN = auto()
    BY_DAYLIGHT = auto()


class NoteCode(StrEnum):
    """What to know before going."""

    HOURS_UNCERTAIN = auto()
    STEPS_UNKNOWN = auto()
    SHORTENED = auto()
    MEAL_INCLUDED = auto()
    MEAL_ON_THE_WAY = auto()
    PRICES_UNKNOWN = auto()
    TRAVEL_BY_MODEL = auto()
    TRAVEL_BY_OSRM = auto()
    OSRM_UNREACHABLE = auto()
    OSRM_IGNORES_CLOSURES = auto()
    RESTS_SHORTENED = auto()
    NO_WAY_BACK = auto()


def reasons_for(
    request: TripRequest, candidate: Candidate, starts: int, detour: int | None
) -> tuple[Told, ...]:
    """Return why it is visited, then why at this hour.

    `detour`: minutes of travel that it costs; None for what the way is made for.
    """
    why = tuple(_why(request, candidate, starts, detour))
    if not why:
        why = (Told(ReasonCode.ROOM_FOR_IT, N_("There is still time for it on this day.")),)
    return (*why, *_why_then(request, candidate, starts))


def notes_for(request: TripRequest, candidate: Candidate, visit: Item) -> tuple[Told, ...]:
    """Return what to know before going there."""
    return tuple(_notes(request, candidate, visit))


def meal_on_the_way(town: Texts | None) -> Told:
    """Return where somebody eats whose way takes all of mealtime; None: no town is known on it."""
    if town is None:
        return Told(NoteCode.MEAL_ON_THE_WAY, N_("Stop on your way to eat."))
    return Told(
        NoteCode.MEAL_ON_THE_WAY,
        N_("Stop on your way to eat, in or near {town}."),
        {"town": Named(town)},
    )


def _why(
    request: TripRequest, candidate: Candidate, starts: int, detour: int | None
) -> Iterator[Told]:
    if candidate.is_must:
        yield Told(ReasonCode.YOUR_WISH, N_("You want to see it."))
    if candidate.place.id in request.underway.planned:
        yield Told(ReasonCode.KEPT, N_("It was in your plan before."))
    if candidate.interest is not None:
        yield Told(
            ReasonCode.YOUR_INTEREST,
            N_("It suits what you like: {interest}."),
            {"interest": candidate.interest},
        )
    if candidate.hours[starts // DAY].market_day:
        day = request.first_midnight.date() + timedelta(days=starts // DAY)
        yield Told(ReasonCode.MARKET_DAY, N_("It is market day there: {day}."), {"day": day})
    if detour is not None and detour <= ON_THE_WAY_MINUTES:
        yield _on_the_way(detour)
    if candidate.place.confidence is Confidence.HIGH:
        yield Told(
            ReasonCode.WELL_FOUNDED,
            N_("What we know of it is well founded."),
        )


def _on_the_way(detour: int) -> Told:
    if detour <= 0:
        return Told(ReasonCode.ON_THE_WAY, N_("It lies on your way."))
    return Told(
        ReasonCode.ON_THE_WAY,
        N_("It lies on your way: {minutes} min more of travel."),
        {"minutes": detour},
    )


def _why_then(request: TripRequest, candidate: Candidate, starts: int) -> Iterator[Told]:
    number = starts // DAY
    hours = candidate.hours[number]
    window = next((it for it in hours.windows if it[0] <= starts % DAY < it[1]), None)
    if window is None or window == (0, DAY):
        return
    opens, closes = (moment_of(request, number * DAY + minutes) for minutes in window)
    if hours.by_daylight:
        yield Told(
            ReasonCode.BY_DAYLIGHT,
            N_("It is visited by daylight, between {opens} and {closes} on that day."),
            {"opens": opens, "closes": closes},
        )
    elif hours.certain:
        yield Told(
            ReasonCode.OPEN_THEN,
            N_("It can be visited between {opens} and {closes} on that day."),
            {"opens": opens, "closes": closes},
        )


def _notes(request: TripRequest, candidate: Candidate, visit: Item) -> Iterator[Told]:
    if visit.minutes < candidate.minutes:
        yield Told(
            NoteCode.SHORTENED,
            N_("There is time for {minutes} minutes here; people usually stay {usual}."),
            {"minutes": visit.minutes, "usual": candidate.minutes},
        )
    if not candidate.hours[visit.starts // DAY].certain:
        yield Told(
            NoteCode.HOURS_UNCERTAIN,
            N_("The opening hours are not certain. Please ask before you go."),
        )
    steps = candidate.place.accessibility.steps
    if request.mobility is Mobility.WHEELCHAIR and steps is Steps.UNKNOWN:
        yield Told(
            NoteCode.STEPS_UNKNOWN,
            N_("It is not known whether there are steps. Please ask before you go."),
        )
    if visit.includes_meal:
        yield Told(
            NoteCode.MEAL_INCLUDED,
            N_("This visit goes on over mealtime: take something to eat with you."),
        )
