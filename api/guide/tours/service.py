"""Tours for whoever asks, and what to tell where; free of HTTP and GraphQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.alerts.open_alerts import AlertView
from api.alerts.service import AlertService
from api.guide.errors import (
    InvalidAccuracy,
    InvalidHeading,
    InvalidSpeed,
    TooFarFromTour,
    TooMuchHeard,
    TourNotFound,
)
from api.guide.tours.guiding import Guidance, guide
from api.guide.tours.library import TourLibrary
from api.guide.tours.records import Texts, Tour
from api.guide.tours.whereabouts import Whereabouts
from api.kit.errors import N_
from api.kit.geo import Position, distance_metres
from api.kit.pages import Listing, Page, checked_first
from api.kit.search.documents import SearchDocument
from api.kit.search.index import Entry
from api.tourism.commune_index import CommuneIndex

ACCURACY_METRES_AT_MOST = 100_000.0
SPEED_AT_MOST = 300.0
HEARD_AT_MOST = 200
_REACH_METRES = 20_000.0
"""So far from a tour somebody outside the province is still on the way to it."""
_WARNINGS_AT_MOST = 5
_BY_ID = Listing("tours", (str,))
_BY_DISTANCE = Listing("tours.near", (float, str))
TOUR_LABEL = N_("Tour")


@dataclass(frozen=True, slots=True)
class TourFound:
    """`distance_metres`: to its first stop; None without a position."""

    tour: Tour
    distance_metres: float | None


@dataclass(frozen=True, slots=True)
class GuideQuestion:
    """What a phone knows. Metres, degrees from north, metres a second.

    Raises InvalidAccuracy, InvalidHeading, InvalidSpeed or TooMuchHeard.
    """

    tour_id: str
    position: Position
    accuracy_metres: float
    heard: Sequence[str]
    heading: float | None = None
    speed: float | None = None

    def __post_init__(self) -> None:
        # Written so that NaN, which compares false with everything, is refused as well.
        if not 0 < self.accuracy_metres <= ACCURACY_METRES_AT_MOST:
            raise InvalidAccuracy(most=int(ACCURACY_METRES_AT_MOST))
        if self.heading is not None and not 0 <= self.heading < 360:
            raise InvalidHeading
        if self.speed is not None and not 0 <= self.speed <= SPEED_AT_MOST:
            raise InvalidSpeed(most=int(SPEED_AT_MOST))
        if len(self.heard) > HEARD_AT_MOST:
            raise TooMuchHeard(most=HEARD_AT_MOST)


@dataclass(frozen=True, slots=True)
class GuideAnswer:
    """`warnings`: in force where one stands or where one is going; they come before any story."""

    tour: Tour
    guidance: Guidance
    warnings: tuple[AlertView, ...]


class TourService:
    def __init__(self, library: TourLibrary, alerts: AlertService, communes: CommuneIndex) -> None:
        self._library = library
        self._alerts = alerts
        self._communes = communes

    def tour(self, tour_id: str) -> Tour | None:
        return self._library.tours.get(tour_id)

    def tours(self, near: Position | None, *, first: int, after: str | None) -> Page[TourFound]:
        """Return a page of tours: nearest first stop first, else by id.

        Raises InvalidPageSize or InvalidCursor.
        """
        checked_first(first)
        listing = _BY_ID if near is None else _BY_DISTANCE
        start = listing.values(after)
        tours = self._library.tours.values()
        away = {it.id: _metres(near, it.stops[0].position) for it in tours}
        order = {it.id: (it.id,) if near is None else (away[it.id], it.id) for it in tours}
        rest = sorted(values for values in order.values() if start is None or values > start)
        found = [
            TourFound(self._library.tours[str(values[-1])], away[str(values[-1])])
            for values in rest[: first + 1]
        ]
        return listing.page(found, first=first, after=after, values=lambda it: order[it.tour.id])

    async def guide_at(self, question: GuideQuestion) -> GuideAnswer:
        """Return what to tell now and where to go next. Raises TourNotFound or TooFarFromTour."""
        tour = self.tour(question.tour_id)
        if tour is None:
            raise TourNotFound
        self._check_reach(tour, question.position)
        guidance = guide(
            tour,
            Whereabouts(question.position, question.accuracy_metres),
            frozenset(question.heard),
            heading=question.heading,
            speed=question.speed,
        )
        goal = guidance.next.stop.position if guidance.next else question.position
        return GuideAnswer(tour, guidance, await self._warnings(question.position, goal))

    def _check_reach(self, tour: Tour, position: Position) -> None:
        away = min(distance_metres(position, stop.position) for stop in tour.stops)
        if away > _REACH_METRES and self._communes.at(position) is None:
            raise TooFarFromTour(kilometres=round(away / 1_000))

    async def _warnings(self, here: Position, goal: Position) -> tuple[AlertView, ...]:
        found: dict[str, AlertView] = {}
        for position in dict.fromkeys((here, goal)):
            page = await self._alerts.active(position, _WARNINGS_AT_MOST, None)
            found |= {view.record.id: view for view in page.items if view.record.id not in found}
        worst_first = sorted(found.values(), key=lambda view: view.record.severity_rank)
        return tuple(worst_first[:_WARNINGS_AT_MOST])

    async def names(self, ids: Sequence[str]) -> Mapping[str, Texts]:
        """Return the names of those that there are (SubjectsOfKind of reviews)."""
        known = self._library.tours
        return {tour_id: known[tour_id].names for tour_id in ids if tour_id in known}

    async def search_version(self) -> str | None:
        return self._library.version

    async def search_documents(self) -> Sequence[SearchDocument]:
        """Return the tours for the one search: found by their names, and by those of their stops."""
        return [_search_document(tour) for tour in self._library.tours.values()]


def _metres(near: Position | None, position: Position) -> float | None:
    return None if near is None else distance_metres(near, position)


def _search_document(tour: Tour) -> SearchDocument:
    names = dict.fromkeys(tour.names.values(), 1.0)
    stops = {name: 0.5 for stop in tour.stops for name in stop.names.values()}
    return SearchDocument(
        kind="tour",
        id=tour.id,
        entry=Entry(tour.id, names, stops),
        names=tour.names,
        label=TOUR_LABEL,
        position=tour.stops[0].position,
        summary=tour.summaries,
    )
